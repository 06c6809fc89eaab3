-- A doctor who must see a patient whom she does not treat says why; the patient is told and an administrator looks at it.
CREATE TABLE emergencies (
    id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    patient_id UUID NOT NULL REFERENCES patients (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    reason TEXT NOT NULL,
    declared_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL CHECK (ends_at > declared_at),
    reviewed_at BIGINT,
    reviewed_by UUID REFERENCES accounts (id),
    finding TEXT CHECK (finding IN ('justified', 'not_justified')),
    note TEXT,
    CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (finding IS NULL))
);
CREATE INDEX emergencies_account ON emergencies (account_id, ends_at);
CREATE INDEX emergencies_hospital ON emergencies (hospital_id, declared_at);
CREATE INDEX emergencies_patient ON emergencies (patient_id, declared_at);

-- A patient asks a hospital about an access to her record; the hospital answers.
CREATE TABLE access_questions (
    id UUID PRIMARY KEY NOT NULL,
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    patient_id UUID NOT NULL REFERENCES patients (id),
    asked_by UUID NOT NULL REFERENCES accounts (id),
    chain TEXT NOT NULL,
    seq BIGINT NOT NULL,
    question TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    answer TEXT,
    answered_at BIGINT,
    answered_by UUID REFERENCES accounts (id),
    FOREIGN KEY (chain, seq) REFERENCES audit_events (chain, seq),
    CHECK ((answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by IS NULL))
);
CREATE UNIQUE INDEX access_questions_once ON access_questions (patient_id, chain, seq);
CREATE INDEX access_questions_hospital ON access_questions (hospital_id, asked_at);
