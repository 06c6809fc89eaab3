//! What only Stripe does: sessions that end, keys that repeat accidents, and notices that name their time and several signatures.
//!
//! All that providers have in common is told over both of them in `payments` and `payment_orders`.

use domain::{
    Error,
    appointments::Status,
    error::Conflict,
    page::PageQuery,
    payments::{Notice, PaymentState},
};
use serde_json::{Value, json};
use services::clock::Clock;

use crate::{
    market::{Market, Provider, SECRETS, TEN},
    world::Engine,
};

/// Runs each body in a market at Stripe, on both engines.
macro_rules! at_stripe {
    ($(async fn $name:ident($market:ident: Market) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn body($market: Market) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body(Market::open(Engine::Sqlite, Provider::Stripe).await.expect("SQLite is always at hand")).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(market) = Market::open(Engine::Postgres, Provider::Stripe).await {
                    body(market).await;
                }
            }
        }
    )+};
}

async fn sessions(market: &Market) -> Vec<Value> {
    market.provider_state().await["stripe"]["sessions"].as_array().cloned().unwrap_or_default()
}

at_stripe! {
    async fn a_hold_that_ends_ends_the_session(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        let lasts = sessions(&market).await[0]["expires_at"].as_i64().unwrap() - market.world.clock.now_ms() / 1000;
        assert!(lasts >= 30 * 60, "Stripe takes nothing shorter");
        market.world.clock.advance_minutes(14);
        market.world.house.settle_due().await.unwrap();
        assert_eq!(sessions(&market).await[0]["status"], "open", "while the time is held");
        market.world.clock.advance_minutes(2);
        market.settle().await;
        assert_eq!(sessions(&market).await[0]["status"], "expired");
        assert_eq!(market.state(&patient, &visit).await, PaymentState::Closed);
        assert_eq!(market.try_control(&market.pays(&order), json!({ "outcome": "paid" })).await, Err(400));
        assert_eq!(market.status(&patient, &visit).await, Status::Expired);
        assert_eq!(market.at_the_provider().await, 0);
        market.world.healthy().await;
    }

    async fn a_session_that_has_ended_is_asked_about_once_a_day(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, _) = market.held(&patient, TEN).await;
        market.world.services.appointments.release_hold(&patient, visit.id).await.unwrap();
        market.settle().await;
        assert_eq!(market.state(&patient, &visit).await, PaymentState::Closed);
        let faults = async || {
            let fault = json!({ "fault": "error_before_effect", "on": "fetch" });
            market.control("faults", fault).await["faults"].as_array().map(Vec::len)
        };
        assert_eq!(faults().await, Some(1));
        market.world.clock.advance_minutes(3 * 60);
        market.world.house.settle_due().await.unwrap();
        assert_eq!(faults().await, Some(2), "nobody was asked");
        market.world.clock.advance_minutes(24 * 60);
        market.world.house.settle_due().await.unwrap();
        assert_eq!(faults().await, Some(2), "the fault was met once");
        market.clear_faults().await;
        market.world.healthy().await;
    }

    async fn the_way_to_the_page_is_asked_for_once_in_a_moment(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        let services = &market.world.services;
        let noted = async || {
            let page = PageQuery { limit: Some(100), cursor: None };
            let looks = services.audit.of_patient(&patient, visit.patient_id, page).await.unwrap().items;
            looks.iter().filter(|look| look.action == "pay_visit").count()
        };
        assert_eq!(noted().await, 1);
        market.control("faults", json!({ "fault": "error_before_effect", "on": "fetch" })).await;
        for _ in 0..3 {
            assert_eq!(market.order_for(&patient, &visit).await, order);
        }
        assert_eq!(noted().await, 1);
        // It is asked for again after that.
        market.world.clock.advance_minutes(1);
        let away = services.payments.checkout(&patient, visit.id).await;
        assert_eq!(away.map(drop), Err(Error::Unavailable));
        assert_eq!(market.order_for(&patient, &visit).await, order);
        // What ended a moment ago leads nowhere.
        services.appointments.release_hold(&patient, visit.id).await.unwrap();
        let ended = services.payments.checkout(&patient, visit.id).await;
        assert_eq!(ended.map(drop), Err(Error::conflict(Conflict::HoldEnded)));
        market.world.healthy().await;
    }

    async fn who_lets_go_of_a_time_cannot_pay_for_it_any_more(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        market.world.services.appointments.release_hold(&patient, visit.id).await.unwrap();
        market.settle().await;
        assert_eq!(market.try_control(&market.pays(&order), json!({ "outcome": "paid" })).await, Err(400));
        market.world.healthy().await;
    }

    async fn who_pays_while_the_session_is_being_ended_is_seen(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        market.world.clock.advance_minutes(16);
        // The house is told of nothing, and finds the money when it wants to end the session.
        market.control("faults", json!({ "fault": "error_before_effect", "on": "fetch" })).await;
        market.pay(&order, "authorized").await;
        market.settle().await;
        assert_eq!(market.status(&patient, &visit).await, Status::Booked);
        assert_eq!(market.at_the_provider().await, 5_000);
        market.world.healthy().await;
    }

    async fn an_accident_that_is_repeated_is_asked_for_anew(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let visit = market.world.services.appointments.hold(&patient, market.wish(TEN)).await.unwrap();
        let payments = &market.world.services.payments;
        for fault in ["error_before_effect", "error_after_effect", "timeout_after_effect"] {
            market.control("faults", json!({ "fault": fault, "on": "create_order" })).await;
            assert_eq!(payments.checkout(&patient, visit.id).await.map(drop), Err(Error::Unavailable), "{fault}");
            market.world.clock.advance_minutes(1);
        }
        // What got lost on its way is the same session; what was an accident is another one, whose page nobody knows.
        let order = market.order_of(&payments.checkout(&patient, visit.id).await.unwrap());
        let opened = sessions(&market).await;
        assert_eq!((opened.len(), &opened[1]["id"]), (2, &json!(order)));
        market.come_back(&market.pay(&order, "authorized").await).await;
        assert_eq!(market.status(&patient, &visit).await, Status::Booked);

        // And money goes back once.
        for fault in ["error_before_effect", "error_after_effect"] {
            market.control("faults", json!({ "fault": fault, "on": "refund" })).await;
        }
        let payment = payments.bill(&patient, visit.id).await.unwrap().payments[0].id;
        let back = domain::payments::RefundPayment { amount_minor: 2_000, reason: "A part of it".into() };
        payments.refund(&market.admin, payment, back).await.unwrap();
        for _ in 0..6 {
            market.world.house.settle_due().await.unwrap();
            market.world.clock.advance_minutes(5);
        }
        assert_eq!(market.at_the_provider().await, 3_000);
        assert_eq!(payments.bill(&patient, visit.id).await.unwrap().payments[0].refunded_minor, 2_000);
        market.world.healthy().await;
    }

    async fn a_notice_is_good_for_five_minutes(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (_, order) = market.held(&patient, TEN).await;
        let payments = &market.world.services.payments;
        let now = market.world.clock.now_ms() / 1000;
        let wrong = Err(Error::invalid("signature", "signature_wrong"));
        let cases = [(-301, false), (-300, true), (0, true), (300, true), (301, false), (i64::MAX - now, false)];
        for (number, (off, good)) in cases.into_iter().enumerate() {
            let body = json!({ "id": format!("evt_{number}"), "type": "checkout.session.completed",
                "data": { "object": { "id": order } } });
            let notice = Market::stripes(body.to_string().into_bytes(), now + off, &SECRETS[..1]);
            assert_eq!(payments.notice(notice).await, if good { Ok(()) } else { wrong.clone() }, "{off}");
        }
        market.world.healthy().await;
    }

    async fn one_right_signature_of_several_is_enough(market: Market) {
        let payments = &market.world.services.payments;
        let now = market.world.clock.now_ms() / 1000;
        let wrong = Err(Error::invalid("signature", "signature_wrong"));
        let notice = |number: u8, secrets: &[&str]| {
            let body = json!({ "id": format!("evt_{number}"), "type": "x", "data": { "object": {} } });
            Market::stripes(body.to_string().into_bytes(), now, secrets)
        };
        // While the secret is being changed, Stripe signs with both, and this house may know one of them.
        for (number, secrets, good) in [
            (1, &["another", SECRETS[0]][..], true),
            (2, &[SECRETS[1], "another"], true),
            (3, &["another", "a third"], false),
            (4, &[], false),
        ] {
            let told = payments.notice(notice(number, secrets)).await;
            assert_eq!(told, if good { Ok(()) } else { wrong.clone() }, "{number}");
        }
        // Another scheme's signature is none, and neither is one that was cut.
        let good = notice(5, &SECRETS[..1]);
        for (from, to) in [("v1=", "v0="), ("v1=", ""), (",", ";"), ("t=", "T=")] {
            let line = good.headers[0].1.replace(from, to);
            let bad = Notice { headers: vec![("stripe-signature".into(), line)], ..good.clone() };
            assert_eq!(payments.notice(bad).await, wrong, "{from} {to}");
        }
        let cut = good.headers[0].1[..good.headers[0].1.len() - 1].to_owned();
        let bad = Notice { headers: vec![("stripe-signature".into(), cut)], ..good };
        assert_eq!(payments.notice(bad).await, wrong);
    }
}
