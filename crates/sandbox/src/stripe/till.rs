//! What is kept for Stripe's half: sessions, intents, refunds, and answers under keys, field by field as Stripe spells them.
//! What may happen to them is in `desk` and `refunds`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusal::Refusal;

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SessionStatus {
    Open,
    Complete,
    Expired,
}

/// A page that somebody is asked to pay on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) amount_total: i64,
    pub(crate) currency: String,
    pub(crate) status: SessionStatus,
    pub(crate) payment_intent: Option<String>,
    pub(crate) client_reference_id: Option<String>,
    pub(crate) customer_email: Option<String>,
    pub(crate) success_url: String,
    pub(crate) cancel_url: Option<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    /// What is bought, as the page shows it.
    pub(crate) product: String,
    /// Whether the bank only reserves the money.
    pub(crate) manual: bool,
    pub(crate) url: String,
    pub(crate) created: i64,
    pub(crate) expires_at: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IntentStatus {
    RequiresPaymentMethod,
    Processing,
    RequiresCapture,
    Succeeded,
    Canceled,
}

impl IntentStatus {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::Processing => "processing",
            Self::RequiresCapture => "requires_capture",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        }
    }
}

/// The money of a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Intent {
    pub(crate) id: String,
    pub(crate) amount: i64,
    pub(crate) amount_capturable: i64,
    pub(crate) amount_received: i64,
    /// Stripe shows it at the charge.
    pub(crate) amount_refunded: i64,
    pub(crate) currency: String,
    pub(crate) status: IntentStatus,
    pub(crate) manual: bool,
    pub(crate) cancellation_reason: Option<String>,
    /// Whether the last card was refused.
    pub(crate) declined: bool,
    pub(crate) created: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RefundStatus {
    Pending,
    Succeeded,
    Failed,
}

/// Money on its way back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Refund {
    pub(crate) id: String,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) payment_intent: String,
    pub(crate) reason: Option<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) status: RefundStatus,
    pub(crate) created: i64,
}

/// What was answered under a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// Of which request.
    pub(super) fingerprint: String,
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) at: i64,
}

/// All of it, in the order in which it came about.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Till {
    pub(crate) sessions: Vec<Session>,
    pub(crate) intents: Vec<Intent>,
    pub(crate) refunds: Vec<Refund>,
    pub(super) answers: BTreeMap<String, Answer>,
}

impl Session {
    /// As Stripe shows it, with its intent in the place of its name where somebody wants that.
    pub(super) fn shown(&self, intent: Option<&Intent>, expanded: bool) -> Value {
        let paid = intent.is_some_and(|intent| intent.status == IntentStatus::Succeeded);
        let intent = match intent {
            Some(intent) if expanded => intent.shown(),
            _ => json!(self.payment_intent),
        };
        json!({
            "id": self.id, "object": "checkout.session", "amount_subtotal": self.amount_total,
            "amount_total": self.amount_total, "cancel_url": self.cancel_url,
            "client_reference_id": self.client_reference_id, "created": self.created,
            "currency": self.currency, "customer_email": self.customer_email, "expires_at": self.expires_at,
            "livemode": false, "metadata": self.metadata, "mode": "payment", "payment_intent": intent,
            "payment_method_types": ["card"], "payment_status": if paid { "paid" } else { "unpaid" },
            "status": self.status, "success_url": self.success_url,
            "url": (self.status == SessionStatus::Open).then_some(&self.url),
        })
    }
}

impl Intent {
    pub(super) fn shown(&self) -> Value {
        let error = self.declined.then(
            || json!({ "type": "card_error", "code": "card_declined", "message": "Your card was declined." }),
        );
        json!({
            "id": self.id, "object": "payment_intent", "amount": self.amount,
            "amount_capturable": self.amount_capturable, "amount_received": self.amount_received,
            "cancellation_reason": self.cancellation_reason,
            "capture_method": if self.manual { "manual" } else { "automatic" }, "created": self.created,
            "currency": self.currency, "last_payment_error": error, "livemode": false, "metadata": {},
            "payment_method_types": ["card"], "status": self.status,
        })
    }
}

impl Refund {
    pub(crate) fn is_pending(&self) -> bool {
        self.status == RefundStatus::Pending
    }

    pub(super) fn shown(&self) -> Value {
        json!({
            "id": self.id, "object": "refund", "amount": self.amount, "created": self.created,
            "currency": self.currency, "metadata": self.metadata, "payment_intent": self.payment_intent,
            "reason": self.reason, "status": self.status,
        })
    }
}

impl Till {
    pub(crate) fn session(&self, id: &str) -> Result<&Session, Refusal> {
        let found = self.sessions.iter().find(|session| session.id == id);
        found.ok_or_else(|| Refusal::missing("checkout.session", id))
    }

    pub(super) fn session_mut(&mut self, id: &str) -> Result<&mut Session, Refusal> {
        let found = self.sessions.iter_mut().find(|session| session.id == id);
        found.ok_or_else(|| Refusal::missing("checkout.session", id))
    }

    pub(crate) fn intent(&self, id: &str) -> Result<&Intent, Refusal> {
        let found = self.intents.iter().find(|intent| intent.id == id);
        found.ok_or_else(|| Refusal::missing("payment_intent", id))
    }

    pub(super) fn intent_mut(&mut self, id: &str) -> Result<&mut Intent, Refusal> {
        let found = self.intents.iter_mut().find(|intent| intent.id == id);
        found.ok_or_else(|| Refusal::missing("payment_intent", id))
    }

    pub(super) fn refund(&self, id: &str) -> Result<&Refund, Refusal> {
        let found = self.refunds.iter().find(|refund| refund.id == id);
        found.ok_or_else(|| Refusal::missing("refund", id))
    }

    /// The session of an intent.
    pub(super) fn session_of(&self, intent: &str) -> Option<&Session> {
        self.sessions.iter().find(|session| session.payment_intent.as_deref() == Some(intent))
    }

    pub(super) fn shown(&self, session: &Session, expanded: bool) -> Value {
        let intent = session.payment_intent.as_deref().and_then(|id| self.intent(id).ok());
        session.shown(intent, expanded)
    }
}
