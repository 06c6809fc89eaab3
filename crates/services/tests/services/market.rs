//! A hospital whose visits are paid for when they are booked, and the provider that they are paid at: the sandbox as Razorpay or as Stripe,
//! over real HTTP.
//!
//! What both do differently is said here, so that the stories need not know.

use std::sync::{Arc, OnceLock};

use domain::{
    Call,
    appointments::{Appointment, BookAppointment, Status},
    availability::{BookingRules, SetWorkingHours, SlotQuery, TimeWindow, WeeklyWindow},
    doctors::Doctor,
    hospitals::{SaveVisitType, VisitType},
    ids::{HospitalId, WaitlistEntryId},
    payments::{Checkout, Notice, PaymentState},
    time::parse_time,
    waitlist::JoinWaitlist,
};
use ring::hmac;
use serde_json::{Value, json};
use services::{
    PaymentSettings,
    clock::{Clock, TestClock},
};

use crate::world::{Engine, World, booking, kind_of_visit};

pub(crate) const TEN: &str = "2026-11-24T10:00:00+01:00";
/// What providers sign with in the sandbox, and the secret before it.
pub(crate) const SECRETS: [&str; 2] = ["sandbox-webhook-secret", "the secret before"];

/// Whose language the provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Provider {
    Razorpay,
    Stripe,
}

/// A world with a sandbox, a hospital, and a visit that is paid for when it is booked.
pub(crate) struct Market {
    pub(crate) world: World,
    pub(crate) provider: Provider,
    pub(crate) sandbox: sandbox::Sandbox,
    /// How the house knows it.
    pub(crate) settings: PaymentSettings,
    pub(crate) hospital: HospitalId,
    pub(crate) admin: Call,
    pub(crate) doctor: Doctor,
    pub(crate) kind: VisitType,
    pub(crate) http: reqwest::Client,
}

impl Market {
    pub(crate) async fn open(engine: Engine, provider: Provider) -> Option<Self> {
        Self::open_with(engine, provider, true).await
    }

    /// With limits of what one patient may hold, or without.
    pub(crate) async fn open_with(engine: Engine, provider: Provider, limits: bool) -> Option<Self> {
        Self::open_where(engine, provider, limits, sandbox::Settling::AtOnce).await
    }

