-- The desk's queue: numbers of the day, how somebody came, who was written in at the desk, and the private address of a wall.

-- Whether patients may say on their own page that they are here.
ALTER TABLE hospitals ADD COLUMN self_check_in INTEGER NOT NULL DEFAULT 1 CHECK (self_check_in IN (0, 1));
-- A patient without an account, written in by a hospital.
ALTER TABLE patients ADD COLUMN written_in_by BLOB REFERENCES hospitals (id);

-- The number that somebody was given when she came, and the local date on which that was.
ALTER TABLE appointments ADD COLUMN ticket_day TEXT;
ALTER TABLE appointments ADD COLUMN ticket INTEGER
    CHECK ((ticket IS NULL) = (ticket_day IS NULL) AND (ticket IS NULL OR ticket > 0));
ALTER TABLE appointments ADD COLUMN arrival TEXT CHECK (arrival IN ('desk', 'own', 'walk-in'));
CREATE UNIQUE INDEX appointments_ticket ON appointments (hospital_id, ticket_day, ticket) WHERE ticket IS NOT NULL;

-- The last number that was drawn on a hospital's day.
CREATE TABLE ticket_numbers (
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    day TEXT NOT NULL,
    last_number INTEGER NOT NULL CHECK (last_number > 0),
    PRIMARY KEY (hospital_id, day)
) STRICT;

-- The private address of a hospital's wall: one at most, kept as the SHA-256 of its secret. A new one takes the place of the old.
CREATE TABLE wall_addresses (
    hospital_id BLOB PRIMARY KEY NOT NULL REFERENCES hospitals (id),
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    made_at INTEGER NOT NULL,
    read_at INTEGER
) STRICT;
