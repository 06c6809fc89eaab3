//! Money that a provider does not send back, on both engines and at both providers: it is asked for more and more seldom, people are told,
//! and it goes back as soon as the provider lets it.
//!
//! When the house asks again is tested in `domain`.

use domain::{
    appointments::{Move, MoveAppointment},
    payments::{PaymentQuery, Takings},
};
use serde_json::json;

use crate::{
    market::{Market, TEN, on_both_markets},
    world::Engine,
};

const DAY: i64 = 24 * 60;

async fn takings(market: &Market) -> Takings {
    let payments = &market.world.services.payments;
    payments.takings(&market.admin, market.hospital, PaymentQuery::default()).await.unwrap()
}

/// What `fsck` says of money that does not go back.
async fn counted(market: &Market) -> Vec<String> {
    let mut lines = market.world.house.fsck().await.unwrap().lines;
    lines.retain(|line| line.contains("have not been taken on"));
    lines
}

/// How often the provider still refuses.
async fn refusals_left(market: &Market) -> i64 {
    market.provider_state().await["faults"][0]["times"].as_i64().unwrap()
}

on_both_markets! {
    async fn money_that_is_not_sent_back_is_shown_after_a_day_and_goes_back_when_it_can(market: Market) {
        let (world, services) = (&market.world, &market.world.services);
        let patient = world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        market.come_back(&market.pay(&order, "authorized").await).await;
        market.control("faults", json!({ "fault": "refused", "on": "refund", "times": 1_000 })).await;
        services.appointments.advance(&market.admin, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        market.settle().await;
        assert!(refusals_left(&market).await < 1_000, "it was asked for");
        assert_eq!((takings(&market).await.overdue_minor, counted(&market).await), (0, vec![]), "it may still go");
        world.clock.advance_minutes(DAY);
        market.settle().await;
        assert_eq!(takings(&market).await.overdue_minor, 5_000);
        let said = format!("1 refunds have not been taken on by {} for more than a day", market.code());
        assert_eq!(counted(&market).await, [said]);
        // Another hospital's money is its own business.
        let (elsewhere, admin) = world.hospital("Northwood", "Europe/Berlin").await;
        let theirs = services.payments.takings(&admin, elsewhere.id, PaymentQuery::default()).await.unwrap();
        assert_eq!(theirs.overdue_minor, 0);
        // A month later it is asked for once a day: twice in sixty hours.
        world.clock.advance_minutes(30 * DAY);
        market.settle().await;
        let before = refusals_left(&market).await;
        for _ in 0..60 {
            world.clock.advance_minutes(60);
            world.house.settle_due().await.unwrap();
        }
        assert_eq!(before - refusals_left(&market).await, 2);
        world.healthy().await;
        // Whatever stood in its way is gone.
        market.clear_faults().await;
        world.clock.advance_minutes(DAY);
        market.settle().await;
        let bill = services.payments.bill(&patient, visit.id).await.unwrap();
        assert_eq!((bill.payments[0].refunding_minor, bill.payments[0].refunded_minor), (0, 5_000));
        assert_eq!((market.at_the_provider().await, takings(&market).await.overdue_minor), (0, 0));
        assert_eq!(counted(&market).await, Vec::<String>::new());
        world.healthy().await;
    }
}