    /// Where the provider's refunds are over then.
    pub(crate) async fn open_where(
        engine: Engine,
        provider: Provider,
        limits: bool,
        refunds: sandbox::Settling,
    ) -> Option<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        // One clock for both: what is opened there has an end that is counted from the time here.
        let shared = Arc::new(OnceLock::<Arc<TestClock>>::new());
        let (begins, tells) = (crate::world::beginning().as_millisecond(), shared.clone());
        let mut options =
            sandbox::Options::new(Arc::new(move || tells.get().map_or(begins, |clock| clock.now_ms())));
        options.hang = std::time::Duration::from_millis(300);
        options.refunds = refunds;
        let (key_id, secret) = (options.key_id.clone(), options.key_secret.clone());
        let key = options.stripe_key.clone();
        let notices: Vec<String> = SECRETS.map(str::to_owned).to_vec();
        let sandbox = sandbox::Sandbox::start(options).await.unwrap();
        let address = Some(sandbox.base_url());
        let settings = match provider {
            Provider::Razorpay => {
                PaymentSettings::Razorpay { sandbox: true, address, key_id, secret, notices }
            }
            Provider::Stripe => PaymentSettings::Stripe { sandbox: true, address, secret: key, notices },
        };
        let world = World::open_with(engine, |opened| {
            opened.limits = limits;
            opened.payments = settings.clone();
        })
        .await?;
        shared.set(world.clock.clone()).unwrap();
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, plain) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let command = SaveVisitType { prepaid: true, ..kind_of_visit(&plain.name) };
        let kind =
            world.services.hospitals.update_visit_type(&admin, hospital.id, plain.id, command).await.unwrap();
        let http = reqwest::Client::new();
        Some(Self { world, provider, sandbox, settings, hospital: hospital.id, admin, doctor, kind, http })
    }

    pub(crate) fn wish(&self, start: &str) -> BookAppointment {
        booking(&self.doctor, &self.kind, start)
    }

    /// The provider's name in addresses.
    pub(crate) fn code(&self) -> &'static str {
        match self.provider {
            Provider::Razorpay => "sandbox",
            Provider::Stripe => "sandbox-stripe",
        }
    }

    /// The provider's name for an order, from the way to its page.
    pub(crate) fn order_of(&self, checkout: &Checkout) -> String {
        match self.provider {
            Provider::Razorpay => {
                checkout.fields.iter().find(|(name, _)| name == "order_id").unwrap().1.clone()
            }
            Provider::Stripe => checkout.url.rsplit('/').next().unwrap().to_owned(),
        }
    }

    /// A time that is held, and the provider's name for its order.
    pub(crate) async fn held(&self, patient: &Call, start: &str) -> (Appointment, String) {
        let visit = self.hold(patient, start).await;
        let order = self.order_for(patient, &visit).await;
        (visit, order)
    }

    async fn hold(&self, patient: &Call, start: &str) -> Appointment {
        let visit = self.world.services.appointments.hold(patient, self.wish(start)).await.unwrap();
        assert_eq!(visit.status, Status::PendingPayment);
        visit
    }

    /// On the way to pay: the provider's name for the order.
    pub(crate) async fn order_for(&self, patient: &Call, visit: &Appointment) -> String {
        let checkout = self.world.services.payments.checkout(patient, visit.id).await.unwrap();
        self.order_of(&checkout)
    }

    /// One time of the Tuesday, and a patient who holds it and is on the way to pay.
    pub(crate) async fn one_time(&self, patient: &Call) -> (Appointment, String) {
        let visit = self.the_one_time(patient).await;
        let order = self.order_for(patient, &visit).await;
        (visit, order)
    }

    /// One time of the Tuesday, and a patient who holds it.
    pub(crate) async fn the_one_time(&self, patient: &Call) -> Appointment {
        let window = TimeWindow { start: parse_time("10:00").unwrap(), end: parse_time("10:30").unwrap() };
        let rules =
            BookingRules { cadence_minutes: 30, notice_minutes: 0, horizon_days: 2, most_a_day: None };
        let hours =
            SetWorkingHours { weekly: vec![WeeklyWindow::new(2, window)], rules: Some(rules), version: None };
        let availability = &self.world.services.availability;
        availability.set_working_hours(&self.admin, self.doctor.card.id, hours).await.unwrap();
        self.world.clock.advance_minutes(120);
        self.hold(patient, TEN).await
    }

    /// Somebody waits for any time of the Tuesday.
    pub(crate) async fn waits(&self, who: &Call) -> WaitlistEntryId {
        let wish = JoinWaitlist {
            doctor_id: self.doctor.card.id,
            visit_type_id: self.kind.id,
            patient_id: None,
            appointment_id: None,
            from: "2026-11-24".parse().unwrap(),
            until: "2026-11-24".parse().unwrap(),
            weekdays: Vec::new(),
            day_parts: Vec::new(),
        };
        self.world.services.waitlist.join(who, wish).await.unwrap().id
    }

    pub(crate) async fn try_control(&self, path: &str, body: Value) -> Result<Value, u16> {
        let url = format!("{}/sandbox/{path}", self.sandbox.base_url());
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        if !status.is_success() {
            return Err(status.as_u16());
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> Value {
        self.try_control(path, body).await.unwrap_or_else(|status| panic!("{path}: {status}"))
    }

    pub(crate) async fn clear_faults(&self) {
        let url = format!("{}/sandbox/faults", self.sandbox.base_url());
        assert!(self.http.delete(url).send().await.unwrap().status().is_success());
    }

    pub(crate) async fn pay(&self, order: &str, outcome: &str) -> Value {
        self.control(&self.pays(order), json!({ "outcome": outcome })).await
    }

    /// Where a payment without a browser is made.
    pub(crate) fn pays(&self, order: &str) -> String {
        match self.provider {
            Provider::Razorpay => format!("orders/{order}/pay"),
            Provider::Stripe => format!("stripe/sessions/{order}/pay"),
        }
    }

    /// Everything that is due, with the clock where it stands.
    pub(crate) async fn settle(&self) {
        for _ in 0..4 {
            self.world.house.settle_due().await.unwrap();
            self.world.clock.advance_minutes(1);
        }
    }

    pub(crate) async fn status(&self, patient: &Call, visit: &Appointment) -> Status {
        self.world.services.appointments.get(patient, visit.id).await.unwrap().status
    }

    pub(crate) async fn state(&self, patient: &Call, visit: &Appointment) -> PaymentState {
        self.world.services.payments.bill(patient, visit.id).await.unwrap().payments[0].state
    }

    pub(crate) async fn free(&self, start: &str) -> bool {
        let query =
            SlotQuery { doctor_id: self.doctor.card.id, visit_type_id: self.kind.id, from: None, to: None };
        let slots = self.world.services.availability.slots(query).await.unwrap();
        slots.items.iter().any(|slot| slot.start.to_string() == start)
    }

    /// All that the provider knows.
    pub(crate) async fn provider_state(&self) -> Value {
        let url = format!("{}/sandbox/state", self.sandbox.base_url());
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// What the provider holds in the end, in minor units: taken and not given back.
    pub(crate) async fn at_the_provider(&self) -> i64 {
        let state = self.provider_state().await;
        let sum = |list: &Value, amount: &str| {
            let list = list.as_array().cloned().unwrap_or_default();
            list.iter().map(|it| it[amount].as_i64().unwrap() - it["amount_refunded"].as_i64().unwrap()).sum()
        };
        match self.provider {
            Provider::Razorpay => {
                let mut taken = state["payments"].clone();
                taken.as_array_mut().unwrap().retain(|payment| payment["captured"] == json!(true));
                sum(&taken, "amount")
            }
            Provider::Stripe => sum(&state["stripe"]["intents"], "amount_received"),
        }
    }

    /// Whether a browser comes back from the provider's page with news.
    pub(crate) fn leads_back(&self, paid: &Value) -> bool {
        match self.provider {
            Provider::Razorpay => paid["razorpay_signature"].is_string(),
            Provider::Stripe => paid["status"] == "complete",
        }
    }

    /// Comes back from the provider's page with what it has signed.
    pub(crate) async fn come_back(&self, paid: &Value) {
        let field =
            |name: &str, from: &str| (name.to_owned(), paid[from].as_str().unwrap_or_default().to_owned());
        let form = match self.provider {
            Provider::Razorpay => ["razorpay_payment_id", "razorpay_order_id", "razorpay_signature"]
                .map(|name| field(name, name))
                .to_vec(),
            Provider::Stripe => vec![field("order", "id")],
        };
        self.world.services.payments.returned(self.code(), &form).await.unwrap();
    }

    /// A notice about an order, as the provider would sign it. `kind` is Razorpay's word for what happened.
    pub(crate) fn notice(&self, kind: &str, order: &str, event: &str, secret: &str) -> Notice {
        match self.provider {
            Provider::Razorpay => {
                let entity =
                    json!({ "entity": { "id": "pay_x", "order_id": order, "status": "authorized" } });
                let body = json!({ "entity": "event", "account_id": "acc_1", "event": kind, "contains": ["payment"],
                    "payload": { "payment": entity }, "created_at": 1 });
                let body = body.to_string().into_bytes();
                let headers = vec![
                    ("x-razorpay-signature".to_owned(), hex(secret, &body)),
                    ("x-razorpay-event-id".to_owned(), event.to_owned()),
                ];
                Notice { provider: self.code().into(), headers, body }
            }
            Provider::Stripe => {
                let (kind, object) = match kind {
                    "payment.authorized" => ("checkout.session.completed", json!({ "id": order })),
                    "payment.captured" => ("payment_intent.succeeded", json!({ "id": "pi_x" })),
                    "order.paid" => ("checkout.session.async_payment_succeeded", json!({ "id": order })),
                    other => (other, json!({ "id": order })),
                };
                let body =
                    json!({ "id": event, "object": "event", "type": kind, "data": { "object": object } });
                let at = self.world.clock.now_ms() / 1000;
                Self::stripes(body.to_string().into_bytes(), at, &[secret])
            }
        }
    }

    /// A body as Stripe signs it at a second, under several secrets.
    pub(crate) fn stripes(body: Vec<u8>, at: i64, secrets: &[&str]) -> Notice {
        let signed = [format!("{at}.").as_bytes(), &body].concat();
        let line = secrets
            .iter()
            .fold(format!("t={at}"), |line, secret| format!("{line},v1={}", hex(secret, &signed)));
        Notice {
            provider: "sandbox-stripe".into(),
            headers: vec![("stripe-signature".to_owned(), line)],
            body,
        }
    }
}

/// One time, a patient who holds it and is on the way to pay, and another one who waits for it.
pub(crate) struct Rivals {
    pub(crate) holder: Call,
    pub(crate) next: Call,
    pub(crate) visit: Appointment,
    pub(crate) order: String,
    /// What the other one waits with.
    pub(crate) entry: WaitlistEntryId,
}

impl Rivals {
    pub(crate) async fn meet(market: &Market) -> Self {
        let world = &market.world;
        let (holder, next) = (world.patient("p@x.example").await, world.patient("n@x.example").await);
        let (visit, order) = market.one_time(&holder).await;
        let entry = market.waits(&next).await;
        Self { holder, next, visit, order, entry }
    }

    /// The same in the last minute of the hold, when the house has just looked.
    pub(crate) async fn in_the_last_minute(market: &Market) -> Self {
        let rivals = Self::meet(market).await;
        market.world.clock.advance_minutes(14);
        market.world.house.settle_due().await.unwrap();
        rivals
    }
}

/// HMAC-SHA256 in hexadecimal digits.
fn hex(secret: &str, bytes: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), bytes);
    tag.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Runs each body in a market on both engines, at both providers.
macro_rules! on_both_markets {
    ($(async fn $name:ident($market:ident: Market) $body:block)+) => {$(
        mod $name {
            use super::*;
            use crate::market::Provider;

            async fn body($market: Market) $body

            async fn run(engine: Engine, provider: Provider) {
                match Market::open(engine, provider).await {
                    Some(market) => body(market).await,
                    None => assert_eq!(engine, Engine::Postgres, "SQLite is always at hand"),
                }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run(Engine::Sqlite, Provider::Razorpay).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run(Engine::Postgres, Provider::Razorpay).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn stripe_sqlite() {
                run(Engine::Sqlite, Provider::Stripe).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn stripe_postgres() {
                run(Engine::Postgres, Provider::Stripe).await;
            }
        }
    )+};
}
pub(crate) use on_both_markets;
