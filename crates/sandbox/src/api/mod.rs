//! The API as Razorpay speaks it: who asks, and which function answers.
//! What a change does is in `world`; the hosted page is in `checkout`.

mod orders;
mod payments;
mod refunds;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    faults::{self, Place},
    options::Options,
    refusal::Refusal,
    shared::Shared,
};

pub(crate) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let at = |place, router: Router<Arc<Shared>>| {
        router.route_layer(middleware::from_fn_with_state((shared.clone(), place), faults::spoil))
    };
    let fetch = Router::new()
        .route("/v1/orders", get(orders::list))
        .route("/v1/orders/{id}", get(orders::fetch))
        .route("/v1/orders/{id}/payments", get(orders::payments))
        .route("/v1/payments/{id}", get(payments::fetch))
        .route("/v1/payments/{id}/refunds", get(refunds::list))
        .route("/v1/refunds/{id}", get(refunds::fetch));
    at(Place::Fetch, fetch)
        .merge(at(Place::CreateOrder, Router::new().route("/v1/orders", post(orders::create))))
        .merge(at(Place::Capture, Router::new().route("/v1/payments/{id}/capture", post(payments::capture))))
        .merge(at(Place::Refund, Router::new().route("/v1/payments/{id}/refund", post(refunds::create))))
        .route_layer(middleware::from_fn_with_state(shared.clone(), only_with_keys))
}

async fn only_with_keys(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if knows_keys(request.headers(), &shared.options) {
        next.run(request).await
    } else {
        Refusal::unknown_key().into_response()
    }
}

/// Basic authentication. How long the comparison takes tells of keys that open nothing.
fn knows_keys(headers: &HeaderMap, options: &Options) -> bool {
    let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let said =
        said.and_then(|text| text.split_once(' ')).filter(|(how, _)| how.eq_ignore_ascii_case("basic"));
    let said = said.and_then(|(_, keys)| STANDARD.decode(keys.trim()).ok());
    said.is_some_and(|keys| keys == format!("{}:{}", options.key_id, options.key_secret).as_bytes())
}

/// Several objects, as Razorpay lists them.
fn collection(items: &[impl Serialize]) -> Value {
    json!({ "entity": "collection", "count": items.len(), "items": items })
}
