//! Free follow-up visits, on both engines: who has paid comes again for nothing, as often and as long as was agreed, and no longer when the
//! money goes back.
//!
//! Which visit is free is tested in `domain`; that the pages say so, in the app.

use domain::{
    Call, Error,
    access::Role,
    appointments::{Appointment, BookAppointment, Move, MoveAppointment, RescheduleAppointment, Status},
    changes::{PlanChanges, PlanItem, PlannedChange},
    doctors::Doctor,
    error::Conflict,
    family::Permission,
    hospitals::VisitType,
    ids::{HospitalId, MassChangeId},
    payments::{
        FollowUpQuery, FollowUpRule, FollowUpWindow, PaymentMethod, RefundPayment, SetFollowUpRule,
        TakePayment,
    },
};

use crate::{
    family::{helped, own_patient},
    market::{Market, Provider},
    world::{Engine, World, booking, on_both_engines},
};

pub(crate) const PAID: &str = "2026-11-24T10:00:00+01:00";
pub(crate) const LATER: &str = "2026-12-01T10:00:00+01:00";
pub(crate) const LATER_STILL: &str = "2026-12-02T10:00:00+01:00";
/// Fourteen days after the paid visit, and the day after that.
const LAST: &str = "2026-12-08T10:00:00+01:00";
const OVER: &str = "2026-12-09T10:00:00+01:00";

/// A hospital whose one visit opens a free one for fourteen days.
pub(crate) struct Place {
    hospital: HospitalId,
    pub(crate) admin: Call,
    pub(crate) doctor: Doctor,
    kind: VisitType,
}

impl Place {
    pub(crate) async fn open(world: &World, visits: i64) -> Self {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, kind) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let place = Self { hospital: hospital.id, admin, doctor, kind };
        place.rule(world, visits).await.unwrap();
        place
    }

    async fn rule(&self, world: &World, visits: i64) -> domain::Result<FollowUpRule> {
        let rule = SetFollowUpRule { visits, days: 14, visit_type_ids: vec![self.kind.id], version: None };
        world.services.payments.set_follow_up_rule(&self.admin, self.hospital, self.kind.id, rule).await
    }

    pub(crate) fn wish(&self, start: &str) -> BookAppointment {
        booking(&self.doctor, &self.kind, start)
    }

    pub(crate) async fn book(&self, world: &World, patient: &Call, start: &str) -> Appointment {
        world.services.appointments.book(patient, self.wish(start)).await.unwrap()
    }

    /// A visit that was paid for at the desk.
    pub(crate) async fn paid(&self, world: &World, patient: &Call) -> Appointment {
        let visit = self.book(world, patient, PAID).await;
        let all = TakePayment { method: PaymentMethod::Cash, amount_minor: 5_000 };
        world.services.payments.take(&self.admin, visit.id, all).await.unwrap();
        visit
    }

    async fn windows(&self, world: &World, patient: &Call) -> Vec<FollowUpWindow> {
        let query = FollowUpQuery::default();
        world.services.payments.follow_ups(patient, self.doctor.card.id, query).await.unwrap()
    }
}

pub(crate) async fn price(world: &World, who: &Call, visit: &Appointment) -> i64 {
    world.services.appointments.get(who, visit.id).await.unwrap().price.amount_minor
}

pub(crate) async fn cancel(world: &World, who: &Call, visit: &Appointment) {
    world
        .services
        .appointments
        .advance(who, visit.id, Move::Cancel, MoveAppointment::default())
        .await
        .unwrap();
}

/// Calls visits off together, of which nobody is told for ten minutes.
pub(crate) async fn call_off(world: &World, place: &Place, visits: &[&Appointment]) -> MassChangeId {
    let item = |visit: &&Appointment| PlanItem {
        appointment_id: visit.id,
        version: visit.version,
        change: PlannedChange::Cancel,
    };
    let items = visits.iter().map(item).collect();
    let command = PlanChanges { reason: Some("The doctor is ill".into()), items };
    let changes = &world.services.changes;
    let planned = changes.plan(&place.admin, place.doctor.card.id, command).await.unwrap();
    changes.confirm(&place.admin, planned.id).await.unwrap().id
}

pub(crate) async fn undo(world: &World, place: &Place, change: MassChangeId) {
    let undone = world.services.changes.undo(&place.admin, change).await.unwrap();
    assert_eq!(undone.left, 0);
}

pub(crate) async fn give_back(world: &World, place: &Place, visit: &Appointment, amount_minor: i64) {
    let payments = &world.services.payments;
    let payment = payments.bill(&place.admin, visit.id).await.unwrap().payments[0].id;
    let back = RefundPayment { amount_minor, reason: "A mistake".into() };
    payments.refund(&place.admin, payment, back).await.unwrap();
}

