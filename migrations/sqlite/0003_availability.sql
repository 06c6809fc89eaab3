-- When doctors work: wall times in the zone of their hospital.
CREATE TABLE weekly_hours (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    doctor_id BLOB NOT NULL REFERENCES doctors (id),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    start_time TEXT NOT NULL,
    end_time TEXT NOT NULL
) STRICT;
CREATE INDEX weekly_hours_doctor ON weekly_hours (doctor_id);

-- Dates on which the week does not hold; `windows` is a JSON list, empty when closed.
CREATE TABLE hours_exceptions (
    doctor_id BLOB NOT NULL REFERENCES doctors (id),
    on_date TEXT NOT NULL,
    windows TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (doctor_id, on_date)
) STRICT;
