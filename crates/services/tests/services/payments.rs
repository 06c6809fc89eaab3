//! Paying for visits, on both engines, against the sandbox over real HTTP: money that comes in time, late, twice, wrong or never.
//!
//! What follows from what is seen is tested in `domain`; what the sandbox does, in its own crate.

use domain::{
    Call, Error,
    appointments::{Appointment, BookAppointment, Move, MoveAppointment, Status},
    changes::{PlanChanges, PlanItem, PlannedChange},
    error::Conflict,
    follow_ups::{BookFollowUp, OfferFollowUp, Unit},
    ids::{FollowUpId, MassChangeId},
    payments::{PaymentMethod, PaymentQuery, PaymentState, RefundPayment, RefundPolicy, TakePayment},
};
use serde_json::{Value, json};

use crate::{
    market::{Market, TEN, on_both_markets},
    world::Engine,
};

/// A ticket for the second half of December, from a visit that is paid.
async fn asked_back(market: &Market, patient: &Call) -> FollowUpId {
    let services = &market.world.services;
    let (visit, order) = market.held(patient, TEN).await;
    market.come_back(&market.pay(&order, "authorized").await).await;
    let wish = OfferFollowUp {
        visit_type_id: market.kind.id,
        doctor_id: Some(market.doctor.card.id),
        earliest: 3,
        latest: 5,
        unit: Unit::Weeks,
        note: None,
    };
    services.follow_ups.offer(&market.admin, visit.id, wish).await.unwrap().id
}

/// A visit that is booked while its money is still being taken: the provider has failed there.
pub(crate) async fn capturing(market: &Market, patient: &Call, start: &str) -> (Appointment, Value) {
    let (visit, order) = market.held(patient, start).await;
    market.control("faults", json!({ "fault": "error_before_effect", "times": 2, "on": "capture" })).await;
    let paid = market.pay(&order, "authorized").await;
    market.come_back(&paid).await;
    market.clear_faults().await;
    assert_eq!(market.status(patient, &visit).await, Status::Booked);
    assert_eq!(market.state(patient, &visit).await, PaymentState::Capturing);
    // Whoever comes back in the same moment again is only shown where it stands.
    market.world.clock.advance_minutes(1);
    (visit, paid)
}

/// Calls a visit off as one of many, of which nobody is told for ten minutes.
async fn call_off(market: &Market, patient: &Call, visit: &Appointment) -> MassChangeId {
    let services = &market.world.services;
    let version = services.appointments.get(patient, visit.id).await.unwrap().version;
    let items = vec![PlanItem { appointment_id: visit.id, version, change: PlannedChange::Cancel }];
    let command = PlanChanges { reason: Some("The doctor is ill".into()), items };
    let planned = services.changes.plan(&market.admin, market.doctor.card.id, command).await.unwrap();
    services.changes.confirm(&market.admin, planned.id).await.unwrap().id
}

