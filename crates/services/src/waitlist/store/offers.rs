//! SQL of offers, found by the holds that keep their times.
//!
//! Nothing is decided here.

use domain::{
    ids::{AppointmentId, DoctorId, PatientId},
    time::Span,
};
use uuid::Uuid;

use crate::{
    db::{Conn, sql},
    error::Result,
};

/// An offer and the entry that it was made to.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in crate::waitlist) struct OfferRow {
    pub(in crate::waitlist) outcome: String,
    pub(in crate::waitlist) offered_at: i64,
    pub(in crate::waitlist) entry_id: Uuid,
    pub(in crate::waitlist) patient_id: Uuid,
    /// The visit that is to be put on its time.
    pub(in crate::waitlist) moves: Option<Uuid>,
    pub(in crate::waitlist) status: String,
    pub(in crate::waitlist) version: i64,
}

/// An offer as it is made.
#[derive(Debug, Clone, Copy)]
pub(in crate::waitlist) struct NewOffer {
    pub(in crate::waitlist) id: Uuid,
    pub(in crate::waitlist) entry: Uuid,
    pub(in crate::waitlist) hold: AppointmentId,
    pub(in crate::waitlist) starts_at: i64,
    pub(in crate::waitlist) offered_at: i64,
    pub(in crate::waitlist) ends_at: i64,
}

/// The offer whose time a hold keeps.
pub(in crate::waitlist) async fn of_hold(conn: &mut Conn, hold: AppointmentId) -> Result<Option<OfferRow>> {
    Ok(sql!(
        conn,
        optional OfferRow,
        "SELECT o.outcome, o.offered_at, o.entry_id, e.patient_id, e.appointment_id AS moves, e.status, e.version
         FROM waitlist_offers o JOIN waitlist_entries e ON e.id = o.entry_id WHERE o.appointment_id = $1",
        hold.0
    )?)
}

/// The hold of an entry's open offer.
pub(in crate::waitlist) async fn open(conn: &mut Conn, entry: Uuid) -> Result<Option<Uuid>> {
    let row = sql!(
        conn,
        optional(Uuid,),
        "SELECT appointment_id FROM waitlist_offers WHERE entry_id = $1 AND outcome = 'open'",
        entry
    )?;
    Ok(row.map(|(hold,)| hold))
}

/// The holds of offers to a patient that a span of a doctor's time would touch.
pub(in crate::waitlist) async fn open_to(
    conn: &mut Conn,
    (patient, doctor): (PatientId, DoctorId),
    span: Span,
) -> Result<Vec<(Uuid,)>> {
    Ok(sql!(
        conn,
        all(Uuid,),
        "SELECT o.appointment_id FROM appointments a JOIN waitlist_offers o ON o.appointment_id = a.id
         WHERE a.patient_id = $1 AND a.doctor_id = $2 AND a.block_starts_at < $4 AND a.block_ends_at > $3 AND o.outcome = 'open'
         ORDER BY o.offered_at",
        patient.0,
        doctor.0,
        span.start,
        span.end
    )?)
}

/// What was booked of what an entry was offered.
pub(in crate::waitlist) async fn taken(conn: &mut Conn, entry: Uuid) -> Result<Option<Uuid>> {
    let row = sql!(
        conn,
        optional(Uuid,),
        "SELECT appointment_id FROM waitlist_offers WHERE entry_id = $1 AND outcome = 'taken' ORDER BY offered_at DESC LIMIT 1",
        entry
    )?;
    Ok(row.map(|(hold,)| hold))
}

pub(in crate::waitlist) async fn insert(conn: &mut Conn, new: NewOffer) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO waitlist_offers (id, entry_id, appointment_id, starts_at, offered_at, ends_at, outcome)
         VALUES ($1, $2, $3, $4, $5, $6, 'open')",
        new.id,
        new.entry,
        new.hold.0,
        new.starts_at,
        new.offered_at,
        new.ends_at
    )?;
    Ok(())
}

/// Notes what has become of an offer if it still stood where it was read.
pub(in crate::waitlist) async fn set_outcome(
    conn: &mut Conn,
    hold: AppointmentId,
    (from, to): (&str, &str),
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE waitlist_offers SET outcome = $3 WHERE appointment_id = $1 AND outcome = $2",
        hold.0,
        from,
        to
    )?;
    Ok(rows == 1)
}

/// How many offers an entry has let lapse.
pub(in crate::waitlist) async fn lapsed(conn: &mut Conn, entry: Uuid) -> Result<i64> {
    let (count,) = sql!(
        conn,
        one(i64,),
        "SELECT COUNT(*) FROM waitlist_offers WHERE entry_id = $1 AND outcome = 'lapsed'",
        entry
    )?;
    Ok(count)
}
