//! Which function answers which request of Stripe's API.
//! What a change does is in `desk` and `refunds`.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, RawQuery, State},
};
use serde_json::{Value, json};

use super::{
    fields::Fields,
    keys::{Done, Keyed},
    refunds::NewRefund,
    refusal::Refusal,
    till::{Refund, Session, SessionStatus},
};
use crate::{faults::Place, shared::Shared};

type Maybe = Option<Extension<Keyed>>;

/// What may be said of a session that is to be opened.
const OPENS: [&str; 13] = [
    "mode",
    "client_reference_id",
    "customer_email",
    "expires_at",
    "payment_intent_data[capture_method]",
    "line_items[0][quantity]",
    "line_items[0][price_data][currency]",
    "line_items[0][price_data][unit_amount]",
    "line_items[0][price_data][product_data][name]",
    "success_url",
    "cancel_url",
    "expand[]",
    "metadata",
];

pub(super) async fn open(
    State(shared): State<Arc<Shared>>,
    keyed: Maybe,
    body: String,
) -> Result<Done, Refusal> {
    let fields = Fields::read(&body, &OPENS)?;
    fields.needed("mode")?;
    if fields.one_of("mode", &["payment", "setup", "subscription"])? != Some("payment") {
        return Err(Refusal::param("mode", "parameter_invalid_string", "The sandbox takes payments only."));
    }
    let quantity = fields.needed_amount("line_items[0][quantity]")?;
    let unit = fields.needed_amount("line_items[0][price_data][unit_amount]")?;
    let amount = unit.checked_mul(quantity).filter(|amount| *amount <= 99_999_999);
    let amount = amount.ok_or_else(|| {
        Refusal::state(
            "amount_too_large",
            "The amount of the Checkout Session must not be more than 999,999.99.",
        )
    })?;
    let method =
        fields.one_of("payment_intent_data[capture_method]", &["automatic", "automatic_async", "manual"])?;
    let new = Session {
        id: String::new(),
        amount_total: amount,
        currency: fields.currency("line_items[0][price_data][currency]")?,
        status: SessionStatus::Open,
        payment_intent: None,
        client_reference_id: fields.text("client_reference_id").map(str::to_owned),
        customer_email: fields.text("customer_email").map(str::to_owned),
        success_url: address(&fields, "success_url")?.ok_or_else(|| missing("success_url"))?,
        cancel_url: address(&fields, "cancel_url")?,
        metadata: fields.metadata()?,
        product: fields.needed("line_items[0][price_data][product_data][name]")?.to_owned(),
        manual: method == Some("manual"),
        url: format!("http://{}", shared.address),
        created: 0,
        expires_at: 0,
    };
    let ends = fields.integer("expires_at")?;
    let opened = shared.alter(Place::CreateOrder, |desk| {
        desk.once(inner(&keyed), |desk| {
            let session = desk.open_session(new, ends)?;
            Ok(desk.world.stripe.shown(&session, false))
        })
    });
    opened.await
}

/// Only addresses of the web are followed or shown.
fn address(fields: &Fields, name: &str) -> Result<Option<String>, Refusal> {
    let Some(text) = fields.text(name) else { return Ok(None) };
    if crate::checkout::origin(&text.replace("{CHECKOUT_SESSION_ID}", "x")).is_none() {
        return Err(Refusal::param(name, "url_invalid", "Not a valid URL"));
    }
    Ok(Some(text.to_owned()))
}

fn missing(name: &str) -> Refusal {
    Refusal::param(name, "parameter_missing", format!("Missing required param: {name}."))
}

fn inner(keyed: &Maybe) -> Option<&Keyed> {
    keyed.as_ref().map(|Extension(keyed)| keyed)
}

pub(super) async fn session(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Refusal> {
    let fields = Fields::read(&query.unwrap_or_default(), &["expand[]"])?;
    let expanded = fields.one_of("expand[]", &["payment_intent"])?.is_some();
    shared.elapsed().await?;
    let found = shared.look(|world| Ok(world.stripe.shown(world.stripe.session(&id)?, expanded)));
    found.map(Json)
}

pub(super) async fn expire(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    keyed: Maybe,
    body: String,
) -> Result<Done, Refusal> {
    Fields::read(&body, &["expand[]"])?;
    let ended = shared.alter(Place::Close, |desk| {
        desk.once(inner(&keyed), |desk| {
            let session = desk.expire(&id)?;
            Ok(desk.world.stripe.shown(&session, false))
        })
    });
    ended.await
}

pub(super) async fn intent(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    shared.elapsed().await?;
    shared.look(|world| world.stripe.intent(&id).map(super::Intent::shown)).map(Json)
}

pub(super) async fn capture(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    keyed: Maybe,
    body: String,
) -> Result<Done, Refusal> {
    let amount = Fields::read(&body, &["amount_to_capture", "expand[]"])?.amount("amount_to_capture")?;
    let taken = shared.alter(Place::Capture, |desk| {
        desk.once(inner(&keyed), |desk| Ok(desk.capture_intent(&id, amount)?.shown()))
    });
    taken.await
}

pub(super) async fn cancel(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    keyed: Maybe,
    body: String,
) -> Result<Done, Refusal> {
    Fields::read(&body, &["cancellation_reason", "expand[]"])?;
    let gone = shared
        .alter(Place::Close, |desk| desk.once(inner(&keyed), |desk| Ok(desk.cancel_intent(&id)?.shown())));
    gone.await
}

pub(super) async fn refund(
    State(shared): State<Arc<Shared>>,
    keyed: Maybe,
    body: String,
) -> Result<Done, Refusal> {
    let fields = Fields::read(&body, &["payment_intent", "amount", "reason", "metadata", "expand[]"])?;
    let new = NewRefund {
        payment_intent: fields.needed("payment_intent")?.to_owned(),
        amount: fields.amount("amount")?,
        reason: fields
            .one_of("reason", &["duplicate", "fraudulent", "requested_by_customer"])?
            .map(str::to_owned),
        metadata: fields.metadata()?,
    };
    let made = shared
        .alter(Place::Refund, |desk| desk.once(inner(&keyed), |desk| Ok(desk.refund_intent(new)?.shown())));
    made.await
}

/// All of an intent, the newest first.
pub(super) async fn refunds(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Refusal> {
    let fields = Fields::read(&query.unwrap_or_default(), &["payment_intent", "limit", "expand[]"])?;
    let limit = fields.integer("limit")?.unwrap_or(10);
    if !(1..=100).contains(&limit) {
        return Err(Refusal::param("limit", "parameter_invalid_integer", "A limit is between 1 and 100."));
    }
    let limit = usize::try_from(limit).unwrap_or(10);
    shared.look(|world| {
        let wanted = fields.text("payment_intent");
        if let Some(id) = wanted {
            world.stripe.intent(id)?;
        }
        let fits = |refund: &&Refund| wanted.is_none_or(|id| refund.payment_intent == id);
        let all: Vec<Value> = world.stripe.refunds.iter().rev().filter(fits).map(Refund::shown).collect();
        let more = all.len() > limit;
        let data: Vec<Value> = all.into_iter().take(limit).collect();
        Ok(Json(json!({ "object": "list", "url": "/v1/refunds", "has_more": more, "data": data })))
    })
}
