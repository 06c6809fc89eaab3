//! Money that a provider does not send back, on both engines and at both providers: it is asked for more and more seldom, people are told,
//! and it goes back as soon as the provider lets it.
//!
//! When the house asks again is tested in `domain`.

use domain::{
    appointments::{Move, MoveAppointment},
    payments::{PaymentQuery, RefundPayment, Takings},
};
use serde_json::json;

use crate::{
    market::{Market, Provider, TEN, on_both_markets},
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
    lines.retain(|line| line.contains("refunds do not go back"));
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
        let said = format!("1 refunds do not go back at {}", market.code());
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

/// The provider takes it on, and says later that it could not send it: nobody is asked again by itself, so people are told at once.
async fn what_the_provider_could_not_send_is_shown_until_it_is_tried_again(market: Market) {
    let (world, services) = (&market.world, &market.world.services);
    let patient = world.patient("p@x.example").await;
    let (visit, order) = market.held(&patient, TEN).await;
    market.come_back(&market.pay(&order, "authorized").await).await;
    services
        .appointments
        .advance(&market.admin, visit.id, Move::Cancel, MoveAppointment::default())
        .await
        .unwrap();
    market.settle().await;
    assert_eq!(
        (takings(&market).await.overdue_minor, counted(&market).await),
        (0, vec![]),
        "it is on its way"
    );
    let state = market.provider_state().await;
    let (of, all, ends) = match market.provider {
        Provider::Razorpay => ("", &state["refunds"], ["failed", "processed"]),
        Provider::Stripe => ("stripe/", &state["stripe"]["refunds"], ["failed", "succeeded"]),
    };
    let id = all[0]["id"].as_str().unwrap();
    market.control(&format!("{of}refunds/{id}/settle"), json!({ "status": ends[0] })).await;
    world.clock.advance_minutes(DAY);
    market.settle().await;
    assert_eq!(takings(&market).await.overdue_minor, 5_000);
    assert_eq!(counted(&market).await, [format!("1 refunds do not go back at {}", market.code())]);
    // Somebody gives it back anew.
    let payment = services.payments.bill(&patient, visit.id).await.unwrap().payments[0].id;
    let back = RefundPayment { amount_minor: 5_000, reason: "It had not come".into() };
    services.payments.refund(&market.admin, payment, back).await.unwrap();
    market.settle().await;
    assert_eq!(
        (takings(&market).await.overdue_minor, counted(&market).await),
        (0, vec![]),
        "it is on its way again"
    );
    world.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_sent_sqlite() {
    let opened =
        Market::open_where(Engine::Sqlite, Provider::Razorpay, true, sandbox::Settling::WhenTold).await;
    what_the_provider_could_not_send_is_shown_until_it_is_tried_again(opened.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_sent_stripe_postgres() {
    let opened =
        Market::open_where(Engine::Postgres, Provider::Stripe, true, sandbox::Settling::WhenTold).await;
    if let Some(market) = opened {
        what_the_provider_could_not_send_is_shown_until_it_is_tried_again(market).await;
    }
}
