//! SQL of what the relay looks at: it works for nobody in particular, one doctor's line after the other.
//!
//! Nothing is decided here.

use domain::{
    ids::{DoctorId, PatientId},
    time::Span,
};
use uuid::Uuid;

use super::{EntryRow, select_entry};
use crate::{
    db::{Conn, sql},
    error::Result,
};

/// Doctors for whom somebody waits. Here and below the index of open entries is named in its own words, without which SQLite reads all
/// that were ever made.
pub(in crate::waitlist) async fn doctors(conn: &mut Conn) -> Result<Vec<(Uuid,)>> {
    Ok(sql!(
        conn,
        all(Uuid,),
        "SELECT DISTINCT doctor_id FROM waitlist_entries WHERE status IN ('waiting', 'offered') AND status = 'waiting' ORDER BY doctor_id"
    )?)
}

/// Who waits for a doctor and has no offer, in the order of the line; without those whose visit was changed and who do not know it yet.
pub(in crate::waitlist) async fn waiting(
    conn: &mut Conn,
    doctor: DoctorId,
    now: i64,
) -> Result<Vec<EntryRow>> {
    Ok(sql!(
        conn,
        all EntryRow,
        select_entry!(
            "",
            "WHERE e.doctor_id = $1 AND e.status IN ('waiting', 'offered') AND e.status = 'waiting'
               AND (e.appointment_id IS NULL OR NOT EXISTS (SELECT 1 FROM mass_change_items i WHERE i.appointment_id = e.appointment_id
                    AND i.told_at > $2 AND (i.outcome IS NULL OR i.outcome <> 'back')))
             ORDER BY e.created_at, e.id LIMIT 500"
        ),
        doctor.0,
        now
    )?)
}

/// Times of a doctor that came free by a change of many visits of which nobody has been told: it may be undone.
pub(in crate::waitlist) async fn silent(conn: &mut Conn, doctor: DoctorId, now: i64) -> Result<Vec<Span>> {
    let rows = sql!(
        conn,
        all(i64, i64),
        "SELECT i.from_block_starts_at, i.from_block_ends_at FROM mass_change_items i
         WHERE i.from_doctor_id = $1 AND i.told_at > $2 AND (i.outcome IS NULL OR i.outcome <> 'back')",
        doctor.0,
        now
    )?;
    Ok(rows.into_iter().map(|(start, end)| Span { start, end }).collect())
}

/// Times of a doctor whose hold has ended, and for which money may have come of which the house has not heard: it is just asking, or is
/// about to, within a span around now. What was looked at after the end is closed, and its time is anybody's.
pub(in crate::waitlist) async fn unsettled(
    conn: &mut Conn,
    doctor: DoctorId,
    asking: Span,
    now: i64,
) -> Result<Vec<Span>> {
    let rows = sql!(
        conn,
        all(i64, i64),
        "SELECT a.block_starts_at, a.block_ends_at FROM appointments a JOIN payments p ON p.appointment_id = a.id
         WHERE a.doctor_id = $1 AND a.starts_at > $3 AND a.status IN ('pending-payment', 'expired') AND p.state = 'open'
           AND (p.leased_until > $3 OR (p.look_at > $2 AND p.look_at <= $4))",
        doctor.0,
        asking.start,
        now,
        asking.end
    )?;
    Ok(rows.into_iter().map(|(start, end)| Span { start, end }).collect())
}

/// What those who wait for a doctor were offered before: patient and begin. What an entry was offered counts as long as it is in the line;
/// what she has declined or not answered since an instant counts whichever of her entries it was offered to.
pub(in crate::waitlist) async fn offered_before(
    conn: &mut Conn,
    doctor: DoctorId,
    since: i64,
) -> Result<Vec<(Uuid, i64)>> {
    Ok(sql!(
        conn,
        all(Uuid, i64),
        "SELECT e.patient_id, o.starts_at FROM waitlist_entries w JOIN waitlist_entries e ON e.patient_id = w.patient_id
         JOIN waitlist_offers o ON o.entry_id = e.id
         WHERE w.doctor_id = $1 AND w.status IN ('waiting', 'offered') AND w.status = 'waiting' AND e.doctor_id = $1
           AND (e.id = w.id OR (o.offered_at > $2 AND o.outcome IN ('declined', 'lapsed')))",
        doctor.0,
        since
    )?)
}

/// How many offers are open for all whom the account of an entry has put in line and for whom it acts; none where it does not act for the
/// patient of the entry, because then her hospital has put her there.
pub(in crate::waitlist) async fn open_offers(conn: &mut Conn, entry: &EntryRow, now: i64) -> Result<i64> {
    let (count,) = sql!(
        conn,
        one(i64,),
        "SELECT COUNT(*) FROM patient_accounts s
         JOIN waitlist_entries e ON e.patient_id = s.patient_id AND e.account_id = s.account_id
         JOIN waitlist_offers o ON o.entry_id = e.id
         WHERE s.account_id = $1 AND e.status IN ('waiting', 'offered') AND o.outcome = 'open' AND o.ends_at > $3
           AND EXISTS (SELECT 1 FROM patient_accounts w WHERE w.account_id = $1 AND w.patient_id = $2)",
        entry.account_id,
        entry.patient_id,
        now
    )?;
    Ok(count)
}

/// The visits to come of those who wait for a doctor, wherever they are: nobody is offered a time at which she is elsewhere.
pub(in crate::waitlist) async fn engagements(
    conn: &mut Conn,
    doctor: DoctorId,
    now: i64,
) -> Result<Vec<(PatientId, Span)>> {
    let rows = sql!(
        conn,
        all(Uuid, i64, i64),
        "SELECT a.patient_id, a.starts_at, a.ends_at FROM appointments a
         WHERE a.patient_id IN (SELECT e.patient_id FROM waitlist_entries e WHERE e.doctor_id = $1
                AND e.status IN ('waiting', 'offered') AND e.status = 'waiting')
           AND a.occupies AND a.ends_at > $2 AND (a.hold_expires_at IS NULL OR a.hold_expires_at > $2)",
        doctor.0,
        now
    )?;
    Ok(rows.into_iter().map(|(patient, start, end)| (PatientId(patient), Span { start, end })).collect())
}
