-- A doctor who must see a patient whom she does not treat says why; the patient is told and an administrator looks at it.
CREATE TABLE emergencies (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    reason TEXT NOT NULL,
    declared_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL CHECK (ends_at > declared_at),
    reviewed_at INTEGER,
    reviewed_by BLOB REFERENCES accounts (id),
    finding TEXT CHECK (finding IN ('justified', 'not_justified')),
    note TEXT,
    CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (finding IS NULL))
) STRICT;
CREATE INDEX emergencies_account ON emergencies (account_id, ends_at);
CREATE INDEX emergencies_hospital ON emergencies (hospital_id, declared_at);
CREATE INDEX emergencies_patient ON emergencies (patient_id, declared_at);

-- A patient asks a hospital about an access to her record; the hospital answers.
CREATE TABLE access_questions (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    asked_by BLOB NOT NULL REFERENCES accounts (id),
    chain TEXT NOT NULL,
    seq INTEGER NOT NULL,
    question TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    answer TEXT,
    answered_at INTEGER,
    answered_by BLOB REFERENCES accounts (id),
    FOREIGN KEY (chain, seq) REFERENCES audit_events (chain, seq),
    CHECK ((answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX access_questions_once ON access_questions (patient_id, chain, seq);
CREATE INDEX access_questions_hospital ON access_questions (hospital_id, asked_at);
