//! What providers tell in any order, twice, never or forged, and providers that fail in the middle: in the end no money is kept without
//! a visit, and no visit is paid for twice.
//!
//! The usual ways are in `payments`.

use domain::{
    Call, Error,
    appointments::{Appointment, Move, MoveAppointment, Status},
    payments::{Notice, PaymentState},
};
use serde_json::{Value, json};

use crate::{
    market::{Market, Provider, SECRETS, on_both_markets},
    world::Engine,
};

/// Something that happens around one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Authorized,
    Captured,
    OrderPaid,
    Return,
    Clock,
    Settle,
    Rival,
    Cancel,
    Release,
}

/// One held time with everything that may happen to it.
struct Story {
    patient: Call,
    rival: Call,
    visit: Appointment,
    start: String,
    order: String,
    paid: Value,
    told: usize,
}

impl Story {
    async fn begin(market: &Market, patient: &Call, rival: &Call, pays: &str) -> Self {
        let start = soon(market).await;
        let (visit, order) = market.held(patient, &start).await;
        let paid = market.pay(&order, pays).await;
        Self { patient: patient.clone(), rival: rival.clone(), visit, start, order, paid, told: 0 }
    }

    async fn tell(&mut self, market: &Market, kind: &str) {
        self.told += 1;
        let event = format!("{}-{}", self.order, self.told);
        let notice = market.notice(kind, &self.order, &event, SECRETS[0]);
        let told = market.world.services.payments.notice(notice).await;
        assert_eq!(told, Ok(()));
    }

    async fn happen(&mut self, market: &Market, event: Event) {
        let appointments = &market.world.services.appointments;
        match event {
            Event::Authorized => self.tell(market, "payment.authorized").await,
            Event::Captured => self.tell(market, "payment.captured").await,
            Event::OrderPaid => self.tell(market, "order.paid").await,
            Event::Return => market.come_back(&self.paid).await,
            Event::Clock => market.world.clock.advance_minutes(16),
            Event::Settle => drop(market.world.house.settle_due().await.unwrap()),
            Event::Rival => {
                // Only where the time is free; then it is hers, and paid for.
                if let Ok(held) = appointments.hold(&self.rival, market.wish(&self.start)).await {
                    let way = market.world.services.payments.checkout(&self.rival, held.id).await.unwrap();
                    let order = market.order_of(&way);
                    market.come_back(&market.pay(&order, "authorized").await).await;
                }
            }
            Event::Cancel => drop(
                appointments
                    .advance(&self.patient, self.visit.id, Move::Cancel, MoveAppointment::default())
                    .await,
            ),
            Event::Release => drop(appointments.release_hold(&self.patient, self.visit.id).await),
        }
    }

    /// Time goes by until there is nothing left to do.
    async fn end(&self, market: &Market) {
        market.world.clock.advance_minutes(21);
        for _ in 0..3 {
            market.world.house.settle_due().await.unwrap();
            market.world.clock.advance_minutes(20);
        }
    }
}

/// A free time some days ahead.
async fn soon(market: &Market) -> String {
    let query = domain::availability::SlotQuery {
        doctor_id: market.doctor.card.id,
        visit_type_id: market.kind.id,
        from: Some(domain::time::plus_days(today(market), 3)),
        to: Some(domain::time::plus_days(today(market), 20)),
    };
    let slots = market.world.services.availability.slots(query).await.unwrap();
    slots.items[0].start.to_string()
}

