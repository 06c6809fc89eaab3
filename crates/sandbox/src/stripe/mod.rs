//! Stripe's API, as far as a merchant needs it who sends people to Stripe's own page and takes the money later.
//! The page is in `checkout::session`.

mod api;
mod control;
mod desk;
mod fields;
mod keys;
mod refunds;
mod refusal;
mod till;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use crate::{
    faults::{self, Place},
    options::Options,
    shared::Shared,
};
pub(crate) use control::router as control;
pub(crate) use refusal::Refusal;
pub(crate) use till::{Intent, IntentStatus, Session, SessionStatus, Till};

pub(crate) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let at = |place, router: Router<Arc<Shared>>| {
        router.route_layer(middleware::from_fn_with_state((shared.clone(), place), faults::spoil))
    };
    let fetch = Router::new()
        .route("/v1/checkout/sessions/{id}", get(api::session))
        .route("/v1/payment_intents/{id}", get(api::intent))
        .route("/v1/refunds", get(api::refunds));
    let close = Router::new()
        .route("/v1/checkout/sessions/{id}/expire", post(api::expire))
        .route("/v1/payment_intents/{id}/cancel", post(api::cancel));
    at(Place::Fetch, fetch)
        .merge(at(Place::Close, close))
        .merge(at(Place::CreateOrder, Router::new().route("/v1/checkout/sessions", post(api::open))))
        .merge(at(
            Place::Capture,
            Router::new().route("/v1/payment_intents/{id}/capture", post(api::capture)),
        ))
        .merge(at(Place::Refund, Router::new().route("/v1/refunds", post(api::refund))))
        .route_layer(middleware::from_fn_with_state(shared.clone(), keys::remember))
        .route_layer(middleware::from_fn_with_state(shared.clone(), only_with_key))
}

async fn only_with_key(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if knows_key(request.headers(), &shared.options) {
        next.run(request).await
    } else {
        Refusal::unknown_key().into_response()
    }
}

/// The secret key as a bearer token. How long the comparison takes tells of a key that opens nothing.
fn knows_key(headers: &HeaderMap, options: &Options) -> bool {
    let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    said.and_then(|text| text.strip_prefix("Bearer ")) == Some(options.stripe_key.as_str())
}
