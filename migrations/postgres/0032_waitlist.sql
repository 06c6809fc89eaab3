-- Who waits for a time with a doctor. `weekdays` and `day_parts` are bits, the lowest for Monday and for the morning; none means any.
CREATE TABLE waitlist_entries (
    id UUID PRIMARY KEY NOT NULL,
    patient_id UUID NOT NULL REFERENCES patients (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    hospital_id UUID NOT NULL REFERENCES hospitals (id),
    doctor_id UUID NOT NULL,
    visit_type_id UUID NOT NULL,
    appointment_id UUID REFERENCES appointments (id),
    from_date TEXT NOT NULL,
    until_date TEXT NOT NULL,
    weekdays BIGINT NOT NULL CHECK (weekdays BETWEEN 0 AND 127),
    day_parts BIGINT NOT NULL CHECK (day_parts BETWEEN 0 AND 7),
    status TEXT NOT NULL CHECK (status IN ('waiting', 'offered', 'taken', 'withdrawn', 'ended')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CHECK (from_date <= until_date),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id),
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id),
    FOREIGN KEY (hospital_id, patient_id) REFERENCES hospital_patients (hospital_id, patient_id)
);
CREATE UNIQUE INDEX waitlist_entries_open ON waitlist_entries (patient_id, doctor_id, visit_type_id)
    WHERE status IN ('waiting', 'offered');
CREATE INDEX waitlist_entries_line ON waitlist_entries (doctor_id, visit_type_id, created_at, id)
    WHERE status IN ('waiting', 'offered');
CREATE INDEX waitlist_entries_patient ON waitlist_entries (patient_id, created_at);
CREATE INDEX waitlist_entries_hospital ON waitlist_entries (hospital_id, created_at) WHERE status IN ('waiting', 'offered');

-- What was offered: `appointment_id` is the hold that keeps the time, and ends with the offer.
CREATE TABLE waitlist_offers (
    id UUID PRIMARY KEY NOT NULL,
    entry_id UUID NOT NULL REFERENCES waitlist_entries (id),
    appointment_id UUID NOT NULL REFERENCES appointments (id),
    starts_at BIGINT NOT NULL,
    offered_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('open', 'taken', 'declined', 'lapsed', 'lost')),
    CHECK (offered_at < ends_at AND ends_at < starts_at)
);
CREATE UNIQUE INDEX waitlist_offers_open ON waitlist_offers (entry_id) WHERE outcome = 'open';
CREATE UNIQUE INDEX waitlist_offers_hold ON waitlist_offers (appointment_id);
CREATE INDEX waitlist_offers_entry ON waitlist_offers (entry_id, offered_at);

-- The second wall: a hospital's own and a patient's own.
SELECT close_table('waitlist_entries');
SELECT close_table('waitlist_offers');
GRANT SELECT, INSERT, UPDATE ON waitlist_entries TO caresync_app;
-- Offers are made by the house; whoever answers one notes what has become of it.
GRANT SELECT, UPDATE ON waitlist_offers TO caresync_app;
CREATE POLICY wall ON waitlist_entries AS RESTRICTIVE TO caresync_app
    USING (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[])
        OR patient_id = ANY ((SELECT caller_ids('patients'))::UUID[]))
    WITH CHECK (hospital_id = ANY ((SELECT caller_ids('hospitals'))::UUID[])
        OR patient_id = ANY ((SELECT caller_ids('patients'))::UUID[]));
CREATE POLICY wall ON waitlist_offers AS RESTRICTIVE TO caresync_app
    USING (EXISTS (SELECT 1 FROM waitlist_entries e WHERE e.id = entry_id))
    WITH CHECK (EXISTS (SELECT 1 FROM waitlist_entries e WHERE e.id = entry_id));
