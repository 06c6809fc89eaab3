-- What takes no time any more, by when it was written: of holds that came to nothing the young ones are counted, and old ones cost nothing.
CREATE INDEX appointments_gone ON appointments (patient_id, created_at) WHERE NOT occupies;

-- An account sees of its own when a hold began and when it ended, and what still takes time.
CREATE OR REPLACE VIEW own_bookings AS
    SELECT o.account_id, a.doctor_id, a.starts_at, a.status, a.hold_expires_at,
           EXISTS (SELECT 1 FROM waitlist_offers w WHERE w.appointment_id = a.id) AS offered, a.occupies, a.created_at,
           (SELECT MAX(s.at) FROM appointment_history s WHERE s.appointment_id = a.id AND s.to_status = 'expired') AS expired_at
    FROM patient_accounts o JOIN appointments a ON a.patient_id = o.patient_id AND a.created_by = o.account_id
    WHERE o.account_id = ANY ((SELECT caller_ids('account'))::UUID[]);
