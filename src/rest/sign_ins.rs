//! `/auth/*`: tokens for programs, and the list of sign-ins.
//! Signing in with a cookie is the app's business.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use domain::{
    ids::SignInId,
    sign_ins::{IssueTokens, RefreshTokens, RevokeToken, SignedIn, StepUp, Tokens, device},
};
use serde::Serialize;
use tower_sessions::Session;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::{
        extract::{At, Body, Caller, Reply, reply},
        problem::Problem,
        sessions,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(issue_tokens))
        .routes(routes!(refresh_tokens))
        .routes(routes!(revoke_token))
        .routes(routes!(step_up))
        .routes(routes!(list_sign_ins))
        .routes(routes!(end_sign_in))
        .routes(routes!(end_other_sign_ins))
}

/// All sign-ins of an account; there are never so many that they would need pages.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedInList {
    items: Vec<SignedIn>,
    /// Always null.
    next_cursor: Option<String>,
}

/// Trades an address and a password for an access token of ten minutes and a refresh token. 401 `second_factor_required` when the
/// account asks for a code and none was sent.
#[utoipa::path(post, path = "/api/v1/auth/token", tag = "accounts", request_body = IssueTokens,
    responses((status = 200, body = Tokens)))]
async fn issue_tokens(
    State(state): State<AppState>,
    headers: HeaderMap,
    Body(command): Body<IssueTokens>,
) -> Reply<Tokens> {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    reply(state.services.sign_ins.issue(command, &device(agent)).await)
}

/// Trades a refresh token for the next pair. 400 `invalid_grant` when it buys nothing; the sign-in has then ended, or never was.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "accounts", request_body = RefreshTokens,
    responses((status = 200, body = Tokens)))]
async fn refresh_tokens(State(state): State<AppState>, Body(command): Body<RefreshTokens>) -> Reply<Tokens> {
    reply(state.services.sign_ins.refresh(command).await)
}

/// Ends the sign-in of a token, within a second on every server. A token that nobody knows is answered alike (RFC 7009).
#[utoipa::path(post, path = "/api/v1/auth/revoke", tag = "accounts", request_body = RevokeToken,
    responses((status = 204, description = "Ended")))]
async fn revoke_token(
    State(state): State<AppState>,
    Body(command): Body<RevokeToken>,
) -> Result<StatusCode, Problem> {
    state.services.sign_ins.revoke(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows anew who the caller is: for five minutes this sign-in may do what answers 403 `step_up_required` otherwise.
#[utoipa::path(post, path = "/api/v1/auth/step-up", tag = "accounts", request_body = StepUp,
    responses((status = 204, description = "Shown")))]
async fn step_up(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
    Caller(call): Caller,
    Body(command): Body<StepUp>,
) -> Result<StatusCode, Problem> {
    let at = state.services.sign_ins.prove(&call, command).await?;
    if let Some(who) = call.actor.principal() {
        sessions::prove(&session, who, at).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Where the caller is signed in, latest first; for a month also what was ended because a token came twice.
#[utoipa::path(get, path = "/api/v1/auth/sessions", tag = "accounts", responses((status = 200, body = SignedInList)))]
async fn list_sign_ins(State(state): State<AppState>, Caller(call): Caller) -> Reply<SignedInList> {
    let items = state.services.sign_ins.list(&call).await;
    reply(items.map(|items| SignedInList { items, next_cursor: None }))
}

/// Ends one of the caller's sign-ins.
#[utoipa::path(delete, path = "/api/v1/auth/sessions/{id}", tag = "accounts",
    params(("id" = SignInId, Path, description = "The sign-in")),
    responses((status = 204, description = "Ended")))]
async fn end_sign_in(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<SignInId>,
) -> Result<StatusCode, Problem> {
    state.services.sign_ins.end(&call, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all of the caller's sign-ins but the one that asks.
#[utoipa::path(post, path = "/api/v1/auth/sessions/end-others", tag = "accounts",
    responses((status = 204, description = "Ended")))]
async fn end_other_sign_ins(
    State(state): State<AppState>,
    Caller(call): Caller,
) -> Result<StatusCode, Problem> {
    state.services.sign_ins.end_others(&call).await?;
    Ok(StatusCode::NO_CONTENT)
}
