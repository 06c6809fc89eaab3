//! SQL of tickets, and of the visits that were booked with them.
//!
//! Nothing is decided here.

use domain::ids::{AppointmentId, FollowUpId, PatientId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::{
    access::{Authorized, OfAccount, OfferFollowUp, ReadFollowUp, ReadOwnAccount, Sealed},
    appointments::AppointmentRow,
    db::{Conn, sql},
    error::Result,
};

/// A ticket with the names that people know it by, and the visit of it that takes time, before a condition.
macro_rules! select_ticket {
    ($tail:literal) => {
        concat!(
            "SELECT f.id, f.hospital_id, h.name AS hospital_name, h.time_zone, h.currency, f.patient_id,
                    p.full_name AS patient_name, f.appointment_id, f.doctor_id, d.name AS doctor_name, d.specialties,
                    f.with_doctor_id, w.name AS with_doctor_name, w.specialties AS with_specialties, f.visit_type_id,
                    v.name AS visit_type_name, v.modality, v.minutes, v.price_minor, f.from_date, f.until_date, f.note,
                    f.withdrawn_at, f.created_at, f.version, b.id AS booked_id, b.starts_at AS booked_starts_at,
                    b.hold_expires_at AS booked_held_until, b.doctor_id AS booked_doctor_id,
                    bd.specialties AS booked_specialties
             FROM follow_ups f
             JOIN hospitals h ON h.id = f.hospital_id
             JOIN patients p ON p.id = f.patient_id
             JOIN doctors d ON d.id = f.doctor_id
             JOIN visit_types v ON v.id = f.visit_type_id
             LEFT JOIN doctors w ON w.id = f.with_doctor_id
             LEFT JOIN appointments b ON b.follow_up_id = f.id AND b.occupies
             LEFT JOIN doctors bd ON bd.id = b.doctor_id ",
            $tail
        )
    };
}

/// A ticket.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct TicketRow {
    pub(super) id: Uuid,
    pub(super) hospital_id: Uuid,
    pub(super) hospital_name: String,
    pub(super) time_zone: String,
    pub(super) currency: String,
    pub(super) patient_id: Uuid,
    pub(super) patient_name: String,
    /// The visit that it came of.
    pub(super) appointment_id: Uuid,
    /// The doctor of that visit.
    pub(super) doctor_id: Uuid,
    pub(super) doctor_name: String,
    /// Codes, as a JSON list.
    pub(super) specialties: String,
    pub(super) with_doctor_id: Option<Uuid>,
    pub(super) with_doctor_name: Option<String>,
    pub(super) with_specialties: Option<String>,
    pub(super) visit_type_id: Uuid,
    pub(super) visit_type_name: String,
    pub(super) modality: String,
    pub(super) minutes: i64,
    pub(super) price_minor: i64,
    pub(super) from_date: String,
    pub(super) until_date: String,
    pub(super) note: Option<String>,
    pub(super) withdrawn_at: Option<i64>,
    pub(super) created_at: i64,
    pub(super) version: i64,
    /// The visit that was booked with it, whether its hold has run out or not.
    pub(super) booked_id: Option<Uuid>,
    pub(super) booked_starts_at: Option<i64>,
    pub(super) booked_held_until: Option<i64>,
    pub(super) booked_doctor_id: Option<Uuid>,
    pub(super) booked_specialties: Option<String>,
}

/// A ticket as it is given.
#[derive(Debug, Clone)]
pub(super) struct NewTicket {
    pub(super) id: FollowUpId,
    pub(super) with_doctor: Option<Uuid>,
    pub(super) visit_type: Uuid,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) note: Option<String>,
    pub(super) now: i64,
}

pub(super) async fn find(conn: &mut Conn, id: FollowUpId) -> Result<Option<TicketRow>> {
    Ok(sql!(conn, optional TicketRow, select_ticket!("WHERE f.id = $1"), id.0)?)
}

/// The tickets that came of a visit.
pub(super) async fn of_visit(
    conn: &mut Conn,
    of: &Authorized<ReadFollowUp, AppointmentRow>,
) -> Result<Sealed<Vec<TicketRow>>> {
    let rows = sql!(
        conn,
        all TicketRow,
        select_ticket!("WHERE f.appointment_id = $1 ORDER BY f.created_at DESC, f.id LIMIT 50"),
        of.object().id
    )?;
    let patients: Vec<_> = rows.iter().map(|row| PatientId(row.patient_id)).collect();
    Ok(Sealed::about(rows, patients))
}

