-- no-transaction
-- All states of a visit's life, and the late cancellation as a fact of its own.
--
-- SQLite changes no CHECK of a table that exists: the table is built anew beside the old one and takes its name. References to it
-- must not be looked at meanwhile, and that can be said only outside a transaction; inside, it is all or nothing, and
-- nothing is lost when it is done again because the program ended before it had noted that.
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;
DROP VIEW taken_times;
DROP TRIGGER hospital_patients_have_visits;

CREATE TABLE appointments_new (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    reference TEXT NOT NULL,
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    doctor_id BLOB NOT NULL,
    patient_id BLOB NOT NULL REFERENCES patients (id),
    visit_type_id BLOB NOT NULL,
    visit_type_name TEXT NOT NULL,
    modality TEXT NOT NULL CHECK (modality IN ('in_person', 'video')),
    status TEXT NOT NULL CHECK (status IN
        ('held', 'pending-payment', 'booked', 'confirmed', 'arrived', 'checked-in', 'in-progress', 'completed', 'cancelled',
         'no-show', 'left-unseen', 'expired', 'entered-in-error')),
    occupies INTEGER NOT NULL CHECK (occupies IN (0, 1)),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    block_starts_at INTEGER NOT NULL,
    block_ends_at INTEGER NOT NULL,
    local_start TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    price_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT,
    cancelled_by TEXT CHECK (cancelled_by IN ('patient', 'provider', 'organization')),
    cancelled_late INTEGER NOT NULL DEFAULT 0 CHECK (cancelled_late IN (0, 1)),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    CHECK (starts_at < ends_at AND block_starts_at <= starts_at AND ends_at <= block_ends_at),
    CHECK (block_ends_at - block_starts_at <= 86400000),
    CHECK (occupies = (status NOT IN ('cancelled', 'expired', 'entered-in-error'))),
    CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL)),
    CHECK (cancelled_late = 0 OR cancelled_by = 'patient'),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id),
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id)
) STRICT;
INSERT INTO appointments_new (id, reference, hospital_id, doctor_id, patient_id, visit_type_id, visit_type_name, modality, status, occupies, starts_at,
    ends_at, block_starts_at, block_ends_at, local_start, time_zone, minutes, price_minor, currency, reason, cancelled_by, version,
    created_at, created_by)
SELECT id, reference, hospital_id, doctor_id, patient_id, visit_type_id, visit_type_name, modality, status, occupies, starts_at,
    ends_at, block_starts_at, block_ends_at, local_start, time_zone, minutes, price_minor, currency, reason, cancelled_by, version,
    created_at, created_by
FROM appointments;
DROP TABLE appointments;
ALTER TABLE appointments_new RENAME TO appointments;

CREATE UNIQUE INDEX appointments_reference ON appointments (reference);
CREATE INDEX appointments_doctor_block ON appointments (doctor_id, block_starts_at, block_ends_at) WHERE occupies;
CREATE INDEX appointments_patient_visit ON appointments (patient_id, starts_at, ends_at) WHERE occupies;
CREATE INDEX appointments_patient ON appointments (patient_id, starts_at, id);
CREATE INDEX appointments_doctor ON appointments (doctor_id, starts_at, id);
CREATE INDEX appointments_hospital ON appointments (hospital_id, starts_at, id);

-- A block is at most a day long (see the check above), which bounds the search to the left.
CREATE TRIGGER appointments_no_overlap_on_insert BEFORE INSERT ON appointments WHEN NEW.occupies = 1
BEGIN
    SELECT RAISE(ABORT, 'appointments_doctor_overlap') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE doctor_id = NEW.doctor_id AND occupies
            AND block_starts_at > NEW.block_starts_at - 86400000 AND block_starts_at < NEW.block_ends_at
            AND block_ends_at > NEW.block_starts_at);
    SELECT RAISE(ABORT, 'appointments_patient_overlap') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE patient_id = NEW.patient_id AND occupies
            AND starts_at > NEW.starts_at - 86400000 AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at);
END;

CREATE TRIGGER appointments_no_overlap_on_update
BEFORE UPDATE OF doctor_id, patient_id, starts_at, ends_at, block_starts_at, block_ends_at, occupies ON appointments
WHEN NEW.occupies = 1
BEGIN
    SELECT RAISE(ABORT, 'appointments_doctor_overlap') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE doctor_id = NEW.doctor_id AND occupies AND id <> NEW.id
            AND block_starts_at > NEW.block_starts_at - 86400000 AND block_starts_at < NEW.block_ends_at
            AND block_ends_at > NEW.block_starts_at);
    SELECT RAISE(ABORT, 'appointments_patient_overlap') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE patient_id = NEW.patient_id AND occupies AND id <> NEW.id
            AND starts_at > NEW.starts_at - 86400000 AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at);
END;

CREATE TRIGGER appointments_patient_known_on_insert BEFORE INSERT ON appointments
BEGIN
    SELECT RAISE(ABORT, 'appointments_patient_known') WHERE NOT EXISTS (
        SELECT 1 FROM hospital_patients WHERE hospital_id = NEW.hospital_id AND patient_id = NEW.patient_id);
END;
CREATE TRIGGER appointments_patient_known_on_update BEFORE UPDATE OF hospital_id, patient_id ON appointments
BEGIN
    SELECT RAISE(ABORT, 'appointments_patient_known') WHERE NOT EXISTS (
        SELECT 1 FROM hospital_patients WHERE hospital_id = NEW.hospital_id AND patient_id = NEW.patient_id);
END;
CREATE TRIGGER hospital_patients_have_visits BEFORE DELETE ON hospital_patients
BEGIN
    SELECT RAISE(ABORT, 'appointments_patient_known') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE hospital_id = OLD.hospital_id AND patient_id = OLD.patient_id);
END;

CREATE VIEW taken_times AS
    SELECT doctor_id, block_starts_at, block_ends_at FROM appointments WHERE occupies;

COMMIT;
PRAGMA foreign_keys = ON;
