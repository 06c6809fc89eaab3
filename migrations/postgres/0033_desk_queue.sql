-- The desk's queue: numbers of the day, how somebody came, who was written in at the desk, and the private address of a wall.

-- Whether patients may say on their own page that they are here.
ALTER TABLE hospitals ADD COLUMN self_check_in BOOLEAN NOT NULL DEFAULT TRUE;
-- A patient without an account, written in by a hospital.
ALTER TABLE patients ADD COLUMN written_in_by UUID REFERENCES hospitals (id);

-- The number that somebody was given when she came, and the local date on which that was.
ALTER TABLE appointments ADD COLUMN ticket_day TEXT;
ALTER TABLE appointments ADD COLUMN ticket BIGINT
    CHECK ((ticket IS NULL) = (ticket_day IS NULL) AND (ticket IS NULL OR ticket > 0));
ALTER TABLE appointments ADD COLUMN arrival TEXT CHECK (arrival IN ('desk', 'own', 'walk-in'));
CREATE UNIQUE INDEX appointments_ticket ON appointments (hospital_id, ticket_day, ticket) WHERE ticket IS NOT NULL;

-- The last number that was drawn on a hospital's day.
CREATE TABLE ticket_numbers (
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    day TEXT NOT NULL,
    last_number BIGINT NOT NULL CHECK (last_number > 0),
    PRIMARY KEY (hospital_id, day)
);
SELECT close_table('ticket_numbers');
GRANT SELECT, INSERT, UPDATE ON ticket_numbers TO caresync_app;
-- Whoever has a visit there draws a number, too, when she says that she is here.
CREATE POLICY wall ON ticket_numbers AS RESTRICTIVE TO caresync_app
    USING (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[])
        OR EXISTS (SELECT 1 FROM appointments a WHERE a.hospital_id = ticket_numbers.hospital_id
            AND a.patient_id = ANY ((SELECT caller_ids('patients'))::UUID[])))
    WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[])
        OR EXISTS (SELECT 1 FROM appointments a WHERE a.hospital_id = ticket_numbers.hospital_id
            AND a.patient_id = ANY ((SELECT caller_ids('patients'))::UUID[])));

-- The private address of a hospital's wall: one at most, kept as the SHA-256 of its secret. A new one takes the place of the old.
CREATE TABLE wall_addresses (
    hospital_id UUID PRIMARY KEY NOT NULL REFERENCES hospitals (id),
    token_hash BYTEA NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    made_at BIGINT NOT NULL,
    read_at BIGINT
);
SELECT close_table('wall_addresses');
GRANT SELECT, INSERT, UPDATE, DELETE ON wall_addresses TO caresync_app;
CREATE POLICY wall ON wall_addresses AS RESTRICTIVE TO caresync_app
    USING (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]))
    WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]));
