-- Whose hand has put a visit on its time, where a step has done so; 'undo' is the way back from a change of many visits. What goes back of
-- the money when a patient's side cancels is judged by it, so it is written down: who acts for her may change.
ALTER TABLE appointment_history ADD COLUMN put_by TEXT CHECK (put_by IN ('patient', 'hospital', 'undo'));
ALTER TABLE appointment_history DISABLE TRIGGER appointment_history_keeps;
-- Who was on whose side is known by the accounts that act for her, or have acted. A time that is kept for somebody who waits is nobody's step.
UPDATE appointment_history SET put_by = CASE
    WHEN EXISTS (SELECT 1 FROM mass_change_items i WHERE i.appointment_id = appointment_history.appointment_id
        AND i.outcome = 'back' AND i.made_version + 1 = appointment_history.seq) THEN 'undo'
    WHEN appointment_history.by_account IS NULL THEN 'patient'
    WHEN EXISTS (SELECT 1 FROM appointments a JOIN patient_accounts o ON o.patient_id = a.patient_id
        WHERE a.id = appointment_history.appointment_id AND o.account_id = appointment_history.by_account) THEN 'patient'
    ELSE 'hospital' END
    WHERE starts_at IS NOT NULL;
ALTER TABLE appointment_history ENABLE TRIGGER appointment_history_keeps;
-- A node of before, which still serves while this step is made, does not say it: then it is found as above. As the owner, because the
-- accounts of a patient are not seen by everybody who moves her visit.
CREATE FUNCTION appointment_history_whose_hand() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    NEW.put_by := CASE
        WHEN NEW.by_account IS NULL THEN 'patient'
        WHEN EXISTS (SELECT 1 FROM appointments a JOIN patient_accounts o ON o.patient_id = a.patient_id
            WHERE a.id = NEW.appointment_id AND o.account_id = NEW.by_account) THEN 'patient'
        ELSE 'hospital' END;
    RETURN NEW;
END $$;
CREATE TRIGGER appointment_history_has_a_hand BEFORE INSERT ON appointment_history
    FOR EACH ROW WHEN (NEW.starts_at IS NOT NULL AND NEW.put_by IS NULL) EXECUTE FUNCTION appointment_history_whose_hand();
