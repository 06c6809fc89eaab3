//! SQL of appointments, their history, and the patients whom a hospital knows.
//!
//! Nothing is decided here.

pub(crate) mod ahead;
pub(super) mod holds;
pub(super) mod limits;
pub(super) mod lists;
pub(crate) mod many;
pub(crate) mod patients;
pub(super) mod puts;
pub(super) mod queue;
pub(super) mod series;
pub(super) mod together;
pub(crate) mod told;

use domain::{
    ids::{AccountId, AppointmentId, DoctorId, HospitalId, PatientId},
    time::Span,
};
use uuid::Uuid;

use super::Visible;
use crate::{
    access::{Authorized, BookAppointment, OfPatient},
    db::{Conn, On, sql},
    error::Result,
};

/// No block is longer, see the check on the table: whatever reaches into a span has begun so long before it at most.
pub(crate) const LONGEST_BLOCK_MS: i64 = 86_400_000;

/// The columns of [`AppointmentRow`] and the joins that they need.
macro_rules! appointment_columns {
    () => {
        concat!(
            "SELECT a.id, a.reference, a.status, a.starts_at, a.ends_at, a.time_zone, a.doctor_id,
                    d.name AS doctor_name, d.specialties, a.hospital_id, h.name AS hospital_name, h.address, h.city, h.phone,
                    a.patient_id, p.full_name AS patient_name, p.birth_date, a.visit_type_id, a.visit_type_name, a.modality, a.minutes,
                    a.price_minor, a.currency, a.reason, a.cancelled_by, a.cancelled_late, a.block_starts_at, a.block_ends_at,
                    a.hold_expires_at, a.hold_extended, a.ticket, a.ticket_day, a.arrival, h.self_check_in, a.seat_no, a.version
             FROM appointments a
             JOIN doctors d ON d.id = a.doctor_id
             JOIN hospitals h ON h.id = a.hospital_id
             JOIN patients p ON p.id = a.patient_id "
        )
    };
}
pub(super) use appointment_columns;

/// The columns, before a condition.
macro_rules! select_appointment {
    ($tail:literal) => {
        concat!(appointment_columns!(), $tail)
    };
}
pub(super) use select_appointment;

/// An appointment with the names that people know it by.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct AppointmentRow {
    pub(crate) id: Uuid,
    pub(crate) reference: String,
    pub(crate) status: String,
    pub(crate) starts_at: i64,
    pub(crate) ends_at: i64,
    pub(crate) time_zone: String,
    pub(crate) doctor_id: Uuid,
    pub(crate) doctor_name: String,
    /// Codes, as a JSON list.
    pub(crate) specialties: String,
    pub(crate) hospital_id: Uuid,
    pub(crate) hospital_name: String,
    pub(crate) address: String,
    pub(crate) city: String,
    pub(crate) phone: String,
    pub(crate) patient_id: Uuid,
    pub(crate) patient_name: String,
    /// ISO date.
    pub(crate) birth_date: String,
    pub(crate) visit_type_id: Uuid,
    pub(crate) visit_type_name: String,
    pub(crate) modality: String,
    pub(crate) minutes: i64,
    pub(crate) price_minor: i64,
    pub(crate) currency: String,
    pub(crate) reason: Option<String>,
    pub(crate) cancelled_by: Option<String>,
    pub(crate) cancelled_late: bool,
    pub(crate) block_starts_at: i64,
    pub(crate) block_ends_at: i64,
    pub(crate) hold_expires_at: Option<i64>,
    pub(crate) hold_extended: bool,
    /// The number that was given for it,
    pub(crate) ticket: Option<i64>,
    /// on this local date.
    pub(crate) ticket_day: Option<String>,
    pub(crate) arrival: Option<String>,
    /// Whether its hospital lets patients say themselves that they are here.
    pub(crate) self_check_in: bool,
    /// Its number among the visits of its time.
    pub(crate) seat_no: i64,
    pub(crate) version: i64,
}

