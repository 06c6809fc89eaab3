-- A time that is held until something is done, and no longer: whoever reads looks at the end, whether anybody has swept or not.
ALTER TABLE appointments ADD COLUMN hold_expires_at INTEGER
    CHECK ((status IN ('held', 'pending-payment')) = (hold_expires_at IS NOT NULL));
ALTER TABLE appointments ADD COLUMN hold_extended INTEGER NOT NULL DEFAULT 0 CHECK (hold_extended IN (0, 1));
CREATE INDEX appointments_holds ON appointments (hold_expires_at) WHERE hold_expires_at IS NOT NULL;

DROP VIEW taken_times;
CREATE VIEW taken_times AS
    SELECT doctor_id, block_starts_at, block_ends_at, hold_expires_at FROM appointments WHERE occupies;

-- A step may be the house's own, such as the end of a hold: then it has no account. `ordinal` is the order in which the database
-- took the steps of all visits.
CREATE TABLE appointment_history_new (
    ordinal INTEGER PRIMARY KEY,
    appointment_id BLOB NOT NULL REFERENCES appointments (id),
    seq INTEGER NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    at INTEGER NOT NULL,
    by_account BLOB REFERENCES accounts (id),
    reason TEXT,
    starts_at INTEGER,
    doctor_id BLOB REFERENCES doctors (id),
    UNIQUE (appointment_id, seq)
) STRICT;
INSERT INTO appointment_history_new (appointment_id, seq, from_status, to_status, at, by_account, reason, starts_at, doctor_id)
    SELECT appointment_id, seq, from_status, to_status, at, by_account, reason, starts_at, doctor_id
    FROM appointment_history ORDER BY rowid;
DROP TABLE appointment_history;
ALTER TABLE appointment_history_new RENAME TO appointment_history;
CREATE TRIGGER appointment_history_keeps BEFORE UPDATE ON appointment_history
BEGIN
    SELECT RAISE(ABORT, 'appointment_history_is_append_only');
END;
CREATE TRIGGER appointment_history_stays BEFORE DELETE ON appointment_history
BEGIN
    SELECT RAISE(ABORT, 'appointment_history_is_append_only');
END;
