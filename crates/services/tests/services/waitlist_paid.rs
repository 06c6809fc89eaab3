//! Whoever has paid in time and those who wait, when the provider does not answer at once, at both providers and on both engines.
//!
//! What happens when it answers is told in `waitlist_stories`.

use domain::{appointments::Status, waitlist::EntryStatus};
use serde_json::json;
use services::clock::Clock;

use crate::{
    market::{Market, Rivals, SECRETS, TEN, on_both_markets},
    waitlist::{entry, relay},
    world::Engine,
};

fn ten_seconds(market: &Market) {
    let clock = &market.world.clock;
    clock.set(clock.now() + jiff::SignedDuration::from_secs(10));
}

on_both_markets! {
    async fn one_answer_that_fails_gives_a_paid_time_to_nobody_else(market: Market) {
        let world = &market.world;
        let Rivals { holder, next, visit, order, entry: id } = Rivals::in_the_last_minute(&market).await;
        // She pays, and nobody is told; then her hold ends, and the one who knows does not answer.
        market.pay(&order, "authorized").await;
        world.clock.advance_minutes(1);
        market.control("faults", json!({ "fault": "error_before_effect", "on": "fetch" })).await;
        world.house.settle_due().await.unwrap();
        assert_eq!(market.status(&holder, &visit).await, Status::Expired);
        assert_eq!(relay(world).await, 0, "the house asks again at once");
        ten_seconds(&market);
        assert_eq!(relay(world).await, 0);
        world.house.settle_due().await.unwrap();
        assert_eq!(market.status(&holder, &visit).await, Status::Booked);
        assert_eq!(market.at_the_provider().await, 5_000);
        assert_eq!(relay(world).await, 0);
        assert_eq!(entry(world, &next, id).await.status, EntryStatus::Waiting);
        world.healthy().await;
    }

    async fn who_goes_to_pay_in_the_last_moment_has_paid_in_time(market: Market) {
        let world = &market.world;
        let (holder, next) = (world.patient("p@x.example").await, world.patient("n@x.example").await);
        let visit = market.the_one_time(&holder).await;
        let id = market.waits(&next).await;
        let clock = &world.clock;
        clock.advance_minutes(14);
        world.house.settle_due().await.unwrap();
        for _ in 0..3 {
            ten_seconds(&market);
        }
        // Half a minute before the end; the house has never looked at this payment.
        let order = market.order_for(&holder, &visit).await;
        market.pay(&order, "authorized").await;
        for _ in 0..3 {
            ten_seconds(&market);
        }
        assert_eq!(relay(world).await, 0, "the house has not asked yet");
        world.house.settle_due().await.unwrap();
        assert_eq!(market.status(&holder, &visit).await, Status::Booked);
        assert_eq!(relay(world).await, 0);
        assert_eq!(entry(world, &next, id).await.status, EntryStatus::Waiting);
        world.healthy().await;
    }

    async fn what_is_closed_keeps_no_time_from_those_who_wait(market: Market) {
        let world = &market.world;
        let Rivals { holder, next, visit, order, entry: id } = Rivals::in_the_last_minute(&market).await;
        world.clock.advance_minutes(1);
        world.house.settle_due().await.unwrap();
        assert_eq!(market.status(&holder, &visit).await, Status::Expired);
        // The house has looked after the end and knows; that somebody makes it look again changes nothing.
        let notice = market.notice("payment.authorized", &order, "evt_late", SECRETS[0]);
        world.services.payments.notice(notice).await.unwrap();
        assert_eq!(relay(world).await, 1);
        assert_eq!(entry(world, &next, id).await.offer.unwrap().start.to_string(), TEN);
        world.healthy().await;
    }

    async fn a_provider_that_does_not_answer_keeps_a_time_for_two_minutes(market: Market) {
        let world = &market.world;
        let Rivals { next, entry: id, .. } = Rivals::in_the_last_minute(&market).await;
        world.clock.advance_minutes(1);
        market.control("faults", json!({ "fault": "error_before_effect", "times": 100, "on": "fetch" })).await;
        for second in (0..120).step_by(10) {
            world.house.settle_due().await.unwrap();
            assert_eq!(relay(world).await, 0, "{second} seconds after its hold has ended");
            ten_seconds(&market);
        }
        world.house.settle_due().await.unwrap();
        assert_eq!(relay(world).await, 1);
        assert_eq!(entry(world, &next, id).await.offer.unwrap().start.to_string(), TEN);
        market.clear_faults().await;
        world.healthy().await;
    }
}
