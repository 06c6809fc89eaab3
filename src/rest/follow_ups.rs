//! Follow-ups: asking a patient back, and choosing a time with the ticket that she gets.
//! Which times fit is the services' business.

use axum::extract::State;
use domain::{
    appointments::Appointment,
    follow_ups::{BookFollowUp, FollowUp, FollowUpTimes, OfferFollowUp},
    ids::{AppointmentId, FollowUpId},
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
        .routes(routes!(offer_follow_up, list_visit_follow_ups))
        .routes(routes!(list_own_follow_ups))
        .routes(routes!(get_follow_up, withdraw_follow_up))
        .routes(routes!(follow_up_times))
        .routes(routes!(book_follow_up))
}

/// Asks the patient of a visit back: she may book one visit of a kind within some days. Whoever may run the visit.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/follow-ups", tag = "follow-ups", request_body = OfferFollowUp,
    params(("id" = AppointmentId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    responses((status = 201, body = FollowUp)))]
async fn offer_follow_up(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
    Body(command): Body<OfferFollowUp>,
) -> Created<FollowUp> {
    created(state.services.follow_ups.offer(&call, id, command).await)
}

/// What has become of asking the patient of a visit back. Whoever may see the visit.
#[utoipa::path(get, path = "/api/v1/appointments/{id}/follow-ups", tag = "follow-ups",
    params(("id" = AppointmentId, Path)), responses((status = 200, body = Vec<FollowUp>)))]
async fn list_visit_follow_ups(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
) -> Reply<Vec<FollowUp>> {
    reply(state.services.follow_ups.of_visit(&call, id).await)
}

/// Where the caller's patients are asked back: open tickets, and those whose visit is to come.
#[utoipa::path(get, path = "/api/v1/follow-ups", tag = "follow-ups", responses((status = 200, body = Vec<FollowUp>)))]
async fn list_own_follow_ups(State(state): State<AppState>, Caller(call): Caller) -> Reply<Vec<FollowUp>> {
    reply(state.services.follow_ups.own(&call).await)
}

/// A ticket. Its patient's side, and members of the hospital.
#[utoipa::path(get, path = "/api/v1/follow-ups/{id}", tag = "follow-ups", params(("id" = FollowUpId, Path)),
    responses((status = 200, body = FollowUp)))]
async fn get_follow_up(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<FollowUpId>,
) -> Reply<FollowUp> {
    reply(state.services.follow_ups.get(&call, id).await)
}

/// Takes a ticket back that was not used. Whoever may give one.
#[utoipa::path(delete, path = "/api/v1/follow-ups/{id}", tag = "follow-ups", params(("id" = FollowUpId, Path)),
    responses((status = 200, body = FollowUp)))]
async fn withdraw_follow_up(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<FollowUpId>,
) -> Reply<FollowUp> {
    reply(state.services.follow_ups.withdraw(&call, id).await)
}

/// From when on times are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FollowUpParams {
    /// First local date; the ticket's own when absent, or today if that is over.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
}

/// The free times that a ticket allows: those of the first week that has any; `next` says where one looks on.
#[utoipa::path(get, path = "/api/v1/follow-ups/{id}/times", tag = "follow-ups",
    params(("id" = FollowUpId, Path), FollowUpParams), responses((status = 200, body = FollowUpTimes)))]
async fn follow_up_times(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<FollowUpId>,
    Params(params): Params<FollowUpParams>,
) -> Reply<FollowUpTimes> {
    let mut reader = Reader::default();
    let from = reader.date("from", params.from);
    reader.finish()?;
    reply(state.services.follow_ups.times(&call, id, from).await)
}

/// Books the visit of a ticket and uses it up, in one step. Where the answer is `pending-payment`, the time is held until it is paid for as
/// any other (`/appointments/{id}/checkout`). A visit that is cancelled gives the ticket back until its last day.
#[utoipa::path(post, path = "/api/v1/follow-ups/{id}/book", tag = "follow-ups", request_body = BookFollowUp,
    params(("id" = FollowUpId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    responses((status = 201, body = Appointment)))]
async fn book_follow_up(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<FollowUpId>,
    Body(command): Body<BookFollowUp>,
) -> Created<Appointment> {
    created(state.services.follow_ups.book(&call, id, command).await)
}
