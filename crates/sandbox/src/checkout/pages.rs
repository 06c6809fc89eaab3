//! The hosted pages and their words.
//! What all of them have is in `frame`.

use std::time::Duration;

use axum::{http::StatusCode, response::Response};

use super::{
    asked::Asked,
    frame::{escaped, facts, hidden, page, way_back},
};
use crate::{
    entities::{Order, Payment},
    money,
};

/// How should it go?
pub(super) fn offer(asked: &Asked, order: &Order, token: &str, late: Duration) -> Response {
    let payer = [asked.payer.as_str(), asked.email.as_str()].map(str::trim);
    let payer = payer.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let facts =
        facts(&[("To", &asked.name), ("For", &asked.description), ("Paid by", &payer), ("Order", &order.id)]);
    let fields = hidden(asked.carried().into_iter().chain([("page", token)]));
    let body = format!(
        r#"{facts}
<form method="post" action="/v1/checkout/pay">
{fields}
{buttons}
</form>
{back}"#,
        buttons = buttons(late),
        back = way_back(asked.way_back(), ""),
    );
    page(StatusCode::OK, &format!("Pay {}", money::written(order.amount, &order.currency)), &body, None)
}

/// How it can go.
pub(super) fn buttons(late: Duration) -> String {
    let seconds = late.as_secs();
    format!(
        r#"<fieldset>
<legend>How should it go?</legend>
<button type="submit" class="first" name="outcome" value="paid" aria-describedby="paid">Pay</button>
<p class="hint" id="paid">The bank says yes.</p>
<button type="submit" name="outcome" value="late" aria-describedby="late">Pay, but the bank answers late</button>
<p class="hint" id="late">It fails at first, and is paid all the same {seconds} seconds later.</p>
<button type="submit" name="outcome" value="failed" aria-describedby="failed">Card refused</button>
<p class="hint" id="failed">The bank says no. It can be tried again.</p>
</fieldset>"#
    )
}

/// Without a script no page can go on by itself: one button takes the browser, and what it has to say, back.
pub(super) fn accepted(asked: &Asked, payment: &Payment, signature: &str) -> Response {
    let amount = money::written(payment.amount, &payment.currency);
    let facts = facts(&[("Amount", &amount), ("To", &asked.name), ("Payment", &payment.id)]);
    let fields = hidden([
        ("razorpay_payment_id", payment.id.as_str()),
        ("razorpay_order_id", payment.order_id.as_str()),
        ("razorpay_signature", signature),
    ]);
    let body = format!(
        r#"<p>The bank said yes. Continue, so that the other side learns of it.</p>
{facts}
<form method="post" action="{callback}">
{fields}
<button type="submit" class="first">Continue</button>
</form>"#,
        callback = escaped(&asked.callback_url),
    );
    page(StatusCode::OK, "Payment accepted", &body, asked.callback_origin().as_deref())
}

pub(super) fn refused(asked: &Asked, payment: &Payment) -> Response {
    let reason = payment.error_description.as_deref().unwrap_or_default();
    let body = format!(
        "<p>{} Nothing was paid. You can try again, or go back.</p>\n{}\n{}\n{}",
        escaped(reason),
        about(payment),
        again(asked, "first"),
        way_back(asked.way_back(), ""),
    );
    page(StatusCode::OK, "Card refused", &body, None)
}

/// Here it is better to go back.
pub(super) fn late(asked: &Asked, payment: &Payment) -> Response {
    let body = format!(
        "<p>Nobody knows yet whether this was paid. Go back and wait: the other side is told when the bank answers. \
         If you try again and the bank says yes to both, there are two payments.</p>\n{}\n{}\n{}",
        about(payment),
        way_back(asked.way_back(), "first"),
        again(asked, ""),
    );
    page(StatusCode::OK, "The bank has not answered", &body, None)
}

/// There is no payment to make.
pub(super) fn nothing_to_pay(status: StatusCode, reason: &str, back: Option<&str>) -> Response {
    let body = format!("<p>{}</p>\n{}", escaped(reason), way_back(back, "first"));
    page(status, "This payment cannot be made", &body, None)
}

/// The fault of an error, as a browser sees it.
pub(crate) fn accident() -> Response {
    let body = "<p>Nobody knows whether this was paid. Go back to where you came from and look there.</p>";
    page(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", body, None)
}

fn about(payment: &Payment) -> String {
    facts(&[
        ("Amount", &money::written(payment.amount, &payment.currency)),
        ("Payment", &payment.id),
        ("Reason", payment.error_code.as_deref().unwrap_or_default()),
    ])
}

/// The same form that the browser came with.
fn again(asked: &Asked, class: &str) -> String {
    format!(
        r#"<form method="post" action="/v1/checkout/embedded">
{}
<button type="submit" class="{class}">Try again</button>
</form>"#,
        hidden(asked.carried()),
    )
}
