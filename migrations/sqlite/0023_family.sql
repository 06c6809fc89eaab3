-- What an account may do for a patient, from when and until when, and who has agreed to it. Its own patient has no limits.
ALTER TABLE patient_accounts ADD COLUMN given TEXT NOT NULL DEFAULT 'guardian' CHECK (given IN ('guardian', 'patient'));
ALTER TABLE patient_accounts ADD COLUMN may_book INTEGER NOT NULL DEFAULT 1 CHECK (may_book IN (0, 1));
ALTER TABLE patient_accounts ADD COLUMN may_pay INTEGER NOT NULL DEFAULT 1 CHECK (may_pay IN (0, 1));
ALTER TABLE patient_accounts ADD COLUMN may_messages INTEGER NOT NULL DEFAULT 1 CHECK (may_messages IN (0, 1));
ALTER TABLE patient_accounts ADD COLUMN may_records INTEGER NOT NULL DEFAULT 1 CHECK (may_records IN (0, 1));
ALTER TABLE patient_accounts ADD COLUMN may_prescriptions INTEGER NOT NULL DEFAULT 1 CHECK (may_prescriptions IN (0, 1));
ALTER TABLE patient_accounts ADD COLUMN may_sensitive INTEGER NOT NULL DEFAULT 1 CHECK (may_sensitive IN (0, 1));
ALTER TABLE patient_accounts ADD COLUMN from_date TEXT CHECK (from_date IS NULL OR relation <> 'self');
ALTER TABLE patient_accounts ADD COLUMN until_date TEXT CHECK (until_date IS NULL OR relation <> 'self');
ALTER TABLE patient_accounts ADD COLUMN granted_by BLOB REFERENCES accounts (id);
ALTER TABLE patient_accounts ADD COLUMN ended_at INTEGER CHECK (ended_at IS NULL OR relation <> 'self');
CREATE UNIQUE INDEX patient_accounts_owner ON patient_accounts (patient_id) WHERE relation = 'self';

-- Somebody is asked to act for a patient, or a child to take over her record; whoever has confirmed the address answers.
CREATE TABLE family_offers (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('help', 'own_account')),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    offered_by BLOB NOT NULL REFERENCES accounts (id),
    email TEXT NOT NULL,
    relation TEXT NOT NULL CHECK (relation IN ('parent', 'child', 'partner', 'carer')),
    given TEXT NOT NULL CHECK (given IN ('guardian', 'patient')),
    may_book INTEGER NOT NULL CHECK (may_book IN (0, 1)),
    may_pay INTEGER NOT NULL CHECK (may_pay IN (0, 1)),
    may_messages INTEGER NOT NULL CHECK (may_messages IN (0, 1)),
    may_records INTEGER NOT NULL CHECK (may_records IN (0, 1)),
    may_prescriptions INTEGER NOT NULL CHECK (may_prescriptions IN (0, 1)),
    may_sensitive INTEGER NOT NULL CHECK (may_sensitive IN (0, 1)),
    from_date TEXT,
    until_date TEXT,
    state TEXT NOT NULL CHECK (state IN ('offered', 'accepted', 'declined', 'ended')),
    tries INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
    answered_at INTEGER,
    answered_by BLOB REFERENCES accounts (id),
    CHECK ((answered_by IS NOT NULL) = (state IN ('accepted', 'declined')) OR state = 'ended')
) STRICT;
CREATE INDEX family_offers_email ON family_offers (email, state);
CREATE INDEX family_offers_patient ON family_offers (patient_id, state);
CREATE INDEX family_offers_by ON family_offers (offered_by, created_at);

-- Who was told how long before which birthday, so that nobody is told twice.
CREATE TABLE family_notices (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    patient_id BLOB NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    age INTEGER NOT NULL,
    days INTEGER NOT NULL,
    PRIMARY KEY (account_id, patient_id, age, days)
) STRICT;
