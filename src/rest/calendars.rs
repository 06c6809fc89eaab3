//! `/calendar-feed`: the private address of the caller's calendar. What is behind it is no part of the API: see `web::calendars`.
//! Which visits a calendar shows is the services' business.

use axum::{extract::State, http::StatusCode};
use domain::calendars::{Feed, NewFeed, SetFeed};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::{
        extract::{Body, Caller, Created, Reply, created, reply},
        problem::Problem,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(
        read_calendar_feed,
        make_calendar_feed,
        change_calendar_feed,
        end_calendar_feed
    ))
}

/// How much the private address of the caller's calendar tells, and when it was last read. 404 while there is none.
#[utoipa::path(get, path = "/api/v1/calendar-feed", tag = "appointments", responses((status = 200, body = Feed)))]
async fn read_calendar_feed(State(state): State<AppState>, Caller(call): Caller) -> Reply<Feed> {
    reply(state.services.calendars.feed(&call).await)
}

/// Makes a private address under which calendar programs read the caller's visits, without a password. It is in this answer and
/// nowhere else; one that was made before is dead from then on. A mail tells the account's owner.
#[utoipa::path(post, path = "/api/v1/calendar-feed", tag = "appointments", request_body = SetFeed,
    responses((status = 201, body = NewFeed)))]
async fn make_calendar_feed(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<SetFeed>,
) -> Created<NewFeed> {
    created(state.services.calendars.make_feed(&call, command).await)
}

/// Lets the address tell more or less; it stays the same.
#[utoipa::path(patch, path = "/api/v1/calendar-feed", tag = "appointments", request_body = SetFeed,
    responses((status = 200, body = Feed)))]
async fn change_calendar_feed(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<SetFeed>,
) -> Reply<Feed> {
    reply(state.services.calendars.change_feed(&call, command).await)
}

/// Ends the address at once.
#[utoipa::path(delete, path = "/api/v1/calendar-feed", tag = "appointments",
    responses((status = 204, description = "Ended")))]
async fn end_calendar_feed(
    State(state): State<AppState>,
    Caller(call): Caller,
) -> Result<StatusCode, Problem> {
    state.services.calendars.end_feed(&call).await?;
    Ok(StatusCode::NO_CONTENT)
}
