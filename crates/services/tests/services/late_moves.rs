//! Moving a visit before it is called off, on both engines and at both providers: what was too late stays so, and what the hospital has moved
//! never is, and what hangs on a paid visit is not kept unpaid.
//!
//! How moves are judged is tested in `domain`.

use domain::{
    Call,
    appointments::{Appointment, Move, MoveAppointment, RescheduleAppointment, Status},
    changes::{PlanChanges, PlanItem, PlannedChange},
};

use crate::{
    market::{Market, TEN, on_both_markets},
    world::Engine,
};

const FAR: &str = "2026-12-14T10:00:00+01:00";
const DAY: i64 = 24 * 60;

/// A visit that is paid for.
async fn paid(market: &Market, patient: &Call, start: &str) -> Appointment {
    let (visit, order) = market.held(patient, start).await;
    market.come_back(&market.pay(&order, "authorized").await).await;
    assert_eq!(market.status(patient, &visit).await, Status::Booked);
    visit
}

async fn moved(market: &Market, who: &Call, visit: &Appointment, start: &str) {
    let command = RescheduleAppointment { start: start.into(), ..RescheduleAppointment::default() };
    market.world.services.appointments.reschedule(who, visit.id, command).await.unwrap();
}

/// What the page says would go back.
async fn would_go_back(market: &Market, who: &Call, visit: &Appointment) -> i64 {
    market.world.services.payments.bill(who, visit.id).await.unwrap().refund_if_cancelled_minor
}

/// Calls a visit off: what went back, and whether it is noted as late.
async fn off(market: &Market, who: &Call, visit: &Appointment) -> (i64, bool) {
    let services = &market.world.services;
    let off =
        services.appointments.advance(who, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
    market.settle().await;
    let bill = services.payments.bill(&market.admin, visit.id).await.unwrap();
    (bill.payments[0].refunded_minor, off.cancelled_late)
}

on_both_markets! {
    async fn who_moves_a_visit_at_the_last_minute_gets_back_what_was_due_then(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let visit = paid(&market, &patient, TEN).await;
        assert_eq!(would_go_back(&market, &patient, &visit).await, 5_000);
        // An hour before.
        market.world.clock.advance_minutes(26 * 60);
        assert_eq!(would_go_back(&market, &patient, &visit).await, 0);
        moved(&market, &patient, &visit, FAR).await;
        assert_eq!(would_go_back(&market, &patient, &visit).await, 0);
        assert_eq!(off(&market, &patient, &visit).await, (0, true));
        assert_eq!(market.at_the_provider().await, 5_000);
        market.world.healthy().await;
    }

    async fn who_moves_a_visit_early_may_still_cancel_it_early(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let visit = paid(&market, &patient, TEN).await;
        moved(&market, &patient, &visit, FAR).await;
        market.world.clock.advance_minutes(2 * DAY);
        assert_eq!(would_go_back(&market, &patient, &visit).await, 5_000);
        assert_eq!(off(&market, &patient, &visit).await, (5_000, false));
        market.world.healthy().await;
    }

    async fn what_the_hospital_has_moved_is_given_back_whole_and_never_late(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let visit = paid(&market, &patient, FAR).await;
        moved(&market, &market.admin, &visit, TEN).await;
        market.world.clock.advance_minutes(26 * 60);
        assert_eq!(would_go_back(&market, &patient, &visit).await, 5_000);
        assert_eq!(off(&market, &patient, &visit).await, (5_000, false));
        market.world.healthy().await;
    }

    async fn who_chooses_another_time_than_the_hospitals_has_one_of_her_own(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let visit = paid(&market, &patient, FAR).await;
        moved(&market, &market.admin, &visit, TEN).await;
        market.world.clock.advance_minutes(26 * 60);
        moved(&market, &patient, &visit, "2026-11-26T10:00:00+01:00").await;
        assert_eq!(would_go_back(&market, &patient, &visit).await, 5_000, "she left what was not hers");
        market.world.clock.advance_minutes(2 * DAY);
        assert_eq!(would_go_back(&market, &patient, &visit).await, 0);
        assert_eq!(off(&market, &patient, &visit).await, (0, true));
        market.world.healthy().await;
    }

    async fn a_change_of_many_visits_that_is_undone_changes_nothing(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let visit = paid(&market, &patient, TEN).await;
        market.world.clock.advance_minutes(26 * 60);
        moved(&market, &patient, &visit, FAR).await;
        let services = &market.world.services;
        let version = services.appointments.get(&patient, visit.id).await.unwrap().version;
        let change =
            PlannedChange::Move { doctor_id: market.doctor.card.id, start: "2026-12-15T10:00:00+01:00".into() };
        let items = vec![PlanItem { appointment_id: visit.id, version, change }];
        let plan = PlanChanges { reason: None, items };
        let planned = services.changes.plan(&market.admin, market.doctor.card.id, plan).await.unwrap();
        services.changes.confirm(&market.admin, planned.id).await.unwrap();
        assert_eq!(would_go_back(&market, &patient, &visit).await, 5_000, "as long as it stands it is the hospital's time");
        assert_eq!(services.changes.undo(&market.admin, planned.id).await.unwrap().left, 0);
        assert_eq!(would_go_back(&market, &patient, &visit).await, 0);
        assert_eq!(off(&market, &patient, &visit).await, (0, true));
        market.world.healthy().await;
    }
}
