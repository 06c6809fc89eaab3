//! SQL of the laws: each counts the rows that break one.
//!
//! The overlap laws walk neighbours in order, so they need no trust in the barrier that they check.

use crate::{
    db::{Conn, sql},
    error::Result,
    payments::does_not_go,
};

/// Each law and the statement that counts its exceptions.
pub(super) const LAWS: &[(&str, &str)] = &[
    (
        "no two visits of a doctor overlap, buffers included, but those of one group",
        "SELECT COUNT(*) FROM (SELECT block_starts_at,
            MAX(block_ends_at) OVER (PARTITION BY doctor_id ORDER BY block_starts_at, group_key
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
         FROM (SELECT doctor_id, group_key, MIN(block_starts_at) AS block_starts_at, MAX(block_ends_at) AS block_ends_at
            FROM appointments WHERE occupies GROUP BY doctor_id, group_key) g) v WHERE block_starts_at < taken_until",
    ),
    (
        "a group is one time of one doctor and one kind, and of fifty visits at most",
        "SELECT COUNT(*) FROM (SELECT group_key FROM appointments WHERE occupies GROUP BY group_key
            HAVING COUNT(*) > 50 OR COUNT(DISTINCT doctor_id) <> 1 OR COUNT(DISTINCT visit_type_id) <> 1
                OR MIN(starts_at) <> MAX(starts_at) OR MIN(ends_at) <> MAX(ends_at)
                OR MIN(block_starts_at) <> MAX(block_starts_at) OR MIN(block_ends_at) <> MAX(block_ends_at)) v",
    ),
    (
        "no seat of a group is given twice",
        "SELECT COUNT(*) FROM (SELECT group_key FROM appointments WHERE occupies GROUP BY group_key, seat_no
            HAVING COUNT(*) > 1) v",
    ),
    (
        "a seat is one of fifty, and that of a visit of its own the first",
        "SELECT COUNT(*) FROM appointments WHERE seat_no < 1 OR seat_no > 50
            OR (group_key NOT LIKE 'group %' AND seat_no <> 1)",
    ),
    (
        "no two visits of a patient overlap",
        "SELECT COUNT(*) FROM (SELECT starts_at,
            MAX(ends_at) OVER (PARTITION BY patient_id ORDER BY starts_at, id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
         FROM appointments WHERE occupies) v WHERE starts_at < taken_until",
    ),
    (
        "no two visits have one room or device at once, but those of one group",
        "SELECT COUNT(*) FROM (SELECT block_starts_at,
            MAX(block_ends_at) OVER (PARTITION BY resource_id ORDER BY block_starts_at, group_key
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
         FROM (SELECT resource_id, group_key, MIN(block_starts_at) AS block_starts_at, MAX(block_ends_at) AS block_ends_at
            FROM appointment_resources WHERE occupies GROUP BY resource_id, group_key) g) v WHERE block_starts_at < taken_until",
    ),
    (
        "what a visit has is taken exactly as long as the visit is",
        "SELECT COUNT(*) FROM appointment_resources u JOIN appointments a ON a.id = u.appointment_id
         WHERE u.block_starts_at <> a.block_starts_at OR u.block_ends_at <> a.block_ends_at OR u.occupies <> a.occupies
            OR u.hospital_id <> a.hospital_id OR u.group_key <> a.group_key",
    ),
    (
        "a visit has as many steps as its version says",
        "SELECT COUNT(*) FROM appointments a WHERE a.version <>
            (SELECT COUNT(*) FROM appointment_history s WHERE s.appointment_id = a.id)",
    ),
    (
        "a visit stands where its last step left it",
        "SELECT COUNT(*) FROM appointments a JOIN appointment_history s
            ON s.appointment_id = a.id AND s.seq = a.version WHERE s.to_status <> a.status",
    ),
    (
        "each step begins where the one before it ended",
        "SELECT COUNT(*) FROM appointment_history s LEFT JOIN appointment_history b
            ON b.appointment_id = s.appointment_id AND b.seq = s.seq - 1
         WHERE (s.seq = 1 AND s.from_status IS NOT NULL) OR (s.seq > 1 AND (b.to_status IS NULL OR s.from_status IS NULL
            OR b.to_status <> s.from_status))",
    ),
    (
        "a step that puts a visit on a time says by whose hand, and no other does",
        "SELECT COUNT(*) FROM appointment_history WHERE (starts_at IS NULL) <> (put_by IS NULL)",
    ),
    (
        "a visit is when and with whom the last step that says so has put it",
        "SELECT COUNT(*) FROM appointments a JOIN appointment_history s ON s.appointment_id = a.id
            AND s.seq = (SELECT MAX(l.seq) FROM appointment_history l WHERE l.appointment_id = a.id AND l.starts_at IS NOT NULL)
         WHERE s.starts_at <> a.starts_at OR s.doctor_id <> a.doctor_id",
    ),
    (
        "money that is here has a visit, or has gone back or is on its way",
        "SELECT COUNT(*) FROM payments p JOIN appointments a ON a.id = p.appointment_id
         WHERE p.state = 'captured' AND p.provider <> 'desk' AND a.status IN ('held', 'pending-payment', 'expired')
           AND p.captured_minor > (SELECT COALESCE(SUM(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.state <> 'failed')",
    ),
    (
        "no more goes back than has come",
        "SELECT COUNT(*) FROM payments p WHERE p.captured_minor < (SELECT COALESCE(SUM(r.amount_minor), 0) FROM refunds r
            WHERE r.payment_id = p.id AND r.state <> 'failed')",
    ),
    (
        "the lines of each posting add up to nothing",
        "SELECT COUNT(*) FROM (SELECT posting FROM ledger_entries GROUP BY posting, currency HAVING SUM(amount_minor) <> 0) v",
    ),
    (
        "a payment has in the ledger what came and has not gone back",
        "SELECT COUNT(*) FROM payments p WHERE p.captured_minor
            - (SELECT COALESCE(SUM(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.state = 'done')
            <> (SELECT COALESCE(SUM(l.amount_minor), 0) FROM ledger_entries l WHERE l.payment_id = p.id
                AND l.account IN ('provider', 'cash', 'card_machine'))",
    ),
    (
        "a payment has as many steps as its version says, and stands where the last one left it",
        "SELECT COUNT(*) FROM payments p WHERE p.version <> (SELECT COUNT(*) FROM payment_steps s WHERE s.payment_id = p.id)
            OR p.state <> (SELECT s.to_state FROM payment_steps s WHERE s.payment_id = p.id AND s.seq = p.version)",
    ),
    (
        "every visit is of a patient whom the hospital knows",
        "SELECT COUNT(*) FROM appointments a LEFT JOIN hospital_patients k
            ON k.hospital_id = a.hospital_id AND k.patient_id = a.patient_id WHERE k.patient_id IS NULL",
    ),
    (
        "every patient has an account that minds her, or was written in at a desk",
        "SELECT COUNT(*) FROM patients p WHERE p.written_in_by IS NULL
            AND NOT EXISTS (SELECT 1 FROM patient_accounts o WHERE o.patient_id = p.id AND o.ended_at IS NULL)",
    ),
    (
        "who helps a patient has said yes, or has added her",
        "SELECT COUNT(*) FROM patient_accounts o WHERE o.granted_by IS NOT NULL AND o.ended_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM family_offers f WHERE f.patient_id = o.patient_id AND f.answered_by = o.account_id
                AND f.state = 'accepted')",
    ),
    (
        "an offer that is open keeps a time, and ends with it",
        "SELECT COUNT(*) FROM waitlist_offers o JOIN appointments a ON a.id = o.appointment_id
         WHERE o.outcome = 'open' AND (a.status NOT IN ('held', 'pending-payment') OR a.hold_expires_at <> o.ends_at
            OR a.starts_at <> o.starts_at)",
    ),
    (
        "an offer is for the patient and the doctor of its entry",
        "SELECT COUNT(*) FROM waitlist_offers o JOIN waitlist_entries e ON e.id = o.entry_id
            JOIN appointments a ON a.id = o.appointment_id
         WHERE a.patient_id <> e.patient_id OR a.visit_type_id <> e.visit_type_id OR a.hospital_id <> e.hospital_id
            OR (o.outcome = 'open' AND a.doctor_id <> e.doctor_id)",
    ),
    (
        "an entry has one open offer if it says so, and none if it does not",
        "SELECT COUNT(*) FROM waitlist_entries e WHERE (SELECT COUNT(*) FROM waitlist_offers o WHERE o.entry_id = e.id
            AND o.outcome = 'open') <> CASE WHEN e.status = 'offered' THEN 1 ELSE 0 END",
    ),
    (
        "nobody waits twice for one thing",
        "SELECT COUNT(*) FROM (SELECT patient_id FROM waitlist_entries WHERE status IN ('waiting', 'offered')
            GROUP BY patient_id, doctor_id, visit_type_id HAVING COUNT(*) > 1) v",
    ),
    (
        "what a taken offer kept was booked, or a visit was put on it",
        "SELECT COUNT(*) FROM waitlist_offers o JOIN waitlist_entries e ON e.id = o.entry_id
            JOIN appointments a ON a.id = o.appointment_id
         WHERE o.outcome = 'taken' AND e.appointment_id IS NULL AND a.status IN ('held', 'pending-payment', 'expired')",
    ),
    (
        "no paid visit has opened more free ones than was agreed",
        "SELECT COUNT(*) FROM follow_up_windows w WHERE w.visits < (SELECT COUNT(*) FROM follow_up_visits f
            JOIN appointments a ON a.id = f.appointment_id WHERE f.paid_id = w.appointment_id AND f.ended_at IS NULL
            AND a.status NOT IN ('cancelled', 'expired', 'held', 'pending-payment'))",
    ),
    (
        "a free follow-up visit costs nothing, and one that is free no longer costs what it would have",
        "SELECT COUNT(*) FROM follow_up_visits f JOIN appointments a ON a.id = f.appointment_id
         WHERE a.price_minor <> CASE WHEN f.ended_at IS NULL THEN 0 ELSE f.price_minor END",
    ),
    (
        "a free follow-up visit is of the patient of its paid visit, and ahead only while that takes place or may be put back",
        "SELECT COUNT(*) FROM follow_up_visits f JOIN appointments a ON a.id = f.appointment_id
            JOIN appointments p ON p.id = f.paid_id
         WHERE a.patient_id <> p.patient_id OR a.hospital_id <> p.hospital_id OR f.patient_id <> p.patient_id
            OR f.hospital_id <> p.hospital_id
            OR (f.ended_at IS NULL AND p.status = 'cancelled' AND a.status IN ('booked', 'confirmed')
                AND NOT EXISTS (SELECT 1 FROM mass_change_items i WHERE i.appointment_id = p.id AND i.kind = 'cancel'
                    AND i.made_version IS NOT NULL AND i.settled_at IS NULL AND (i.outcome IS NULL OR i.outcome <> 'back')))",
    ),
    (
        "no number of a hospital's day is given twice",
        "SELECT COUNT(*) FROM (SELECT hospital_id FROM appointments WHERE ticket IS NOT NULL
            GROUP BY hospital_id, ticket_day, ticket HAVING COUNT(*) > 1) v",
    ),
    (
        "a number was drawn before it was given",
        "SELECT COUNT(*) FROM appointments a LEFT JOIN ticket_numbers n ON n.hospital_id = a.hospital_id AND n.day = a.ticket_day
         WHERE a.ticket IS NOT NULL AND (n.last_number IS NULL OR a.ticket > n.last_number)",
    ),
    (
        "who has a number has come",
        "SELECT COUNT(*) FROM appointments WHERE (ticket IS NULL) <> (arrival IS NULL) OR (ticket IS NOT NULL
            AND status NOT IN ('arrived', 'checked-in', 'in-progress', 'completed', 'left-unseen'))",
    ),
    (
        "whoever was taken in without a time was here from the first step on, and nobody else was",
        "SELECT COUNT(*) FROM appointments a JOIN appointment_history s ON s.appointment_id = a.id AND s.seq = 1
         WHERE (s.to_status = 'arrived') <> (a.arrival IS NOT NULL AND a.arrival = 'walk-in')",
    ),
    (
        "a patient who was written in is known where that was",
        "SELECT COUNT(*) FROM patients p LEFT JOIN hospital_patients k ON k.patient_id = p.id AND k.hospital_id = p.written_in_by
         WHERE p.written_in_by IS NOT NULL AND k.patient_id IS NULL",
    ),
    (
        "a change of many visits says of each whether it was made, and what undoing made of it",
        "SELECT COUNT(*) FROM mass_changes c JOIN mass_change_items i ON i.change_id = c.id
         WHERE (c.state = 'planned') <> (i.made_version IS NULL) OR (c.state = 'undone') <> (i.outcome IS NOT NULL)",
    ),
    (
        "a visit that was changed with others has a step that says so",
        "SELECT COUNT(*) FROM mass_change_items i JOIN mass_changes c ON c.id = i.change_id
            LEFT JOIN appointment_history s ON s.appointment_id = i.appointment_id AND s.seq = i.made_version
         WHERE i.made_version IS NOT NULL AND (s.seq IS NULL OR s.at <> c.made_at
            OR (i.kind = 'cancel' AND s.to_status <> 'cancelled')
            OR (i.kind = 'move' AND (s.starts_at IS NULL OR s.starts_at <> i.to_starts_at OR s.doctor_id <> i.to_doctor_id)))",
    ),
    (
        "a visit that was put back stood then where it was",
        "SELECT COUNT(*) FROM mass_change_items i LEFT JOIN appointment_history s
            ON s.appointment_id = i.appointment_id AND s.seq = i.made_version + 1
         WHERE i.outcome = 'back' AND (s.seq IS NULL OR s.starts_at IS NULL OR s.starts_at <> i.from_starts_at
            OR s.doctor_id <> i.from_doctor_id OR s.to_status <> i.from_status)",
    ),
    (
        "nobody is told while a change can be undone, but at once of what begins soon",
        "SELECT COUNT(*) FROM mass_change_items i JOIN mass_changes c ON c.id = i.change_id
         WHERE i.told_at <> c.made_at AND i.told_at <= c.undo_until",
    ),
    (
        "no money goes back for a visit that was put back",
        "SELECT COUNT(*) FROM mass_change_items i WHERE i.settled_at IS NOT NULL
            AND (i.outcome = 'back' OR i.kind <> 'cancel' OR i.settled_at < i.told_at)",
    ),
    (
        "a ticket has one visit at most that takes time",
        "SELECT COUNT(*) FROM (SELECT follow_up_id FROM appointments WHERE follow_up_id IS NOT NULL AND occupies
            GROUP BY follow_up_id HAVING COUNT(*) > 1) v",
    ),
    (
        "a visit that was booked with a ticket is of its patient, at its hospital, and what it is for",
        "SELECT COUNT(*) FROM appointments a JOIN follow_ups f ON f.id = a.follow_up_id
         WHERE a.patient_id <> f.patient_id OR a.hospital_id <> f.hospital_id OR a.visit_type_id <> f.visit_type_id",
    ),
    (
        "a ticket came of a visit of its patient at its hospital",
        "SELECT COUNT(*) FROM follow_ups f JOIN appointments a ON a.id = f.appointment_id
         WHERE a.patient_id <> f.patient_id OR a.hospital_id <> f.hospital_id",
    ),
    (
        "a series is of one patient at one hospital, and of twelve visits at most",
        "SELECT COUNT(*) FROM (SELECT series_id FROM appointments WHERE series_id IS NOT NULL GROUP BY series_id
            HAVING COUNT(*) > 12 OR MIN(series_number) <> 1 OR MAX(series_number) <> COUNT(*)
                OR COUNT(DISTINCT patient_id) <> 1 OR COUNT(DISTINCT hospital_id) <> 1) v",
    ),
    (
        "a hold that nobody has ended lasts a quarter of an hour, or to the begin of the visit",
        "SELECT COUNT(*) FROM appointment_history s JOIN appointment_history f ON f.appointment_id = s.appointment_id AND f.seq = 1
         WHERE s.to_status = 'expired' AND s.by_account IS NULL
           AND NOT EXISTS (SELECT 1 FROM waitlist_offers o WHERE o.appointment_id = s.appointment_id)
           AND s.at < CASE WHEN f.starts_at < f.at + 900000 THEN f.starts_at ELSE f.at + 900000 END",
    ),
    (
        "an offer lapses no sooner than it ends",
        "SELECT COUNT(*) FROM waitlist_offers o JOIN appointment_history s
            ON s.appointment_id = o.appointment_id AND s.to_status = 'expired'
         WHERE o.outcome = 'lapsed' AND s.by_account IS NULL AND s.at < o.ends_at",
    ),
    (
        "what was done under an idempotency key is there",
        "SELECT COUNT(*) FROM idempotency_keys k WHERE k.operation IN ('book_appointment', 'walk_in')
            AND NOT EXISTS (SELECT 1 FROM appointments a WHERE a.id = k.resource_id)",
    ),
];

