//! Looking at a change of hours before it is saved, and saving it as it was seen.
//! Which visits stand is decided in the domain.

use axum::extract::State;
use domain::{
    availability::{AddClosure, ChangeHours, CloseHospital, Closure, HoursChange, HoursImpact, WorkingHours},
    ids::{DoctorId, HospitalId},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::extract::{At, Body, Caller, Reply, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(preview_hours))
        .routes(routes!(change_hours))
        .routes(routes!(preview_closure))
        .routes(routes!(close_hospital))
}

/// What a change of hours would do: which visits would no longer stand, and what it costs. Nothing is changed. Administrators of the
/// hospital, and the doctor.
#[utoipa::path(post, path = "/api/v1/doctors/{id}/hours/preview", tag = "availability", params(("id" = DoctorId, Path)),
    request_body = HoursChange, responses((status = 200, body = HoursImpact)))]
async fn preview_hours(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    Body(change): Body<HoursChange>,
) -> Reply<HoursImpact> {
    reply(state.services.availability.preview_hours(&call, id, change).await)
}

/// Saves a change of hours as it was seen: with the `seen` of its preview, or without one if it hits no visit. Administrators of the
/// hospital, and the doctor.
#[utoipa::path(post, path = "/api/v1/doctors/{id}/hours/changes", tag = "availability", params(("id" = DoctorId, Path)),
    request_body = ChangeHours, responses((status = 200, body = WorkingHours)))]
async fn change_hours(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    Body(command): Body<ChangeHours>,
) -> Reply<WorkingHours> {
    reply(state.services.availability.change_hours(&call, id, command).await)
}

/// What closing a hospital would do, for all its doctors. Nothing is changed. Its administrators.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/closures/preview", tag = "availability", params(("id" = HospitalId, Path)),
    request_body = AddClosure, responses((status = 200, body = HoursImpact)))]
async fn preview_closure(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(command): Body<AddClosure>,
) -> Reply<HoursImpact> {
    reply(state.services.availability.preview_closure(&call, id, command).await)
}

/// Closes a hospital as it was seen: with the `seen` of the preview, or without one if it hits no visit. Its administrators.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/closures/changes", tag = "availability", params(("id" = HospitalId, Path)),
    request_body = CloseHospital, responses((status = 200, body = [Closure])))]
async fn close_hospital(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(command): Body<CloseHospital>,
) -> Reply<Vec<Closure>> {
    reply(state.services.availability.close_hospital(&call, id, command).await)
}
