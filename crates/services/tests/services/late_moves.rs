//! Moving a visit before it is called off, on both engines and at both providers: what was too late stays so, what the hospital has moved
//! never is, and what hangs on a paid visit is not kept unpaid.
//!
//! How moves are judged is tested in `domain`.

use domain::{
    Call, Error,
    access::Role,
    accounts::{AcceptInvitation, InviteMember},
    appointments::{
        Appointment, BookAppointment, Initiator, Move, MoveAppointment, RescheduleAppointment, Status,
    },
    audit::AuditQuery,
    changes::{PlanChanges, PlanItem, PlannedChange},
    doctors::SaveDoctor,
    error::Conflict,
    family::Permission,
    hospitals::{SaveVisitType, VisitType},
    payments::{PaymentMethod, SetFollowUpRule, TakePayment},
    series::{BookSeries, CancelSeries},
};

use crate::{
    family::{again, helped},
    free_visits::LATER,
    market::{Market, TEN, on_both_markets},
    world::{Engine, kind_of_visit},
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

/// How often the hospital's audit says that a visit was called off.
async fn calls_off(market: &Market) -> usize {
    let query = AuditQuery { action: Some("cancel_appointment".into()), ..AuditQuery::default() };
    market.world.services.audit.search(&market.admin, market.hospital, query).await.unwrap().items.len()
}

/// The doctor sees patients in rows as well, who pay at the desk.
async fn with_a_kind_in_rows(market: &Market) -> VisitType {
    let services = &market.world.services;
    let command = SaveVisitType { series: true, ..kind_of_visit("Exercise") };
    let kind = services.hospitals.create_visit_type(&market.admin, market.hospital, command).await.unwrap();
    let both = SaveDoctor {
        name: market.doctor.card.name.clone(),
        specialties: vec!["cardiology".into()],
        languages: vec!["en".into()],
        visit_type_ids: vec![market.kind.id, kind.id],
        active: true,
        ..SaveDoctor::default()
    };
    services.doctors.update(&market.admin, market.doctor.card.id, both).await.unwrap();
    kind
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

    async fn each_is_told_what_comes_back_when_she_is_the_one_who_cancels(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let visit = paid(&market, &patient, TEN).await;
        let member = async |email: &str| {
            market.world.member(&market.admin, market.hospital, email, Role::Desk, None).await
        };
        let (desk, helper) = (member("desk@x.example").await, member("helps@x.example").await);
        let helper = market.world.confirmed(&helper).await;
        let helper = helped(&market.world, &patient, &helper, &[Permission::Records]).await;
        // An hour before.
        market.world.clock.advance_minutes(26 * 60);
        assert_eq!(would_go_back(&market, &patient, &visit).await, 0);
        assert_eq!(would_go_back(&market, &helper, &visit).await, 0, "a member who minds her is on her side");
        assert_eq!(would_go_back(&market, &desk, &visit).await, 5_000);
        assert_eq!(off(&market, &desk, &visit).await, (5_000, false));
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

    async fn what_would_have_been_paid_for_first_goes_with_the_visit_that_paid_for_it(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let services = &market.world.services;
        let rule = SetFollowUpRule { visits: 2, days: 14, visit_type_ids: vec![market.kind.id], version: None };
        services.payments.set_follow_up_rule(&market.admin, market.hospital, market.kind.id, rule).await.unwrap();
        let visit = paid(&market, &patient, TEN).await;
        let hers = services.appointments.book(&patient, market.wish(LATER)).await.unwrap();
        let by_desk = BookAppointment { patient_id: Some(visit.patient_id), ..market.wish("2026-12-02T10:00:00+01:00") };
        let theirs = services.appointments.book(&market.admin, by_desk).await.unwrap();
        assert_eq!((hers.price.amount_minor, theirs.price.amount_minor), (0, 0));
        // She is told before, and hears of each.
        let told = services.payments.bill(&patient, visit.id).await.unwrap().cancels_too;
        assert_eq!(told.iter().map(ToString::to_string).collect::<Vec<_>>(), [LATER]);
        market.world.letters("p@x.example").await;
        assert_eq!(off(&market, &patient, &visit).await, (5_000, false));
        let gone = services.appointments.get(&patient, hers.id).await.unwrap();
        assert_eq!((gone.status, gone.cancelled_by, gone.cancelled_late), (Status::Cancelled, Some(Initiator::Patient), false));
        let letters = market.world.letters("p@x.example").await;
        let cancels = |letter: &&crate::letters::Letter| {
            letter.calendar.as_ref().is_some_and(|(method, _)| method == "CANCEL")
        };
        assert_eq!(letters.iter().filter(cancels).count(), 2);
        assert_eq!(calls_off(&market).await, 2);
        // What the desk has booked is paid at the desk, as ever.
        let stays = services.appointments.get(&patient, theirs.id).await.unwrap();
        assert_eq!((stays.status, stays.price.amount_minor), (Status::Booked, 5_000));
        // Its time is free; booked again, it is paid for first.
        let again = services.appointments.book(&patient, market.wish(LATER)).await;
        assert_eq!(again, Err(Error::conflict(Conflict::PayFirst)));
        market.world.healthy().await;
    }

    async fn what_goes_with_a_row_is_named_before_and_noted_after(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let services = &market.world.services;
        let exercise = with_a_kind_in_rows(&market).await;
        let rule = SetFollowUpRule { visits: 1, days: 14, visit_type_ids: vec![market.kind.id], version: None };
        services.payments.set_follow_up_rule(&market.admin, market.hospital, exercise.id, rule).await.unwrap();
        let row = BookSeries {
            doctor_id: market.doctor.card.id,
            visit_type_id: exercise.id,
            patient_id: None,
            starts: vec!["2026-11-24T10:00".into(), "2026-12-08T10:00".into()],
            reason: None,
            price_minor: None,
        };
        let first = services.series.book(&patient, row).await.unwrap().visits[0].id;
        let money = TakePayment { method: PaymentMethod::Cash, amount_minor: 5_000 };
        services.payments.take(&market.admin, first, money).await.unwrap();
        let hers = services.appointments.book(&patient, market.wish(LATER)).await.unwrap();
        assert_eq!(hers.price.amount_minor, 0);
        let goes_too = async |who: &Call| {
            let row = services.series.of_visit(who, first).await.unwrap().unwrap();
            let too: Vec<_> = row.visits.iter().map(|visit| visit.cancels_too.clone()).collect();
            too.into_iter().map(|too| too.iter().map(ToString::to_string).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        assert_eq!(goes_too(&patient).await, [vec![LATER.to_owned()], vec![]]);
        assert_eq!(goes_too(&market.admin).await, [Vec::<String>::new(), vec![]], "the hospital takes nothing away with it");
        services.series.cancel_from(&patient, first, CancelSeries::default()).await.unwrap();
        assert_eq!(market.status(&patient, &hers).await, Status::Cancelled);
        assert_eq!(calls_off(&market).await, 3, "two of the row, and the one that has gone with them");
        market.world.healthy().await;
    }

    async fn what_goes_with_a_visit_of_ones_own_among_many_is_noted_as_well(market: Market) {
        let (world, services) = (&market.world, &market.world.services);
        let rule = SetFollowUpRule { visits: 1, days: 14, visit_type_ids: vec![market.kind.id], version: None };
        services.payments.set_follow_up_rule(&market.admin, market.hospital, market.kind.id, rule).await.unwrap();
        // One works at the desk and is its patient, the other works there and acts for a patient.
        let own = world.patient("own@x.example").await;
        let own_visits = (paid(&market, &own, TEN).await, services.appointments.book(&own, market.wish(LATER)).await.unwrap());
        let invited = InviteMember { hospital_id: market.hospital, email: "own@x.example".into(), role: Role::Desk, doctor_id: None };
        let token = services.accounts.invite(&market.admin, invited).await.unwrap().token.unwrap();
        let joins = AcceptInvitation { token, full_name: String::new(), password: String::new() };
        services.accounts.accept_invitation(&own, joins).await.unwrap();
        let own = again(world, &own).await;
        let patient = world.patient("p@x.example").await;
        let hers = (paid(&market, &patient, "2026-11-24T11:00:00+01:00").await,
            services.appointments.book(&patient, market.wish("2026-12-02T10:00:00+01:00")).await.unwrap());
        let helper = world.member(&market.admin, market.hospital, "desk@x.example", Role::Desk, None).await;
        let helper = helped(world, &patient, &world.confirmed(&helper).await, &[Permission::Book]).await;
        for (who, basis, (visit, free)) in [(&own, "own_patient", &own_visits), (&helper, "helper", &hers)] {
            assert_eq!(free.price.amount_minor, 0);
            let version = services.appointments.get(who, visit.id).await.unwrap().version;
            let items = vec![PlanItem { appointment_id: visit.id, version, change: PlannedChange::Cancel }];
            let plan = PlanChanges { reason: Some("I am ill".into()), items };
            let planned = services.changes.plan(who, market.doctor.card.id, plan).await.unwrap();
            services.changes.confirm(who, planned.id).await.unwrap();
            assert_eq!(market.status(who, free).await, Status::Booked, "it may be undone");
            let before = calls_off(&market).await;
            world.clock.advance_minutes(11);
            market.settle().await;
            assert_eq!(market.status(who, free).await, Status::Cancelled);
            assert_eq!(calls_off(&market).await, before + 1);
            let query = AuditQuery { action: Some("cancel_appointment".into()), ..AuditQuery::default() };
            let found = services.audit.search(&market.admin, market.hospital, query).await.unwrap().items;
            let of_it = found.iter().find(|event| event.entity_id == Some(free.id.0)).unwrap();
            assert_eq!((of_it.account_id, of_it.basis.as_str()), (who.actor.account_id(), basis));
            assert_eq!((of_it.entity.as_str(), of_it.patients.as_slice()), ("appointment", [free.patient_id].as_slice()));
        }
        world.healthy().await;
    }

    async fn what_the_hospital_calls_off_takes_no_free_visit_away(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let services = &market.world.services;
        let rule = SetFollowUpRule { visits: 1, days: 14, visit_type_ids: vec![market.kind.id], version: None };
        services.payments.set_follow_up_rule(&market.admin, market.hospital, market.kind.id, rule).await.unwrap();
        let visit = paid(&market, &patient, TEN).await;
        let free = services.appointments.book(&patient, market.wish(LATER)).await.unwrap();
        let goes_too = async |who: &Call| services.payments.bill(who, visit.id).await.unwrap().cancels_too.len();
        assert_eq!((goes_too(&patient).await, goes_too(&market.admin).await), (1, 0));
        assert_eq!(off(&market, &market.admin, &visit).await, (5_000, false));
        let stays = services.appointments.get(&patient, free.id).await.unwrap();
        assert_eq!((stays.status, stays.price.amount_minor), (Status::Booked, 5_000));
        market.world.healthy().await;
    }
}
