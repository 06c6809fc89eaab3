-- PostgreSQL keeps a second wall around the rows of each hospital and patient (ADR 12). SQLite has no such thing: here stand the
-- same names for the same statements, and the key that binds a visit to a patient of its hospital.

CREATE VIEW taken_times AS
    SELECT doctor_id, block_starts_at, block_ends_at FROM appointments WHERE occupies;
CREATE VIEW audit_heads AS SELECT chain, seq, hash FROM audit_events;
CREATE VIEW account_names AS SELECT id, full_name FROM accounts;

-- A visit is of a patient whom its hospital knows. A foreign key in all but name: SQLite adds none to a table that exists.
CREATE TRIGGER appointments_patient_known_on_insert BEFORE INSERT ON appointments
BEGIN
    SELECT RAISE(ABORT, 'appointments_patient_known') WHERE NOT EXISTS (
        SELECT 1 FROM hospital_patients WHERE hospital_id = NEW.hospital_id AND patient_id = NEW.patient_id);
END;
CREATE TRIGGER appointments_patient_known_on_update BEFORE UPDATE OF hospital_id, patient_id ON appointments
BEGIN
    SELECT RAISE(ABORT, 'appointments_patient_known') WHERE NOT EXISTS (
        SELECT 1 FROM hospital_patients WHERE hospital_id = NEW.hospital_id AND patient_id = NEW.patient_id);
END;
CREATE TRIGGER hospital_patients_have_visits BEFORE DELETE ON hospital_patients
BEGIN
    SELECT RAISE(ABORT, 'appointments_patient_known') WHERE EXISTS (
        SELECT 1 FROM appointments WHERE hospital_id = OLD.hospital_id AND patient_id = OLD.patient_id);
END;
