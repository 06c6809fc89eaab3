//! Events: what is told to the other side, as it will be signed, and whether it has heard.
//! They are sent by `courier`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Desk;
use crate::{
    entities::{Kind, shown},
    faults::Fault,
    random,
    refusal::Refusal,
};

/// The most copies of an event that a release sends.
const MOST_COPIES: u32 = 100;

/// How far an event has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sending {
    /// It is sent, and sent again until somebody hears it.
    Waiting,
    /// Somebody holds events back.
    Held,
    Delivered,
    /// Nobody heard it, as often as it was sent.
    GivenUp,
    /// It was held and forgotten.
    Dropped,
    /// There is nobody to send it to.
    Unaddressed,
}

/// One try to send an event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    /// In epoch seconds.
    pub(crate) at: i64,
    /// What was answered, if something was.
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<String>,
}

/// In whose words an event is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Dialect {
    #[default]
    Razorpay,
    Stripe,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) dialect: Dialect,
    #[serde(rename = "event")]
    pub(crate) name: String,
    /// The bytes that are signed and sent.
    pub(crate) body: String,
    pub(crate) created_at: i64,
    pub(crate) sending: Sending,
    pub(crate) deliveries: Vec<Delivery>,
}

/// In which order held events go out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Turn {
    #[default]
    AsIs,
    Reverse,
    Shuffle,
}

/// How held events go out.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Release {
    order: Turn,
    /// How often more each is sent, as the same event.
    duplicate: u32,
}

impl Desk<'_> {
    /// Tells what happened, with all about it as it is now.
    pub(super) fn announce(&mut self, event: &str, about: Vec<(Kind, Value)>) -> Result<(), Refusal> {
        let account = self.options.account_id.clone();
        let body = self.body(&account, event, about);
        self.post(event, body.clone())?;
        if self.world.faults.take(&[Fault::DuplicateSuccess], self.place).is_some() {
            self.post(event, body)?;
        }
        if self.world.faults.take(&[Fault::OtherAccount], self.place).is_some() {
            let payment = json!({
                "id": random::id("pay_")?, "entity": Kind::Payment, "amount": 50_000, "currency": "INR",
                "status": "captured", "order_id": random::id("order_")?, "method": "card", "captured": true,
                "amount_refunded": 0, "created_at": self.now,
            });
            let body = self.body(&random::id("acc_")?, "payment.captured", vec![(Kind::Payment, payment)]);
            self.post("payment.captured", body)?;
        }
        Ok(())
    }

    fn body(&self, account: &str, event: &str, about: Vec<(Kind, Value)>) -> String {
        let contains: Vec<Kind> = about.iter().map(|(kind, _)| *kind).collect();
        let named = |(kind, entity): (Kind, Value)| {
            (shown(&kind).as_str().unwrap_or_default().to_owned(), json!({ "entity": entity }))
        };
        let payload: serde_json::Map<String, Value> = about.into_iter().map(named).collect();
        json!({
            "entity": "event", "account_id": account, "event": event, "contains": contains,
            "payload": payload, "created_at": self.now,
        })
        .to_string()
    }

    fn post(&mut self, name: &str, body: String) -> Result<(), Refusal> {
        self.post_as(Dialect::Razorpay, random::id("evt_")?, name, body);
        Ok(())
    }

    /// Puts an event among those that are sent.
    pub(crate) fn post_as(&mut self, dialect: Dialect, id: String, name: &str, body: String) {
        let sending = match (&self.options.webhook_url, self.world.holding) {
            (None, _) => Sending::Unaddressed,
            (Some(_), true) => Sending::Held,
            (Some(_), false) => Sending::Waiting,
        };
        if sending == Sending::Waiting {
            self.to_send.push(id.clone());
        }
        let (name, created_at) = (name.to_owned(), self.now);
        self.world.events.push(Event {
            id,
            dialect,
            name,
            body,
            created_at,
            sending,
            deliveries: Vec::new(),
        });
    }

    /// From now on events wait. Those that are on their way stay there.
    pub(crate) fn hold(&mut self) {
        self.world.holding = true;
    }

    /// Sends what was held, and holds no more. Says how many events there were.
    pub(crate) fn release(&mut self, how: Release) -> Result<usize, Refusal> {
        let held = self.unhold(Sending::Waiting);
        let times = 0..=how.duplicate.min(MOST_COPIES);
        let mut going: Vec<String> = times.flat_map(|_| held.clone()).collect();
        match how.order {
            Turn::AsIs => {}
            Turn::Reverse => going.reverse(),
            Turn::Shuffle => random::shuffle(&mut going)?,
        }
        self.to_send.extend(going);
        Ok(held.len())
    }

    /// Forgets what was held, and holds no more. Says how many events there were.
    pub(crate) fn drop_held(&mut self) -> usize {
        self.unhold(Sending::Dropped).len()
    }

    fn unhold(&mut self, sending: Sending) -> Vec<String> {
        self.world.holding = false;
        let held = self.world.events.iter_mut().filter(|event| event.sending == Sending::Held);
        held.map(|event| {
            event.sending = sending;
            event.id.clone()
        })
        .collect()
    }

    /// Notes a try to send an event. What was heard once stays heard.
    pub(crate) fn note(&mut self, id: &str, delivery: Delivery, sending: Sending) {
        if let Some(event) = self.world.events.iter_mut().find(|event| event.id == id) {
            event.deliveries.push(delivery);
            if event.sending != Sending::Delivered {
                event.sending = sending;
            }
        }
    }
}
