//! What happens to sessions and intents: opened, paid, expired, captured, cancelled; and what is told of it.
//! What goes back is in `refunds`.

use serde_json::{Value, json};

use super::{
    refusal::Refusal,
    till::{Intent, IntentStatus, Session, SessionStatus},
};
use crate::{
    faults::{self, Fault},
    random,
    world::{Desk, Dialect, Later, Outcome},
};

/// No session ends sooner than half an hour after it was opened, and none later than a day after.
const LASTS: std::ops::RangeInclusive<i64> = 30 * 60..=24 * 60 * 60;
/// A bank keeps money for a card so long, and then lets go of it.
const KEEPS: i64 = 7 * 24 * 60 * 60;

impl Desk<'_> {
    /// Opens a session. It has no intent before somebody tries to pay.
    pub(super) fn open_session(&mut self, mut new: Session, asked: Option<i64>) -> Result<Session, Refusal> {
        let ends = asked.unwrap_or(self.now + LASTS.end());
        if !LASTS.contains(&(ends - self.now)) {
            let message = "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from \
                           Checkout Session creation.";
            return Err(Refusal::param("expires_at", "parameter_invalid_integer", message));
        }
        new.id = random::id("cs_test_")?;
        new.url = format!("{}/c/pay/{}", new.url, new.id);
        (new.created, new.expires_at) = (self.now, ends);
        self.later.push(Later::Elapse(ends - self.now));
        self.world.stripe.sessions.push(new.clone());
        Ok(new)
    }

    /// What the clock alone does: sessions end, and banks let go.
    pub(crate) fn elapse(&mut self) -> Result<(), Refusal> {
        let till = &self.world.stripe;
        let over = |it: &&Session| it.status == SessionStatus::Open && it.expires_at <= self.now;
        let ended: Vec<String> = till.sessions.iter().filter(over).map(|it| it.id.clone()).collect();
        let old = |it: &&Intent| it.status == IntentStatus::RequiresCapture && it.created + KEEPS <= self.now;
        let kept: Vec<String> = till.intents.iter().filter(old).map(|it| it.id.clone()).collect();
        for id in ended {
            self.end(&id)?;
        }
        for id in kept {
            self.let_go(&id, "automatic")?;
        }
        Ok(())
    }

    /// Ends a session before its time.
    pub(super) fn expire(&mut self, id: &str) -> Result<Session, Refusal> {
        self.elapse()?;
        let session = self.world.stripe.session(id)?;
        if session.status != SessionStatus::Open {
            let status = crate::entities::shown(&session.status);
            return Err(Refusal::bad(format!(
                "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {status}."
            )));
        }
        self.end(id)?;
        self.world.stripe.session(id).cloned()
    }

    fn end(&mut self, id: &str) -> Result<(), Refusal> {
        let session = self.world.stripe.session_mut(id)?;
        session.status = SessionStatus::Expired;
        if let Some(intent) = session.payment_intent.clone() {
            self.let_go(&intent, "void_invoice")?;
        }
        self.tell_of_session("checkout.session.expired", id)
    }

    /// Somebody tries to pay on the page of a session.
    pub(crate) fn pay_session(
        &mut self,
        id: &str,
        outcome: Outcome,
        amount: Option<i64>,
    ) -> Result<Session, Refusal> {
        self.elapse()?;
        let session = self.world.stripe.session(id)?.clone();
        match session.status {
            SessionStatus::Open => {}
            SessionStatus::Complete => return Err(Refusal::bad("This Checkout Session was paid already.")),
            SessionStatus::Expired => return Err(Refusal::bad("This Checkout Session has expired.")),
        }
        let mut outcome = outcome;
        let succeeds = matches!(outcome, Outcome::Paid | Outcome::Authorized | Outcome::Captured);
        if succeeds && self.strikes(Fault::LateAuthorization) {
            outcome = Outcome::Late;
        }
        let amount = match amount {
            Some(amount) => amount,
            None if self.strikes(Fault::WrongAmount) => faults::wrong(session.amount_total),
            None => session.amount_total,
        };
        let intent = self.intent_of(&session, amount)?;
        match outcome {
            Outcome::Created => {}
            Outcome::Failed => {
                self.world.stripe.intent_mut(&intent)?.declined = true;
                self.tell_of_intent("payment_intent.payment_failed", &intent)?;
            }
            Outcome::Late => {
                let waiting = self.world.stripe.intent_mut(&intent)?;
                (waiting.status, waiting.declined) = (IntentStatus::Processing, false);
                self.tell_of_intent("payment_intent.processing", &intent)?;
                self.complete(id)?;
                self.later.push(Later::Clear(intent));
            }
            Outcome::Paid | Outcome::Authorized => {
                self.reserve(&intent)?;
                self.complete(id)?;
            }
            Outcome::Captured => {
                self.reserve(&intent)?;
                self.complete(id)?;
                if self.world.stripe.intent(&intent)?.status == IntentStatus::RequiresCapture {
                    self.capture_intent(&intent, None)?;
                }
            }
        }
        self.world.stripe.session(id).cloned()
    }

    /// The session's intent: that of an earlier card, or a new one.
    fn intent_of(&mut self, session: &Session, amount: i64) -> Result<String, Refusal> {
        if let Some(id) = &session.payment_intent {
            self.world.stripe.intent_mut(id)?.amount = amount;
            return Ok(id.clone());
        }
        let intent = Intent {
            id: random::id("pi_")?,
            amount,
            amount_capturable: 0,
            amount_received: 0,
            amount_refunded: 0,
            currency: session.currency.clone(),
            status: IntentStatus::RequiresPaymentMethod,
            manual: session.manual,
            cancellation_reason: None,
            declined: false,
            created: self.now,
        };
        let id = intent.id.clone();
        self.world.stripe.intents.push(intent);
        self.world.stripe.session_mut(&session.id)?.payment_intent = Some(id.clone());
        Ok(id)
    }

    /// The bank says yes: it keeps the money for us, or sends it at once.
    fn reserve(&mut self, id: &str) -> Result<(), Refusal> {
        let intent = self.world.stripe.intent_mut(id)?;
        intent.declined = false;
        if intent.manual {
            (intent.status, intent.amount_capturable) = (IntentStatus::RequiresCapture, intent.amount);
            self.tell_of_intent("payment_intent.amount_capturable_updated", id)
        } else {
            (intent.status, intent.amount_received) = (IntentStatus::Succeeded, intent.amount);
            self.tell_of_intent("payment_intent.succeeded", id)
        }
    }

    fn complete(&mut self, id: &str) -> Result<(), Refusal> {
        self.world.stripe.session_mut(id)?.status = SessionStatus::Complete;
        self.tell_of_session("checkout.session.completed", id)
    }

    /// A bank that was late says yes, unless it was asked no longer.
    pub(crate) fn clear(&mut self, id: &str) -> Result<(), Refusal> {
        if self.world.stripe.intent(id)?.status != IntentStatus::Processing {
            return Ok(());
        }
        self.reserve(id)?;
        let session = self.world.stripe.session_of(id).map(|session| session.id.clone());
        match session {
            Some(session) => self.tell_of_session("checkout.session.async_payment_succeeded", &session),
            None => Ok(()),
        }
    }

    /// Takes what the bank keeps, once; what is not taken goes back.
    pub(super) fn capture_intent(&mut self, id: &str, amount: Option<i64>) -> Result<Intent, Refusal> {
        self.elapse()?;
        let intent = self.world.stripe.intent_mut(id)?;
        if intent.status != IntentStatus::RequiresCapture {
            return Err(unexpected(intent, "captured", "requires_capture"));
        }
        let amount = amount.unwrap_or(intent.amount_capturable);
        if amount > intent.amount_capturable {
            let message = "The amount to capture is greater than what can be captured.";
            return Err(Refusal::param("amount_to_capture", "amount_too_large", message));
        }
        (intent.status, intent.amount_received, intent.amount_capturable) =
            (IntentStatus::Succeeded, amount, 0);
        self.tell_of_intent("payment_intent.succeeded", id)?;
        self.world.stripe.intent(id).cloned()
    }

    /// Lets go of what the bank keeps.
    pub(super) fn cancel_intent(&mut self, id: &str) -> Result<Intent, Refusal> {
        self.elapse()?;
        if self.world.stripe.session_of(id).is_some_and(|session| session.status == SessionStatus::Open) {
            let message = "You cannot cancel this PaymentIntent because it is of an open Checkout Session. \
                           Expire the Checkout Session instead.";
            return Err(Refusal::state("payment_intent_unexpected_state", message));
        }
        let intent = self.world.stripe.intent(id)?;
        if matches!(intent.status, IntentStatus::Succeeded | IntentStatus::Canceled) {
            let may = "requires_payment_method, requires_capture, processing";
            return Err(unexpected(intent, "canceled", may));
        }
        self.let_go(id, "requested_by_customer")?;
        self.world.stripe.intent(id).cloned()
    }

    fn let_go(&mut self, id: &str, why: &str) -> Result<(), Refusal> {
        let intent = self.world.stripe.intent_mut(id)?;
        (intent.status, intent.amount_capturable) = (IntentStatus::Canceled, 0);
        intent.cancellation_reason = Some(why.to_owned());
        self.tell_of_intent("payment_intent.canceled", id)
    }

    fn tell_of_session(&mut self, kind: &str, id: &str) -> Result<(), Refusal> {
        let till = &self.world.stripe;
        let object = till.shown(till.session(id)?, false);
        self.tell(kind, &object)
    }

    fn tell_of_intent(&mut self, kind: &str, id: &str) -> Result<(), Refusal> {
        let object = self.world.stripe.intent(id)?.shown();
        self.tell(kind, &object)
    }

    /// Tells what happened, with the object as it is now.
    pub(super) fn tell(&mut self, kind: &str, object: &Value) -> Result<(), Refusal> {
        self.tell_once(kind, object, None)?;
        if self.world.faults.take(&[Fault::DuplicateSuccess], self.place).is_some() {
            self.tell_once(kind, object, None)?;
        }
        if self.world.faults.take(&[Fault::OtherAccount], self.place).is_some() {
            let strange = json!({
                "id": random::id("cs_test_")?, "object": "checkout.session", "amount_total": 50_000,
                "currency": "eur", "payment_intent": random::id("pi_")?, "payment_status": "paid",
                "status": "complete",
            });
            let account = random::id("acct_")?;
            self.tell_once("checkout.session.completed", &strange, Some(account))?;
        }
        Ok(())
    }

    fn tell_once(&mut self, kind: &str, object: &Value, account: Option<String>) -> Result<(), Refusal> {
        let id = random::id("evt_")?;
        let mut event = json!({
            "id": id, "object": "event", "api_version": "2025-03-31.basil", "created": self.now,
            "data": { "object": object }, "livemode": false, "pending_webhooks": 1,
            "request": { "id": null, "idempotency_key": null }, "type": kind,
        });
        if let (Some(account), Some(event)) = (account, event.as_object_mut()) {
            event.insert("account".to_owned(), account.into());
        }
        self.post_as(Dialect::Stripe, id, kind, event.to_string());
        Ok(())
    }
}

fn unexpected(intent: &Intent, what: &str, may: &str) -> Refusal {
    Refusal::state(
        "payment_intent_unexpected_state",
        format!(
            "This PaymentIntent could not be {what} because it has a status of {}. Only a PaymentIntent with one of the \
             following statuses may be {what}: {may}.",
            intent.status.code()
        ),
    )
}
