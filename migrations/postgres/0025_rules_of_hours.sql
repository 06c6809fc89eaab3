-- Windows that hold from a date to a date, in every so many weeks, for some visits only. `visit_types` is a JSON list of ids, empty for all.
ALTER TABLE weekly_hours ADD COLUMN valid_from TEXT;
ALTER TABLE weekly_hours ADD COLUMN valid_to TEXT;
ALTER TABLE weekly_hours ADD COLUMN every_weeks BIGINT NOT NULL DEFAULT 1 CHECK (every_weeks BETWEEN 1 AND 8);
ALTER TABLE weekly_hours ADD COLUMN modality TEXT CHECK (modality IN ('in_person', 'video'));
ALTER TABLE weekly_hours ADD COLUMN visit_types TEXT NOT NULL DEFAULT '[]';

-- Whoever changes hours says which ones she has seen.
ALTER TABLE doctors ADD COLUMN hours_version BIGINT NOT NULL DEFAULT 1;

-- Windows that are there once, besides.
CREATE TABLE hours_openings (
    id UUID PRIMARY KEY NOT NULL,
    doctor_id UUID NOT NULL REFERENCES doctors (id),
    on_date TEXT NOT NULL,
    start_time TEXT NOT NULL,
    end_time TEXT NOT NULL,
    visit_types TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX hours_openings_doctor ON hours_openings (doctor_id);

-- When a doctor is away, on the clock of her hospital; the instants follow from its zone.
CREATE TABLE absences (
    id UUID PRIMARY KEY NOT NULL,
    doctor_id UUID NOT NULL REFERENCES doctors (id),
    from_local TEXT NOT NULL,
    to_local TEXT NOT NULL CHECK (to_local > from_local),
    kind TEXT NOT NULL CHECK (kind IN ('leave', 'training', 'meeting', 'other')),
    note TEXT NOT NULL
);
CREATE INDEX absences_doctor ON absences (doctor_id);

-- Dates, both included, on which a whole hospital is closed.
CREATE TABLE closures (
    id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL CHECK (to_date >= from_date),
    note TEXT NOT NULL
);
CREATE INDEX closures_hospital ON closures (hospital_id);

-- The second wall: what is public is read by all, and changed by the hospital's own people.
SELECT close_table('hours_openings');
SELECT close_table('absences');
SELECT close_table('closures');
GRANT SELECT, INSERT, DELETE ON hours_openings, absences, closures TO caresync_app;
DO $$
DECLARE named TEXT;
BEGIN
    FOREACH named IN ARRAY ARRAY['hours_openings', 'absences'] LOOP
        EXECUTE format('CREATE POLICY wall_insert ON %I AS RESTRICTIVE FOR INSERT TO caresync_app
            WITH CHECK (EXISTS (SELECT 1 FROM doctors d WHERE d.id = doctor_id
                AND d.hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[])))', named);
        EXECUTE format('CREATE POLICY wall_delete ON %I AS RESTRICTIVE FOR DELETE TO caresync_app
            USING (EXISTS (SELECT 1 FROM doctors d WHERE d.id = doctor_id
                AND d.hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[])))', named);
    END LOOP;
END $$;
CREATE POLICY wall_insert ON closures AS RESTRICTIVE FOR INSERT TO caresync_app
    WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]));
CREATE POLICY wall_delete ON closures AS RESTRICTIVE FOR DELETE TO caresync_app
    USING (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]));
