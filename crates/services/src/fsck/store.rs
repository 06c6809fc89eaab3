//! SQL of the laws: each counts the rows that break one.
//!
//! The overlap laws walk neighbours in order, so they need no trust in the barrier that they check.

use crate::{
    db::{Conn, sql},
    error::Result,
};

/// Each law and the statement that counts its exceptions.
pub(super) const LAWS: &[(&str, &str)] = &[
    (
        "no two visits of a doctor overlap, buffers included",
        "SELECT COUNT(*) FROM (SELECT block_starts_at,
            MAX(block_ends_at) OVER (PARTITION BY doctor_id ORDER BY block_starts_at, id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
         FROM appointments WHERE occupies) v WHERE block_starts_at < taken_until",
    ),
    (
        "no two visits of a patient overlap",
        "SELECT COUNT(*) FROM (SELECT starts_at,
            MAX(ends_at) OVER (PARTITION BY patient_id ORDER BY starts_at, id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
         FROM appointments WHERE occupies) v WHERE starts_at < taken_until",
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
        "every patient has an account that minds her",
        "SELECT COUNT(*) FROM patients p WHERE NOT EXISTS (SELECT 1 FROM patient_accounts o WHERE o.patient_id = p.id AND o.ended_at IS NULL)",
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
        "SELECT COUNT(*) FROM idempotency_keys k WHERE k.operation = 'book_appointment'
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
