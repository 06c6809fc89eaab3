//! The table of contents of every URL, and the order in which a request passes the guards.
//! What a URL does stands in the module that is named beside it.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderMap, StatusCode, Version, header},
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse,
    routing::{any, get, post},
};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    classify::{ServerErrorsAsFailures, SharedClassifier},
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
    trace::{DefaultOnResponse, TraceLayer},
};
use tracing::{Level, Span};

use crate::{
    registry::guard,
    rest,
    state::AppState,
    web::{
        actor, assets, calendars, client, csrf, forms, health, host,
        limits::{
            bodies::{self, Limit},
            rates::{self, Rates},
        },
        live, mutation, payments, photos,
        problem::Problem,
        pwa, reader, receipts, refusal, security, sessions, ssr, walls, well_known,
    },
};

/// Every URL of the server.
pub fn router(state: AppState) -> Router {
    with(state, Router::new())
}

/// The same, with routes that need nobody besides.
pub fn with(state: AppState, more: Router<AppState>) -> Router {
    let rates = Rates::new(&state.config);
    if let Some(rates) = rates.clone() {
        state.tasks.spawn(rates.forget_quiet(state.stopping.clone()));
    }
    let limit = |bytes| from_fn_with_state(Limit::new(&state, bytes), bodies::body);
    // What comes first here comes first to a request. One layer of all of them: each layer of a router copies all that is beneath it
    // for each request.
    let around = ServiceBuilder::new()
        .layer(trace())
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(from_fn_with_state(state.clone(), refusal::spell))
        .layer(CatchPanicLayer::custom(|_| Problem::accident("a handler panicked").into_response()))
        .layer(from_fn_with_state(state.clone(), host::guard))
        .layer(from_fn_with_state(state.clone(), client::resolve))
        .layer(from_fn_with_state(rates.clone(), rates::by_address));
    // /webhooks/* and /payments/return/*: from other sites by their nature, and signed by most; browsers come back no more often than they
    // may ask for pages
    let paid = payments::returns().layer(from_fn_with_state(rates.clone(), rates::by_account));
    let paid = paid.merge(payments::notices()).layer(limit(bodies::TOLD)).layer(DefaultBodyLimit::disable());
    guarded(&state, rates)
        .merge(open(&state).merge(more).layer(limit(bodies::NOTHING)))
        .merge(paid)
        .layer(around)
        .with_state(state)
}

/// Needs nobody and no session: health, files, photos, walls behind a secret.
fn open(state: &AppState) -> Router<AppState> {
    Router::new()
        .merge(health::routes()) // /livez /readyz /healthz
        .merge(pwa::routes()) // /sw.js /robots.txt /sitemap.xml
        .merge(well_known::routes()) // /.well-known/*
        .merge(assets::routes(&state.site)) // /pkg/* and each file of public/
        .route("/photos/{key}", get(photos::photo))
        .merge(walls::routes()) // /wall/*
        .merge(reader::routes().layer(compression())) // /api/docs /api/openapi.json
}

/// Asks first who it is: pages, server functions, the API, the socket.
fn guarded(state: &AppState, rates: Option<Arc<Rates>>) -> Router<AppState> {
    let limit = |bytes| from_fn_with_state(Limit::new(state, bytes), bodies::body);
    let asked = ServiceBuilder::new()
        .layer(from_fn_with_state(state.tasks.clone(), mutation::run_to_completion))
        .layer(sessions::layer(state.house.clone(), &state.config))
        .layer(from_fn_with_state(state.clone(), csrf::guard))
        .layer(from_fn_with_state(state.clone(), actor::resolve))
        .layer(from_fn_with_state(rates, rates::by_account))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(guard::watch));
    let words = rest::account_routes().merge(small_forms()).layer(limit(bodies::WORDS));
    words
        .merge(rest::routes().route("/api", any(unknown)).route("/api/{*rest}", any(unknown)))
        .merge(calendars::routes()) // /calendar/* /appointments/*/visit.ics
        .merge(receipts::routes()) // /receipts/*/receipt.pdf
        .merge(ssr::routes(state)) // the pages of the app and /_fn/*
        .layer(ServiceBuilder::new().layer(limit(bodies::USUAL)).layer(compression()))
        .merge(Router::new().route("/ws", any(live::socket)).layer(limit(bodies::NOTHING)))
        .merge(with_photos().layer(limit(bodies::PHOTO)))
        .layer(asked)
}

/// The forms that the server answers itself.
fn small_forms() -> Router<AppState> {
    Router::new().route("/sign-out", post(forms::sign_out)).route("/theme", post(forms::theme))
}

/// What takes a photo.
fn with_photos() -> Router<AppState> {
    rest::photo_routes().route("/hospital/doctors/{id}/photo", post(forms::photo))
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

/// A path as logs may have it: what follows a folder of secrets is one.
fn spoken(path: &str) -> &str {
    ["/calendar/", "/invitation/", "/wall/"]
        .into_iter()
        .find(|folder| path.starts_with(folder))
        .unwrap_or(path)
}

/// How a request is named in logs.
fn span(request: &Request) -> Span {
    tracing::debug_span!("request", method = %request.method(), path = spoken(request.uri().path()))
}

fn trace() -> TraceLayer<SharedClassifier<ServerErrorsAsFailures>, fn(&Request) -> Span> {
    TraceLayer::new_for_http()
        .make_span_with(span as fn(&Request) -> Span)
        .on_response(DefaultOnResponse::new().level(Level::DEBUG))
}
