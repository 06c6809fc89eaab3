-- Whose hand has put a visit on its time, where a step has done so; 'undo' is the way back from a change of many visits. What goes back of
-- the money when a patient's side cancels is judged by it, so it is written down: who acts for her may change.
ALTER TABLE appointment_history ADD COLUMN put_by TEXT CHECK (put_by IN ('patient', 'hospital', 'undo'));
DROP TRIGGER appointment_history_keeps;
-- Who was on whose side is known by the accounts that act for her, or have acted. A time that is kept for somebody who waits is nobody's step.
UPDATE appointment_history SET put_by = CASE
    WHEN EXISTS (SELECT 1 FROM mass_change_items i WHERE i.appointment_id = appointment_history.appointment_id
        AND i.outcome = 'back' AND i.made_version + 1 = appointment_history.seq) THEN 'undo'
    WHEN appointment_history.by_account IS NULL THEN 'patient'
    WHEN EXISTS (SELECT 1 FROM appointments a JOIN patient_accounts o ON o.patient_id = a.patient_id
        WHERE a.id = appointment_history.appointment_id AND o.account_id = appointment_history.by_account) THEN 'patient'
    ELSE 'hospital' END
    WHERE starts_at IS NOT NULL;
CREATE TRIGGER appointment_history_keeps BEFORE UPDATE ON appointment_history
BEGIN
    SELECT RAISE(ABORT, 'appointment_history_is_append_only');
END;
