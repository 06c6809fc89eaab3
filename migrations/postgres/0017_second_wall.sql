-- The second wall: whatever a statement says, a transaction reaches only the rows of those for whom it runs (ADR 12).
-- A table that comes later joins at the end of its own step, as the ones here do; the server refuses to serve without.

-- Roles belong to the whole cluster, so another database may have made them already, or be making them now.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'caresync_app') THEN
        CREATE ROLE caresync_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
-- The way there. It does not inherit: whoever inherits from the app stands before its walls even without becoming it.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'caresync_switch') THEN
        CREATE ROLE caresync_switch NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
    IF NOT pg_has_role('caresync_switch', 'caresync_app', 'MEMBER') THEN
        GRANT caresync_app TO caresync_switch;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'caresync_app', 'MEMBER') THEN
        EXECUTE format('GRANT caresync_switch TO %I', current_user);
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO caresync_app;

-- Whose rows: ids that the transaction has named at its beginning. After a transaction a setting reads as an empty text.
CREATE FUNCTION caller_ids(setting TEXT) RETURNS UUID[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('caresync.' || setting, true), ''), '{}')::UUID[]
$$;
CREATE FUNCTION caller_runs_the_platform() RETURNS BOOLEAN LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('caresync.platform', true), '') = 'on'
$$;

-- Closes a table: its owner, as whom the house itself works, passes; the app passes where no wall stands.
CREATE FUNCTION close_table(named TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', named);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', named);
    EXECUTE format('CREATE POLICY house ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', named);
    EXECUTE format('CREATE POLICY app ON %I TO caresync_app USING (true) WITH CHECK (true)', named);
END $$;
SELECT close_table(table_name::TEXT) FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE';

-- What the app may do at all. What is not here it cannot touch: keys, tries, the steps of the schema.
GRANT SELECT, INSERT, UPDATE, DELETE ON
    hospitals, departments, visit_types, doctors, doctor_visit_types, weekly_hours, hours_exceptions, photos,
    appointments, hospital_patients, patients, patient_accounts, memberships, invitations, emergencies,
    access_questions, idempotency_keys, sessions, token_families, refresh_tokens, mail_links TO caresync_app;
-- Histories and the audit only grow.
GRANT SELECT, INSERT ON appointment_history, audit_events, audit_subjects TO caresync_app;
-- A letter is left for the house to send; how many of a kind an address had lately is all that is read.
GRANT INSERT, SELECT (id, recipient, topic, created_at) ON outbox TO caresync_app;
-- Of an account everything but the hash of its password can be read by whoever may see the row.
GRANT SELECT (id, email, full_name, platform_admin, created_at, verified_at, session_epoch), UPDATE ON accounts TO caresync_app;

-- The directory is public; a hospital's people change their own part of it.
CREATE POLICY wall_insert ON hospitals AS RESTRICTIVE FOR INSERT TO caresync_app
    WITH CHECK ((SELECT caller_runs_the_platform()));
CREATE POLICY wall_update ON hospitals AS RESTRICTIVE FOR UPDATE TO caresync_app
    USING (true) WITH CHECK (id = ANY ((SELECT caller_ids('hospitals'))::UUID[]));
CREATE POLICY wall_delete ON hospitals AS RESTRICTIVE FOR DELETE TO caresync_app USING (false);
DO $$
DECLARE named TEXT;
BEGIN
    FOREACH named IN ARRAY ARRAY['departments', 'visit_types', 'doctors', 'doctor_visit_types'] LOOP
        EXECUTE format('CREATE POLICY wall_insert ON %I AS RESTRICTIVE FOR INSERT TO caresync_app
            WITH CHECK (hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[]))', named);
        -- Anybody may lock a row while she books: it is the changed row that must be of her hospital.
        EXECUTE format('CREATE POLICY wall_update ON %I AS RESTRICTIVE FOR UPDATE TO caresync_app
            USING (true) WITH CHECK (hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[]))', named);
        EXECUTE format('CREATE POLICY wall_delete ON %I AS RESTRICTIVE FOR DELETE TO caresync_app
            USING (hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[]))', named);
    END LOOP;
    FOREACH named IN ARRAY ARRAY['weekly_hours', 'hours_exceptions'] LOOP
        EXECUTE format('CREATE POLICY wall_insert ON %I AS RESTRICTIVE FOR INSERT TO caresync_app
            WITH CHECK (EXISTS (SELECT 1 FROM doctors d WHERE d.id = doctor_id
                AND d.hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[])))', named);
        EXECUTE format('CREATE POLICY wall_update ON %I AS RESTRICTIVE FOR UPDATE TO caresync_app
            USING (EXISTS (SELECT 1 FROM doctors d WHERE d.id = doctor_id
                AND d.hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[])))', named);
        EXECUTE format('CREATE POLICY wall_delete ON %I AS RESTRICTIVE FOR DELETE TO caresync_app
            USING (EXISTS (SELECT 1 FROM doctors d WHERE d.id = doctor_id
                AND d.hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[])))', named);
    END LOOP;