/// A visit as it is booked.
#[derive(Debug, Clone)]
pub(super) struct NewAppointment {
    pub(super) id: AppointmentId,
    pub(super) reference: String,
    pub(super) hospital_id: HospitalId,
    pub(super) doctor_id: Uuid,
    pub(super) visit_type_id: Uuid,
    pub(super) visit_type_name: String,
    pub(super) modality: &'static str,
    pub(super) seat: Seat,
    pub(super) price_minor: i64,
    pub(super) currency: String,
    pub(super) reason: Option<String>,
    pub(super) status: &'static str,
    /// Until when its time is held, where it is not booked yet.
    pub(super) held_until: Option<i64>,
    /// Whether the hold can be made longer, where it is one.
    pub(super) extendable: bool,
    /// How she came, where she is here already.
    pub(super) here: Option<Here>,
}

/// That somebody has come.
#[derive(Debug, Clone)]
pub(super) struct Here {
    pub(super) arrival: &'static str,
    /// Her number, and the local date on which it is hers.
    pub(super) ticket: i64,
    pub(super) day: String,
}

/// Where a visit stands in the calendar.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub(super) visit: Span,
    pub(super) block: Span,
    pub(super) local_start: String,
    pub(super) time_zone: String,
    pub(super) minutes: i64,
    /// What it has in common with others of its time; none where it has the time alone.
    pub(super) group: Option<String>,
    /// Its number among them.
    pub(super) number: i64,
}

impl Seat {
    /// The key of its group, or its own: then nobody shares its time.
    pub(super) fn key(&self, visit: Uuid) -> String {
        self.group.clone().unwrap_or_else(|| visit.simple().to_string())
    }
}

/// What a move makes of a visit.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) status: &'static str,
    pub(super) occupies: bool,
    pub(super) cancelled_by: Option<&'static str>,
    pub(super) cancelled_late: bool,
    /// Set where she has come by it.
    pub(super) here: Option<Here>,
}

/// One step of a history as it is written.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) appointment: AppointmentId,
    pub(super) seq: i64,
    pub(super) from: Option<&'static str>,
    pub(super) to: &'static str,
    pub(super) at: i64,
    /// None for what the house does by itself.
    pub(super) by: Option<AccountId>,
    pub(super) reason: Option<String>,
    /// When the visit is to begin from here on, and with whom, where the step says that; and whose hand has put it there.
    pub(super) seat: Option<(i64, DoctorId, &'static str)>,
}

#[derive(sqlx::FromRow)]
pub(super) struct HistoryRow {
    pub(super) seq: i64,
    pub(super) from_status: Option<String>,
    pub(super) to_status: String,
    pub(super) at: i64,
    pub(super) by_name: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) starts_at: Option<i64>,
    pub(super) doctor_name: Option<String>,
    /// The doctor's.
    pub(super) specialties: Option<String>,
}

pub(crate) async fn find(conn: &mut Conn, id: AppointmentId) -> Result<Option<AppointmentRow>> {
    Ok(sql!(conn, optional AppointmentRow, select_appointment!("WHERE a.id = $1"), id.0)?)
}

/// Lets one booking of a doctor after the other go on; SQLite's one writer does so by itself.
///
/// Without it PostgreSQL's exclusion constraint makes two that want one time wait for each other, and finds that out only
/// after a second. With it the second reads what the first has committed.
pub(crate) async fn take_turn(conn: &mut Conn, doctor: DoctorId) -> Result<()> {
    if matches!(conn.on, On::Postgres(_)) {
        sql!(conn, execute, "SELECT 1 FROM doctors WHERE id = $1 FOR NO KEY UPDATE", doctor.0)?;
    }
    Ok(())
}

/// Writes a visit for the patient whom the caller may book for.
pub(super) async fn insert(
    conn: &mut Conn,
    whom: &Authorized<BookAppointment, OfPatient>,
    new: NewAppointment,
    now: i64,
) -> Result<()> {
    write(conn, (whom.object().patient, whom.by()), new, now).await
}

/// Writes a visit for whoever waits for a time, as the house: she has been put on the list by somebody who might.
pub(super) async fn insert_offered(
    conn: &mut Conn,
    waiting: (PatientId, AccountId),
    new: NewAppointment,
    now: i64,
) -> Result<()> {
    write(conn, waiting, new, now).await
}

