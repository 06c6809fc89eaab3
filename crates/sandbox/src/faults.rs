//! The eight faults: what each is, where it can strike, and the layer that spoils answers.
//! Faults of payments and of webhooks strike in `world`.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{checkout, refusal::Refusal, server::HangUp, shared::Shared};

/// What can go wrong on command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    /// It is done, but nobody says so: the connection hangs, and closes without an answer.
    TimeoutAfterEffect,
    /// 500, and nothing was done.
    ErrorBeforeEffect,
    /// 500, and it was done.
    ErrorAfterEffect,
    /// 400, and nothing was done: it will not be done as long as the fault is armed.
    Refused,
    /// An event comes a second time, as another event.
    DuplicateSuccess,
    /// A payment fails, and is authorised later all the same.
    LateAuthorization,
    /// A payment, or what is said of one, has another amount than the order.
    WrongAmount,
    /// With an event comes another of an account and an order that nobody here knows.
    OtherAccount,
}

/// What is being asked of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    CreateOrder,
    Fetch,
    Capture,
    Refund,
    /// Ending a session and letting go of money, which Stripe's half can.
    Close,
    /// On the hosted page or over `/sandbox`, and what follows from it later.
    Pay,
    /// Whatever else happens, where nothing strikes.
    #[serde(skip)]
    Elsewhere,
}

impl Fault {
    /// Where it strikes unless it is narrowed: whoever breaks the API does not mean the page.
    fn strikes(self, place: Place) -> bool {
        match self {
            Self::TimeoutAfterEffect | Self::ErrorBeforeEffect | Self::ErrorAfterEffect | Self::Refused => {
                !matches!(place, Place::Pay | Place::Elsewhere)
            }
            Self::LateAuthorization | Self::WrongAmount => place == Place::Pay,
            Self::DuplicateSuccess | Self::OtherAccount => self.fits(place),
        }
    }

    /// Where it can strike at all.
    fn fits(self, place: Place) -> bool {
        match self {
            Self::TimeoutAfterEffect
            | Self::ErrorBeforeEffect
            | Self::ErrorAfterEffect
            | Self::WrongAmount => true,
            // People at the hosted page are refused by their bank.
            Self::Refused => !matches!(place, Place::Pay),
            Self::LateAuthorization => place == Place::Pay,
            // Only these make events.
            Self::DuplicateSuccess | Self::OtherAccount => {
                matches!(place, Place::Capture | Place::Refund | Place::Close | Place::Pay)
            }
        }
    }
}

/// A fault that waits for its chance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Armed {
    fault: Fault,
    #[serde(default)]
    on: Option<Place>,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

/// All that wait, in the order in which they were armed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Faults(Vec<Armed>);

impl Faults {
    pub(crate) fn arm(&mut self, armed: Armed) -> Result<(), Refusal> {
        if armed.on.is_some_and(|place| !armed.fault.fits(place)) {
            return Err(Refusal::field("on", "This fault cannot strike there."));
        }
        self.0.push(armed);
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The first of some faults that strikes here. It is used up by that.
    pub(crate) fn take(&mut self, of: &[Fault], place: Place) -> Option<Fault> {
        let strikes = |armed: &&mut Armed| {
            let here = armed.on.map_or_else(|| armed.fault.strikes(place), |on| on == place);
            armed.times > 0 && here && of.contains(&armed.fault)
        };
        let armed = self.0.iter_mut().find(strikes)?;
        armed.times -= 1;
        let fault = armed.fault;
        self.0.retain(|armed| armed.times > 0);
        Some(fault)
    }
}

/// The layer over everything that is asked at one place.
pub(crate) async fn spoil(
    State((shared, place)): State<(Arc<Shared>, Place)>,
    request: Request,
    next: Next,
) -> Response {
    match shared.strikes(&[Fault::ErrorBeforeEffect, Fault::Refused], place) {
        Some(Fault::Refused) => return Refusal::bad("This cannot be done.").into_response(),
        Some(_) => return accident(place),
        None => {}
    }
    let response = next.run(request).await;
    // What was refused had no effect, and a fault after the effect waits for one that has.
    if !response.status().is_success() {
        return response;
    }
    let after = match place {
        // There the payment itself has the wrong amount, not what is said of it.
        Place::Pay => &[Fault::TimeoutAfterEffect, Fault::ErrorAfterEffect][..],
        _ => &[Fault::TimeoutAfterEffect, Fault::ErrorAfterEffect, Fault::WrongAmount],
    };
    match shared.strikes(after, place) {
        Some(Fault::TimeoutAfterEffect) => {
            shared.stopping.run_until_cancelled(tokio::time::sleep(shared.options.hang)).await;
            HangUp::over(response)
        }
        Some(Fault::ErrorAfterEffect) => accident(place),
        Some(_) => with_wrong_amounts(response).await,
        None => response,
    }
}

fn accident(place: Place) -> Response {
    match place {
        Place::Pay => checkout::accident(),
        _ => Refusal::broken().into_response(),
    }
}

/// Another amount than the right one, and still one that could be paid.
pub(crate) fn wrong(amount: i64) -> i64 {
    if amount > 1 { amount - 1 } else { amount + 1 }
}

async fn with_wrong_amounts(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let mut answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    // Razorpay's lists and Stripe's.
    let list = if answer.get("items").is_some() { "items" } else { "data" };
    match answer.get_mut(list).and_then(Value::as_array_mut) {
        Some(items) => items.iter_mut().for_each(falsify),
        None => falsify(&mut answer),
    }
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(Bytes::from(answer.to_string())))
}

fn falsify(entity: &mut Value) {
    for path in ["/amount", "/amount_total", "/payment_intent/amount"] {
        if let Some(amount) = entity.pointer_mut(path)
            && let Some(right) = amount.as_i64()
        {
            *amount = wrong(right).into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn armed(text: &str) -> Result<Faults, Refusal> {
        let mut faults = Faults::default();
        faults.arm(serde_json::from_str(text).unwrap())?;
        Ok(faults)
    }

    #[test]
    fn a_fault_strikes_as_often_as_was_said() {
        let mut faults = armed(r#"{"fault": "error_before_effect", "times": 2}"#).unwrap();
        let of = &[Fault::ErrorBeforeEffect];
        assert_eq!(faults.take(&[Fault::ErrorAfterEffect], Place::Fetch), None);
        assert_eq!(faults.take(of, Place::Fetch), Some(Fault::ErrorBeforeEffect));
        assert_eq!(faults.take(of, Place::Refund), Some(Fault::ErrorBeforeEffect));
        assert_eq!(faults.take(of, Place::Refund), None);
    }

    #[test]
    fn a_fault_strikes_where_it_was_narrowed_to() {
        let mut faults = armed(r#"{"fault": "error_after_effect", "on": "capture"}"#).unwrap();
        let of = &[Fault::ErrorAfterEffect];
        for elsewhere in [Place::CreateOrder, Place::Fetch, Place::Refund, Place::Pay] {
            assert_eq!(faults.take(of, elsewhere), None);
        }
        assert_eq!(faults.take(of, Place::Capture), Some(Fault::ErrorAfterEffect));
    }

    #[test]
    fn a_fault_cannot_be_narrowed_to_where_it_means_nothing() {
        for (fault, place) in [
            ("late_authorization", "capture"),
            ("duplicate_success", "fetch"),
            ("other_account", "create_order"),
            ("refused", "pay"),
        ] {
            assert!(armed(&format!(r#"{{"fault": "{fault}", "on": "{place}"}}"#)).is_err(), "{fault}");
        }
    }
}
