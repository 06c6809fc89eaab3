//! Payments: look at one, and capture it.
//! They are made on the hosted page, or over `/sandbox`.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};

use crate::{entities::Payment, faults::Place, fields::Fields, refusal::Refusal, shared::Shared};

pub(super) async fn fetch(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Json<Payment>, Refusal> {
    shared.look(|world| world.payment(&id).cloned()).map(Json)
}

pub(super) async fn capture(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Payment>, Refusal> {
    let fields = Fields::read(&body)?;
    let (amount, currency) = (fields.needed_amount()?, fields.currency()?);
    shared.change(Place::Capture, |desk| desk.capture(&id, amount, &currency)).await.map(Json)
}
