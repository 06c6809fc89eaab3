-- Who did what to whose data, and why it was allowed. Each hospital has a chain of its own; what belongs to none stands in
-- one of sixteen chains of accounts. Every entry holds the hash of the one before it; nothing here is ever changed.
CREATE TABLE audit_events (
    chain TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    account_id UUID,
    sign_in UUID,
    address TEXT NOT NULL,
    device TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('allowed', 'denied')),
    basis TEXT NOT NULL,
    purpose TEXT NOT NULL,
    hospital_id UUID,
    entity TEXT NOT NULL,
    entity_id UUID,
    patients TEXT NOT NULL,
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (chain, seq)
);
CREATE INDEX audit_events_hospital ON audit_events (hospital_id, at);
CREATE INDEX audit_events_account ON audit_events (account_id, at);

-- The same by patient, so that each can see who looked; `audit verify` compares it with the events.
CREATE TABLE audit_subjects (
    patient_id UUID NOT NULL,
    at BIGINT NOT NULL,
    chain TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (patient_id, at, chain, seq),
    FOREIGN KEY (chain, seq) REFERENCES audit_events (chain, seq)
);

CREATE INDEX audit_subjects_entry ON audit_subjects (chain, seq);

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_is_append_only';
END $$;
CREATE TRIGGER audit_events_keep BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_events_stay BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_subjects_keep BEFORE UPDATE OR DELETE ON audit_subjects
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_subjects_stay BEFORE TRUNCATE ON audit_subjects
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
