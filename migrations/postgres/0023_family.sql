-- What an account may do for a patient, from when and until when, and who has agreed to it. Its own patient has no limits.
ALTER TABLE patient_accounts ADD COLUMN given TEXT NOT NULL DEFAULT 'guardian' CHECK (given IN ('guardian', 'patient'));
ALTER TABLE patient_accounts ADD COLUMN may_book BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE patient_accounts ADD COLUMN may_pay BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE patient_accounts ADD COLUMN may_messages BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE patient_accounts ADD COLUMN may_records BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE patient_accounts ADD COLUMN may_prescriptions BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE patient_accounts ADD COLUMN may_sensitive BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE patient_accounts ADD COLUMN from_date TEXT CHECK (from_date IS NULL OR relation <> 'self');
ALTER TABLE patient_accounts ADD COLUMN until_date TEXT CHECK (until_date IS NULL OR relation <> 'self');
ALTER TABLE patient_accounts ADD COLUMN granted_by UUID REFERENCES accounts (id);
ALTER TABLE patient_accounts ADD COLUMN ended_at BIGINT CHECK (ended_at IS NULL OR relation <> 'self');
CREATE UNIQUE INDEX patient_accounts_owner ON patient_accounts (patient_id) WHERE relation = 'self';

-- Somebody is asked to act for a patient, or a child to take over her record; whoever has confirmed the address answers.
CREATE TABLE family_offers (
    id UUID PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('help', 'own_account')),
    patient_id UUID NOT NULL REFERENCES patients (id),
    offered_by UUID NOT NULL REFERENCES accounts (id),
    email TEXT NOT NULL,
    relation TEXT NOT NULL CHECK (relation IN ('parent', 'child', 'partner', 'carer')),
    given TEXT NOT NULL CHECK (given IN ('guardian', 'patient')),
    may_book BOOLEAN NOT NULL,
    may_pay BOOLEAN NOT NULL,
    may_messages BOOLEAN NOT NULL,
    may_records BOOLEAN NOT NULL,
    may_prescriptions BOOLEAN NOT NULL,
    may_sensitive BOOLEAN NOT NULL,
    from_date TEXT,
    until_date TEXT,
    state TEXT NOT NULL CHECK (state IN ('offered', 'accepted', 'declined', 'ended')),
    tries BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL CHECK (expires_at > created_at),
    answered_at BIGINT,
    answered_by UUID REFERENCES accounts (id),
    CHECK ((answered_by IS NOT NULL) = (state IN ('accepted', 'declined')) OR state = 'ended')
);
CREATE INDEX family_offers_email ON family_offers (email, state);
CREATE INDEX family_offers_patient ON family_offers (patient_id, state);
CREATE INDEX family_offers_by ON family_offers (offered_by, created_at);

-- Who was told how long before which birthday, so that nobody is told twice.
CREATE TABLE family_notices (
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    patient_id UUID NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    age BIGINT NOT NULL,
    days BIGINT NOT NULL,
    PRIMARY KEY (account_id, patient_id, age, days)
);

-- The second wall. Who acts for a patient is the business of both sides; an offer is its maker's and the patient's. Whoever is asked
-- reaches it by the confirmed address, as the house.
SELECT close_table('family_offers');
SELECT close_table('family_notices');
GRANT SELECT, INSERT, UPDATE ON family_offers TO caresync_app;
CREATE POLICY wall ON family_offers AS RESTRICTIVE TO caresync_app
    USING (offered_by = ANY ((SELECT caller_ids('account'))::UUID[])
        OR patient_id = ANY ((SELECT caller_ids('patients'))::UUID[]))
    WITH CHECK (offered_by = ANY ((SELECT caller_ids('account'))::UUID[])
        OR patient_id = ANY ((SELECT caller_ids('patients'))::UUID[]));
DROP POLICY wall ON patient_accounts;
CREATE POLICY wall ON patient_accounts AS RESTRICTIVE TO caresync_app
    USING (account_id = ANY ((SELECT caller_ids('account'))::UUID[])
        OR patient_id = ANY ((SELECT caller_ids('patients'))::UUID[]))
    WITH CHECK (account_id = ANY ((SELECT caller_ids('account'))::UUID[])
        OR patient_id = ANY ((SELECT caller_ids('patients'))::UUID[]));
