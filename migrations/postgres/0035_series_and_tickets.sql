-- Whom a doctor would like to see again: a ticket for one visit. `appointment_id` is the visit that it came of, `doctor_id` the doctor
-- of that visit, `with_doctor_id` the one with whom it can be booked; without one it is any who offers the visit type.
CREATE TABLE follow_ups (
    id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    patient_id UUID NOT NULL REFERENCES patients (id),
    appointment_id UUID NOT NULL REFERENCES appointments (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    doctor_id UUID NOT NULL,
    with_doctor_id UUID,
    visit_type_id UUID NOT NULL,
    from_date TEXT NOT NULL,
    until_date TEXT NOT NULL,
    note TEXT,
    withdrawn_at BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CHECK (from_date <= until_date),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id),
    FOREIGN KEY (hospital_id, with_doctor_id) REFERENCES doctors (hospital_id, id),
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id),
    FOREIGN KEY (hospital_id, patient_id) REFERENCES hospital_patients (hospital_id, patient_id)
);
CREATE INDEX follow_ups_appointment ON follow_ups (appointment_id, created_at);
CREATE INDEX follow_ups_patient ON follow_ups (patient_id, until_date);

-- The visit that was booked with a ticket. There is one at most that takes time; one that was called off gives the ticket back.
ALTER TABLE appointments ADD COLUMN follow_up_id UUID REFERENCES follow_ups (id);
CREATE UNIQUE INDEX appointments_follow_up ON appointments (follow_up_id) WHERE occupies;

-- Visits that were booked as one row of dates: which row, and the how manieth of it.
ALTER TABLE appointments
    ADD COLUMN series_id UUID,
    ADD COLUMN series_number BIGINT,
    ADD CONSTRAINT appointments_series CHECK ((series_id IS NULL) = (series_number IS NULL));
CREATE UNIQUE INDEX appointments_series_number ON appointments (series_id, series_number);

-- Which visits may be booked as a row of dates.
ALTER TABLE visit_types ADD COLUMN series BOOLEAN NOT NULL DEFAULT FALSE;

-- The second wall: a hospital's own and a patient's own. Only the hospital gives tickets; who uses one counts its version.
SELECT close_table('follow_ups');
GRANT SELECT, INSERT, UPDATE ON follow_ups TO caresync_app;
CREATE POLICY wall ON follow_ups AS RESTRICTIVE TO caresync_app
    USING (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[])
        OR patient_id = ANY ((SELECT caller_ids('patients'))::UUID[]))
    WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[])
        OR patient_id = ANY ((SELECT caller_ids('patients'))::UUID[]));
