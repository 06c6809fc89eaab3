//! All that the provider knows, and the desk at which it is changed, one change after another.
//! Nothing here waits, listens or sends: what has to be sent or waited for is left to `shared`.

mod events;
mod orders;
mod payments;
mod refunds;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    entities::{Order, Payment, Refund},
    faults::{Faults, Place},
    options::Options,
    refusal::Refusal,
    stripe::{IntentStatus, SessionStatus, Till},
};
pub(crate) use events::{Delivery, Dialect, Event, Release, Sending};
pub(crate) use orders::NewOrder;
pub(crate) use payments::{Attempt, Outcome, Payer};
pub(crate) use refunds::NewRefund;

/// Everything, in the order in which it came about.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct World {
    pub(crate) orders: Vec<Order>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) refunds: Vec<Refund>,
    pub(crate) events: Vec<Event>,
    /// What Stripe's half keeps.
    pub(crate) stripe: Till,
    /// Orders whose payments are captured as soon as they are authorised.
    automatic: BTreeSet<String>,
    /// Payments that failed and will be authorised.
    late: BTreeSet<String>,
    /// Which payment a button of a hosted page has made: a form that is sent twice pays once.
    pages: BTreeMap<String, String>,
    /// Whether new events are held back.
    holding: bool,
    pub(crate) faults: Faults,
}

/// Something that happens after a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Later {
    /// The bank says yes to a payment after all.
    Authorize(String),
    /// A refund is processed.
    Process(String),
    /// Stripe's half: the bank says yes to an intent.
    Clear(String),
    /// Stripe's half: a refund has arrived.
    Succeed(String),
    /// Stripe's half: so many seconds have gone by, and a session is over.
    Elapse(i64),
}

/// Where the world is changed: at a time, for somebody who asks for something.
pub(crate) struct Desk<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) options: &'a Options,
    /// In epoch seconds.
    pub(crate) now: i64,
    pub(crate) place: Place,
    /// Events to send, in this order.
    pub(crate) to_send: Vec<String>,
    pub(crate) later: Vec<Later>,
}

impl World {
    pub(crate) fn order(&self, id: &str) -> Result<&Order, Refusal> {
        self.orders.iter().find(|order| order.id == id).ok_or_else(Refusal::unknown_id)
    }

    pub(crate) fn payment(&self, id: &str) -> Result<&Payment, Refusal> {
        self.payments.iter().find(|payment| payment.id == id).ok_or_else(Refusal::unknown_id)
    }

    pub(crate) fn refund(&self, id: &str) -> Result<&Refund, Refusal> {
        self.refunds.iter().find(|refund| refund.id == id).ok_or_else(Refusal::unknown_id)
    }

    fn order_mut(&mut self, id: &str) -> Result<&mut Order, Refusal> {
        self.orders.iter_mut().find(|order| order.id == id).ok_or_else(Refusal::unknown_id)
    }

    fn payment_mut(&mut self, id: &str) -> Result<&mut Payment, Refusal> {
        self.payments.iter_mut().find(|payment| payment.id == id).ok_or_else(Refusal::unknown_id)
    }

    fn refund_mut(&mut self, id: &str) -> Result<&mut Refund, Refusal> {
        self.refunds.iter_mut().find(|refund| refund.id == id).ok_or_else(Refusal::unknown_id)
    }

    /// Events that should be on their way, and what was waited for: after a restart it goes on with them.
    pub(crate) fn unfinished(&self, now: i64) -> (Vec<String>, Vec<Later>) {
        let waiting = self.events.iter().filter(|event| event.sending == Sending::Waiting);
        let pending = self.refunds.iter().filter(|refund| refund.is_pending());
        let late = self.late.iter().cloned().map(Later::Authorize);
        let mut later: Vec<Later> =
            late.chain(pending.map(|refund| Later::Process(refund.id.clone()))).collect();
        let open = self.stripe.sessions.iter().filter(|session| session.status == SessionStatus::Open);
        later.extend(open.map(|session| Later::Elapse(session.expires_at - now)));
        let asked = self.stripe.intents.iter().filter(|intent| intent.status == IntentStatus::Processing);
        later.extend(asked.map(|intent| Later::Clear(intent.id.clone())));
        let back = self.stripe.refunds.iter().filter(|refund| refund.is_pending());
        later.extend(back.map(|refund| Later::Succeed(refund.id.clone())));
        (waiting.map(|event| event.id.clone()).collect(), later)
    }
}
