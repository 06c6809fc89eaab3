//! A house that changes its payment provider, on both engines: what the one before has is settled with that one or with nobody.
//!
//! How payments are settled is told in `payments`.

use std::sync::Arc;

use domain::{
    Error,
    appointments::{Move, MoveAppointment, Status},
    error::Conflict,
    payments::{PaymentMethod, PaymentState, RefundPayment, TakePayment},
};
use serde_json::json;
use services::{MailSettings, PaymentSettings};

use crate::{
    market::{Market, Provider, SECRETS, TEN, on_both_markets},
    payments::capturing,
    pepper::reopened,
    world::{Engine, World},
};

const LATER: &str = "2026-11-25T10:00:00+01:00";

/// A provider that has nothing of this house: the same machine in the other language.
fn another(market: &Market) -> PaymentSettings {
    let options = sandbox::Options::new(Arc::new(|| 0_i64));
    let address = Some(market.sandbox.base_url());
    let notices = vec![SECRETS[0].to_owned()];
    match market.provider {
        Provider::Razorpay => {
            PaymentSettings::Stripe { sandbox: true, address, secret: options.stripe_key, notices }
        }
        Provider::Stripe => PaymentSettings::Razorpay {
            sandbox: true,
            address,
            key_id: options.key_id,
            secret: options.key_secret,
            notices,
        },
    }
}

/// The same house with one provider now and one before.
async fn changed(market: Market, now: PaymentSettings, before: PaymentSettings) -> Market {
    let (clock, platform) = (market.world.clock.clone(), market.world.platform.clone());
    let database_url = market.world.database_url.clone();
    let (folder, opened) = reopened(market.world, |settings| {
        settings.mail = MailSettings { origin: "https://care.example".into(), ..MailSettings::default() };
        settings.payments = now;
        settings.payments_before = before;
    })
    .await;
    let house = opened.unwrap();
    let world = World { services: house.services.clone(), house, clock, platform, folder, database_url };
    Market { world, ..market }
}

on_both_markets! {
    async fn money_whose_provider_is_gone_is_promised_to_nobody_and_asked_for_nowhere_else(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        market.come_back(&market.pay(&order, "authorized").await).await;
        let (had, other) = (market.settings.clone(), another(&market));
        let market = changed(market, other.clone(), PaymentSettings::Desk).await;
        let services = &market.world.services;
        let fault = json!({ "fault": "error_before_effect", "on": "fetch" });
        market.control("faults", fault.clone()).await;
        // By hand nothing is written down that cannot be done.
        let payment = services.payments.bill(&patient, visit.id).await.unwrap().payments[0].id;
        let back = RefundPayment { amount_minor: 2_000, reason: "Paid twice".into() };
        let refused = services.payments.refund(&market.admin, payment, back).await;
        assert_eq!(refused, Err(Error::conflict(Conflict::ProviderAbsent)));
        let bill = services.payments.bill(&patient, visit.id).await.unwrap();
        assert_eq!((bill.paid_minor, bill.payments[0].refunding_minor), (5_000, 0));
        let letters = market.world.letters("p@x.example").await;
        assert!(letters.iter().all(|letter| !letter.subject.contains("Money is on its way back")));
        // What is owed by itself stays open.
        services.appointments.advance(&patient, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        market.settle().await;
        let owed = services.payments.bill(&patient, visit.id).await.unwrap().payments[0].clone();
        assert_eq!((owed.refunding_minor, owed.refunded_minor), (5_000, 0));
        let waiting = market.control("faults", fault).await["faults"].as_array().map(Vec::len);
        assert_eq!(waiting, Some(2), "nobody was asked");
        market.clear_faults().await;
        let lines = market.world.house.fsck().await.unwrap().lines;
        let hangs = format!("1 payments are not settled yet at {}, whose keys are not given here", market.code());
        assert!(lines.contains(&hangs), "{lines:?}");
        // Its keys are found again.
        let market = changed(market, other, had).await;
        market.world.clock.advance_minutes(61);
        market.settle().await;
        let bill = market.world.services.payments.bill(&patient, visit.id).await.unwrap();
        assert_eq!((bill.payments[0].refunding_minor, bill.payments[0].refunded_minor), (0, 5_000));
        assert_eq!(market.at_the_provider().await, 0);
        market.world.healthy().await;
    }

    async fn who_waits_for_a_provider_that_is_gone_is_not_told_to_wait(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, _) = capturing(&market, &patient, TEN).await;
        let other = another(&market);
        let market = changed(market, other, PaymentSettings::Desk).await;
        let money = TakePayment { method: PaymentMethod::Cash, amount_minor: 5_000 };
        let refused = market.world.services.payments.take(&market.admin, visit.id, money).await;
        assert_eq!(refused.err(), Some(Error::conflict(Conflict::ProviderAbsent)));
        market.world.healthy().await;
    }

    async fn a_former_provider_brings_to_an_end_what_was_begun_there(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        let (had, other) = (market.settings.clone(), another(&market));
        let market = changed(market, other, had).await;
        let payments = &market.world.services.payments;
        // Whoever was on the way to pay goes on where that was begun; what is begun now is begun elsewhere.
        assert_eq!(market.order_for(&patient, &visit).await, order);
        let next = market.world.services.appointments.hold(&patient, market.wish(LATER)).await.unwrap();
        let way = payments.checkout(&patient, next.id).await.unwrap();
        assert_eq!(way.method, if market.provider == Provider::Razorpay { "link" } else { "post" });
        assert_eq!(market.world.house.payment_pages().len(), 2);
        let paid = market.pay(&order, "authorized").await;
        payments.notice(market.notice("payment.authorized", &order, "evt_1", SECRETS[0])).await.unwrap();
        market.come_back(&paid).await;
        assert_eq!(market.status(&patient, &visit).await, Status::Booked);
        let payment = payments.bill(&patient, visit.id).await.unwrap().payments[0].clone();
        assert_eq!((payment.state, payment.left_minor()), (PaymentState::Captured, 5_000));
        let back = RefundPayment { amount_minor: 2_000, reason: "A part of it".into() };
        payments.refund(&market.admin, payment.id, back).await.unwrap();
        market.settle().await;
        assert_eq!(payments.bill(&patient, visit.id).await.unwrap().payments[0].refunded_minor, 2_000);
        market.world.healthy().await;
    }

    async fn money_that_came_while_nobody_could_be_asked_is_not_forgotten(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        market.pay(&order, "authorized").await;
        let had = market.settings.clone();
        let market = changed(market, PaymentSettings::Desk, PaymentSettings::Desk).await;
        let notice = market.notice("payment.authorized", &order, "evt_1", SECRETS[0]);
        assert_eq!(market.world.services.payments.notice(notice).await, Err(Error::NotFound));
        market.world.clock.advance_minutes(16);
        market.settle().await;
        assert_eq!(market.state(&patient, &visit).await, PaymentState::Open);
        let market = changed(market, PaymentSettings::Desk, had).await;
        market.world.clock.advance_minutes(61);
        market.settle().await;
        assert_eq!(market.state(&patient, &visit).await, PaymentState::Captured);
        assert_eq!(market.status(&patient, &visit).await, Status::Booked);
        market.world.healthy().await;
    }
}
