-- Visits that are free because an earlier one was paid for. `free_types` are JSON lists of visit types.
CREATE TABLE follow_up_rules (
    visit_type_id BLOB PRIMARY KEY NOT NULL CHECK (length(visit_type_id) = 16),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    visits INTEGER NOT NULL CHECK (visits BETWEEN 0 AND 20),
    days INTEGER NOT NULL CHECK (days BETWEEN 0 AND 366),
    free_types TEXT NOT NULL,
    version INTEGER NOT NULL,
    CHECK ((visits = 0) = (free_types = '[]')),
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id)
) STRICT;

-- The terms as they were when the visit was booked that is to be paid for.
CREATE TABLE follow_up_windows (
    appointment_id BLOB PRIMARY KEY NOT NULL CHECK (length(appointment_id) = 16) REFERENCES appointments (id),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    visits INTEGER NOT NULL CHECK (visits > 0),
    days INTEGER NOT NULL CHECK (days > 0),
    free_types TEXT NOT NULL
) STRICT;
CREATE INDEX follow_up_windows_patient ON follow_up_windows (patient_id);

-- Which paid visit a free one hangs on, and what it would have cost. It ends when the paid visit is called off or paid back.
CREATE TABLE follow_up_visits (
    appointment_id BLOB PRIMARY KEY NOT NULL CHECK (length(appointment_id) = 16) REFERENCES appointments (id),
    paid_id BLOB NOT NULL REFERENCES follow_up_windows (appointment_id),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    price_minor INTEGER NOT NULL CHECK (price_minor > 0),
    ended_at INTEGER,
    CHECK (appointment_id <> paid_id)
) STRICT;
CREATE INDEX follow_up_visits_paid ON follow_up_visits (paid_id);
