//! The desk's queue: today's visits in four columns, walk-ins, a patient who says that she is here, and the wall of the waiting room.
//! Which time a walk-in gets is the services' business.

use axum::{extract::State, http::StatusCode};
use domain::{
    appointments::Appointment,
    ids::{AppointmentId, DoctorId, HospitalId},
    queues::{
        NewWallAddress, QueueBoard, QueueSettings, SayHere, WalkIn, WalkInDoctor, WallAddress, WallBoard,
    },
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::query::Reader;
use crate::{
    state::AppState,
    web::{
        extract::{At, Body, Caller, Created, OptionalBody, Params, Reply, created, reply},
        problem::Problem,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(read_queue))
        .routes(routes!(list_walk_in_doctors, take_in_walk_in))
        .routes(routes!(say_here))
        .routes(routes!(get_queue_settings, set_queue_settings))
        .routes(routes!(read_wall))
        .routes(routes!(get_wall_address, make_wall_address, end_wall_address))
}

/// Whose queue is wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct QueueParams {
    /// Of this doctor.
    #[param(value_type = Option<DoctorId>)]
    doctor: Option<String>,
}

/// Today's queue of a hospital: expected, arrived, in room, done, with numbers and waits. Its members, of visits those that they may read.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/queue", tag = "queue",
    params(("id" = HospitalId, Path), QueueParams), responses((status = 200, body = QueueBoard)))]
async fn read_queue(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Params(params): Params<QueueParams>,
) -> Reply<QueueBoard> {
    let mut reader = Reader::default();
    let doctor: Option<DoctorId> = reader.id("doctor", params.doctor);
    reader.finish()?;
    reply(state.services.queues.board(&call, id, doctor).await)
}

/// Doctors with the moment from which each could see somebody today who has no time. Members of the hospital.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/walk-ins", tag = "queue", params(("id" = HospitalId, Path)),
    responses((status = 200, body = Vec<WalkInDoctor>)))]
async fn list_walk_in_doctors(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Reply<Vec<WalkInDoctor>> {
    reply(state.services.queues.walk_in_doctors(&call, id).await)
}

/// Takes in somebody who has come without a time: the next moment at which the doctor is free today is hers, whatever the published
/// hours say, and she is `arrived` with a number. A doctor or a visit type is needed; 409 `no_time_today` when none is free any more.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/walk-ins", tag = "queue", request_body = WalkIn,
    params(("id" = HospitalId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    responses((status = 201, body = Appointment)))]
async fn take_in_walk_in(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(command): Body<WalkIn>,
) -> Created<Appointment> {
    created(state.services.queues.walk_in(&call, id, command).await)
}

/// Says that the patient is here, by her own side, from two hours before the time to its end; where the hospital leaves that to the desk:
/// 409 `ask_at_desk`.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/here", tag = "queue",
    params(("id" = AppointmentId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    request_body = Option<SayHere>, responses((status = 200, body = Appointment)))]
async fn say_here(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
    OptionalBody(command): OptionalBody<SayHere>,
) -> Reply<Appointment> {
    reply(state.services.queues.say_here(&call, id, command).await)
}

/// What a hospital has decided about its queue. Anybody.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/queue-settings", tag = "queue", params(("id" = HospitalId, Path)),
    responses((status = 200, body = QueueSettings)))]
async fn get_queue_settings(State(state): State<AppState>, At(id): At<HospitalId>) -> Reply<QueueSettings> {
    reply(state.services.queues.settings(id).await)
}

/// Changes it. Administrators of the hospital.
#[utoipa::path(put, path = "/api/v1/hospitals/{id}/queue-settings", tag = "queue", request_body = QueueSettings,
    params(("id" = HospitalId, Path)), responses((status = 200, body = QueueSettings)))]
async fn set_queue_settings(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(settings): Body<QueueSettings>,
) -> Reply<QueueSettings> {
    reply(state.services.queues.set_settings(&call, id, settings).await)
}

/// What hangs on the wall of the waiting room: numbers and doors, nobody's name. Members of the hospital.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/wall", tag = "queue", params(("id" = HospitalId, Path)),
    responses((status = 200, body = WallBoard)))]
async fn read_wall(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Reply<WallBoard> {
    reply(state.services.queues.wall(&call, id).await)
}

/// Since when the wall has a private address, and when that was last read. Administrators of the hospital.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/wall-address", tag = "queue", params(("id" = HospitalId, Path)),
    responses((status = 200, body = WallAddress)))]
async fn get_wall_address(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Reply<WallAddress> {
    reply(state.services.queues.wall_address(&call, id).await)
}

/// Makes a private address for the screen in the waiting room, which needs no sign-in then; the one before ends at once. It is shown in
/// this answer and never again. Administrators of the hospital.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/wall-address", tag = "queue", params(("id" = HospitalId, Path)),
    responses((status = 201, body = NewWallAddress)))]
async fn make_wall_address(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Created<NewWallAddress> {
    created(state.services.queues.make_wall_address(&call, id).await)
}

/// Ends the private address at once. Administrators of the hospital.
#[utoipa::path(delete, path = "/api/v1/hospitals/{id}/wall-address", tag = "queue", params(("id" = HospitalId, Path)),
    responses((status = 204, description = "Ended")))]
async fn end_wall_address(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Result<StatusCode, Problem> {
    state.services.queues.end_wall_address(&call, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