on_both_markets! {
    async fn money_that_comes_while_a_visit_is_called_off_with_others_goes_back_when_that_is_told(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let services = &market.world.services;
        let (visit, paid) = capturing(&market, &patient, TEN).await;
        let change = call_off(&market, &patient, &visit).await;
        market.come_back(&paid).await;
        market.world.house.settle_due().await.unwrap();
        assert_eq!(market.status(&patient, &visit).await, Status::Cancelled);
        let bill = services.payments.bill(&patient, visit.id).await.unwrap();
        let payment = &bill.payments[0];
        assert_eq!((payment.state, payment.refunding_minor, payment.refunded_minor), (PaymentState::Captured, 0, 0));
        // Undone, the visit stands and is paid for.
        assert_eq!(services.changes.undo(&market.admin, change).await.unwrap().left, 0);
        market.settle().await;
        assert_eq!(market.status(&patient, &visit).await, Status::Booked);
        assert_eq!(services.payments.bill(&patient, visit.id).await.unwrap().due_minor, 0);
        assert_eq!(market.at_the_provider().await, 5_000);
        market.world.healthy().await;
        // Not undone, it goes back when the patient is told, and not before.
        let (other, paid) = capturing(&market, &patient, "2026-11-25T10:00:00+01:00").await;
        call_off(&market, &patient, &other).await;
        market.come_back(&paid).await;
        market.world.house.settle_due().await.unwrap();
        assert_eq!(market.at_the_provider().await, 10_000);
        market.world.clock.advance_minutes(11);
        market.settle().await;
        assert_eq!(market.at_the_provider().await, 5_000);
        assert_eq!(market.status(&patient, &other).await, Status::Cancelled);
        market.world.healthy().await;
        // Whoever was told before the money came gets it back at once.
        let (last, paid) = capturing(&market, &patient, "2026-11-26T10:00:00+01:00").await;
        call_off(&market, &patient, &last).await;
        market.control("faults", json!({ "fault": "error_before_effect", "times": 50, "on": "capture" })).await;
        market.world.clock.advance_minutes(11);
        market.world.house.settle_due().await.unwrap();
        assert_eq!(market.state(&patient, &last).await, PaymentState::Capturing);
        market.clear_faults().await;
        market.come_back(&paid).await;
        market.settle().await;
        assert_eq!(market.at_the_provider().await, 5_000);
        market.world.healthy().await;
    }

    async fn who_pays_in_time_has_the_visit_and_a_receipt(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let services = &market.world.services;
        let refused = services.appointments.book(&patient, market.wish(TEN)).await;
        assert_eq!(refused, Err(Error::conflict(Conflict::PayFirst)));
        let (visit, order) = market.held(&patient, TEN).await;
        assert!(!market.free(TEN).await, "a held time is offered to nobody");
        let paid = market.pay(&order, "authorized").await;
        market.come_back(&paid).await;
        assert_eq!(market.status(&patient, &visit).await, Status::Booked);
        let bill = services.payments.bill(&patient, visit.id).await.unwrap();
        assert_eq!((bill.paid_minor, bill.due_minor, bill.payments[0].state), (5_000, 0, PaymentState::Captured));
        let receipt = services.payments.receipt(&patient, bill.payments[0].id).await.unwrap();
        assert_eq!((receipt.number.as_str(), receipt.reference), ("R-000001", visit.reference.clone()));
        let takings = services.payments.takings(&market.admin, market.hospital, PaymentQuery::default()).await.unwrap();
        assert_eq!((takings.online_minor, takings.desk_minor, takings.suspense_minor), (5_000, 0, 0));
        // Told again, it changes nothing.
        market.come_back(&paid).await;
        market.settle().await;
        assert_eq!(market.at_the_provider().await, 5_000);
        let letters = market.world.letters("p@x.example").await;
        assert_eq!(letters.iter().filter(|letter| letter.subject.contains("Your payment has arrived")).count(), 1);
        // A time that is held is no visit: the letter for the calendar goes when it is paid, and once.
        assert_eq!(letters.iter().filter(|letter| letter.subject == "A visit is booked").count(), 1);
        market.world.healthy().await;
    }

    async fn who_comes_back_again_and_again_makes_the_house_ask_once(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        let paid = market.pay(&order, "authorized").await;
        market.control("faults", json!({ "fault": "error_before_effect", "times": 50, "on": "fetch" })).await;
        market.come_back(&paid).await;
        market.clear_faults().await;
        for _ in 0..3 {
            market.come_back(&paid).await;
        }
        assert_eq!(market.status(&patient, &visit).await, Status::PendingPayment, "it was asked a moment ago");
        market.world.clock.advance_minutes(1);
        market.come_back(&paid).await;
        assert_eq!(market.status(&patient, &visit).await, Status::Booked);
        // What has come to its end is shown, however much later the address is asked for: the fault still waits to be met.
        market.world.clock.advance_minutes(1);
        let fault = json!({ "fault": "error_before_effect", "on": "fetch" });
        market.control("faults", fault.clone()).await;
        market.come_back(&paid).await;
        let waiting = market.control("faults", fault).await["faults"].as_array().map(Vec::len);
        assert_eq!(waiting, Some(2), "nobody was asked");
        market.clear_faults().await;
        market.world.healthy().await;
    }

    async fn a_hold_ends_on_time_whether_anything_runs_or_not(market: Market) {
        let (patient, other) = (market.world.patient("p@x.example").await, market.world.patient("q@x.example").await);
        let (visit, _) = market.held(&patient, TEN).await;
        market.world.clock.advance_minutes(14);
        assert!(!market.free(TEN).await);
        let extended = market.world.services.appointments.extend_hold(&patient, visit.id).await.unwrap();
        assert!(!extended.extendable);
        market.world.clock.advance_minutes(5);
        assert!(!market.free(TEN).await);
        market.world.clock.advance_minutes(1);
        // Nobody has swept; the time is free, and the next one gets it.
        assert!(market.free(TEN).await);
        assert_eq!(market.status(&patient, &visit).await, Status::Expired);
        let next = market.world.services.appointments.hold(&other, market.wish(TEN)).await.unwrap();
        assert_eq!(next.status, Status::PendingPayment);
        // Nobody was told of a visit that is none.
        for address in ["p@x.example", "q@x.example"] {
            assert!(market.world.letters(address).await.iter().all(|letter| letter.calendar.is_none()), "{address}");
        }
        assert!(!market.free(TEN).await);
        let ended = Err(Error::conflict(Conflict::HoldEnded));
        assert_eq!(market.world.services.payments.checkout(&patient, visit.id).await.map(drop), ended.clone().map(|_: Appointment| ()));
        assert_eq!(market.world.services.appointments.extend_hold(&patient, visit.id).await, ended);
        market.world.healthy().await;
    }

    async fn who_pays_late_is_seated_again_while_the_time_is_free(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        market.world.clock.advance_minutes(16);
        if market.provider == Provider::Razorpay {
            // An order there has no end; a session of Stripe's is ended with the hold, see `stripe`.
            market.settle().await;
            assert_eq!(market.state(&patient, &visit).await, PaymentState::Closed);
        }
        assert_eq!(market.status(&patient, &visit).await, Status::Expired);
        let paid = market.pay(&order, "authorized").await;
        market.come_back(&paid).await;
        assert_eq!(market.status(&patient, &visit).await, Status::Booked);
        assert_eq!(market.state(&patient, &visit).await, PaymentState::Captured);
        assert_eq!(market.at_the_provider().await, 5_000);
        let letters = market.world.letters("p@x.example").await;
        assert_eq!(letters.iter().filter(|letter| letter.subject == "A visit is booked").count(), 1);
        market.world.healthy().await;
    }

    async fn who_pays_for_a_time_that_is_gone_keeps_the_money(market: Market) {
        let (patient, other) = (market.world.patient("p@x.example").await, market.world.patient("q@x.example").await);
        let (visit, order) = market.held(&patient, TEN).await;
        market.world.clock.advance_minutes(16);
        let (rival, rivals) = market.held(&other, TEN).await;
        market.come_back(&market.pay(&rivals, "authorized").await).await;
        assert_eq!(market.status(&other, &rival).await, Status::Booked);
        // Reserved only: the bank is told to let go.
        let paid = market.pay(&order, "authorized").await;
        market.come_back(&paid).await;
        assert_eq!(market.state(&patient, &visit).await, PaymentState::Voided);
        assert_eq!(market.status(&patient, &visit).await, Status::Expired);
        assert_eq!(market.at_the_provider().await, 5_000, "the rival's alone");
        let letters = market.world.letters("p@x.example").await;
        assert_eq!(letters.iter().filter(|letter| letter.subject.contains("Your money comes back")).count(), 1);
        market.world.healthy().await;
    }

    async fn money_that_was_taken_for_a_time_that_is_gone_goes_back(market: Market) {
        let (patient, other) = (market.world.patient("p@x.example").await, market.world.patient("q@x.example").await);
        let (visit, order) = market.held(&patient, TEN).await;
        market.world.clock.advance_minutes(16);
        market.world.services.appointments.hold(&other, market.wish(TEN)).await.unwrap();
        let paid = market.pay(&order, "captured").await;
        market.come_back(&paid).await;
        market.settle().await;
        let bill = market.world.services.payments.bill(&patient, visit.id).await.unwrap();
        assert_eq!((bill.payments[0].captured_minor, bill.payments[0].refunded_minor), (5_000, 5_000));
        assert_eq!(market.at_the_provider().await, 0);
        market.world.healthy().await;
    }

    async fn a_ticket_is_used_once_by_a_request_that_is_repeated_and_held_first(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let ticket = asked_back(&market, &patient).await;
        let keyed = Call { idempotency_key: Some("k1".into()), ..patient.clone() };
        let wish = BookFollowUp { start: "2026-12-15T10:00".into(), doctor_id: None, reason: None };
        let follow_ups = &market.world.services.follow_ups;
        let held = follow_ups.book(&keyed, ticket, wish.clone()).await.unwrap();
        assert_eq!(held.status, Status::PendingPayment);
        assert_eq!(follow_ups.book(&keyed, ticket, wish.clone()).await.unwrap().id, held.id, "its answer was lost");
        assert_eq!(follow_ups.book(&patient, ticket, wish).await, Err(Error::conflict(Conflict::TicketOver)));
        market.world.healthy().await;
    }

    async fn late_money_wins_nothing_with_a_ticket_that_was_taken_back(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let ticket = asked_back(&market, &patient).await;
        let services = &market.world.services;
        let wish = BookFollowUp { start: "2026-12-15T10:00".into(), doctor_id: None, reason: None };
        let visit = services.follow_ups.book(&patient, ticket, wish).await.unwrap();
        let order = market.order_of(&services.payments.checkout(&patient, visit.id).await.unwrap());
        market.world.clock.advance_minutes(16);
        services.follow_ups.withdraw(&market.admin, ticket).await.unwrap();
        market.come_back(&market.pay(&order, "authorized").await).await;
        assert_eq!(market.state(&patient, &visit).await, PaymentState::Voided);
        assert_eq!(market.status(&patient, &visit).await, Status::Expired);
        market.world.healthy().await;
    }

    async fn another_amount_than_agreed_wins_nothing(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (visit, order) = market.held(&patient, TEN).await;
        let paid = market.control(&market.pays(&order), json!({ "outcome": "captured", "amount": 1 })).await;
        market.come_back(&paid).await;
        market.settle().await;
        assert_ne!(market.status(&patient, &visit).await, Status::Booked);
        assert_eq!(market.at_the_provider().await, 0);
        market.world.healthy().await;
    }

    async fn who_cancels_gets_back_what_the_policy_says(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let services = &market.world.services;
        let policy = RefundPolicy { full_until_hours: 2, late_percent: 50 };
        services.payments.set_policy(&market.admin, market.hospital, policy).await.unwrap();
        for (start, back) in [(TEN, 5_000), ("2026-11-23T09:00:00+01:00", 2_500)] {
            let (visit, order) = market.held(&patient, start).await;
            market.come_back(&market.pay(&order, "authorized").await).await;
            let told = services.payments.bill(&patient, visit.id).await.unwrap().refund_if_cancelled_minor;
            services.appointments.advance(&patient, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
            market.world.house.settle_due().await.unwrap();
            let bill = services.payments.bill(&patient, visit.id).await.unwrap();
            assert_eq!((told, bill.payments[0].refunded_minor), (back, back), "{start}");
            assert_eq!(bill.paid_online_minor(), 5_000 - back, "{start}");
            market.world.clock.advance_minutes(1);
        }
        assert_eq!(market.at_the_provider().await, 2_500);
        market.world.healthy().await;
    }

    async fn what_the_hospital_cancels_is_paid_back_whole(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let services = &market.world.services;
        let nothing = RefundPolicy { full_until_hours: 720, late_percent: 0 };
        services.payments.set_policy(&market.admin, market.hospital, nothing).await.unwrap();
        let (visit, order) = market.held(&patient, TEN).await;
        market.come_back(&market.pay(&order, "authorized").await).await;
        services.appointments.advance(&market.admin, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        market.settle().await;
        assert_eq!(market.at_the_provider().await, 0);
        market.world.healthy().await;
    }

    async fn nobody_hoards_times(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let hold = |start: &'static str| market.world.services.appointments.hold(&patient, market.wish(start));
        hold(TEN).await.unwrap();
        let full = Err(Error::conflict(Conflict::TooManyHolds));
        assert_eq!(hold("2026-11-24T11:00:00+01:00").await, full, "one with a doctor on a day");
        hold("2026-11-25T11:00:00+01:00").await.unwrap();
        assert_eq!(hold("2026-11-26T11:00:00+01:00").await, full, "two in all");
        market.world.clock.advance_minutes(15);
        assert_eq!(hold(TEN).await, Err(Error::TooMany { retry_after: 60 }));
        market.world.house.settle_due().await.unwrap();
        assert_eq!(hold(TEN).await, Err(Error::TooMany { retry_after: 60 }), "noted or not");
        market.world.clock.advance_minutes(1);
        hold(TEN).await.unwrap();
        market.world.healthy().await;
    }

    async fn the_desk_takes_money_once_and_gives_it_back(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let services = &market.world.services;
        let known = BookAppointment { patient_id: None, ..market.wish(TEN) };
        let (first, order) = market.held(&patient, TEN).await;
        market.come_back(&market.pay(&order, "authorized").await).await;
        let by_desk = BookAppointment { patient_id: Some(first.patient_id), start: "2026-11-25T10:00:00+01:00".into(), ..known };
        let visit = services.appointments.book(&market.admin, by_desk).await.unwrap();
        let bill = services.payments.bill(&market.admin, visit.id).await.unwrap();
        assert_eq!((bill.due_minor, bill.takes_money), (5_000, true));
        let cash = |amount_minor| TakePayment { method: PaymentMethod::Cash, amount_minor };
        let more = services.payments.take(&market.admin, visit.id, cash(5_001)).await;
        assert_eq!(more, Err(Error::invalid("amount_minor", "more_than_due")));
        let bill = services.payments.take(&market.admin, visit.id, cash(5_000)).await.unwrap();
        assert_eq!((bill.due_minor, bill.takes_money), (0, false));
        assert_eq!((bill.paid_minor, bill.paid_online_minor()), (5_000, 0));
        let again = services.payments.take(&market.admin, visit.id, cash(1)).await;
        assert_eq!(again, Err(Error::conflict(Conflict::AlreadyDone)));
        let id = bill.payments[0].id;
        let back = |amount_minor| RefundPayment { amount_minor, reason: "Paid twice".into() };
        let bill = services.payments.refund(&market.admin, id, back(2_000)).await.unwrap();
        assert_eq!(bill.payments[0].refunded_minor, 2_000);
        let more = services.payments.refund(&market.admin, id, back(3_001)).await;
        assert_eq!(more, Err(Error::invalid("amount_minor", "more_than_paid")));
        // Who pays sees it, and may give nothing back.
        assert_eq!(services.payments.refund(&patient, id, back(1)).await, Err(Error::NotFound));
        let takings = services.payments.takings(&market.admin, market.hospital, PaymentQuery::default()).await.unwrap();
        assert_eq!((takings.cash_minor, takings.online_minor), (3_000, 5_000));
        let lines = services.payments.list(&market.admin, market.hospital, PaymentQuery::default()).await.unwrap();
        assert_eq!(lines.items.len(), 2);
        market.world.healthy().await;
    }

    async fn a_strangers_bill_is_as_absent_as_none(market: Market) {
        let (patient, stranger) = (market.world.patient("p@x.example").await, market.world.patient("s@x.example").await);
        let services = &market.world.services;
        let (visit, _) = market.held(&patient, TEN).await;
        assert_eq!(services.payments.bill(&stranger, visit.id).await, Err(Error::NotFound));
        assert_eq!(services.payments.checkout(&stranger, visit.id).await, Err(Error::NotFound));
        assert_eq!(services.appointments.release_hold(&stranger, visit.id).await, Err(Error::NotFound));
        let payment = services.payments.bill(&patient, visit.id).await.unwrap().payments[0].id;
        assert_eq!(services.payments.receipt(&stranger, payment).await, Err(Error::NotFound));
        let (_, elsewhere) = market.world.hospital("Elsewhere", "Europe/Berlin").await;
        assert_eq!(services.payments.bill(&elsewhere, visit.id).await, Err(Error::NotFound));
        let none = services.payments.list(&elsewhere, market.hospital, PaymentQuery::default()).await;
        assert_eq!(none.map(drop), Err(Error::NotFound));
        market.world.healthy().await;
    }
}
