-- Rooms and devices of a hospital, and what a kind of visit needs of them: one of a pool for each need.
CREATE TABLE resources (
    id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    kind TEXT NOT NULL CHECK (kind IN ('room', 'device')),
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX resources_name ON resources (hospital_id, name);
CREATE UNIQUE INDEX resources_of_hospital ON resources (hospital_id, id);

CREATE TABLE visit_type_needs (
    id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL,
    visit_type_id UUID NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id)
);
CREATE UNIQUE INDEX visit_type_needs_of_hospital ON visit_type_needs (hospital_id, id);
CREATE INDEX visit_type_needs_type ON visit_type_needs (visit_type_id);

-- Whatever meets a need, in the order in which it is taken.
CREATE TABLE need_resources (
    need_id UUID NOT NULL,
    hospital_id UUID NOT NULL,
    resource_id UUID NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (need_id, resource_id),
    FOREIGN KEY (hospital_id, need_id) REFERENCES visit_type_needs (hospital_id, id),
    FOREIGN KEY (hospital_id, resource_id) REFERENCES resources (hospital_id, id)
);

-- What a visit has. Block and occupancy are those of the visit: triggers keep them in step, and `fsck` compares.
CREATE TABLE appointment_resources (
    appointment_id UUID NOT NULL REFERENCES appointments (id),
    hospital_id UUID NOT NULL,
    resource_id UUID NOT NULL,
    block_starts_at BIGINT NOT NULL,
    block_ends_at BIGINT NOT NULL,
    occupies BOOLEAN NOT NULL,
    PRIMARY KEY (appointment_id, resource_id),
    CHECK (block_starts_at < block_ends_at AND block_ends_at - block_starts_at <= 86400000),
    FOREIGN KEY (hospital_id, resource_id) REFERENCES resources (hospital_id, id)
);
CREATE INDEX appointment_resources_block ON appointment_resources (resource_id, block_starts_at, block_ends_at) WHERE occupies;

-- One resource is with one visit at a time.
ALTER TABLE appointment_resources ADD CONSTRAINT appointment_resources_overlap
    EXCLUDE USING gist (resource_id WITH =, int8range(block_starts_at, block_ends_at) WITH &&) WHERE (occupies);

-- A visit that ends, or takes its time up again, frees or takes what it has.
CREATE FUNCTION appointments_resources_occupy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE appointment_resources SET occupies = NEW.occupies WHERE appointment_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER appointments_resources_occupy AFTER UPDATE OF occupies ON appointments
    FOR EACH ROW WHEN (OLD.occupies <> NEW.occupies) EXECUTE FUNCTION appointments_resources_occupy();
-- A visit that is put elsewhere has nothing until it is given something there, in the same transaction.
CREATE FUNCTION appointments_resources_let_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM appointment_resources WHERE appointment_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER appointments_resources_let_go AFTER UPDATE OF block_starts_at, block_ends_at ON appointments
    FOR EACH ROW EXECUTE FUNCTION appointments_resources_let_go();

-- When resources are taken, and by nobody's name.
CREATE VIEW taken_resources AS
    SELECT u.resource_id, a.doctor_id, u.block_starts_at, u.block_ends_at, a.hold_expires_at
    FROM appointment_resources u JOIN appointments a ON a.id = u.appointment_id WHERE u.occupies;
GRANT SELECT ON taken_resources TO caresync_app;

-- The second wall: what a visit needs is public and changed by the hospital's own people; what a visit has belongs to the visit.
SELECT close_table('resources');
SELECT close_table('visit_type_needs');
SELECT close_table('need_resources');
SELECT close_table('appointment_resources');
GRANT SELECT, INSERT, UPDATE ON resources TO caresync_app;
GRANT SELECT, INSERT, DELETE ON visit_type_needs, need_resources TO caresync_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON appointment_resources TO caresync_app;
CREATE POLICY wall_insert ON resources AS RESTRICTIVE FOR INSERT TO caresync_app
    WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]));
-- Anybody may lock a row while she books: it is the changed row that must be of her hospital.
CREATE POLICY wall_update ON resources AS RESTRICTIVE FOR UPDATE TO caresync_app
    USING (true) WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[]));
DO $$
DECLARE named TEXT;
BEGIN
    FOREACH named IN ARRAY ARRAY['visit_type_needs', 'need_resources'] LOOP
        EXECUTE format('CREATE POLICY wall_insert ON %I AS RESTRICTIVE FOR INSERT TO caresync_app
            WITH CHECK (hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[]))', named);
        EXECUTE format('CREATE POLICY wall_delete ON %I AS RESTRICTIVE FOR DELETE TO caresync_app
            USING (hospital_id = ANY ((SELECT caller_ids(''hospitals''))::UUID[]))', named);
    END LOOP;
END $$;
CREATE POLICY wall ON appointment_resources AS RESTRICTIVE TO caresync_app
    USING (EXISTS (SELECT 1 FROM appointments a WHERE a.id = appointment_id))
    WITH CHECK (EXISTS (SELECT 1 FROM appointments a WHERE a.id = appointment_id));