/// Tickets of the patients of an account that were not taken back and end on a date or later, or whose visit is to come. Which of them
/// it may see is asked of the guard, one by one.
pub(super) async fn own(
    conn: &mut Conn,
    own: &Authorized<ReadOwnAccount, OfAccount>,
    (date, now): (Date, i64),
) -> Result<Vec<TicketRow>> {
    Ok(sql!(
        conn,
        all TicketRow,
        select_ticket!(
            "WHERE f.patient_id IN (SELECT a.patient_id FROM patient_accounts a WHERE a.account_id = $1 AND a.ended_at IS NULL)
               AND f.withdrawn_at IS NULL AND (f.until_date >= $2 OR b.starts_at > $3)
             ORDER BY f.until_date, f.id LIMIT 100"
        ),
        own.object().id().0,
        date.to_string(),
        now
    )?)
}

pub(super) async fn insert(
    conn: &mut Conn,
    of: &Authorized<OfferFollowUp, AppointmentRow>,
    new: NewTicket,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO follow_ups (id, hospital_id, patient_id, appointment_id, account_id, doctor_id, with_doctor_id,
                visit_type_id, from_date, until_date, note, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        new.id.0,
        of.object().hospital_id,
        of.object().patient_id,
        of.object().id,
        of.by().0,
        of.object().doctor_id,
        new.with_doctor,
        new.visit_type,
        new.from,
        new.until,
        new.note,
        new.now
    )?;
    Ok(())
}

/// Takes a ticket back if it has the version that was read. Whoever books with it meanwhile counts the version up.
pub(super) async fn withdraw(
    conn: &mut Conn,
    of: &Authorized<OfferFollowUp, TicketRow>,
    version: i64,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE follow_ups SET withdrawn_at = $3, version = version + 1
         WHERE id = $1 AND version = $2 AND withdrawn_at IS NULL",
        of.object().id,
        version,
        now
    )?;
    Ok(rows == 1)
}

/// Takes a ticket that was not taken back into the hand of this transaction: others wait until it ends.
pub(super) async fn hold(conn: &mut Conn, id: FollowUpId) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE follow_ups SET version = version + 1 WHERE id = $1 AND withdrawn_at IS NULL",
        id.0
    )?;
    Ok(rows == 1)
}

/// Notes that a visit is booked with a ticket. The database refuses a second one that takes time.
pub(super) async fn use_up(conn: &mut Conn, id: FollowUpId, visit: AppointmentId) -> Result<()> {
    sql!(conn, execute, "UPDATE appointments SET follow_up_id = $2 WHERE id = $1", visit.0, id.0)?;
    Ok(())
}

/// Id and dates of the ticket with which a visit was booked.
pub(super) async fn of_booked(
    conn: &mut Conn,
    visit: AppointmentId,
) -> Result<Option<(Uuid, String, String)>> {
    Ok(sql!(
        conn,
        optional(Uuid, String, String),
        "SELECT f.id, f.from_date, f.until_date FROM appointments a JOIN follow_ups f ON f.id = a.follow_up_id WHERE a.id = $1",
        visit.0
    )?)
}

/// Whether another visit that takes time is booked with a ticket.
pub(super) async fn is_used_by_another(
    conn: &mut Conn,
    id: FollowUpId,
    visit: AppointmentId,
) -> Result<bool> {
    let (count,) = sql!(
        conn,
        one(i64,),
        "SELECT COUNT(*) FROM appointments WHERE follow_up_id = $1 AND occupies AND id <> $2",
        id.0,
        visit.0
    )?;
    Ok(count > 0)
}

/// Whether a visit that takes time is booked with a ticket. A hold that has run out does not count; it is given back when it is in the way.
pub(super) async fn is_used(conn: &mut Conn, id: FollowUpId, now: i64) -> Result<bool> {
    let (count,) = sql!(
        conn,
        one(i64,),
        "SELECT COUNT(*) FROM appointments
         WHERE follow_up_id = $1 AND occupies AND (hold_expires_at IS NULL OR hold_expires_at > $2)",
        id.0,
        now
    )?;
    Ok(count > 0)
}