END $$;

-- Rows about people: a hospital's own, and a patient's own wherever they are.
DO $$
DECLARE named TEXT;
BEGIN
    FOREACH named IN ARRAY ARRAY['appointments', 'hospital_patients', 'emergencies', 'access_questions'] LOOP
        EXECUTE format('CREATE POLICY wall ON %I AS RESTRICTIVE TO caresync_app
            USING (hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[])
                OR patient_id = ANY ((SELECT caller_ids(''patients''))::UUID[]))
            WITH CHECK (hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[])
                OR patient_id = ANY ((SELECT caller_ids(''patients''))::UUID[]))', named);
    END LOOP;
    FOREACH named IN ARRAY ARRAY['patient_accounts', 'idempotency_keys', 'sessions', 'token_families', 'mail_links'] LOOP
        EXECUTE format('CREATE POLICY wall ON %I AS RESTRICTIVE TO caresync_app
            USING (account_id = ANY ((SELECT caller_ids(''account''))::UUID[]))
            WITH CHECK (account_id = ANY ((SELECT caller_ids(''account''))::UUID[]))', named);
    END LOOP;
END $$;
CREATE POLICY wall ON refresh_tokens AS RESTRICTIVE TO caresync_app
    USING (EXISTS (SELECT 1 FROM token_families f WHERE f.id = family_id))
    WITH CHECK (EXISTS (SELECT 1 FROM token_families f WHERE f.id = family_id));
CREATE POLICY wall ON appointment_history AS RESTRICTIVE TO caresync_app
    USING (EXISTS (SELECT 1 FROM appointments a WHERE a.id = appointment_id))
    WITH CHECK (EXISTS (SELECT 1 FROM appointments a WHERE a.id = appointment_id));
CREATE POLICY wall_select ON patients AS RESTRICTIVE FOR SELECT TO caresync_app
    USING (id = ANY ((SELECT caller_ids('patients'))::UUID[])
        OR EXISTS (SELECT 1 FROM hospital_patients k WHERE k.patient_id = patients.id
            AND k.hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[])));
CREATE POLICY wall_update ON patients AS RESTRICTIVE FOR UPDATE TO caresync_app
    USING (id = ANY ((SELECT caller_ids('patients'))::UUID[]));
CREATE POLICY wall_delete ON patients AS RESTRICTIVE FOR DELETE TO caresync_app USING (false);

-- Who belongs to a hospital.
CREATE POLICY wall ON memberships AS RESTRICTIVE TO caresync_app
    USING (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[])
        OR account_id = ANY ((SELECT caller_ids('account'))::UUID[]) OR (SELECT caller_runs_the_platform()))
    WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]));
CREATE POLICY wall ON invitations AS RESTRICTIVE TO caresync_app
    USING (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]) OR (SELECT caller_runs_the_platform()))
    WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]) OR (SELECT caller_runs_the_platform()));
CREATE POLICY wall_select ON accounts AS RESTRICTIVE FOR SELECT TO caresync_app
    USING (id = ANY ((SELECT caller_ids('account'))::UUID[])
        OR EXISTS (SELECT 1 FROM memberships m WHERE m.account_id = accounts.id
            AND m.hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[])));
CREATE POLICY wall_update ON accounts AS RESTRICTIVE FOR UPDATE TO caresync_app
    USING (id = ANY ((SELECT caller_ids('account'))::UUID[]));

-- The audit is written about everybody and read by the hospital and the patient whom it is about.
CREATE POLICY wall_select ON audit_events AS RESTRICTIVE FOR SELECT TO caresync_app
    USING (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[])
        OR EXISTS (SELECT 1 FROM audit_subjects s WHERE s.chain = audit_events.chain AND s.seq = audit_events.seq
            AND s.patient_id = ANY ((SELECT caller_ids('patients'))::UUID[])));
CREATE POLICY wall_select ON audit_subjects AS RESTRICTIVE FOR SELECT TO caresync_app
    USING (patient_id = ANY ((SELECT caller_ids('patients'))::UUID[])
        OR chain = ANY (ARRAY(SELECT 'hospital-' || replace(h::TEXT, '-', '')
            FROM unnest((SELECT caller_ids('hospitals'))::UUID[]) AS h)));

-- What everybody may know of closed rows: times without people, ends of chains without what they say, names of who did something.
CREATE VIEW taken_times AS
    SELECT doctor_id, block_starts_at, block_ends_at FROM appointments WHERE occupies;
CREATE VIEW audit_heads AS SELECT chain, seq, hash FROM audit_events;
CREATE VIEW account_names AS SELECT id, full_name FROM accounts;
GRANT SELECT ON taken_times, audit_heads, account_names TO caresync_app;

-- A visit is of a patient whom its hospital knows.
ALTER TABLE appointments ADD CONSTRAINT appointments_patient_known
    FOREIGN KEY (hospital_id, patient_id) REFERENCES hospital_patients (hospital_id, patient_id);