/// How many appointments there are.
pub(super) const VISITS: &str = "SELECT COUNT(*) FROM appointments";

/// The number that a counting statement gives.
pub(super) async fn count(conn: &mut Conn, sql: &'static str) -> Result<i64> {
    let (count,) = sql!(conn, one(i64,), sql)?;
    Ok(count)
}

/// How many payments are to be looked at again, by who has them.
pub(super) async fn unsettled(conn: &mut Conn) -> Result<Vec<(String, i64)>> {
    Ok(sql!(
        conn,
        all(String, i64),
        "SELECT provider, COUNT(*) FROM payments WHERE look_at IS NOT NULL GROUP BY provider ORDER BY provider"
    )?)
}

/// How much money was to go back and does not, by who has it.
pub(super) async fn overdue(conn: &mut Conn, before: i64) -> Result<Vec<(String, i64)>> {
    Ok(sql!(
        conn,
        all(String, i64),
        does_not_go!(
            "SELECT p.provider, COUNT(*) FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE ",
            " GROUP BY p.provider ORDER BY p.provider"
        ),
        before
    )?)
}

/// What SQLite says about its file; PostgreSQL minds its own.
pub(super) async fn integrity(conn: &mut Conn) -> Result<Vec<String>> {
    if matches!(conn.on, crate::db::On::Postgres(_)) {
        return Ok(Vec::new());
    }
    let mut said = sql!(conn, all(String,), "PRAGMA integrity_check")?;
    said.retain(|(line,)| line != "ok");
    let mut problems: Vec<String> = said.into_iter().map(|(line,)| line).collect();
    let foreign = sql!(conn, all(String,), "SELECT \"table\" FROM pragma_foreign_key_check")?;
    problems.extend(foreign.into_iter().map(|(table,)| format!("a reference of {table} leads nowhere")));
    Ok(problems)
}