async fn write(
    conn: &mut Conn,
    (patient, by): (PatientId, AccountId),
    new: NewAppointment,
    now: i64,
) -> Result<()> {
    let group = new.seat.key(new.id.0);
    sql!(
        conn,
        later,
        "INSERT INTO appointments (id, reference, hospital_id, doctor_id, patient_id, visit_type_id, visit_type_name,
                modality, status, occupies, starts_at, ends_at, block_starts_at, block_ends_at, local_start, time_zone,
                minutes, price_minor, currency, reason, version, created_at, created_by,
                hold_expires_at, hold_extended, ticket, ticket_day, arrival, group_key, seat_no)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $21, TRUE, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1,
                $19, $20, $22, $23, $24, $25, $26, $27, $28)",
        new.id.0,
        new.reference,
        new.hospital_id.0,
        new.doctor_id,
        patient.0,
        new.visit_type_id,
        new.visit_type_name,
        new.modality,
        new.seat.visit.start,
        new.seat.visit.end,
        new.seat.block.start,
        new.seat.block.end,
        new.seat.local_start,
        new.seat.time_zone,
        new.seat.minutes,
        new.price_minor,
        new.currency,
        new.reason,
        now,
        by.0,
        new.status,
        new.held_until,
        new.held_until.is_some() && !new.extendable,
        new.here.as_ref().map(|here| here.ticket),
        new.here.as_ref().map(|here| here.day.as_str()),
        new.here.as_ref().map(|here| here.arrival),
        group,
        new.seat.number
    )?;
    Ok(())
}

/// Moves an appointment on if it still has the version that was read.
pub(super) async fn update_status(conn: &mut Conn, of: &Visible, version: i64, to: Standing) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE appointments SET status = $3, occupies = $4, cancelled_by = $5, cancelled_late = $6,
                ticket_day = COALESCE($7, ticket_day), ticket = COALESCE($8, ticket), arrival = COALESCE(arrival, $9),
                version = version + 1
         WHERE id = $1 AND version = $2",
        of.object().id,
        version,
        to.status,
        to.occupies,
        to.cancelled_by,
        to.cancelled_late,
        to.here.as_ref().map(|here| here.day.as_str()),
        to.here.as_ref().map(|here| here.ticket),
        to.here.as_ref().map(|here| here.arrival)
    )?;
    Ok(rows == 1)
}

/// Puts an appointment elsewhere if it still has the version that was read.
pub(super) async fn reseat(
    conn: &mut Conn,
    of: &Visible,
    version: i64,
    doctor: DoctorId,
    seat: &Seat,
    status: &str,
) -> Result<bool> {
    many::take_seat(conn, of, (AppointmentId(of.object().id), version), doctor, seat, status).await
}

pub(super) async fn insert_step(conn: &mut Conn, step: Step) -> Result<()> {
    sql!(
        conn,
        later,
        "INSERT INTO appointment_history (appointment_id, seq, from_status, to_status, at, by_account, reason, starts_at,
                doctor_id, put_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        step.appointment.0,
        step.seq,
        step.from,
        step.to,
        step.at,
        step.by.map(|account| account.0),
        step.reason,
        step.seat.map(|(starts_at, ..)| starts_at),
        step.seat.map(|(_, doctor, _)| doctor.0),
        step.seat.map(|(.., hand)| hand)
    )?;
    Ok(())
}

pub(super) async fn history(conn: &mut Conn, of: &Visible) -> Result<Vec<HistoryRow>> {
    Ok(sql!(
        conn,
        all HistoryRow,
        "SELECT s.seq, s.from_status, s.to_status, s.at, b.full_name AS by_name, s.reason, s.starts_at, d.name AS doctor_name,
                d.specialties
         FROM appointment_history s LEFT JOIN account_names b ON b.id = s.by_account LEFT JOIN doctors d ON d.id = s.doctor_id
         WHERE s.appointment_id = $1 ORDER BY s.seq",
        of.object().id
    )?)
}
