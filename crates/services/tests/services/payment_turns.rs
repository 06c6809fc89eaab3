//! Whose payment is looked at first, how many an account may begin, and late money for what was begun and left: nobody who has paid waits
//! for those who do not.
//!
//! When the house looks again is tested in `domain`.

use domain::{
    Call, Error,
    appointments::{Appointment, Status},
    payments::{PaymentState, begun::UNPAID},
};
use serde_json::json;

use crate::{
    market::{Market, Provider, SECRETS, TEN, on_both_markets},
    world::Engine,
};

/// Holds a time, sets out to pay for it, and lets go of it.
async fn sets_out_and_leaves(market: &Market, who: &Call) -> (Appointment, String) {
    let (visit, order) = market.held(who, TEN).await;
    market.world.services.appointments.release_hold(who, visit.id).await.unwrap();
    (visit, order)
}

/// Two hundred payments are due, and somebody who has paid comes after them.
async fn told_of_comes_first(market: Market) {
    let (loud, payer) =
        (market.world.patient("l@x.example").await, market.world.patient("p@x.example").await);
    let mut left = None;
    for _ in 0..200 {
        left = Some(sets_out_and_leaves(&market, &loud).await);
    }
    market.world.clock.advance_minutes(2);
    let (visit, order) = market.held(&payer, TEN).await;
    market.pay(&order, "authorized").await;
    let notice = market.notice("payment.authorized", &order, "evt_1", SECRETS[0]);
    market.world.services.payments.notice(notice).await.unwrap();
    let mut rounds = vec![market.world.house.settle_due().await.unwrap()];
    assert_eq!(market.status(&payer, &visit).await, Status::Booked, "in the first round");
    // The others have their turn.
    for _ in 0..3 {
        rounds.push(market.world.house.settle_due().await.unwrap());
    }
    assert_eq!(rounds, [100, 100, 1, 0]);
    assert_eq!(market.state(&loud, &left.unwrap().0).await, PaymentState::Closed);
    market.world.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_told_of_is_settled_before_two_hundred_that_were_left() {
    told_of_comes_first(Market::open_with(Engine::Sqlite, Provider::Stripe, false).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_told_of_is_settled_before_two_hundred_that_were_left_on_postgres() {
    if let Some(market) = Market::open_with(Engine::Postgres, Provider::Razorpay, false).await {
        told_of_comes_first(market).await;
    }
}

on_both_markets! {
    async fn who_begins_payments_and_pays_none_waits_with_the_next_one(market: Market) {
        let (loud, other) = (market.world.patient("l@x.example").await, market.world.patient("o@x.example").await);
        let services = &market.world.services;
        for _ in 1..UNPAID {
            sets_out_and_leaves(&market, &loud).await;
        }
        let (kept, order) = market.held(&loud, TEN).await;
        let hold = async |start: &str| services.appointments.hold(&loud, market.wish(start)).await.unwrap();
        let next = hold("2026-11-25T10:00:00+01:00").await;
        let refused = services.payments.checkout(&loud, next.id).await.map(drop);
        assert_eq!(refused, Err(Error::TooMany { retry_after: 3_600 }));
        // What was begun is tried as often as one likes, and others are not meant.
        market.world.clock.advance_minutes(1);
        assert_eq!(market.order_for(&loud, &kept).await, order);
        market.held(&other, "2026-11-26T10:00:00+01:00").await;
        // What is paid does not count.
        market.come_back(&market.pay(&order, "authorized").await).await;
        market.order_for(&loud, &next).await;
        let last = hold("2026-11-27T10:00:00+01:00").await;
        let refused = services.payments.checkout(&loud, last.id).await.map(drop);
        assert_eq!(refused, Err(Error::TooMany { retry_after: 3_540 }));
        // Nor does what is an hour old.
        market.world.clock.advance_minutes(60);
        market.held(&loud, "2026-11-27T10:00:00+01:00").await;
        market.world.healthy().await;
    }

    async fn late_money_for_a_time_that_was_let_go_of_is_found_though_nobody_tells_of_it(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = sets_out_and_leaves(&market, &patient).await;
        market.settle().await;
        assert_eq!(market.state(&patient, &visit).await, PaymentState::Closed);
        market.world.clock.advance_minutes(2 * 24 * 60);
        market.world.house.settle_due().await.unwrap();
        if market.provider == Provider::Stripe {
            // Its session has ended: there is no such money.
            assert_eq!(market.try_control(&market.pays(&order), json!({ "outcome": "captured" })).await, Err(400));
            return;
        }
        market.pay(&order, "captured").await;
        assert_eq!(market.at_the_provider().await, 5_000);
        market.world.clock.advance_minutes(60);
        market.settle().await;
        assert_eq!(market.at_the_provider().await, 0);
        let letters = market.world.letters("p@x.example").await;
        assert!(letters.iter().any(|letter| letter.subject.contains("Your money comes back")));
        market.world.healthy().await;
    }
}
