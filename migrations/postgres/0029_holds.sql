-- A time that is held until something is done, and no longer: whoever reads looks at the end, whether anybody has swept or not.
ALTER TABLE appointments
    ADD COLUMN hold_expires_at BIGINT,
    ADD COLUMN hold_extended BOOLEAN NOT NULL DEFAULT FALSE,
    ADD CONSTRAINT appointments_hold CHECK ((status IN ('held', 'pending-payment')) = (hold_expires_at IS NOT NULL));
CREATE INDEX appointments_holds ON appointments (hold_expires_at) WHERE hold_expires_at IS NOT NULL;

CREATE OR REPLACE VIEW taken_times AS
    SELECT doctor_id, block_starts_at, block_ends_at, hold_expires_at FROM appointments WHERE occupies;

-- A step may be the house's own, such as the end of a hold: then it has no account. `ordinal` is the order in which the database
-- took the steps of all visits.
ALTER TABLE appointment_history
    ALTER COLUMN by_account DROP NOT NULL,
    ADD COLUMN ordinal BIGINT GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX appointment_history_ordinal ON appointment_history (ordinal);
