-- Whom a doctor would like to see again: a ticket for one visit. `appointment_id` is the visit that it came of, `doctor_id` the doctor
-- of that visit, `with_doctor_id` the one with whom it can be booked; without one it is any who offers the visit type.
CREATE TABLE follow_ups (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    appointment_id BLOB NOT NULL REFERENCES appointments (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    doctor_id BLOB NOT NULL,
    with_doctor_id BLOB,
    visit_type_id BLOB NOT NULL,
    from_date TEXT NOT NULL,
    until_date TEXT NOT NULL,
    note TEXT,
    withdrawn_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CHECK (from_date <= until_date),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id),
    FOREIGN KEY (hospital_id, with_doctor_id) REFERENCES doctors (hospital_id, id),
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id),
    FOREIGN KEY (hospital_id, patient_id) REFERENCES hospital_patients (hospital_id, patient_id)
) STRICT;
CREATE INDEX follow_ups_appointment ON follow_ups (appointment_id, created_at);
CREATE INDEX follow_ups_patient ON follow_ups (patient_id, until_date);

-- The visit that was booked with a ticket. There is one at most that takes time; one that was called off gives the ticket back.
ALTER TABLE appointments ADD COLUMN follow_up_id BLOB REFERENCES follow_ups (id);
CREATE UNIQUE INDEX appointments_follow_up ON appointments (follow_up_id) WHERE occupies;

-- Visits that were booked as one row of dates: which row, and the how manieth of it.
ALTER TABLE appointments ADD COLUMN series_id BLOB;
ALTER TABLE appointments ADD COLUMN series_number INTEGER CHECK ((series_id IS NULL) = (series_number IS NULL));
CREATE UNIQUE INDEX appointments_series_number ON appointments (series_id, series_number);

-- Which visits may be booked as a row of dates.
ALTER TABLE visit_types ADD COLUMN series INTEGER NOT NULL DEFAULT 0 CHECK (series IN (0, 1));