on_both_engines! {
    async fn who_has_paid_comes_again_for_nothing(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        let first = place.book(&world, &patient, PAID).await;
        assert_eq!(place.windows(&world, &patient).await, [], "nothing was paid yet");
        let unpaid = world.services.payments.bill(&patient, first.id).await.unwrap().opens.unwrap();
        assert_eq!((unpaid.visits, unpaid.left), (1, 1), "and the bill says what paying opens");
        let all = TakePayment { method: PaymentMethod::Cash, amount_minor: 5_000 };
        world.services.payments.take(&place.admin, first.id, all).await.unwrap();
        let open = place.windows(&world, &patient).await;
        assert_eq!((open[0].until.to_string().as_str(), open[0].left), ("2026-12-08", 1));

        let again = place.book(&world, &patient, LAST).await;
        assert_eq!(again.price.amount_minor, 0);
        let bill = world.services.payments.bill(&patient, again.id).await.unwrap();
        let of = bill.follow_up_of.unwrap();
        assert_eq!((of.appointment_id, of.visit_on.to_string().as_str(), bill.due_minor), (first.id, "2026-11-24", 0));
        // The desk sees the same.
        assert!(world.services.payments.bill(&place.admin, again.id).await.unwrap().follow_up_of.is_some());
        assert_eq!(place.windows(&world, &patient).await, [], "it is used up");
        let receipt = world.services.payments.bill(&patient, first.id).await.unwrap().payments[0].id;
        let receipt = world.services.payments.receipt(&patient, receipt).await.unwrap();
        assert_eq!(receipt.opens.map(|window| (window.visits, window.left)), Some((1, 0)));
        world.healthy().await;
    }

    async fn too_late_or_too_early_costs_the_price(world: World) {
        let place = Place::open(&world, 5).await;
        let patient = world.patient("p@x.example").await;
        place.paid(&world, &patient).await;
        for start in [OVER, "2026-11-24T14:00:00+01:00"] {
            let visit = place.book(&world, &patient, start).await;
            assert_eq!(visit.price.amount_minor, 5_000, "{start}");
            cancel(&world, &patient, &visit).await;
        }
        let other = world.patient("o@x.example").await;
        assert_eq!(place.book(&world, &other, LATER).await.price.amount_minor, 5_000, "it is hers alone");
        world.healthy().await;
    }

    async fn two_at_once_never_take_the_last_free_one_both(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        place.paid(&world, &patient).await;
        let book = |start| world.services.appointments.book(&patient, place.wish(start));
        let (one, other) = tokio::join!(book(LATER), book(LATER_STILL));
        let mut prices = [one.unwrap().price.amount_minor, other.unwrap().price.amount_minor];
        prices.sort_unstable();
        assert_eq!(prices, [0, 5_000]);
        world.healthy().await;
    }

    async fn nobody_is_booked_for_another_price_than_was_shown(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        place.paid(&world, &patient).await;
        let told = |start, price_minor| BookAppointment { price_minor: Some(price_minor), ..place.wish(start) };
        let book = |command| world.services.appointments.book(&patient, command);
        let wrong = Err(Error::invalid("price_minor", "price_changed"));
        assert_eq!(book(told(LATER, 5_000)).await, wrong, "it is free");
        assert_eq!(book(told(LATER, 0)).await.unwrap().price.amount_minor, 0);
        assert_eq!(book(told(LATER_STILL, 0)).await, wrong, "the free one is used up");
        assert_eq!(book(told(LATER_STILL, 5_000)).await.unwrap().price.amount_minor, 5_000);
        world.healthy().await;
    }

    async fn what_is_cancelled_is_free_again(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        place.paid(&world, &patient).await;
        let again = place.book(&world, &patient, LATER).await;
        assert_eq!(again.price.amount_minor, 0);
        cancel(&world, &patient, &again).await;
        assert_eq!(place.windows(&world, &patient).await[0].left, 1);
        let once_more = place.book(&world, &patient, LATER_STILL).await;
        assert_eq!(once_more.price.amount_minor, 0);
        world.healthy().await;
    }

    async fn money_that_goes_back_closes_the_window(world: World) {
        let place = Place::open(&world, 2).await;
        let patient = world.patient("p@x.example").await;
        let first = place.paid(&world, &patient).await;
        let again = place.book(&world, &patient, LATER).await;
        give_back(&world, &place, &first, 1).await;
        assert_eq!(place.windows(&world, &patient).await, []);
        assert_eq!(price(&world, &patient, &again).await, 5_000, "it is still ahead, and costs its price");
        let bill = world.services.payments.bill(&patient, again.id).await.unwrap();
        assert_eq!((bill.due_minor, bill.follow_up_of), (5_000, None));
        assert_eq!(place.book(&world, &patient, LATER_STILL).await.price.amount_minor, 5_000);
        world.healthy().await;
    }

    async fn who_calls_the_paid_visit_off_keeps_no_free_one(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        let first = place.paid(&world, &patient).await;
        let again = place.book(&world, &patient, LATER).await;
        cancel(&world, &patient, &first).await;
        assert_eq!(price(&world, &patient, &again).await, 5_000);
        assert_eq!(place.windows(&world, &patient).await, []);
        world.healthy().await;
    }

    async fn a_free_visit_is_moved_only_to_where_it_is_free(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        place.paid(&world, &patient).await;
        let again = place.book(&world, &patient, LATER).await;
        let to = |start: &str| RescheduleAppointment { start: start.into(), ..RescheduleAppointment::default() };
        let over = world.services.appointments.reschedule(&patient, again.id, to(OVER)).await;
        assert_eq!(over, Err(Error::invalid("start", "outside_follow_up")));
        let moved = world.services.appointments.reschedule(&patient, again.id, to(LAST)).await.unwrap();
        assert_eq!(moved.price.amount_minor, 0);
        // The desk may: somebody has agreed to it.
        world.services.appointments.reschedule(&place.admin, again.id, to(OVER)).await.unwrap();
        assert_eq!(price(&world, &patient, &again).await, 0);
        world.healthy().await;
    }

    async fn a_paid_visit_is_not_moved_away_from_those_that_are_free_because_of_it(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        let first = place.paid(&world, &patient).await;
        let again = place.book(&world, &patient, LATER).await;
        let to = |start: &str| RescheduleAppointment { start: start.into(), ..RescheduleAppointment::default() };
        let appointments = &world.services.appointments;
        let behind = appointments.reschedule(&patient, first.id, to(LATER_STILL)).await;
        assert_eq!(behind, Err(Error::invalid("start", "leaves_follow_up")));
        appointments.reschedule(&patient, first.id, to("2026-11-25T10:00:00+01:00")).await.unwrap();
        assert_eq!(price(&world, &patient, &again).await, 0);
        world.healthy().await;
    }

    async fn a_hold_that_was_free_is_not_taken_once_it_is_no_longer(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        let first = place.paid(&world, &patient).await;
        let held = world.services.appointments.hold(&patient, place.wish(LATER)).await.unwrap();
        assert_eq!(held.price.amount_minor, 0);
        cancel(&world, &patient, &first).await;
        let taken = world.services.appointments.take_hold(&patient, held.id).await;
        assert!(matches!(taken, Err(Error::Conflict { reason: Conflict::HoldEnded, .. })), "{taken:?}");
        world.healthy().await;
    }

    async fn a_doctor_learns_nothing_of_what_was_paid(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        place.paid(&world, &patient).await;
        let own = Some(place.doctor.card.id);
        let doctor = world.member(&place.admin, place.hospital, "ada@x.example", Role::Doctor, own).await;
        let query = FollowUpQuery { patient_id: Some(patient.actor.signed_in().unwrap().patients[0]) };
        let seen = world.services.payments.follow_ups(&doctor, place.doctor.card.id, query).await;
        assert!(!matches!(&seen, Ok(open) if !open.is_empty()), "{seen:?}");
    }

    async fn a_helper_learns_of_no_free_visit_that_is_private(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        place.paid(&world, &patient).await;
        let helper = world.patient("h@x.example").await;
        let helper = helped(&world, &patient, &helper, &[Permission::Book, Permission::Pay]).await;
        let told = async || {
            let query = FollowUpQuery { patient_id: Some(own_patient(&patient)) };
            world.services.payments.follow_ups(&helper, place.doctor.card.id, query).await.unwrap().len()
        };
        assert_eq!((told().await, place.windows(&world, &patient).await.len()), (1, 1));
        world.becomes_private(&place.admin, &place.doctor, &place.kind).await;
        assert_eq!((told().await, place.windows(&world, &patient).await.len()), (0, 1));
    }

    async fn nobody_is_held_to_other_terms_than_were_shown(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        place.paid(&world, &patient).await;
        let none = SetFollowUpRule { visits: 0, days: 0, visit_type_ids: Vec::new(), version: None };
        let rule = world.services.payments.set_follow_up_rule(&place.admin, place.hospital, place.kind.id, none).await;
        assert_eq!(rule.unwrap().visit_type_ids, []);
        assert_eq!(place.book(&world, &patient, LATER).await.price.amount_minor, 0);
        world.healthy().await;
    }

    async fn what_a_visit_opens_is_agreed_when_it_is_booked(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        let (appointments, payments) = (&world.services.appointments, &world.services.payments);
        let held = appointments.hold(&patient, place.wish(PAID)).await.unwrap();
        assert_eq!(payments.bill(&patient, held.id).await.unwrap().opens, None, "nobody is promised anything yet");
        place.rule(&world, 2).await.unwrap();
        appointments.take_hold(&patient, held.id).await.unwrap();
        let opens = payments.bill(&patient, held.id).await.unwrap().opens.unwrap();
        assert_eq!((opens.visits, opens.left), (2, 2));
        place.rule(&world, 3).await.unwrap();
        assert_eq!(payments.bill(&patient, held.id).await.unwrap().opens.unwrap().visits, 2);
        world.healthy().await;
    }

    async fn only_the_hospital_makes_rules_and_for_its_own_visits(world: World) {
        let place = Place::open(&world, 1).await;
        let payments = &world.services.payments;
        let (elsewhere, foreign) = world.hospital("Elsewhere", "Europe/Berlin").await;
        let (_, kind) = world.doctor(&foreign, elsewhere.id, "Dr. Eva Ost").await;
        assert_eq!(payments.follow_up_rule(&foreign, place.hospital, place.kind.id).await, Err(Error::NotFound));
        assert_eq!(payments.follow_up_rule(&foreign, elsewhere.id, place.kind.id).await, Err(Error::NotFound));
        let with = |types, version| SetFollowUpRule { visits: 1, days: 7, visit_type_ids: types, version };
        let set = |rule| payments.set_follow_up_rule(&place.admin, place.hospital, place.kind.id, rule);
        assert_eq!(set(with(vec![kind.id], None)).await, Err(Error::invalid("visit_type_ids", "unknown_value")));
        assert_eq!(set(with(vec![place.kind.id], Some(0))).await, Err(Error::conflict(Conflict::StaleVersion)));
        assert_eq!(set(with(vec![place.kind.id], Some(1))).await.unwrap().version, 2);
        world.healthy().await;
    }

    async fn a_strangers_windows_are_as_absent_as_none(world: World) {
        let place = Place::open(&world, 1).await;
        let (patient, stranger) = (world.patient("p@x.example").await, world.patient("s@x.example").await);
        let visit = place.paid(&world, &patient).await;
        let query = FollowUpQuery { patient_id: Some(visit.patient_id) };
        let payments = &world.services.payments;
        assert_eq!(payments.follow_ups(&stranger, place.doctor.card.id, query).await, Err(Error::NotFound));
        let (_, foreign) = world.hospital("Elsewhere", "Europe/Berlin").await;
        assert_eq!(payments.follow_ups(&foreign, place.doctor.card.id, query).await, Err(Error::NotFound));
        assert_eq!(payments.follow_ups(&place.admin, place.doctor.card.id, query).await.unwrap().len(), 1);
        world.healthy().await;
    }
}