fn today(market: &Market) -> jiff::civil::Date {
    use services::clock::Clock;
    market.world.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Every order of five events.
fn orders(events: &[Event]) -> Vec<Vec<Event>> {
    let Some((first, rest)) = events.split_first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for order in orders(rest) {
        for at in 0..=order.len() {
            let mut longer = order.clone();
            longer.insert(at, *first);
            all.push(longer);
        }
    }
    all
}

/// A small generator, so that a story that went wrong can be told again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

async fn market(provider: Provider) -> (Market, Call, Call) {
    let market = Market::open_with(Engine::Sqlite, provider, false).await.unwrap();
    let (patient, rival) =
        (market.world.patient("p@x.example").await, market.world.patient("r@x.example").await);
    (market, patient, rival)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_order_of_what_a_provider_tells_ends_in_one_state() {
    every_order(Provider::Razorpay).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_order_of_what_stripe_tells_ends_in_one_state() {
    every_order(Provider::Stripe).await;
}

async fn every_order(provider: Provider) {
    let (market, patient, rival) = market(provider).await;
    let events = [Event::Authorized, Event::Captured, Event::OrderPaid, Event::Return, Event::Clock];
    for order in orders(&events) {
        let before = market.at_the_provider().await;
        let mut story = Story::begin(&market, &patient, &rival, "authorized").await;
        for event in &order {
            story.happen(&market, *event).await;
            story.happen(&market, Event::Settle).await;
        }
        story.end(&market).await;
        assert_eq!(market.status(&patient, &story.visit).await, Status::Booked, "{order:?}");
        assert_eq!(market.state(&patient, &story.visit).await, PaymentState::Captured, "{order:?}");
        assert_eq!(market.at_the_provider().await, before + 5_000, "{order:?}");
    }
    market.world.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_in_whatever_order_money_has_a_visit_or_goes_back() {
    whatever_happens(Provider::Razorpay).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_at_stripe_money_has_a_visit_or_goes_back() {
    whatever_happens(Provider::Stripe).await;
}

async fn whatever_happens(provider: Provider) {
    let (market, patient, rival) = market(provider).await;
    let all = [
        Event::Authorized,
        Event::Captured,
        Event::OrderPaid,
        Event::Return,
        Event::Clock,
        Event::Settle,
        Event::Rival,
        Event::Cancel,
        Event::Release,
    ];
    let mut dice = Dice(20_261_128);
    for number in 0..stories() {
        let pays = ["authorized", "captured", "failed"][dice.below(3)];
        let events: Vec<Event> = (0..2 + dice.below(9)).map(|_| all[dice.below(all.len())]).collect();
        let before = market.at_the_provider().await;
        let mut story = Story::begin(&market, &patient, &rival, pays).await;
        for event in &events {
            // A card that was refused has signed nothing.
            if *event != Event::Return || pays != "failed" {
                story.happen(&market, *event).await;
            }
        }
        story.end(&market).await;
        let booked = market.status(&patient, &story.visit).await == Status::Booked;
        let day = Some(story.visit.start.date());
        let query = domain::appointments::AppointmentQuery { from: day, to: day, ..Default::default() };
        let hers = market.world.services.appointments.list(&rival, query).await.unwrap();
        let taken = hers
            .items
            .iter()
            .any(|visit| visit.start.to_string() == story.start && visit.status == Status::Booked);
        let kept = market.at_the_provider().await - before;
        let due = i64::from(booked && pays != "failed") * 5_000 + i64::from(taken) * 5_000;
        assert_eq!(kept, due, "story {number}: {pays} {events:?}: booked {booked}, the rival {taken}");
        assert!(!(booked && taken), "story {number}: {events:?}");
        // The next story has the calendar for itself.
        for (who, visit) in
            [(&patient, Some(story.visit.id)), (&rival, hers.items.iter().map(|visit| visit.id).next_back())]
        {
            if let Some(visit) = visit {
                let _ = market
                    .world
                    .services
                    .appointments
                    .advance(who, visit, Move::Cancel, MoveAppointment::default())
                    .await;
            }
        }
        story.end(&market).await;
    }
    market.world.healthy().await;
}

/// How many stories are told: `CARESYNC_STORIES=2000` tells more of them than each run has time for.
#[expect(clippy::disallowed_methods, reason = "how much is tested is no setting of the house")]
fn stories() -> usize {
    std::env::var("CARESYNC_STORIES").ok().and_then(|number| number.parse().ok()).unwrap_or(200)
}

on_both_markets! {
    async fn every_byte_of_a_notice_is_signed(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (_, order) = market.held(&patient, crate::market::TEN).await;
        let payments = &market.world.services.payments;
        let wrong = Err(Error::invalid("signature", "signature_wrong"));
        let good = market.notice("payment.authorized", &order, "evt_1", SECRETS[0]);
        for at in 0..good.body.len() {
            let mut bad = good.clone();
            bad.body[at] ^= 1;
            assert_eq!(payments.notice(bad).await, wrong, "byte {at}");
        }
        for at in 0..good.headers[0].1.len() {
            let mut bad = good.clone();
            let digit = if bad.headers[0].1.as_bytes()[at] == b'0' { "1" } else { "0" };
            bad.headers[0].1.replace_range(at..=at, digit);
            assert_eq!(payments.notice(bad).await, wrong, "digit {at}");
        }
        for headers in [Vec::new(), vec![("x-razorpay-event-id".to_owned(), "evt_1".to_owned())]] {
            assert_eq!(payments.notice(Notice { headers, ..good.clone() }).await, wrong);
        }
        let notice = |kind: &str, order: &str, event: &str, secret: &str| {
            payments.notice(market.notice(kind, order, event, secret))
        };
        assert_eq!(notice("payment.authorized", &order, "evt_2", "somebody's secret").await, wrong);
        let elsewhere = Notice { provider: "razorpay".into(), ..good.clone() };
        assert_eq!(payments.notice(elsewhere).await, Err(Error::NotFound));
        // While the secret is being changed, both are good; and what nobody knows is kept and harms nobody.
        assert_eq!(payments.notice(good.clone()).await, Ok(()));
        assert_eq!(payments.notice(good).await, Ok(()), "twice");
        assert_eq!(notice("payment.authorized", &order, "evt_3", SECRETS[1]).await, Ok(()));
        assert_eq!(notice("payment.authorized", "order_of_nobody", "evt_4", SECRETS[0]).await, Ok(()));
        assert_eq!(notice("something.new", &order, "evt_5", SECRETS[0]).await, Ok(()));
        market.world.healthy().await;
    }

    async fn a_provider_that_fails_in_the_middle_keeps_no_money_without_a_visit(market: Market) {
        let faults = ["timeout_after_effect", "error_before_effect", "error_after_effect", "duplicate_success",
            "late_authorization", "wrong_amount", "other_account"];
        for (number, fault) in faults.into_iter().enumerate() {
            let email = format!("p{number}@x.example");
            let patient = market.world.patient(&email).await;
            let start = soon(&market).await;
            let (visit, order) = market.held(&patient, &start).await;
            let before = market.at_the_provider().await;
            let on = match fault {
                "late_authorization" | "wrong_amount" | "other_account" | "duplicate_success" => None,
                _ => Some("capture"),
            };
            market.control("faults", json!({ "fault": fault, "times": 2, "on": on })).await;
            let outcome = if fault == "late_authorization" { "late" } else { "paid" };
            let paid = market.pay(&order, outcome).await;
            if market.leads_back(&paid) {
                market.come_back(&paid).await;
            }
            market.clear_faults().await;
            for _ in 0..6 {
                market.world.house.settle_due().await.unwrap();
                market.world.clock.advance_minutes(5);
            }
            let booked = market.status(&patient, &visit).await == Status::Booked;
            let kept = market.at_the_provider().await - before;
            assert_eq!(kept, i64::from(booked) * 5_000, "{fault}");
            let lets_pay = !matches!(fault, "wrong_amount" | "late_authorization");
            assert!(booked || !lets_pay, "{fault}: who has paid has the visit once the provider answers again");
        }
        market.world.healthy().await;
    }

    async fn a_provider_that_is_away_leaves_the_hold_alone(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        market.control("faults", json!({ "fault": "error_before_effect", "times": 1, "on": "create_order" })).await;
        let visit = market.world.services.appointments.hold(&patient, market.wish(crate::market::TEN)).await.unwrap();
        let away = market.world.services.payments.checkout(&patient, visit.id).await;
        assert_eq!(away.map(drop), Err(Error::Unavailable));
        assert_eq!(market.status(&patient, &visit).await, Status::PendingPayment);
        market.world.services.payments.checkout(&patient, visit.id).await.unwrap();
        market.world.healthy().await;
    }
}
