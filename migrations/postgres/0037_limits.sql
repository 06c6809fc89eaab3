-- How many visits a day takes, in all and of a kind; none means no limit.
ALTER TABLE doctors ADD COLUMN most_a_day BIGINT CHECK (most_a_day BETWEEN 1 AND 200);
ALTER TABLE visit_types ADD COLUMN most_a_day BIGINT CHECK (most_a_day BETWEEN 1 AND 200);

-- What is counted: each taken time with its begin and its kind, and nobody's name.
CREATE OR REPLACE VIEW taken_times AS
    SELECT doctor_id, block_starts_at, block_ends_at, hold_expires_at, starts_at, visit_type_id FROM appointments WHERE occupies;
