//! The forms of the hospital portal that book a visit or move one on.
//! What may follow what, and who may do it, is decided behind the services.

use domain::appointments::Move;
#[cfg(feature = "ssr")]
use domain::appointments::{BookAppointment, MoveAppointment, RescheduleAppointment};
use domain::ids::{AppointmentId, DoctorId, HospitalId, PatientId, VisitTypeId};
#[cfg(feature = "ssr")]
use domain::time::monday_of;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::{Section, href},
    server::{answer, call, call_once, referring_page, services, wants_html},
};

/// A move of one press. The page stays where it is: a list must not jump away from whoever works through it.
#[server(prefix = "/_fn", endpoint = "hospital-move")]
pub async fn move_visit(id: AppointmentId, step: Move, version: i64) -> Result<(), AppError> {
    let command = MoveAppointment { reason: None, version: Some(version) };
    let moved = answer(services()?.appointments.advance(&call(), id, step, command).await).map(drop);
    if wants_html() { typed::<MoveVisit>(&[]).keep(moved.map(|()| referring_page())) } else { moved }
}

/// A move that takes something away, with its reason; leads to the visit.
#[server(prefix = "/_fn", endpoint = "hospital-end")]
pub async fn end_visit(
    hospital: HospitalId,
    id: AppointmentId,
    step: Move,
    version: i64,
    reason: String,
) -> Result<(), AppError> {
    let typed = typed::<EndVisit>(&[("reason", &reason)]);
    let command = MoveAppointment {
        reason: Some(reason).filter(|reason| !reason.trim().is_empty()),
        version: Some(version),
    };
    let moved = answer(services()?.appointments.advance(&call(), id, step, command).await);
    typed.keep(moved.map(|visit| Section::Visit(visit.id).at(hospital)))
}

/// Puts a visit that was carried in a week's grid on another time; leads back there, with the way back: `was` says when it was to begin.
#[server(prefix = "/_fn", endpoint = "carry-visit")]
pub async fn carry_visit(
    hospital: HospitalId,
    id: AppointmentId,
    version: i64,
    #[server(default)] start: String,
    #[server(default)] was: String,
    #[server(default)] idempotency_key: String,
) -> Result<(), AppError> {
    let typed = typed::<CarryVisit>(&[]);
    let moved = if start.is_empty() {
        Err(domain::Error::invalid("start", "choose"))
    } else {
        let command =
            RescheduleAppointment { start, version: Some(version), ..RescheduleAppointment::default() };
        services()?.appointments.reschedule(&call_once(idempotency_key), id, command).await
    };
    typed.keep(answer(moved).map(|visit| {
        let (week, id) = (monday_of(visit.start.date()).to_string(), visit.id.to_string());
        let there =
            [("week", week.as_str()), ("view", "grid"), ("moved", id.as_str()), ("was", was.as_str())];
        href(&Section::Calendar(Some(visit.doctor_id)).at(hospital), &there)
    }))
}

/// What the desk fills in to book for a patient.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BookingSheet {
    /// For whom.
    pub patient: PatientId,
    /// With whom.
    pub doctor: DoctorId,
    /// What.
    pub visit_type: VisitTypeId,
    /// When; empty while nothing is chosen.
    #[serde(default)]
    pub start: String,
    /// What it is about.
    #[serde(default)]
    pub reason: String,
    /// Pressed twice, it books once.
    #[serde(default)]
    pub idempotency_key: String,
}

/// Books a visit for a patient; leads to the visit.
#[server(prefix = "/_fn", endpoint = "hospital-book")]
pub async fn book_visit(
    hospital: HospitalId,
    #[server(flatten)] sheet: BookingSheet,
) -> Result<(), AppError> {
    let typed = typed::<BookVisit>(&[("start", &sheet.start), ("reason", &sheet.reason)]);
    let call = call_once(sheet.idempotency_key.clone());
    let booked = match sheet.checked() {
        Ok(command) => services()?.appointments.book(&call, command).await,
        Err(refusal) => Err(refusal),
    };
    typed.keep(answer(booked).map(|visit| Section::Visit(visit.id).at(hospital)))
}

impl BookingSheet {
    /// The command, once a time is chosen.
    #[cfg(feature = "ssr")]
    fn checked(self) -> domain::Result<BookAppointment> {
        if self.start.is_empty() {
            return Err(domain::Error::invalid("start", "choose"));
        }
        Ok(BookAppointment {
            doctor_id: self.doctor,
            visit_type_id: self.visit_type,
            start: self.start,
            patient_id: Some(self.patient),
            reason: Some(self.reason).filter(|reason| !reason.trim().is_empty()),
            price_minor: None,
        })
    }
}
