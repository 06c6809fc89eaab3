-- Changes of many visits of a doctor: a plan, and once it is made, until when it can be undone.
CREATE TABLE mass_changes (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    doctor_id BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'made', 'undone')),
    reason TEXT,
    planned_at INTEGER NOT NULL,
    planned_by BLOB NOT NULL REFERENCES accounts (id),
    made_at INTEGER,
    undo_until INTEGER,
    undone_at INTEGER,
    undone_by BLOB REFERENCES accounts (id),
    CHECK ((state = 'planned') = (made_at IS NULL)),
    CHECK ((made_at IS NULL) = (undo_until IS NULL)),
    CHECK ((state = 'undone') = (undone_at IS NOT NULL)),
    CHECK ((undone_at IS NULL) = (undone_by IS NULL)),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id)
) STRICT;
CREATE INDEX mass_changes_hospital ON mass_changes (hospital_id, planned_at);
CREATE INDEX mass_changes_plans ON mass_changes (doctor_id, planned_by) WHERE state = 'planned';

-- Their visits: where each was before, and when its patient is told. `settled_at` is when what a cancelled one is owed was asked for.
CREATE TABLE mass_change_items (
    change_id BLOB NOT NULL REFERENCES mass_changes (id),
    position INTEGER NOT NULL,
    appointment_id BLOB NOT NULL REFERENCES appointments (id),
    kind TEXT NOT NULL CHECK (kind IN ('move', 'cancel')),
    seen_version INTEGER NOT NULL,
    from_status TEXT NOT NULL CHECK (from_status IN ('booked', 'confirmed')),
    from_doctor_id BLOB NOT NULL REFERENCES doctors (id),
    from_starts_at INTEGER NOT NULL,
    from_ends_at INTEGER NOT NULL,
    from_block_starts_at INTEGER NOT NULL,
    from_block_ends_at INTEGER NOT NULL,
    to_doctor_id BLOB REFERENCES doctors (id),
    to_starts_at INTEGER,
    made_version INTEGER,
    told_at INTEGER,
    settled_at INTEGER,
    outcome TEXT CHECK (outcome IN ('back', 'changed_since', 'time_taken', 'patient_busy', 'told_already', 'past')),
    PRIMARY KEY (change_id, position),
    UNIQUE (change_id, appointment_id),
    CHECK ((kind = 'move') = (to_starts_at IS NOT NULL)),
    CHECK ((to_starts_at IS NULL) = (to_doctor_id IS NULL)),
    CHECK ((made_version IS NULL) = (told_at IS NULL)),
    CHECK (made_version IS NULL OR made_version = seen_version + 1),
    CHECK (outcome IS NULL OR made_version IS NOT NULL)
) STRICT;
CREATE INDEX mass_change_items_visit ON mass_change_items (appointment_id);
CREATE INDEX mass_change_items_doctor ON mass_change_items (from_doctor_id, told_at);
CREATE INDEX mass_change_items_owed ON mass_change_items (told_at) WHERE kind = 'cancel' AND settled_at IS NULL;
