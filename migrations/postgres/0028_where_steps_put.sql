-- When a visit is to begin from a step on, and with whom, where the step has set that: at booking, and when it was put on another time.
ALTER TABLE appointment_history ADD COLUMN starts_at BIGINT;
ALTER TABLE appointment_history ADD COLUMN doctor_id UUID REFERENCES doctors (id);
