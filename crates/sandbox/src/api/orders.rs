//! Orders: create, find, and what was tried to pay them.
//! It lists by receipt alone; Razorpay's other filters are not here.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State, rejection::QueryRejection},
};
use serde::Deserialize;
use serde_json::Value;

use super::collection;
use crate::{
    entities::{Order, Payment},
    faults::Place,
    fields::Fields,
    refusal::Refusal,
    shared::Shared,
    world::NewOrder,
};

/// As many as Razorpay lists unless it is told otherwise, and the most that it lists.
const LISTED: usize = 10;
const MOST: usize = 100;

pub(super) async fn create(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Json<Order>, Refusal> {
    let fields = Fields::read(&body)?;
    let new = NewOrder {
        amount: fields.needed_amount()?,
        currency: fields.currency()?,
        receipt: fields.receipt()?,
        notes: fields.notes()?,
        automatic: fields.captures_by_itself()?,
    };
    shared.change(Place::CreateOrder, |desk| desk.create_order(new)).await.map(Json)
}

pub(super) async fn fetch(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Json<Order>, Refusal> {
    shared.look(|world| world.order(&id).cloned()).map(Json)
}

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    receipt: Option<String>,
    count: Option<usize>,
    #[serde(default)]
    skip: usize,
}

/// The newest first.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let Query(wanted) = wanted.map_err(|rejection| Refusal::bad(rejection.body_text()))?;
    let count = wanted.count.unwrap_or(LISTED).min(MOST);
    let fits = |order: &&Order| wanted.receipt.is_none() || order.receipt == wanted.receipt;
    Ok(Json(shared.look(|world| {
        let found = world.orders.iter().rev().filter(fits).skip(wanted.skip).take(count);
        collection(&found.collect::<Vec<_>>())
    })))
}

/// All tries to pay an order, the newest first.
pub(super) async fn payments(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    shared.look(|world| {
        world.order(&id)?;
        let of_order = world.payments.iter().rev().filter(|payment| payment.order_id == id);
        Ok(Json(collection(&of_order.collect::<Vec<&Payment>>())))
    })
}
