-- Who waits for a time with a doctor. `weekdays` and `day_parts` are bits, the lowest for Monday and for the morning; none means any.
CREATE TABLE waitlist_entries (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    hospital_id BLOB NOT NULL REFERENCES hospitals (id),
    doctor_id BLOB NOT NULL,
    visit_type_id BLOB NOT NULL,
    appointment_id BLOB REFERENCES appointments (id),
    from_date TEXT NOT NULL,
    until_date TEXT NOT NULL,
    weekdays INTEGER NOT NULL CHECK (weekdays BETWEEN 0 AND 127),
    day_parts INTEGER NOT NULL CHECK (day_parts BETWEEN 0 AND 7),
    status TEXT NOT NULL CHECK (status IN ('waiting', 'offered', 'taken', 'withdrawn', 'ended')),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CHECK (from_date <= until_date),
    FOREIGN KEY (hospital_id, doctor_id) REFERENCES doctors (hospital_id, id),
    FOREIGN KEY (hospital_id, visit_type_id) REFERENCES visit_types (hospital_id, id),
    FOREIGN KEY (hospital_id, patient_id) REFERENCES hospital_patients (hospital_id, patient_id)
) STRICT;
CREATE UNIQUE INDEX waitlist_entries_open ON waitlist_entries (patient_id, doctor_id, visit_type_id)
    WHERE status IN ('waiting', 'offered');
CREATE INDEX waitlist_entries_line ON waitlist_entries (doctor_id, visit_type_id, created_at, id)
    WHERE status IN ('waiting', 'offered');
CREATE INDEX waitlist_entries_patient ON waitlist_entries (patient_id, created_at);
CREATE INDEX waitlist_entries_hospital ON waitlist_entries (hospital_id, created_at) WHERE status IN ('waiting', 'offered');

-- What was offered: `appointment_id` is the hold that keeps the time, and ends with the offer.
CREATE TABLE waitlist_offers (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    entry_id BLOB NOT NULL REFERENCES waitlist_entries (id),
    appointment_id BLOB NOT NULL REFERENCES appointments (id),
    starts_at INTEGER NOT NULL,
    offered_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('open', 'taken', 'declined', 'lapsed', 'lost')),
    CHECK (offered_at < ends_at AND ends_at < starts_at)
) STRICT;
CREATE UNIQUE INDEX waitlist_offers_open ON waitlist_offers (entry_id) WHERE outcome = 'open';
CREATE UNIQUE INDEX waitlist_offers_hold ON waitlist_offers (appointment_id);
CREATE INDEX waitlist_offers_entry ON waitlist_offers (entry_id, offered_at);
