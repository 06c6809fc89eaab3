//! Whether the process lives and whether it can serve, for whoever watches it.
//! It says nothing about what is inside.

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

use crate::state::AppState;

/// `/livez`, `/readyz`, and `/healthz` for those who know only that name.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/livez", get(live)).route("/readyz", get(ready)).route("/healthz", get(ready))
}

/// Whether a path is one of them.
pub(crate) fn is_asked(path: &str) -> bool {
    matches!(path, "/livez" | "/readyz" | "/healthz")
}

async fn live() -> Response {
    answer(true)
}

/// Not ready while the server stops, so that a balancer turns elsewhere.
async fn ready(State(state): State<AppState>) -> Response {
    answer(!state.stopping.is_cancelled() && state.house.ready().await)
}

fn answer(well: bool) -> Response {
    let (status, word) =
        if well { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "unavailable") };
    let mut response = (status, Json(json!({ "status": word }))).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
