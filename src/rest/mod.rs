//! The API under `/api/v1`: one file per feature, and its document.
//! A handler reads its input, calls one service once, and answers what that gave.
//!
//! Files have the names of their features but for three: `members` is of accounts, `schedule` of appointments, `audit_file` of the audit.

mod accounts;
mod appointments;
mod audit;
mod audit_file;
mod availability;
mod calendars;
mod changes;
mod credentials;
mod doctors;
mod emergencies;
mod family;
mod follow_ups;
mod hospitals;
mod members;
mod openapi;
mod passkeys;
mod payments;
mod query;
mod queues;
mod resources;
mod schedule;
mod second_factors;
mod series;
mod sign_ins;
mod waitlist;

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{state::AppState, web::problem::Problem};

/// Every operation but those below.
pub(crate) fn routes() -> Router<AppState> {
    Router::from(operations()).method_not_allowed_fallback(method_not_allowed)
}

/// The operations of accounts and sign-ins, which take a few words and no more.
pub(crate) fn account_routes() -> Router<AppState> {
    Router::from(account_operations()).method_not_allowed_fallback(method_not_allowed)
}

/// The operations that take a photo, which may be larger than other bodies.
pub(crate) fn photo_routes() -> Router<AppState> {
    Router::from(doctors::photo_routes())
}

/// The OpenAPI 3.1 document.
pub fn document() -> OpenApi {
    let all = account_operations().merge(operations()).merge(doctors::photo_routes());
    openapi::complete(OpenApiRouter::with_openapi(openapi::frame()).merge(all).into_openapi())
}

fn account_operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(accounts::routes())
        .merge(credentials::routes())
        .merge(sign_ins::routes())
        .merge(second_factors::routes())
        .merge(family::routes())
        .merge(calendars::routes())
        .merge(passkeys::routes())
}

fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(hospitals::routes())
        .merge(resources::routes())
        .merge(members::routes())
        .merge(doctors::routes())
        .merge(availability::routes())
        .merge(appointments::routes())
        .merge(changes::routes())
        .merge(payments::routes())
        .merge(queues::routes())
        .merge(waitlist::routes())
        .merge(follow_ups::routes())
        .merge(series::routes())
        .merge(schedule::routes())
        .merge(audit::routes())
        .merge(emergencies::routes())
}

async fn method_not_allowed() -> Problem {
    Problem::method_not_allowed()
}
