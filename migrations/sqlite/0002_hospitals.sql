-- Hospitals, their departments, what can be booked, and who works there.
CREATE TABLE hospitals (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    phone TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    about TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX hospitals_name ON hospitals (name);

CREATE TABLE departments (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX departments_name ON departments (hospital_id, name);
CREATE UNIQUE INDEX departments_of_hospital ON departments (hospital_id, id);

CREATE TABLE visit_types (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    name TEXT NOT NULL,
    modality TEXT NOT NULL CHECK (modality IN ('in_person', 'video')),
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 5 AND 480),
    buffer_before INTEGER NOT NULL CHECK (buffer_before BETWEEN 0 AND 120),
    buffer_after INTEGER NOT NULL CHECK (buffer_after BETWEEN 0 AND 120),
    price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX visit_types_name ON visit_types (hospital_id, name);
CREATE UNIQUE INDEX visit_types_of_hospital ON visit_types (hospital_id, id);

CREATE TABLE doctors (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    department_id BLOB,
    name TEXT NOT NULL,
    search_name TEXT NOT NULL,
    specialties TEXT NOT NULL,
    languages TEXT NOT NULL,
    biography TEXT NOT NULL,
    photo_key TEXT,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    cadence_minutes INTEGER NOT NULL CHECK (cadence_minutes BETWEEN 5 AND 240),
    notice_minutes INTEGER NOT NULL CHECK (notice_minutes BETWEEN 0 AND 43200),
    horizon_days INTEGER NOT NULL CHECK (horizon_days BETWEEN 1 AND 730),
    created_at INTEGER NOT NULL,
    FOREIGN KEY (hospital_id, department_id) REFERENCES departments (hospital_id, id)
) STRICT;
CREATE UNIQUE INDEX doctors_of_hospital ON doctors (hospital_id, id);

-- A doctor can be booked for these; the composite keys keep both in one hospital.
CREATE TABLE doctor_visit_types (
    hospital_id BLOB NOT NULL,
    doctor_id BLOB NOT NULL,
    visit_type_id BLOB NOT NULL,
    PRIMARY KEY (doctor_id, visit_type_id),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id),
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id)
) STRICT;

-- Photos after our own decoding and encoding; the key is the SHA-256 of the bytes.
CREATE TABLE photos (
    photo_key TEXT PRIMARY KEY NOT NULL,
    jpeg BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    role TEXT NOT NULL CHECK (role IN ('doctor', 'desk', 'hospital_admin')),
    doctor_id BLOB,
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    created_at INTEGER NOT NULL,
    CHECK ((role = 'doctor') = (doctor_id IS NOT NULL)),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id)
) STRICT;
CREATE UNIQUE INDEX memberships_account ON memberships (account_id, hospital_id);
CREATE INDEX memberships_hospital ON memberships (hospital_id);

CREATE TABLE invitations (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    email TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('doctor', 'desk', 'hospital_admin')),
    doctor_id BLOB,
    token_hash BLOB NOT NULL,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    accepted_at INTEGER,
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id)
) STRICT;
CREATE UNIQUE INDEX invitations_token ON invitations (token_hash);
CREATE INDEX invitations_hospital ON invitations (hospital_id);
