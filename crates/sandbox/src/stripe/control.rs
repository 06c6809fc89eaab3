//! What Stripe's half can be told under `/sandbox/stripe`: payments without a browser, banks that answer, refunds that end.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State, rejection::JsonRejection},
    routing::post,
};
use serde::Deserialize;
use serde_json::Value;

use super::{refusal::Refusal, till::RefundStatus};
use crate::{faults::Place, shared::Shared, world::Outcome};

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sandbox/stripe/sessions/{id}/pay", post(pay))
        .route("/sandbox/stripe/intents/{id}/clear", post(clear))
        .route("/sandbox/stripe/refunds/{id}/settle", post(settle))
}

#[derive(Debug, Deserialize)]
struct Pay {
    outcome: Outcome,
    amount: Option<i64>,
}

fn readable<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Refusal> {
    body.map(|Json(body)| body).map_err(|rejection| Refusal::bad(rejection.body_text()))
}

/// The session, with the intent in it.
async fn pay(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    pay: Result<Json<Pay>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Pay { outcome, amount } = readable(pay)?;
    if amount.is_some_and(|amount| amount < 1) {
        return Err(Refusal::param("amount", "parameter_invalid_integer", "The amount must be at least 1."));
    }
    let paid = shared.alter(Place::Pay, |desk| {
        let session = desk.pay_session(&id, outcome, amount)?;
        Ok::<_, Refusal>(desk.world.stripe.shown(&session, true))
    });
    paid.await.map(Json)
}

/// The bank says yes after all.
async fn clear(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    let cleared = shared.alter(Place::Pay, |desk| {
        desk.clear(&id)?;
        Ok::<_, Refusal>(desk.world.stripe.intent(&id)?.shown())
    });
    cleared.await.map(Json)
}

#[derive(Debug, Deserialize)]
struct Settle {
    status: RefundStatus,
}

async fn settle(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    settle: Result<Json<Settle>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Settle { status } = readable(settle)?;
    let settled = shared.alter(Place::Refund, |desk| {
        desk.settle_refund(&id, status)?;
        Ok::<_, Refusal>(desk.world.stripe.refund(&id)?.shown())
    });
    settled.await.map(Json)
}
