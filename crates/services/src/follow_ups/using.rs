//! Booking with a ticket: which doctor and which days it allows, and that it is used up in the transaction that books.
//!
//! The booking itself is `appointments`' own: there is no second way to a visit.

use domain::{
    Call, Error as Refusal,
    appointments::{Appointment, BookAppointment},
    error::Conflict,
    follow_ups::{BookFollowUp, FollowUpStatus},
    ids::{AppointmentId, DoctorId, FollowUpId, PatientId},
    time::parse_date,
};
use jiff::civil::Date;

use super::{FollowUpService, TicketRow, store};
use crate::{
    access::{self, Authorized},
    appointments::Within,
    db::Conn,
    error::{Error, Result},
};

/// A ticket as booking sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) id: FollowUpId,
    pub(crate) within: Within,
}

impl FollowUpService {
    pub(super) async fn book_with(
        &self,
        call: &Call,
        id: FollowUpId,
        command: BookFollowUp,
    ) -> Result<Appointment> {
        let of: Authorized<access::BookAppointment, TicketRow> = self.core.aim(call, id).await?;
        let row = of.object();
        let doctor = doctor(row, command.doctor_id)?;
        match self.status(row)? {
            FollowUpStatus::Open | FollowUpStatus::Booked => {}
            FollowUpStatus::Expired | FollowUpStatus::Withdrawn => return Err(over()),
        }
        let entry = self.core.directory.doctor(&self.core, doctor).await?;
        if entry.hospital.id.0 != row.hospital_id {
            return Err(Refusal::invalid("doctor_id", "doctor_unknown").into());
        }
        let (from, until) = row.dates()?;
        let ticket = Ticket { id, within: Within { from, until } };
        let command = BookAppointment {
            doctor_id: doctor,
            visit_type_id: row.visit_type_id.into(),
            start: command.start,
            patient_id: Some(PatientId(row.patient_id)),
            reason: command.reason,
            price_minor: None,
        };
        self.appointments.book_with_ticket(call, command, ticket).await
    }
}

/// With whom it is booked: whom the ticket names, or whom the patient has chosen where it names nobody.
fn doctor(row: &TicketRow, chosen: Option<DoctorId>) -> Result<DoctorId> {
    match (row.with_doctor_id.map(DoctorId), chosen) {
        (Some(named), chosen) if chosen.is_none_or(|chosen| chosen == named) => Ok(named),
        (Some(_), _) => Err(Refusal::invalid("doctor_id", "doctor_unknown").into()),
        (None, Some(chosen)) => Ok(chosen),
        (None, None) => Err(Refusal::invalid("doctor_id", "required").into()),
    }
}

fn over() -> Error {
    Error::conflict(Conflict::TicketOver)
}

/// Takes a ticket into the hand of this transaction, or refuses: it was taken back, or is used.
pub(crate) async fn take(conn: &mut Conn, ticket: Ticket, now: i64) -> Result<()> {
    if !store::hold(conn, ticket.id).await? || store::is_used(conn, ticket.id, now).await? {
        return Err(over());
    }
    Ok(())
}

/// Uses it up with a visit that has just been written.
pub(crate) async fn use_up(conn: &mut Conn, ticket: Ticket, visit: AppointmentId) -> Result<()> {
    store::use_up(conn, ticket.id, visit).await
}

/// What has become of the ticket of a visit that was called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// The visit can have it again, or was booked without one.
    Good,
    /// The hospital has taken it back.
    Gone,
    /// Another visit has used it.
    Used,
}

/// Takes the ticket of a visit that was called off into the hand of this transaction, so that the visit can take its time again.
pub(crate) async fn take_again(conn: &mut Conn, visit: AppointmentId) -> Result<Again> {
    let Some((id, ..)) = store::of_booked(conn, visit).await? else { return Ok(Again::Good) };
    if !store::hold(conn, FollowUpId(id)).await? {
        return Ok(Again::Gone);
    }
    let used = store::is_used_by_another(conn, FollowUpId(id), visit).await?;
    Ok(if used { Again::Used } else { Again::Good })
}

/// The days of the ticket with which a visit was booked, for a hold that has run out and is taken late; refuses when the hospital has taken
/// it back by then, or another visit has used it.
pub(crate) async fn of_booked(conn: &mut Conn, visit: AppointmentId) -> Result<Option<Within>> {
    let Some((id, from, until)) = store::of_booked(conn, visit).await? else { return Ok(None) };
    let date = |text: &str| -> Result<Date> { parse_date(text).map_err(Error::Stored) };
    let within = Within { from: date(&from)?, until: date(&until)? };
    if !store::hold(conn, FollowUpId(id)).await?
        || store::is_used_by_another(conn, FollowUpId(id), visit).await?
    {
        return Err(over());
    }
    Ok(Some(within))
}
