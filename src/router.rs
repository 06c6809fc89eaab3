//! The table of contents of every URL, and the order in which a request passes the guards.
//! What a URL does stands in the module that is named beside it.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderMap, StatusCode, Version, header},
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse,
    routing::{any, get, post},
};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
    trace::{DefaultMakeSpan, DefaultOnResponse, TraceLayer},
};
use tracing::Level;

use crate::{
    registry::guard,
    rest,
    state::AppState,
    web::{
        actor, assets, csrf, forms, health, limits, live, mutation, photos, problem::Problem, pwa, security,
        sessions, ssr,
    },
};

/// Every URL of the server.
pub fn router(state: AppState) -> Router {
    guarded(&state)
        .merge(open(&state))
        .layer(CatchPanicLayer::custom(|_| Problem::accident("a handler panicked").into_response()))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(trace())
        .with_state(state)
}

/// Needs nobody and no session: health, files, photos.
fn open(state: &AppState) -> Router<AppState> {
    Router::new()
        .merge(health::routes()) // /livez /readyz /healthz
        .merge(pwa::routes()) // /sw.js /robots.txt /sitemap.xml /.well-known/*
        .merge(assets::routes(&state.site)) // /pkg/* and each file of public/
        .route("/photos/{key}", get(photos::photo))
}

/// Asks first who it is: pages, server functions, the API, the socket.
fn guarded(state: &AppState) -> Router<AppState> {
    let rates = limits::Rates::new(&state.config);
    if let Some(rates) = rates.clone() {
        state.tasks.spawn(forget_quiet(rates, state.stopping.clone()));
    }
    small()
        .merge(ssr_and_forms(state))
        .layer(compression())
        .route("/ws", any(live::socket))
        .layer(from_fn_with_state(limits::BODY, limits::body))
        .merge(with_photos())
        .layer(from_fn(guard::watch))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(rates, limits::rate))
        .layer(from_fn_with_state(state.clone(), actor::resolve))
        .layer(from_fn_with_state(state.clone(), csrf::guard))
        .layer(sessions::layer(state.house.clone(), &state.config))
        .layer(from_fn_with_state(state.tasks.clone(), mutation::run_to_completion))
}

/// The API: /api/v1/*, its document and its reader.
fn small() -> Router<AppState> {
    rest::routes().route("/api", any(unknown)).route("/api/{*rest}", any(unknown))
}

/// The pages of the app and /_fn/*; the forms that the server answers itself.
fn ssr_and_forms(state: &AppState) -> Router<AppState> {
    ssr::routes(state).route("/sign-out", post(forms::sign_out)).route("/theme", post(forms::theme))
}

/// What takes a photo may be larger.
fn with_photos() -> Router<AppState> {
    rest::photo_routes()
        .route("/hospital/doctors/{id}/photo", post(forms::photo))
        .layer(from_fn_with_state(limits::PHOTO_BODY, limits::body))
}

async fn unknown() -> Problem {
    domain::Error::NotFound.into()
}

/// Pages and JSON of more than a kilobyte; a higher quality takes longer than the bytes that it saves.
fn compression() -> CompressionLayer<impl Predicate> {
    let worth_it = |_: StatusCode, _: Version, headers: &HeaderMap, _: &axum::http::Extensions| {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        kind.starts_with("text/html") || kind.starts_with("application/json")
    };
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(4))
        .compress_when(SizeAbove::new(1024).and(worth_it))
}

fn trace() -> TraceLayer<tower_http::classify::SharedClassifier<tower_http::classify::ServerErrorsAsFailures>>
{
    TraceLayer::new_for_http()
        .make_span_with(DefaultMakeSpan::new().level(Level::DEBUG))
        .on_response(DefaultOnResponse::new().level(Level::DEBUG))
}

/// Now and then lets the counters of quiet clients go.
async fn forget_quiet(rates: std::sync::Arc<limits::Rates>, stopping: tokio_util::sync::CancellationToken) {
    let mut every_minute = tokio::time::interval(std::time::Duration::from_mins(1));
    while stopping.run_until_cancelled(every_minute.tick()).await.is_some() {
        rates.forget_quiet();
    }
}
