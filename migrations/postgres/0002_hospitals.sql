-- Hospitals, their departments, what can be booked, and who works there.
CREATE TABLE hospitals (
    id UUID PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    phone TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    about TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX hospitals_name ON hospitals (name);

CREATE TABLE departments (
    id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX departments_name ON departments (hospital_id, name);
CREATE UNIQUE INDEX departments_of_hospital ON departments (hospital_id, id);

CREATE TABLE visit_types (
    id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    name TEXT NOT NULL,
    modality TEXT NOT NULL CHECK (modality IN ('in_person', 'video')),
    minutes BIGINT NOT NULL CHECK (minutes BETWEEN 5 AND 480),
    buffer_before BIGINT NOT NULL CHECK (buffer_before BETWEEN 0 AND 120),
    buffer_after BIGINT NOT NULL CHECK (buffer_after BETWEEN 0 AND 120),
    price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX visit_types_name ON visit_types (hospital_id, name);
CREATE UNIQUE INDEX visit_types_of_hospital ON visit_types (hospital_id, id);

CREATE TABLE doctors (
    id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    department_id UUID,
    name TEXT NOT NULL,
    search_name TEXT NOT NULL,
    specialties TEXT NOT NULL,
    languages TEXT NOT NULL,
    biography TEXT NOT NULL,
    photo_key TEXT,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    cadence_minutes BIGINT NOT NULL CHECK (cadence_minutes BETWEEN 5 AND 240),
    notice_minutes BIGINT NOT NULL CHECK (notice_minutes BETWEEN 0 AND 43200),
    horizon_days BIGINT NOT NULL CHECK (horizon_days BETWEEN 1 AND 730),
    created_at BIGINT NOT NULL,
    FOREIGN KEY (hospital_id, department_id) REFERENCES departments (hospital_id, id)
);
CREATE UNIQUE INDEX doctors_of_hospital ON doctors (hospital_id, id);

-- A doctor can be booked for these; the composite keys keep both in one hospital.
CREATE TABLE doctor_visit_types (
    hospital_id UUID NOT NULL,
    doctor_id UUID NOT NULL,
    visit_type_id UUID NOT NULL,
    PRIMARY KEY (doctor_id, visit_type_id),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id),
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id)
);

-- Photos after our own decoding and encoding; the key is the SHA-256 of the bytes.
CREATE TABLE photos (
    photo_key TEXT PRIMARY KEY NOT NULL,
    jpeg BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE memberships (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id),
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    role TEXT NOT NULL CHECK (role IN ('doctor', 'desk', 'hospital_admin')),
    doctor_id UUID,
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    created_at BIGINT NOT NULL,
    CHECK ((role = 'doctor') = (doctor_id IS NOT NULL)),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id)
);
CREATE UNIQUE INDEX memberships_account ON memberships (account_id, hospital_id);
CREATE INDEX memberships_hospital ON memberships (hospital_id);

CREATE TABLE invitations (
    id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    email TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('doctor', 'desk', 'hospital_admin')),
    doctor_id UUID,
    token_hash BYTEA NOT NULL,
    created_by UUID NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_at BIGINT,
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id)
);
CREATE UNIQUE INDEX invitations_token ON invitations (token_hash);
CREATE INDEX invitations_hospital ON invitations (hospital_id);
