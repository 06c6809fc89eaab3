//! `/doctors/{id}/slots`, `/doctors/{id}/hours`: free times, and the hours that they follow from.
//! Which times are free is computed in the domain.

mod dated;
mod previews;

use axum::extract::State;
use domain::{
    availability::{DateException, Explanation, SetWorkingHours, SlotQuery, Slots, TimeWindow, WorkingHours},
    ids::{DoctorId, VisitTypeId},
    time::RequestedStart,
};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::query::Reader;
use crate::{
    state::AppState,
    web::extract::{At, Body, Caller, Params, Reply, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(slots))
        .routes(routes!(explanation))
        .routes(routes!(working_hours, set_working_hours))
        .routes(routes!(set_exception, remove_exception))
        .merge(dated::routes())
        .merge(previews::routes())
}

/// Which times are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SlotParams {
    /// What is to be booked.
    #[param(value_type = VisitTypeId, required)]
    visit_type: Option<String>,
    /// First local date on which hours begin; today when absent. Times belong to that date, those after midnight, too.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// Last such date; six days after `from` when absent, at most 62 after it. Its hours may reach into the next date.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
}

impl SlotParams {
    fn read(self, doctor_id: DoctorId) -> domain::Result<SlotQuery> {
        let mut reader = Reader::default();
        let given = self.visit_type.as_deref().is_some_and(|word| !word.trim().is_empty());
        let visit_type = reader.id("visit_type", self.visit_type);
        let visit_type = reader.needed("visit_type", visit_type, given);
        let (from, to) = (reader.date("from", self.from), reader.date("to", self.to));
        reader.finish()?;
        let visit_type_id = visit_type.ok_or_else(|| domain::Error::invalid("visit_type", "required"))?;
        Ok(SlotQuery { doctor_id, visit_type_id, from, to })
    }
}

/// Free times.
#[utoipa::path(get, path = "/api/v1/doctors/{id}/slots", tag = "availability", params(("id" = DoctorId, Path), SlotParams),
    responses((status = 200, body = Slots)))]
async fn slots(
    State(state): State<AppState>,
    At(id): At<DoctorId>,
    Params(params): Params<SlotParams>,
) -> Reply<Slots> {
    reply(state.services.availability.slots(params.read(id)?).await)
}

/// Which time is asked about.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExplanationParams {
    /// What is to be booked.
    #[param(value_type = VisitTypeId, required)]
    visit_type: Option<String>,
    /// RFC 3339 with an offset, or `2026-11-24T10:00` on the hospital's clock.
    #[param(required)]
    start: Option<String>,
}

impl ExplanationParams {
    fn read(self) -> domain::Result<(VisitTypeId, RequestedStart)> {
        let mut reader = Reader::default();
        let given = self.visit_type.as_deref().is_some_and(|word| !word.trim().is_empty());
        let visit_type = reader.id("visit_type", self.visit_type);
        let visit_type = reader.needed("visit_type", visit_type, given);
        reader.finish()?;
        let visit_type = visit_type.ok_or_else(|| domain::Error::invalid("visit_type", "required"))?;
        let start = self.start.filter(|start| !start.trim().is_empty());
        let start = start.ok_or_else(|| domain::Error::invalid("start", "required"))?;
        Ok((visit_type, start.parse().map_err(|rule| domain::Error::invalid("start", rule))?))
    }
}

/// Why a time can be booked, or why not.
#[utoipa::path(get, path = "/api/v1/doctors/{id}/slots/explanation", tag = "availability",
    params(("id" = DoctorId, Path), ExplanationParams), responses((status = 200, body = Explanation)))]
async fn explanation(
    State(state): State<AppState>,
    At(id): At<DoctorId>,
    Params(params): Params<ExplanationParams>,
) -> Reply<Explanation> {
    let (visit_type, start) = params.read()?;
    reply(state.services.availability.explain(id, visit_type, start).await)
}

/// A doctor's hours. Administrators of the hospital, and the doctor.
#[utoipa::path(get, path = "/api/v1/doctors/{id}/hours", tag = "availability", params(("id" = DoctorId, Path)),
    responses((status = 200, body = WorkingHours)))]
async fn working_hours(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
) -> Reply<WorkingHours> {
    reply(state.services.availability.working_hours(&call, id).await)
}

/// Replaces the week; booked visits stay. Administrators of the hospital, and the doctor.
#[utoipa::path(put, path = "/api/v1/doctors/{id}/hours", tag = "availability", params(("id" = DoctorId, Path)),
    request_body = SetWorkingHours, responses((status = 200, body = WorkingHours)))]
async fn set_working_hours(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    Body(command): Body<SetWorkingHours>,
) -> Reply<WorkingHours> {
    reply(state.services.availability.set_working_hours(&call, id, command).await)
}

/// What holds on one date instead of the week.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetException {
    /// The windows of that date; none means closed.
    windows: Vec<TimeWindow>,
    /// Why, for the hospital's eyes only.
    #[serde(default)]
    note: String,
}

/// Sets what holds on one date; booked visits stay. Administrators of the hospital, and the doctor.
#[utoipa::path(put, path = "/api/v1/doctors/{id}/hours/exceptions/{date}", tag = "availability",
    params(("id" = DoctorId, Path), ("date" = String, Path, format = Date)),
    request_body = SetException, responses((status = 200, body = WorkingHours)))]
async fn set_exception(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, date)): At<(DoctorId, Date)>,
    Body(SetException { windows, note }): Body<SetException>,
) -> Reply<WorkingHours> {
    let exception = DateException { date, windows, note };
    reply(state.services.availability.set_exception(&call, id, exception).await)
}

/// Lets the week hold again on a date. Administrators of the hospital, and the doctor.
#[utoipa::path(delete, path = "/api/v1/doctors/{id}/hours/exceptions/{date}", tag = "availability",
    params(("id" = DoctorId, Path), ("date" = String, Path, format = Date)),
    responses((status = 200, body = WorkingHours)))]
async fn remove_exception(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, date)): At<(DoctorId, Date)>,
) -> Reply<WorkingHours> {
    reply(state.services.availability.remove_exception(&call, id, date).await)
}
