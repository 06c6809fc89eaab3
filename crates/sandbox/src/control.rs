//! What tests and the demo tell the provider to do, under `/sandbox`: faults, payments without a browser, webhooks held back.
//! It asks for no key: only this machine reaches it.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State, rejection::JsonRejection},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    entities::{Payment, Refund, RefundStatus, shown},
    faults::{Armed, Place},
    refusal::Refusal,
    shared::Shared,
    signature,
    world::{Attempt, Outcome, Payer, Release},
};

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sandbox/state", get(state))
        .route("/sandbox/faults", post(arm).delete(disarm))
        .route("/sandbox/orders/{id}/pay", post(pay))
        .route("/sandbox/payments/{id}/authorize", post(authorize))
        .route("/sandbox/refunds/{id}/settle", post(settle))
        .route("/sandbox/webhooks/hold", post(hold))
        .route("/sandbox/webhooks/release", post(release))
        .route("/sandbox/webhooks/drop", post(forget))
}

/// Everything, as it stands in the file.
async fn state(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(shared.look(shown))
}

async fn arm(
    State(shared): State<Arc<Shared>>,
    armed: Result<Json<Armed>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Json(armed) = armed?;
    shared.change(Place::Elsewhere, |desk| desk.world.faults.arm(armed)).await?;
    Ok(Json(shared.look(|world| json!({ "faults": world.faults }))))
}

async fn disarm(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, Refusal> {
    shared
        .change(Place::Elsewhere, |desk| {
            desk.world.faults.clear();
            Ok(())
        })
        .await?;
    Ok(Json(json!({ "faults": [] })))
}

#[derive(Debug, Deserialize)]
struct Pay {
    outcome: Outcome,
    amount: Option<i64>,
}

/// What the browser would bring back, and the payment.
async fn pay(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    pay: Result<Json<Pay>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Json(Pay { outcome, amount }) = pay?;
    if amount.is_some_and(|amount| amount < 1) {
        return Err(Refusal::field("amount", "The amount must be at least 1."));
    }
    let attempt = Attempt { order_id: id, outcome, amount, page: None, payer: Payer::default() };
    let payment = shared.change(Place::Pay, |desk| desk.pay(attempt)).await?;
    let secret = &shared.options.key_secret;
    Ok(Json(json!({
        "razorpay_payment_id": payment.id,
        "razorpay_order_id": payment.order_id,
        "razorpay_signature": signature::of_payment(secret, &payment.order_id, &payment.id),
        "payment": payment,
    })))
}

async fn authorize(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Json<Payment>, Refusal> {
    shared.change(Place::Pay, |desk| desk.authorize(&id)).await.map(Json)
}

#[derive(Debug, Deserialize)]
struct Settle {
    status: RefundStatus,
}

async fn settle(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    settle: Result<Json<Settle>, JsonRejection>,
) -> Result<Json<Refund>, Refusal> {
    let Json(Settle { status }) = settle?;
    let settled = shared.change(Place::Refund, |desk| {
        desk.settle(&id, status)?;
        desk.world.refund(&id).cloned()
    });
    settled.await.map(Json)
}

async fn hold(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, Refusal> {
    shared
        .change(Place::Elsewhere, |desk| {
            desk.hold();
            Ok(())
        })
        .await?;
    Ok(Json(json!({ "holding": true })))
}

/// Without a body events go out as they came in, once.
async fn release(
    State(shared): State<Arc<Shared>>,
    how: Result<Option<Json<Release>>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let how = how?.map(|Json(how)| how).unwrap_or_default();
    let released = shared.change(Place::Elsewhere, |desk| desk.release(how)).await?;
    Ok(Json(json!({ "released": released })))
}

async fn forget(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, Refusal> {
    let dropped = shared.change(Place::Elsewhere, |desk| Ok(desk.drop_held())).await?;
    Ok(Json(json!({ "dropped": dropped })))
}
