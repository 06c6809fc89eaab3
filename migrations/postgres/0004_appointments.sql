-- Booked visits. The database itself refuses an overlap, for the doctor (with buffers) and for the patient.
CREATE TABLE appointments (
    id UUID PRIMARY KEY NOT NULL,
    reference TEXT NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    doctor_id UUID NOT NULL,
    patient_id UUID NOT NULL REFERENCES patients (id),
    visit_type_id UUID NOT NULL,
    visit_type_name TEXT NOT NULL,
    modality TEXT NOT NULL CHECK (modality IN ('in_person', 'video')),
    status TEXT NOT NULL CHECK (status IN
        ('booked', 'confirmed', 'arrived', 'checked-in', 'in-progress', 'completed', 'cancelled', 'no-show')),
    occupies BOOLEAN NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    block_starts_at BIGINT NOT NULL,
    block_ends_at BIGINT NOT NULL,
    local_start TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    price_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT,
    cancelled_by TEXT CHECK (cancelled_by IN ('patient', 'provider', 'organization')),
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by UUID NOT NULL REFERENCES accounts (id),
    CHECK (starts_at < ends_at AND block_starts_at <= starts_at AND ends_at <= block_ends_at),
    CHECK (block_ends_at - block_starts_at <= 86400000),
    CHECK (occupies = (status <> 'cancelled')),
    CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL)),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id),
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id)
);
CREATE UNIQUE INDEX appointments_reference ON appointments (reference);
CREATE INDEX appointments_doctor_block ON appointments (doctor_id, block_starts_at, block_ends_at) WHERE occupies;
CREATE INDEX appointments_patient_visit ON appointments (patient_id, starts_at, ends_at) WHERE occupies;
CREATE INDEX appointments_patient ON appointments (patient_id, starts_at, id);
CREATE INDEX appointments_doctor ON appointments (doctor_id, starts_at, id);
CREATE INDEX appointments_hospital ON appointments (hospital_id, starts_at, id);

CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE appointments ADD CONSTRAINT appointments_doctor_overlap
    EXCLUDE USING gist (doctor_id WITH =, int8range(block_starts_at, block_ends_at) WITH &&) WHERE (occupies);
ALTER TABLE appointments ADD CONSTRAINT appointments_patient_overlap
    EXCLUDE USING gist (patient_id WITH =, int8range(starts_at, ends_at) WITH &&) WHERE (occupies);

-- Every step of an appointment's life; nothing here is ever changed.
CREATE TABLE appointment_history (
    appointment_id UUID NOT NULL REFERENCES appointments (id),
    seq BIGINT NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_account UUID NOT NULL REFERENCES accounts (id),
    reason TEXT,
    PRIMARY KEY (appointment_id, seq)
);
CREATE FUNCTION appointment_history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'appointment_history_is_append_only';
END $$;
CREATE TRIGGER appointment_history_keeps BEFORE UPDATE ON appointment_history
    FOR EACH ROW EXECUTE FUNCTION appointment_history_refuse();
CREATE TRIGGER appointment_history_stays BEFORE DELETE ON appointment_history
    FOR EACH ROW EXECUTE FUNCTION appointment_history_refuse();

-- Patients who have had a visit at a hospital: whom its members may see.
CREATE TABLE hospital_patients (
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    patient_id UUID NOT NULL REFERENCES patients (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (hospital_id, patient_id)
);
