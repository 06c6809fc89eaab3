//! What holds for certain dates only: absences, hours that are there once, closures.
//! What each means for free times is in the domain.

use axum::extract::State;
use domain::{
    availability::{AddAbsence, AddClosure, AddExtraHours, Closure, WorkingHours},
    ids::{AbsenceId, ClosureId, DoctorId, HospitalId, OpeningId},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::extract::{At, Body, Caller, Reply, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(add_absence))
        .routes(routes!(remove_absence))
        .routes(routes!(add_extra))
        .routes(routes!(remove_extra))
        .routes(routes!(closures, add_closure))
        .routes(routes!(remove_closure))
}

/// Says that a doctor is away; booked visits stay. Administrators of the hospital, and the doctor.
#[utoipa::path(post, path = "/api/v1/doctors/{id}/absences", tag = "availability", params(("id" = DoctorId, Path)),
    request_body = AddAbsence, responses((status = 200, body = WorkingHours)))]
async fn add_absence(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    Body(command): Body<AddAbsence>,
) -> Reply<WorkingHours> {
    reply(state.services.availability.add_absence(&call, id, command).await)
}

/// Takes an absence back. Administrators of the hospital, and the doctor.
#[utoipa::path(delete, path = "/api/v1/doctors/{id}/absences/{absence_id}", tag = "availability",
    params(("id" = DoctorId, Path), ("absence_id" = AbsenceId, Path)), responses((status = 200, body = WorkingHours)))]
async fn remove_absence(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, absence)): At<(DoctorId, AbsenceId)>,
) -> Reply<WorkingHours> {
    reply(state.services.availability.remove_absence(&call, id, absence).await)
}

/// Adds hours once. Administrators of the hospital, and the doctor.
#[utoipa::path(post, path = "/api/v1/doctors/{id}/extra-hours", tag = "availability", params(("id" = DoctorId, Path)),
    request_body = AddExtraHours, responses((status = 200, body = WorkingHours)))]
async fn add_extra(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    Body(command): Body<AddExtraHours>,
) -> Reply<WorkingHours> {
    reply(state.services.availability.add_extra(&call, id, command).await)
}

/// Takes extra hours away; booked visits stay. Administrators of the hospital, and the doctor.
#[utoipa::path(delete, path = "/api/v1/doctors/{id}/extra-hours/{extra_id}", tag = "availability",
    params(("id" = DoctorId, Path), ("extra_id" = OpeningId, Path)), responses((status = 200, body = WorkingHours)))]
async fn remove_extra(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, extra)): At<(DoctorId, OpeningId)>,
) -> Reply<WorkingHours> {
    reply(state.services.availability.remove_extra(&call, id, extra).await)
}

/// Dates on which a hospital is closed, as far as they are not over. Its administrators.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/closures", tag = "availability", params(("id" = HospitalId, Path)),
    responses((status = 200, body = [Closure])))]
async fn closures(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Reply<Vec<Closure>> {
    reply(state.services.availability.closures(&call, id).await)
}

/// Closes a hospital; booked visits stay. Its administrators.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/closures", tag = "availability", params(("id" = HospitalId, Path)),
    request_body = AddClosure, responses((status = 200, body = [Closure])))]
async fn add_closure(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(command): Body<AddClosure>,
) -> Reply<Vec<Closure>> {
    reply(state.services.availability.add_closure(&call, id, command).await)
}

/// Opens a hospital again. Its administrators.
#[utoipa::path(delete, path = "/api/v1/hospitals/{id}/closures/{closure_id}", tag = "availability",
    params(("id" = HospitalId, Path), ("closure_id" = ClosureId, Path)), responses((status = 200, body = [Closure])))]
async fn remove_closure(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, closure)): At<(HospitalId, ClosureId)>,
) -> Reply<Vec<Closure>> {
    reply(state.services.availability.remove_closure(&call, id, closure).await)
}
