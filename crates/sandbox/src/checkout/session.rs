//! The page of a Stripe session, at the address that the session names: the same buttons, and a link that leads back.
//! Where the browser is led was said when the session was opened; nothing comes with the form but how it should go.

use std::{sync::Arc, time::Duration};

use axum::{
    Form,
    extract::{Path, State, rejection::FormRejection},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    frame::{escaped, facts, page, way_back},
    pages,
};
use crate::{
    faults::Place,
    money,
    shared::Shared,
    stripe::{Intent, IntentStatus, Refusal, Session, SessionStatus},
    world::Outcome,
};

#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    outcome: String,
}

/// The page on which somebody decides how it goes.
pub(super) async fn offer(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let elapsed = shared.elapsed().await;
    let found = elapsed.and_then(|()| shared.look(|world| found(world, &id)));
    match found {
        Ok((session, intent)) => shown(&session, intent.as_ref(), shared.options.late),
        Err(refusal) => refused(&refusal),
    }
}

/// What came of it.
pub(super) async fn pay(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    chosen: Result<Form<Chosen>, FormRejection>,
) -> Response {
    let outcome = match chosen.as_ref().map(|Form(chosen)| chosen.outcome.as_str()) {
        Ok("paid") => Outcome::Paid,
        Ok("late") => Outcome::Late,
        Ok("failed") => Outcome::Failed,
        _ => {
            let reason = "Nobody said how the payment should go.";
            return pages::nothing_to_pay(StatusCode::BAD_REQUEST, reason, None);
        }
    };
    let paid = shared.alter(Place::Pay, |desk| {
        // Sent twice, it is paid once: the second time the page says what came of the first.
        if desk.world.stripe.session(&id)?.status == SessionStatus::Open {
            desk.pay_session(&id, outcome, None)?;
        }
        found(desk.world, &id)
    });
    match paid.await {
        Ok((session, intent)) => shown(&session, intent.as_ref(), shared.options.late),
        Err(refusal) => refused(&refusal),
    }
}

fn found(world: &crate::world::World, id: &str) -> Result<(Session, Option<Intent>), Refusal> {
    let session = world.stripe.session(id)?.clone();
    let intent = session.payment_intent.as_deref().map(|id| world.stripe.intent(id).cloned()).transpose()?;
    Ok((session, intent))
}

fn refused(refusal: &Refusal) -> Response {
    pages::nothing_to_pay(refusal.status(), &refusal.message, None)
}

fn shown(session: &Session, intent: Option<&Intent>, late: Duration) -> Response {
    match (session.status, intent) {
        (SessionStatus::Expired, _) => {
            let reason = "The time to pay is over. Nothing was paid.";
            pages::nothing_to_pay(StatusCode::OK, reason, session.cancel_url.as_deref())
        }
        (SessionStatus::Complete, Some(intent)) => over(session, intent),
        (SessionStatus::Open | SessionStatus::Complete, intent) => {
            open(session, intent.is_some_and(|intent| intent.declined), late)
        }
    }
}

fn amount(minor: i64, currency: &str) -> String {
    money::written(minor, &currency.to_ascii_uppercase())
}

fn open(session: &Session, declined: bool, late: Duration) -> Response {
    let email = session.customer_email.as_deref().unwrap_or_default();
    let facts = facts(&[("For", &session.product), ("Paid by", email), ("Session", &session.id)]);
    let refused = if declined {
        "<p role=\"alert\">The card was refused by the bank. Nothing was paid. You can try again, or go back.</p>"
    } else {
        ""
    };
    let body = format!(
        r#"{refused}
{facts}
<form method="post" action="/c/pay/{id}">
{buttons}
</form>
{back}"#,
        id = escaped(&session.id),
        buttons = pages::buttons(late),
        back = way_back(session.cancel_url.as_deref(), ""),
    );
    let title = format!("Pay {}", amount(session.amount_total, &session.currency));
    page(StatusCode::OK, &title, &body, None)
}

/// The browser is led back by a link: a form that leads elsewhere would have to be named in the policy.
fn over(session: &Session, intent: &Intent) -> Response {
    let link = session.success_url.replace("{CHECKOUT_SESSION_ID}", &session.id);
    let facts = facts(&[("Amount", &amount(intent.amount, &intent.currency)), ("Payment", &intent.id)]);
    let (title, text) = match intent.status {
        IntentStatus::Processing => (
            "The bank has not answered",
            "Nobody knows yet whether this was paid. Continue: the other side is told when the bank answers.",
        ),
        IntentStatus::Canceled => ("Payment undone", "What the bank had kept was let go of."),
        IntentStatus::RequiresPaymentMethod | IntentStatus::RequiresCapture | IntentStatus::Succeeded => {
            ("Payment accepted", "The bank said yes. Continue, so that the other side learns of it.")
        }
    };
    let body = format!(
        "<p>{text}</p>\n{facts}\n<p><a class=\"button first\" href=\"{}\">Continue</a></p>",
        escaped(&link)
    );
    page(StatusCode::OK, title, &body, None)
}
