//! The API under `/api/v1`: one file per feature, its document, and the reader of the document.
//! A handler reads its input, calls one service once, and answers what that gave.

mod accounts;
mod appointments;
mod availability;
mod credentials;
mod doctors;
mod hospitals;
mod members;
mod openapi;
mod query;
mod schedule;
mod sign_ins;

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

use crate::{state::AppState, web::problem::Problem};

/// Every operation but those that take a photo, the document, and its reader.
pub(crate) fn routes() -> Router<AppState> {
    let reader = SwaggerUi::new("/api/docs").url("/api/openapi.json", document());
    Router::from(operations()).method_not_allowed_fallback(method_not_allowed).merge(reader)
}

/// The operations that take a photo, which may be larger than other bodies.
pub(crate) fn photo_routes() -> Router<AppState> {
    Router::from(doctors::photo_routes())
}

/// The OpenAPI 3.1 document.
pub fn document() -> OpenApi {
    openapi::complete(operations().merge(doctors::photo_routes()).into_openapi())
}

fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::frame())
        .merge(accounts::routes())
        .merge(credentials::routes())
        .merge(sign_ins::routes())
        .merge(hospitals::routes())
        .merge(members::routes())
        .merge(doctors::routes())
        .merge(availability::routes())
        .merge(appointments::routes())
        .merge(schedule::routes())
}

async fn method_not_allowed() -> Problem {
    Problem::method_not_allowed()
}
