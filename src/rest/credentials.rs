//! `/auth/verify`, `/auth/forgot-password`, `/auth/reset-password`, `/auth/password`, `/auth/email`: what an account signs in with.
//! Signing up is in `accounts`, tokens are in `sign_ins`.

use axum::{extract::State, http::StatusCode};
use domain::{
    access::Principal,
    credentials::{
        ChangeEmail, ChangePassword, ForgotPassword, ResendVerification, ResetPassword, UndoEmail,
        VerifyEmail,
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::{
        extract::{Body, Caller, OptionalBody, Reply, reply},
        problem::Problem,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(verify_email))
        .routes(routes!(resend_verification))
        .routes(routes!(forgot_password))
        .routes(routes!(reset_password))
        .routes(routes!(change_password))
        .routes(routes!(change_email))
        .routes(routes!(undo_email))
}

/// Confirms an address with the secret of a mail's link, and the password unless the caller is signed in with the account.
#[utoipa::path(post, path = "/api/v1/auth/verify", tag = "accounts", request_body = VerifyEmail,
    responses((status = 200, body = Principal)))]
async fn verify_email(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<VerifyEmail>,
) -> Reply<Principal> {
    reply(state.services.credentials.verify_email(&call, command).await)
}

/// Sends the confirming mail again; at most a few times an hour, and always with this answer.
#[utoipa::path(post, path = "/api/v1/auth/verify/resend", tag = "accounts", request_body = ResendVerification,
    responses((status = 202, description = "Taken")))]
async fn resend_verification(
    State(state): State<AppState>,
    Caller(call): Caller,
    OptionalBody(command): OptionalBody<ResendVerification>,
) -> Result<StatusCode, Problem> {
    state.services.credentials.resend_verification(&call, command).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Sends a mail with a link for a new password. The answer is the same for every address.
#[utoipa::path(post, path = "/api/v1/auth/forgot-password", tag = "accounts", request_body = ForgotPassword,
    responses((status = 202, description = "Taken")))]
async fn forgot_password(
    State(state): State<AppState>,
    Body(command): Body<ForgotPassword>,
) -> Result<StatusCode, Problem> {
    state.services.credentials.forgot_password(command).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Sets a new password with the secret of a mail's link, and ends all sign-ins of the account.
#[utoipa::path(post, path = "/api/v1/auth/reset-password", tag = "accounts", request_body = ResetPassword,
    responses((status = 204, description = "Set")))]
async fn reset_password(
    State(state): State<AppState>,
    Body(command): Body<ResetPassword>,
) -> Result<StatusCode, Problem> {
    state.services.credentials.reset_password(command, "").await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces the caller's password; by default all other sign-ins end.
#[utoipa::path(post, path = "/api/v1/auth/password", tag = "accounts", request_body = ChangePassword,
    responses((status = 204, description = "Replaced")))]
async fn change_password(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<ChangePassword>,
) -> Result<StatusCode, Problem> {
    state.services.credentials.change_password(&call, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes to a new address; it replaces the caller's once `/auth/verify` has had the secret of that mail.
#[utoipa::path(post, path = "/api/v1/auth/email", tag = "accounts", request_body = ChangeEmail,
    responses((status = 202, description = "Taken")))]
async fn change_email(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<ChangeEmail>,
) -> Result<StatusCode, Problem> {
    state.services.credentials.change_email(&call, command).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Takes a change of the address back with the secret of the mail to the former one, and ends all sign-ins of the account.
#[utoipa::path(post, path = "/api/v1/auth/email/undo", tag = "accounts", request_body = UndoEmail,
    responses((status = 204, description = "Taken back")))]
async fn undo_email(
    State(state): State<AppState>,
    Body(command): Body<UndoEmail>,
) -> Result<StatusCode, Problem> {
    state.services.credentials.undo_email(command).await?;
    Ok(StatusCode::NO_CONTENT)
}
