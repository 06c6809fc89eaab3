-- What an account has booked, and the lines in which it stands, for all for whom it acts or has acted: a limit of an account counts
-- them, though its booking for one of them reaches nobody else's rows. They work as their owner, and show an account its own alone.
CREATE VIEW own_bookings AS
    SELECT o.account_id, a.doctor_id, a.starts_at, a.status, a.hold_expires_at,
           EXISTS (SELECT 1 FROM waitlist_offers w WHERE w.appointment_id = a.id) AS offered
    FROM patient_accounts o JOIN appointments a ON a.patient_id = o.patient_id AND a.created_by = o.account_id
    WHERE o.account_id = ANY ((SELECT caller_ids('account'))::UUID[]);
CREATE VIEW own_waits AS
    SELECT o.account_id, e.status
    FROM patient_accounts o JOIN waitlist_entries e ON e.patient_id = o.patient_id AND e.account_id = o.account_id
    WHERE o.account_id = ANY ((SELECT caller_ids('account'))::UUID[]);
GRANT SELECT ON own_bookings, own_waits TO caresync_app;
