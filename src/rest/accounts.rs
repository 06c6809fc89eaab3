//! `/auth/register`, `/me`, `/patients`: signing up, and who the caller is.
//! Tokens are in `sign_ins`; signing in with a cookie is the app's business.

use axum::{Json, extract::State};
use domain::{
    access::Principal,
    accounts::{OwnPatient, RegisterPatient, Registered},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::extract::{Body, Caller, Created, Reply, created, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(register_patient))
        .routes(routes!(principal))
        .routes(routes!(own_patients))
}

/// Signs a patient up.
#[utoipa::path(post, path = "/api/v1/auth/register", tag = "accounts", request_body = RegisterPatient,
    responses((status = 201, body = Registered)))]
async fn register_patient(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<RegisterPatient>,
) -> Created<Registered> {
    created(state.services.accounts.register_patient(&call, command).await)
}

/// Who the caller is, and where she is a member.
#[utoipa::path(get, path = "/api/v1/me", tag = "accounts", responses((status = 200, body = Principal)))]
async fn principal(Caller(call): Caller) -> Reply<Principal> {
    Ok(Json(call.actor.signed_in()?.clone()))
}

/// Patients whom the caller owns or acts for.
#[utoipa::path(get, path = "/api/v1/patients", tag = "accounts", responses((status = 200, body = [OwnPatient])))]
async fn own_patients(State(state): State<AppState>, Caller(call): Caller) -> Reply<Vec<OwnPatient>> {
    reply(state.services.accounts.own_patients(&call).await)
}
