//! `/api/docs` and `/api/openapi.json`: the API's document, for people and for programs.
//! What is in it stands beside the handlers in `rest`; how it looks is in the app.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use serde_json::Value;

use super::{pwa, refusal::THEME, security, sessions};
use crate::{rest, state::AppState};

/// The document is the same for everybody and is made once.
pub(crate) fn routes() -> Router<AppState> {
    let document = serde_json::to_value(rest::document()).unwrap_or_default();
    let text = document.to_string();
    let document = Arc::new(document);
    let page = move |State(state): State<AppState>, headers: HeaderMap| {
        let document = document.clone();
        async move { page(&state, &headers, &document) }
    };
    Router::new()
        .route("/api/openapi.json", get(move || async move { pwa::text("application/json", text) }))
        .route("/api/docs", get(page))
        .route("/api/docs/", get(|| async { Redirect::permanent("/api/docs") }))
}

fn page(state: &AppState, headers: &HeaderMap, document: &Value) -> Response {
    let theme = sessions::cookie(headers, THEME);
    let frame = app::still::Frame { folder: state.site.pkg(), theme };
    let mut response = Html(app::still::reader(frame, document)).into_response();
    security::protect_page(response.headers_mut(), &leptos::nonce::Nonce::new(), state);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Cookie"));
    response
}
