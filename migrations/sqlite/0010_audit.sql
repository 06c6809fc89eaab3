-- Who did what to whose data, and why it was allowed. Each hospital has a chain of its own; what belongs to none stands in
-- one of sixteen chains of accounts. Every entry holds the hash of the one before it; nothing here is ever changed.
CREATE TABLE audit_events (
    chain TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    account_id BLOB,
    sign_in BLOB,
    address TEXT NOT NULL,
    device TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('allowed', 'denied')),
    basis TEXT NOT NULL,
    purpose TEXT NOT NULL,
    hospital_id BLOB,
    entity TEXT NOT NULL,
    entity_id BLOB,
    patients TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (chain, seq)
) STRICT;
CREATE INDEX audit_events_hospital ON audit_events (hospital_id, at);
CREATE INDEX audit_events_account ON audit_events (account_id, at);

-- The same by patient, so that each can see who looked; `audit verify` compares it with the events.
CREATE TABLE audit_subjects (
    patient_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    chain TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (patient_id, at, chain, seq),
    FOREIGN KEY (chain, seq) REFERENCES audit_events (chain, seq)
) STRICT;

CREATE INDEX audit_subjects_entry ON audit_subjects (chain, seq);

CREATE TRIGGER audit_events_keep BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit_is_append_only');
END;
CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit_is_append_only');
END;
CREATE TRIGGER audit_subjects_keep BEFORE UPDATE ON audit_subjects
BEGIN
    SELECT RAISE(ABORT, 'audit_is_append_only');
END;
CREATE TRIGGER audit_subjects_stay BEFORE DELETE ON audit_subjects
BEGIN
    SELECT RAISE(ABORT, 'audit_is_append_only');
END;
