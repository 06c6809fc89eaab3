-- Booked visits. The database itself refuses an overlap, for the doctor (with buffers) and for the patient.
CREATE TABLE appointments (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    reference TEXT NOT NULL,
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    doctor_id BLOB NOT NULL,
    patient_id BLOB NOT NULL REFERENCES patients (id),
    visit_type_id BLOB NOT NULL,
    visit_type_name TEXT NOT NULL,
    modality TEXT NOT NULL CHECK (modality IN ('in_person', 'video')),
    status TEXT NOT NULL CHECK (status IN
        ('booked', 'confirmed', 'arrived', 'checked-in', 'in-progress', 'completed', 'cancelled', 'no-show')),
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
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    CHECK (starts_at < ends_at AND block_starts_at <= starts_at AND ends_at <= block_ends_at),
    CHECK (block_ends_at - block_starts_at <= 86400000),
    CHECK (occupies = (status <> 'cancelled')),
    CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL)),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id),
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id)
) STRICT;
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

-- Every step of an appointment's life; nothing here is ever changed.
CREATE TABLE appointment_history (
    appointment_id BLOB NOT NULL REFERENCES appointments (id),
    seq INTEGER NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    at INTEGER NOT NULL,
    by_account BLOB NOT NULL REFERENCES accounts (id),
    reason TEXT,
    PRIMARY KEY (appointment_id, seq)
) STRICT;
CREATE TRIGGER appointment_history_keeps BEFORE UPDATE ON appointment_history
BEGIN
    SELECT RAISE(ABORT, 'appointment_history_is_append_only');
END;
CREATE TRIGGER appointment_history_stays BEFORE DELETE ON appointment_history
BEGIN
    SELECT RAISE(ABORT, 'appointment_history_is_append_only');
END;

-- Patients who have had a visit at a hospital: whom its members may see.
CREATE TABLE hospital_patients (
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (hospital_id, patient_id)
) STRICT;
