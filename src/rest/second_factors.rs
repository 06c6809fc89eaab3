//! `/auth/second-factor`: codes besides the password. Giving one at signing in is in `sign_ins`.
//! How a code is checked is the services' business.

use axum::extract::State;
use domain::second_factors::{BeginSecondFactor, ConfirmSecondFactor, ProveBoth, SecondFactor};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::extract::{Body, Caller, Reply, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(read_second_factor, begin_second_factor))
        .routes(routes!(confirm_second_factor))
        .routes(routes!(renew_recovery_codes))
        .routes(routes!(turn_off_second_factor))
}

/// How the caller's second factor stands. Recovery codes are in it for ten minutes after they were made.
#[utoipa::path(get, path = "/api/v1/auth/second-factor", tag = "accounts", responses((status = 200, body = SecondFactor)))]
async fn read_second_factor(State(state): State<AppState>, Caller(call): Caller) -> Reply<SecondFactor> {
    reply(state.services.second_factors.second_factor(&call).await)
}

/// Makes a secret for the phone; signing in asks for codes once one was confirmed. 409 `already_done` when it is on.
#[utoipa::path(post, path = "/api/v1/auth/second-factor", tag = "accounts", request_body = BeginSecondFactor,
    responses((status = 200, body = SecondFactor)))]
async fn begin_second_factor(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<BeginSecondFactor>,
) -> Reply<SecondFactor> {
    reply(state.services.second_factors.begin(&call, command).await)
}

/// Turns it on with the phone's first code, and makes ten recovery codes; all other sign-ins end.
#[utoipa::path(post, path = "/api/v1/auth/second-factor/confirm", tag = "accounts", request_body = ConfirmSecondFactor,
    responses((status = 200, body = SecondFactor)))]
async fn confirm_second_factor(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<ConfirmSecondFactor>,
) -> Reply<SecondFactor> {
    reply(state.services.second_factors.confirm(&call, command).await)
}

/// Replaces all recovery codes.
#[utoipa::path(post, path = "/api/v1/auth/second-factor/recovery-codes", tag = "accounts", request_body = ProveBoth,
    responses((status = 200, body = SecondFactor)))]
async fn renew_recovery_codes(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<ProveBoth>,
) -> Reply<SecondFactor> {
    reply(state.services.second_factors.renew_recovery_codes(&call, command).await)
}

/// Turns it off; all other sign-ins end.
#[utoipa::path(post, path = "/api/v1/auth/second-factor/turn-off", tag = "accounts", request_body = ProveBoth,
    responses((status = 200, body = SecondFactor)))]
async fn turn_off_second_factor(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<ProveBoth>,
) -> Reply<SecondFactor> {
    reply(state.services.second_factors.turn_off(&call, command).await)
}
