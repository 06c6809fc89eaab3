//! Refunds: make one, and look at them.
//! How one ends that is pending is said over `/sandbox`.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use serde_json::Value;

use super::collection;
use crate::{
    entities::Refund, faults::Place, fields::Fields, refusal::Refusal, shared::Shared, world::NewRefund,
};

pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    Path(payment_id): Path<String>,
    body: Bytes,
) -> Result<Json<Refund>, Refusal> {
    let fields = Fields::read(&body)?;
    let new = NewRefund {
        amount: fields.amount()?,
        receipt: fields.receipt()?,
        notes: fields.notes()?,
        speed: fields.speed()?,
    };
    shared.change(Place::Refund, |desk| desk.refund(&payment_id, new)).await.map(Json)
}

/// All of a payment, the newest first.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Path(payment_id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    shared.look(|world| {
        world.payment(&payment_id)?;
        let of_payment = world.refunds.iter().rev().filter(|refund| refund.payment_id == payment_id);
        Ok(Json(collection(&of_payment.collect::<Vec<&Refund>>())))
    })
}

pub(super) async fn fetch(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Json<Refund>, Refusal> {
    shared.look(|world| world.refund(&id).cloned()).map(Json)
}
