//! Server functions of visits as a patient has them: free times, booking, my visits, cancelling.
//! What the hospital does with visits is in `admin_api`.

use domain::appointments::{Appointment, HistoryEntry, Period};
use domain::availability::{Explanation, Slot};
use domain::ids::{AppointmentId, DoctorId, PatientId, VisitTypeId};
use domain::page::Page;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    server::{answer, call, call_once, services},
};

/// A visit with its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The visit.
    pub appointment: Appointment,
    /// How it came to stand where it stands, first step first.
    pub history: Vec<HistoryEntry>,
}

/// The free times of one week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeWeek {
    /// Its Monday.
    pub monday: Date,
    /// Zone of all times.
    pub time_zone: String,
    /// The free times, earliest first.
    pub items: Vec<Slot>,
    /// The first free time there is.
    pub earliest: Option<Slot>,
    /// In an empty week, the first free time after it.
    pub next: Option<Slot>,
}

/// The visits of a patient of the account on one side of now; of all that it sees, where none is named.
#[server(prefix = "/_fn", endpoint = "my-visits", input = Json)]
pub async fn my_visits(
    period: Period,
    cursor: Option<String>,
    patient: Option<PatientId>,
) -> Result<Page<Appointment>, AppError> {
    let page = domain::page::PageQuery { cursor, limit: Some(20) };
    let query =
        domain::appointments::AppointmentQuery { period, page, patient_id: patient, ..Default::default() };
    answer(services()?.appointments.list(&call(), query).await)
}

/// A visit with its history.
#[server(prefix = "/_fn", endpoint = "visit", input = Json)]
pub async fn read_visit(id: AppointmentId) -> Result<Visit, AppError> {
    let (appointments, call) = (services()?.appointments, call());
    let appointment = answer(appointments.get(&call, id).await)?;
    Ok(Visit { appointment, history: answer(appointments.history(&call, id).await)? })
}

/// The free times of a week, or of the first week that has any.
#[server(prefix = "/_fn", endpoint = "free-week", input = Json)]
pub async fn read_free_week(
    doctor: DoctorId,
    visit_type: VisitTypeId,
    week: Option<Date>,
) -> Result<FreeWeek, AppError> {
    answer(reading::week(services()?.availability.as_ref(), doctor, visit_type, week).await)
}

/// Why a time can be booked, or why not. The time is `2026-11-24T10:00` on the hospital's clock.
#[server(prefix = "/_fn", endpoint = "explain-time", input = Json)]
pub async fn explain_time(
    doctor: DoctorId,
    visit_type: VisitTypeId,
    start: String,
) -> Result<Explanation, AppError> {
    let start = start.parse().map_err(|rule| domain::Error::invalid("start", rule));
    let start = answer(start)?;
    answer(services()?.availability.explain(doctor, visit_type, start).await)
}

/// Books a visit.
#[server(prefix = "/_fn", endpoint = "book")]
pub async fn book(
    doctor_id: DoctorId,
    visit_type_id: VisitTypeId,
    #[server(default)] start: String,
    #[server(default)] patient_id: String,
    #[server(default)] reason: String,
    #[server(default)] price_minor: Option<i64>,
    #[server(default)] idempotency_key: String,
) -> Result<(), AppError> {
    let form = typed::<Book>(&[("reason", &reason)]);
    let command = wish((doctor_id, visit_type_id), start, &patient_id, reason, price_minor);
    let booked = match command {
        Ok(command) => services()?.appointments.book(&call_once(idempotency_key), command).await,
        Err(refusal) => Err(refusal),
    };
    let booked = answer(booked);
    form.keep(booked.map(|visit| format!("/appointments/{}?booked=1", visit.id)))
}

/// What a form that books or holds a time asks for. A page says for whom it is: nothing is taken for granted.
#[cfg(feature = "ssr")]
pub(crate) fn wish(
    (doctor_id, visit_type_id): (DoctorId, VisitTypeId),
    start: String,
    patient_id: &str,
    reason: String,
    price_minor: Option<i64>,
) -> domain::Result<domain::appointments::BookAppointment> {
    let patient_id = domain::ids::optional(patient_id)
        .and_then(|patient_id| patient_id.map(Some).ok_or("required"))
        .map_err(|rule| domain::Error::invalid("patient_id", rule))?;
    Ok(domain::appointments::BookAppointment {
        doctor_id,
        visit_type_id,
        start,
        patient_id,
        reason: Some(reason),
        price_minor,
    })
}

/// Calls a visit off.
#[server(prefix = "/_fn", endpoint = "cancel-visit")]
pub async fn cancel_visit(
    id: AppointmentId,
    #[server(default)] patient: String,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    let form = typed::<CancelVisit>(&[("reason", &reason)]);
    let command = domain::appointments::MoveAppointment { reason: Some(reason), version: None };
    let (step, appointments) = (domain::appointments::Move::Cancel, services()?.appointments);
    let cancelled = match meant(appointments.as_ref(), id, &patient).await {
        Ok(()) => appointments.advance(&call(), id, step, command).await,
        Err(refusal) => Err(refusal),
    };
    let cancelled = answer(cancelled);
    form.keep(cancelled.map(|visit| format!("/appointments/{}?cancelled=1", visit.id)))
}

/// Whether a form is about the patient whom its page has shown.
#[cfg(feature = "ssr")]
async fn meant(
    appointments: &dyn domain::appointments::Appointments,
    id: AppointmentId,
    patient: &str,
) -> domain::Result<()> {
    let shown: Option<PatientId> =
        domain::ids::optional(patient).map_err(|rule| domain::Error::invalid("patient_id", rule))?;
    let Some(shown) = shown else { return Ok(()) };
    if appointments.get(&call(), id).await?.patient_id == shown {
        return Ok(());
    }
    Err(domain::Error::conflict(domain::error::Conflict::StaleVersion))
}

/// Reading that takes more than one question to the services.
#[cfg(feature = "ssr")]
mod reading {
    use domain::Result;
    use domain::availability::{Availability, SlotQuery};
    use domain::ids::{DoctorId, VisitTypeId};
    use domain::time::{monday_of, plus_days};
    use jiff::civil::Date;

    use super::FreeWeek;

    pub(super) async fn week(
        availability: &dyn Availability,
        doctor_id: DoctorId,
        visit_type_id: VisitTypeId,
        week: Option<Date>,
    ) -> Result<FreeWeek> {
        let earliest = availability.next_free(doctor_id, visit_type_id, None).await?;
        let monday = week.or(earliest.map(|slot| slot.start.date())).map(monday_of);
        // Without a free time there is no week to speak of; today's, as the service counts it, says the zone.
        let query = SlotQuery {
            doctor_id,
            visit_type_id,
            from: monday,
            to: monday.map(|monday| plus_days(monday, 6)),
        };
        let slots = availability.slots(query).await?;
        let monday = monday.unwrap_or_else(|| monday_of(Date::default()));
        let next = match (earliest, slots.items.is_empty()) {
            (Some(_), true) => {
                availability.next_free(doctor_id, visit_type_id, Some(plus_days(monday, 7))).await?
            }
            _ => None,
        };
        Ok(FreeWeek { monday, time_zone: slots.time_zone, items: slots.items, earliest, next })
    }
}
