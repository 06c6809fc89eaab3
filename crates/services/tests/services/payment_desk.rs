//! Where the desk and the provider of payments meet: no visit is paid for at both, and who is given money back by hand hears of it.
//!
//! What follows from what is seen is tested in `domain`.

use domain::{
    Call, Error,
    appointments::Appointment,
    error::Conflict,
    payments::{Bill, PaymentMethod, PaymentQuery, PaymentState, RefundPayment, TakePayment},
};

use crate::{
    audit::refused,
    market::{Market, TEN, on_both_markets},
    payments::capturing,
    world::Engine,
};

/// A bank that had reserved the money knows nothing of it for a moment.
const LOSE: [&str; 2] = [
    "UPDATE payments SET state = 'lost', version = version + 1 WHERE state = 'capturing'",
    "INSERT INTO payment_steps (payment_id, seq, from_state, to_state, cause, at)
     SELECT id, version, 'capturing', 'lost', 'clock', 0 FROM payments WHERE state = 'lost'",
];

async fn lose(market: &Market) {
    for sql in LOSE {
        assert!(refused(&market.world, sql).await.is_none(), "{sql}");
    }
}

async fn cash(market: &Market, visit: &Appointment) -> Result<Bill, Error> {
    let all = TakePayment { method: PaymentMethod::Cash, amount_minor: 5_000 };
    market.world.services.payments.take(&market.admin, visit.id, all).await
}

async fn bill(market: &Market, who: &Call, visit: &Appointment) -> Bill {
    market.world.services.payments.bill(who, visit.id).await.unwrap()
}

/// Where the payment through the provider stands.
fn online(bill: &Bill) -> PaymentState {
    bill.payments.iter().find(|payment| payment.method == PaymentMethod::Online).unwrap().state
}

on_both_markets! {
    async fn the_desk_takes_no_money_while_it_is_being_taken_online(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, paid) = capturing(&market, &patient, TEN).await;
        let before = bill(&market, &market.admin, &visit).await;
        assert_eq!((before.is_being_paid(), before.takes_money, before.due_minor), (true, false, 5_000));
        assert_eq!(cash(&market, &visit).await, Err(Error::conflict(Conflict::BeingPaid)));
        market.come_back(&paid).await;
        let after = bill(&market, &market.admin, &visit).await;
        assert_eq!((after.is_being_paid(), after.paid_minor, after.due_minor), (false, 5_000, 0));
        assert_eq!(cash(&market, &visit).await, Err(Error::conflict(Conflict::AlreadyDone)));
        market.world.healthy().await;
    }

    async fn what_was_lost_and_is_reserved_after_all_is_taken_only_while_it_is_due(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, paid) = capturing(&market, &patient, TEN).await;
        lose(&market).await;
        market.come_back(&paid).await;
        assert_eq!(online(&bill(&market, &patient, &visit).await), PaymentState::Captured);
        assert_eq!(market.at_the_provider().await, 5_000);
        // Whoever was told to pay at the desk, and has, does not pay again.
        let (visit, paid) = capturing(&market, &patient, "2026-11-25T10:00:00+01:00").await;
        lose(&market).await;
        cash(&market, &visit).await.unwrap();
        market.come_back(&paid).await;
        let bill = bill(&market, &patient, &visit).await;
        assert_eq!((online(&bill), bill.paid_minor, bill.due_minor), (PaymentState::Voided, 5_000, 0));
        market.settle().await;
        assert_eq!(market.at_the_provider().await, 5_000, "of the first visit");
        let payments = &market.world.services.payments;
        let takings = payments.takings(&market.admin, market.hospital, PaymentQuery::default()).await.unwrap();
        assert_eq!((takings.online_minor, takings.desk_minor, takings.suspense_minor), (5_000, 5_000, 0));
        market.world.healthy().await;
    }

    async fn who_is_given_money_back_by_hand_hears_of_it(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        market.come_back(&market.pay(&order, "authorized").await).await;
        let payment = bill(&market, &patient, &visit).await.payments[0].id;
        let back = RefundPayment { amount_minor: 2_000, reason: "A part of it".into() };
        market.world.services.payments.refund(&market.admin, payment, back).await.unwrap();
        let letters = market.world.letters("p@x.example").await;
        let told = letters.iter().filter(|letter| letter.subject.contains("Money is on its way back to you"));
        assert_eq!(told.count(), 1);
        market.world.healthy().await;
    }
}
