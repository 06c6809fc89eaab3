//! The hosted page: a browser comes with a form, chooses how the payment goes, and leaves with another form.
//! There is no script and no card number: every step is a plain POST.

mod asked;
mod frame;
mod pages;
mod session;

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use crate::{
    entities::{Payment, PaymentStatus},
    faults::{self, Place},
    random,
    shared::Shared,
    signature,
    world::{Attempt, Outcome, Payer},
};
pub(crate) use asked::origin;
use asked::{Asked, Refused};
pub(crate) use pages::accident;

pub(crate) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let spoilt = middleware::from_fn_with_state((shared.clone(), Place::Pay), faults::spoil);
    Router::new()
        .route("/v1/checkout/pay", post(pay))
        .route("/c/pay/{id}", post(session::pay))
        .route_layer(spoilt)
        .route("/v1/checkout/embedded", post(offer))
        .route("/c/pay/{id}", get(session::offer))
        .route(frame::STYLE, get(style))
}

type Filled = Result<Form<Asked>, FormRejection>;

/// The page on which somebody decides how it goes.
async fn offer(State(shared): State<Arc<Shared>>, form: Filled) -> Result<Response, Refused> {
    let Form(asked) = form.map_err(|rejection| Refused::form(&rejection))?;
    let order = asked.check(&shared, true)?;
    // Known when it comes back: a form that is sent twice pays once, and two pages pay twice.
    let page = random::id("page_").map_err(|error| Refused::by(&asked, &error.into()))?;
    Ok(pages::offer(&asked, &order, &page, shared.options.late))
}

/// What came of it.
async fn pay(State(shared): State<Arc<Shared>>, form: Filled) -> Result<Response, Refused> {
    let Form(asked) = form.map_err(|rejection| Refused::form(&rejection))?;
    let order = asked.check(&shared, false)?;
    let outcome = match asked.outcome.as_str() {
        "paid" => Outcome::Paid,
        "late" => Outcome::Late,
        "failed" => Outcome::Failed,
        _ => return Err(Refused::because(&asked, "Nobody said how the payment should go.")),
    };
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let payer = Payer {
        email: some(&asked.email),
        contact: some(&asked.contact),
        description: some(&asked.description),
    };
    // Whoever goes back in the browser and takes another button means it.
    let page = some(&asked.page).map(|page| format!("{page} {}", asked.outcome));
    let attempt = Attempt { order_id: order.id, outcome, amount: None, page, payer };
    let payment = shared.change(Place::Pay, |desk| desk.pay(attempt)).await;
    let payment = payment.map_err(|refusal| Refused::by(&asked, &refusal))?;
    Ok(came_of(&shared, &asked, &payment))
}

fn came_of(shared: &Shared, asked: &Asked, payment: &Payment) -> Response {
    match payment.status {
        PaymentStatus::Authorized | PaymentStatus::Captured | PaymentStatus::Refunded => {
            let secret = &shared.options.key_secret;
            let signature = signature::of_payment(secret, &payment.order_id, &payment.id);
            pages::accepted(asked, payment, &signature)
        }
        PaymentStatus::Failed if payment.waits_for_the_bank() => pages::late(asked, payment),
        PaymentStatus::Failed | PaymentStatus::Created => pages::refused(asked, payment),
    }
}

async fn style() -> Response {
    let css = HeaderValue::from_static("text/css; charset=utf-8");
    (StatusCode::OK, [(header::CONTENT_TYPE, css)], include_str!("style.css")).into_response()
}
