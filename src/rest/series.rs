//! Series: the dates of one that is wanted, booking it, and what becomes of it.
//! Which times are free is the services' business.

use axum::extract::State;
use domain::{
    Error,
    ids::AppointmentId,
    series::{BookSeries, CancelSeries, PlanSeries, SeriesPlan, VisitSeries},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::extract::{At, Body, Caller, Created, OptionalBody, Reply, created, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(plan_series))
        .routes(routes!(book_series))
        .routes(routes!(appointment_series))
        .routes(routes!(cancel_series))
}

/// The dates of a series that is wanted, each with the rule that refuses it and free times of the same week. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/series/plan", tag = "series", request_body = PlanSeries,
    responses((status = 200, body = SeriesPlan)))]
async fn plan_series(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<PlanSeries>,
) -> Reply<SeriesPlan> {
    reply(state.services.series.plan(&call, command).await)
}

/// Books all the times, or none. A refusal names the times that cannot be had as `starts.<index>`.
#[utoipa::path(post, path = "/api/v1/series", tag = "series", request_body = BookSeries,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    responses((status = 201, body = VisitSeries)))]
async fn book_series(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<BookSeries>,
) -> Created<VisitSeries> {
    created(state.services.series.book(&call, command).await)
}

/// The series that a visit belongs to; 404 when it was booked alone. Whoever may see the visit.
#[utoipa::path(get, path = "/api/v1/appointments/{id}/series", tag = "series", params(("id" = AppointmentId, Path)),
    responses((status = 200, body = VisitSeries)))]
async fn appointment_series(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
) -> Reply<VisitSeries> {
    let found = state.services.series.of_visit(&call, id).await;
    reply(found.and_then(|series| series.ok_or(Error::NotFound)))
}

/// Cancels a visit and all later ones of its series that the caller may cancel now, in one step and each by the rules of any other.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/series/cancel", tag = "series", request_body = CancelSeries,
    params(("id" = AppointmentId, Path)), responses((status = 200, body = VisitSeries)))]
async fn cancel_series(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
    OptionalBody(command): OptionalBody<CancelSeries>,
) -> Reply<VisitSeries> {
    reply(state.services.series.cancel_from(&call, id, command).await)
}
