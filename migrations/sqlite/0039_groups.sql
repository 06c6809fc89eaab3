-- Group visits: several patients at one and the same time of one doctor.
ALTER TABLE visit_types ADD COLUMN capacity INTEGER NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 1 AND 50);

-- What all seats of one time have in common, and the number of each. A visit of its own has a key of its own.
-- The empty key is that of no visit: triggers refuse it, because a column that is added needs a default.
ALTER TABLE appointments ADD COLUMN group_key TEXT NOT NULL DEFAULT '';
ALTER TABLE appointments ADD COLUMN seat_no INTEGER NOT NULL DEFAULT 1 CHECK (seat_no BETWEEN 1 AND 50);
UPDATE appointments SET group_key = lower(hex(id));
CREATE UNIQUE INDEX appointments_group_seat ON appointments (group_key, seat_no) WHERE occupies;
CREATE TRIGGER appointments_group_key_on_insert BEFORE INSERT ON appointments WHEN NEW.group_key = ''
BEGIN
    SELECT RAISE(ABORT, 'appointments_group_key');
END;
CREATE TRIGGER appointments_group_key_on_update BEFORE UPDATE OF group_key ON appointments WHEN NEW.group_key = ''
BEGIN
    SELECT RAISE(ABORT, 'appointments_group_key');
END;

-- The same barriers as before, but for seats of one time of the doctor. A block is at most a day long, which bounds the search to the left.
DROP TRIGGER appointments_no_overlap_on_insert;
CREATE TRIGGER appointments_no_overlap_on_insert BEFORE INSERT ON appointments WHEN NEW.occupies = 1
BEGIN
    SELECT RAISE(ABORT, 'appointments_doctor_overlap') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE doctor_id = NEW.doctor_id AND occupies AND group_key <> NEW.group_key
            AND block_starts_at > NEW.block_starts_at - 86400000 AND block_starts_at < NEW.block_ends_at
            AND block_ends_at > NEW.block_starts_at);
    SELECT RAISE(ABORT, 'appointments_patient_overlap') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE patient_id = NEW.patient_id AND occupies
            AND starts_at > NEW.starts_at - 86400000 AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at);
END;
DROP TRIGGER appointments_no_overlap_on_update;
CREATE TRIGGER appointments_no_overlap_on_update
BEFORE UPDATE OF doctor_id, patient_id, starts_at, ends_at, block_starts_at, block_ends_at, occupies, group_key ON appointments
WHEN NEW.occupies = 1
BEGIN
    SELECT RAISE(ABORT, 'appointments_doctor_overlap') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE doctor_id = NEW.doctor_id AND occupies AND id <> NEW.id AND group_key <> NEW.group_key
            AND block_starts_at > NEW.block_starts_at - 86400000 AND block_starts_at < NEW.block_ends_at
            AND block_ends_at > NEW.block_starts_at);
    SELECT RAISE(ABORT, 'appointments_patient_overlap') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE patient_id = NEW.patient_id AND occupies AND id <> NEW.id
            AND starts_at > NEW.starts_at - 86400000 AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at);
END;

-- One room serves a whole group.
ALTER TABLE appointment_resources ADD COLUMN group_key TEXT NOT NULL DEFAULT '';
UPDATE appointment_resources
    SET group_key = (SELECT a.group_key FROM appointments a WHERE a.id = appointment_resources.appointment_id);
CREATE TRIGGER appointment_resources_group_key_on_insert BEFORE INSERT ON appointment_resources WHEN NEW.group_key = ''
BEGIN
    SELECT RAISE(ABORT, 'appointment_resources_group_key');
END;
DROP TRIGGER appointment_resources_no_overlap_on_insert;
CREATE TRIGGER appointment_resources_no_overlap_on_insert BEFORE INSERT ON appointment_resources WHEN NEW.occupies = 1
BEGIN
    SELECT RAISE(ABORT, 'appointment_resources_overlap') WHERE EXISTS (
        SELECT 1 FROM appointment_resources WHERE resource_id = NEW.resource_id AND occupies AND group_key <> NEW.group_key
            AND block_starts_at > NEW.block_starts_at - 86400000 AND block_starts_at < NEW.block_ends_at
            AND block_ends_at > NEW.block_starts_at);
END;
DROP TRIGGER appointment_resources_no_overlap_on_update;
CREATE TRIGGER appointment_resources_no_overlap_on_update
BEFORE UPDATE OF resource_id, block_starts_at, block_ends_at, occupies, group_key ON appointment_resources WHEN NEW.occupies = 1
BEGIN
    SELECT RAISE(ABORT, 'appointment_resources_overlap') WHERE EXISTS (
        SELECT 1 FROM appointment_resources WHERE resource_id = NEW.resource_id AND occupies
            AND appointment_id <> NEW.appointment_id AND group_key <> NEW.group_key
            AND block_starts_at > NEW.block_starts_at - 86400000 AND block_starts_at < NEW.block_ends_at
            AND block_ends_at > NEW.block_starts_at);
END;

-- Which taken times may be joined; the key of a visit of its own is nobody else's business.
DROP VIEW taken_times;
CREATE VIEW taken_times AS
    SELECT doctor_id, block_starts_at, block_ends_at, hold_expires_at, starts_at, visit_type_id, seat_no,
        CASE WHEN group_key LIKE 'group %' THEN group_key END AS group_key
    FROM appointments WHERE occupies;
DROP VIEW taken_resources;
CREATE VIEW taken_resources AS
    SELECT u.resource_id, a.doctor_id, u.block_starts_at, u.block_ends_at, a.hold_expires_at, a.seat_no,
        CASE WHEN a.group_key LIKE 'group %' THEN a.group_key END AS group_key
    FROM appointment_resources u JOIN appointments a ON a.id = u.appointment_id WHERE u.occupies;
