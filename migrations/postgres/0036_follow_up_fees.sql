-- Visits that are free because an earlier one was paid for. `free_types` are JSON lists of visit types.
CREATE TABLE follow_up_rules (
    visit_type_id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    visits BIGINT NOT NULL CHECK (visits BETWEEN 0 AND 20),
    days BIGINT NOT NULL CHECK (days BETWEEN 0 AND 366),
    free_types TEXT NOT NULL,
    version BIGINT NOT NULL,
    CHECK ((visits = 0) = (free_types = '[]')),
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id)
);

-- The terms as they were when the visit was booked that is to be paid for.
CREATE TABLE follow_up_windows (
    appointment_id UUID PRIMARY KEY NOT NULL REFERENCES appointments (id),
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    patient_id UUID NOT NULL REFERENCES patients (id),
    visits BIGINT NOT NULL CHECK (visits > 0),
    days BIGINT NOT NULL CHECK (days > 0),
    free_types TEXT NOT NULL
);
CREATE INDEX follow_up_windows_patient ON follow_up_windows (patient_id);

-- Which paid visit a free one hangs on, and what it would have cost. It ends when the paid visit is called off or paid back.
CREATE TABLE follow_up_visits (
    appointment_id UUID PRIMARY KEY NOT NULL REFERENCES appointments (id),
    paid_id UUID NOT NULL REFERENCES follow_up_windows (appointment_id),
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    patient_id UUID NOT NULL REFERENCES patients (id),
    price_minor BIGINT NOT NULL CHECK (price_minor > 0),
    ended_at BIGINT,
    CHECK (appointment_id <> paid_id)
);
CREATE INDEX follow_up_visits_paid ON follow_up_visits (paid_id);

-- The second wall: rules are read by whoever books, and changed by their hospital; the rest is a hospital's own and a patient's own.
SELECT close_table('follow_up_rules');
SELECT close_table('follow_up_windows');
SELECT close_table('follow_up_visits');
GRANT SELECT, INSERT, UPDATE ON follow_up_rules, follow_up_visits TO caresync_app;
GRANT SELECT, INSERT ON follow_up_windows TO caresync_app;
CREATE POLICY wall_insert ON follow_up_rules AS RESTRICTIVE FOR INSERT TO caresync_app
    WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]));
CREATE POLICY wall_update ON follow_up_rules AS RESTRICTIVE FOR UPDATE TO caresync_app
    USING (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]))
    WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]));
DO $$
DECLARE named TEXT;
BEGIN
    FOREACH named IN ARRAY ARRAY['follow_up_windows', 'follow_up_visits'] LOOP
        EXECUTE format('CREATE POLICY wall ON %I AS RESTRICTIVE TO caresync_app
            USING (hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[])
                OR patient_id = ANY ((SELECT caller_ids(''patients''))::UUID[]))
            WITH CHECK (hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[])
                OR patient_id = ANY ((SELECT caller_ids(''patients''))::UUID[]))', named);
    END LOOP;
END $$;
