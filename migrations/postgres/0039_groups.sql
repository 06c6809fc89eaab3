-- Group visits: several patients at one and the same time of one doctor.
ALTER TABLE visit_types ADD COLUMN capacity BIGINT NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 1 AND 50);

-- What all seats of one time have in common, and the number of each. A visit of its own has a key of its own.
ALTER TABLE appointments
    ADD COLUMN group_key TEXT,
    ADD COLUMN seat_no BIGINT NOT NULL DEFAULT 1 CHECK (seat_no BETWEEN 1 AND 50);
UPDATE appointments SET group_key = replace(id::TEXT, '-', '');
ALTER TABLE appointments
    ALTER COLUMN group_key SET NOT NULL,
    ADD CONSTRAINT appointments_group_key CHECK (group_key <> '');
CREATE UNIQUE INDEX appointments_group_seat ON appointments (group_key, seat_no) WHERE occupies;

-- The same barriers as before, but for seats of one time of the doctor.
ALTER TABLE appointments DROP CONSTRAINT appointments_doctor_overlap;
ALTER TABLE appointments ADD CONSTRAINT appointments_doctor_overlap
    EXCLUDE USING gist (doctor_id WITH =, int8range(block_starts_at, block_ends_at) WITH &&, group_key WITH <>) WHERE (occupies);

-- One room serves a whole group.
ALTER TABLE appointment_resources ADD COLUMN group_key TEXT;
UPDATE appointment_resources u SET group_key = a.group_key FROM appointments a WHERE a.id = u.appointment_id;
ALTER TABLE appointment_resources
    ALTER COLUMN group_key SET NOT NULL,
    ADD CONSTRAINT appointment_resources_group_key CHECK (group_key <> '');
ALTER TABLE appointment_resources DROP CONSTRAINT appointment_resources_overlap;
ALTER TABLE appointment_resources ADD CONSTRAINT appointment_resources_overlap
    EXCLUDE USING gist (resource_id WITH =, int8range(block_starts_at, block_ends_at) WITH &&, group_key WITH <>) WHERE (occupies);

-- Which taken times may be joined; the key of a visit of its own is nobody else's business.
CREATE OR REPLACE VIEW taken_times AS
    SELECT doctor_id, block_starts_at, block_ends_at, hold_expires_at, starts_at, visit_type_id, seat_no,
        CASE WHEN group_key LIKE 'group %' THEN group_key END AS group_key
    FROM appointments WHERE occupies;
CREATE OR REPLACE VIEW taken_resources AS
    SELECT u.resource_id, a.doctor_id, u.block_starts_at, u.block_ends_at, a.hold_expires_at, a.seat_no,
        CASE WHEN a.group_key LIKE 'group %' THEN a.group_key END AS group_key
    FROM appointment_resources u JOIN appointments a ON a.id = u.appointment_id WHERE u.occupies;
