-- Rooms and devices of a hospital, and what a kind of visit needs of them: one of a pool for each need.
CREATE TABLE resources (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    kind TEXT NOT NULL CHECK (kind IN ('room', 'device')),
    name TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX resources_name ON resources (hospital_id, name);
CREATE UNIQUE INDEX resources_of_hospital ON resources (hospital_id, id);

CREATE TABLE visit_type_needs (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    hospital_id BLOB NOT NULL,
    visit_type_id BLOB NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id)
) STRICT;
CREATE UNIQUE INDEX visit_type_needs_of_hospital ON visit_type_needs (hospital_id, id);
CREATE INDEX visit_type_needs_type ON visit_type_needs (visit_type_id);

-- Whatever meets a need, in the order in which it is taken.
CREATE TABLE need_resources (
    need_id BLOB NOT NULL,
    hospital_id BLOB NOT NULL,
    resource_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (need_id, resource_id),
    FOREIGN KEY (hospital_id, need_id) REFERENCES visit_type_needs (hospital_id, id),
    FOREIGN KEY (hospital_id, resource_id) REFERENCES resources (hospital_id, id)
) STRICT;

-- What a visit has. Block and occupancy are those of the visit: triggers keep them in step, and `fsck` compares.
CREATE TABLE appointment_resources (
    appointment_id BLOB NOT NULL REFERENCES appointments (id),
    hospital_id BLOB NOT NULL,
    resource_id BLOB NOT NULL,
    block_starts_at INTEGER NOT NULL,
    block_ends_at INTEGER NOT NULL,
    occupies INTEGER NOT NULL CHECK (occupies IN (0, 1)),
    PRIMARY KEY (appointment_id, resource_id),
    CHECK (block_starts_at < block_ends_at AND block_ends_at - block_starts_at <= 86400000),
    FOREIGN KEY (hospital_id, resource_id) REFERENCES resources (hospital_id, id)
) STRICT;
CREATE INDEX appointment_resources_block ON appointment_resources (resource_id, block_starts_at, block_ends_at) WHERE occupies;

-- One resource is with one visit at a time. A block is at most a day long, which bounds the search to the left.
CREATE TRIGGER appointment_resources_no_overlap_on_insert BEFORE INSERT ON appointment_resources WHEN NEW.occupies = 1
BEGIN
    SELECT RAISE(ABORT, 'appointment_resources_overlap') WHERE EXISTS (
        SELECT 1 FROM appointment_resources WHERE resource_id = NEW.resource_id AND occupies
            AND block_starts_at > NEW.block_starts_at - 86400000 AND block_starts_at < NEW.block_ends_at
            AND block_ends_at > NEW.block_starts_at);
END;
CREATE TRIGGER appointment_resources_no_overlap_on_update
BEFORE UPDATE OF resource_id, block_starts_at, block_ends_at, occupies ON appointment_resources WHEN NEW.occupies = 1
BEGIN
    SELECT RAISE(ABORT, 'appointment_resources_overlap') WHERE EXISTS (
        SELECT 1 FROM appointment_resources WHERE resource_id = NEW.resource_id AND occupies
            AND appointment_id <> NEW.appointment_id
            AND block_starts_at > NEW.block_starts_at - 86400000 AND block_starts_at < NEW.block_ends_at
            AND block_ends_at > NEW.block_starts_at);
END;

-- A visit that ends, or takes its time up again, frees or takes what it has.
CREATE TRIGGER appointments_resources_occupy AFTER UPDATE OF occupies ON appointments WHEN OLD.occupies <> NEW.occupies
BEGIN
    UPDATE appointment_resources SET occupies = NEW.occupies WHERE appointment_id = NEW.id;
END;
-- A visit that is put elsewhere has nothing until it is given something there, in the same transaction.
CREATE TRIGGER appointments_resources_let_go AFTER UPDATE OF block_starts_at, block_ends_at ON appointments
BEGIN
    DELETE FROM appointment_resources WHERE appointment_id = NEW.id;
END;

-- When resources are taken, and by nobody's name.
CREATE VIEW taken_resources AS
    SELECT u.resource_id, a.doctor_id, u.block_starts_at, u.block_ends_at, a.hold_expires_at
    FROM appointment_resources u JOIN appointments a ON a.id = u.appointment_id WHERE u.occupies;