/// Where visits are paid for when they are booked, a free one is booked at once, or held without a payment.
async fn needs_no_payment(market: Market) {
    let patient = market.world.patient("p@x.example").await;
    let services = &market.world.services;
    let rule = SetFollowUpRule { visits: 2, days: 14, visit_type_ids: vec![market.kind.id], version: None };
    services.payments.set_follow_up_rule(&market.admin, market.hospital, market.kind.id, rule).await.unwrap();
    let (visit, order) = market.held(&patient, PAID).await;
    market.come_back(&market.pay(&order, "authorized").await).await;
    assert_eq!(market.status(&patient, &visit).await, Status::Booked);
    let booked = services.appointments.book(&patient, market.wish(LATER)).await.unwrap();
    assert_eq!((booked.status, booked.price.amount_minor), (Status::Booked, 0));
    let held = services.appointments.hold(&patient, market.wish(LATER_STILL)).await.unwrap();
    assert_eq!((held.status, held.price.amount_minor), (Status::Held, 0));
    // A hold that nobody took gives its free visit back.
    market.world.clock.advance_minutes(16);
    let again = services.appointments.book(&patient, market.wish("2026-12-03T10:00:00+01:00")).await.unwrap();
    assert_eq!((again.status, again.price.amount_minor), (Status::Booked, 0));
    let fourth = services.appointments.book(&patient, market.wish("2026-12-04T10:00:00+01:00")).await;
    assert_eq!(fourth, Err(Error::conflict(Conflict::PayFirst)));
    market.world.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_free_needs_no_payment_sqlite() {
    needs_no_payment(Market::open_with(Engine::Sqlite, Provider::Stripe, false).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_free_needs_no_payment_postgres() {
    if let Some(market) = Market::open_with(Engine::Postgres, Provider::Razorpay, false).await {
        needs_no_payment(market).await;
    }
}
