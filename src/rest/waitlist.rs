//! The waiting list: joining and leaving it, answering what is offered, and a hospital's line.
//! Who is offered which time is the services' business.

use axum::extract::State;
use domain::{
    appointments::Appointment,
    ids::{DoctorId, HospitalId, WaitlistEntryId},
    waitlist::{JoinWaitlist, WaitingPatient, WaitlistEntry},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::query::Reader;
use crate::{
    state::AppState,
    web::extract::{At, Body, Caller, Created, Params, Reply, created, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(join_waitlist, list_own_waitlist))
        .routes(routes!(leave_waitlist))
        .routes(routes!(accept_offer))
        .routes(routes!(decline_offer))
        .routes(routes!(list_hospital_waitlist))
}

/// Puts a patient on the waiting list of a doctor: for a visit, or for an earlier time of a visit that she has. Her own side, and the desk
/// and administrators for patients of the hospital.
#[utoipa::path(post, path = "/api/v1/waitlist", tag = "waiting list", request_body = JoinWaitlist,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    responses((status = 201, body = WaitlistEntry)))]
async fn join_waitlist(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<JoinWaitlist>,
) -> Created<WaitlistEntry> {
    created(state.services.waitlist.join(&call, command).await)
}

/// Where the caller's patients wait, with their place in the line and the time that is kept for them now.
#[utoipa::path(get, path = "/api/v1/waitlist", tag = "waiting list", responses((status = 200, body = Vec<WaitlistEntry>)))]
async fn list_own_waitlist(State(state): State<AppState>, Caller(call): Caller) -> Reply<Vec<WaitlistEntry>> {
    reply(state.services.waitlist.own(&call).await)
}

/// Leaves the list; a time that is kept goes to the next. The patient's own side, the desk and administrators.
#[utoipa::path(delete, path = "/api/v1/waitlist/{id}", tag = "waiting list", params(("id" = WaitlistEntryId, Path)),
    responses((status = 200, body = WaitlistEntry)))]
async fn leave_waitlist(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<WaitlistEntryId>,
) -> Reply<WaitlistEntry> {
    reply(state.services.waitlist.withdraw(&call, id).await)
}

/// Takes the time that is kept. The answer is the visit; where that is `pending-payment`, the time is held until it is paid for as any
/// other (`/appointments/{id}/checkout`).
#[utoipa::path(post, path = "/api/v1/waitlist/{id}/accept", tag = "waiting list", params(("id" = WaitlistEntryId, Path)),
    responses((status = 200, body = Appointment)))]
async fn accept_offer(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<WaitlistEntryId>,
) -> Reply<Appointment> {
    reply(state.services.waitlist.accept(&call, id).await)
}

/// Lets the time that is kept go to the next; the place in the line stays.
#[utoipa::path(post, path = "/api/v1/waitlist/{id}/decline", tag = "waiting list", params(("id" = WaitlistEntryId, Path)),
    responses((status = 200, body = WaitlistEntry)))]
async fn decline_offer(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<WaitlistEntryId>,
) -> Reply<WaitlistEntry> {
    reply(state.services.waitlist.decline(&call, id).await)
}

/// Whose line is wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LineParams {
    /// Of this doctor.
    #[param(value_type = Option<DoctorId>)]
    doctor: Option<String>,
}

/// Who waits at a hospital, in the order of the line. Desk and administrators; a doctor sees who waits for her.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/waitlist", tag = "waiting list",
    params(("id" = HospitalId, Path), LineParams), responses((status = 200, body = Vec<WaitingPatient>)))]
async fn list_hospital_waitlist(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Params(params): Params<LineParams>,
) -> Reply<Vec<WaitingPatient>> {
    let mut reader = Reader::default();
    let doctor: Option<DoctorId> = reader.id("doctor", params.doctor);
    reader.finish()?;
    reply(state.services.waitlist.of_hospital(&call, id, doctor).await)
}
