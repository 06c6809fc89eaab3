//! Series, on both engines: what stands in the way of each date, all or none, and calling the rest off.
//!
//! Which dates there are is computed in `domain`.

use domain::{
    Call, Error,
    access::Role,
    appointments::{RescheduleAppointment, Status},
    availability::{AbsenceKind, AddAbsence},
    changes::{PlanChanges, PlanItem, PlannedChange, UndoOutcome},
    doctors::Doctor,
    error::{Conflict, FieldError},
    family::Permission,
    hospitals::{SaveVisitType, VisitType},
    ids::{AccountId, HospitalId},
    page::PageQuery,
    payments::{PaymentMethod, SetFollowUpRule, TakePayment},
    resources::{AddNeed, ResourceKind, SaveResource},
    series::{BookSeries, CancelSeries, PlanSeries, VisitSeries},
};

use crate::{
    family::{helped, own_patient},
    waitlist::cancel,
    world::{World, booking, kind_of_visit, on_both_engines},
};

/// A hospital in Berlin with a doctor whose visits can be booked as a series, and a patient.
pub(crate) struct Practice {
    hospital: HospitalId,
    pub(crate) admin: Call,
    doctor: Doctor,
    kind: VisitType,
    pub(crate) patient: Call,
}

impl Practice {
    pub(crate) async fn open(world: &World) -> Self {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, kind) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let kind = allow(world, &admin, hospital.id, &kind, true).await;
        let patient = world.patient("p@x.example").await;
        world.letters("p@x.example").await;
        Self { hospital: hospital.id, admin, doctor, kind, patient }
    }

    /// Tuesdays at ten from 24 November.
    fn plan(&self, count: i64) -> PlanSeries {
        PlanSeries {
            doctor_id: self.doctor.card.id,
            visit_type_id: self.kind.id,
            patient_id: None,
            start: "2026-11-24T10:00".into(),
            every_weeks: 1,
            count,
        }
    }

    fn row(&self, starts: &[&str]) -> BookSeries {
        BookSeries {
            doctor_id: self.doctor.card.id,
            visit_type_id: self.kind.id,
            patient_id: None,
            starts: starts.iter().map(|start| (*start).to_owned()).collect(),
            reason: Some("Back pain".into()),
            price_minor: None,
        }
    }

    pub(crate) async fn book(&self, world: &World, starts: &[&str]) -> domain::Result<VisitSeries> {
        world.services.series.book(&self.patient, self.row(starts)).await
    }

    async fn visits(&self, world: &World) -> usize {
        let query = domain::appointments::AppointmentQuery::default();
        world.services.appointments.list(&self.patient, query).await.unwrap().items.len()
    }
}

async fn allow(
    world: &World,
    admin: &Call,
    hospital: HospitalId,
    kind: &VisitType,
    series: bool,
) -> VisitType {
    save(world, admin, hospital, kind, (series, None)).await
}

/// So many of the kind a day.
async fn limit(world: &World, here: &Practice, most: Option<i64>) {
    save(world, &here.admin, here.hospital, &here.kind, (true, most)).await;
}

async fn save(
    world: &World,
    admin: &Call,
    hospital: HospitalId,
    kind: &VisitType,
    (series, most_a_day): (bool, Option<i64>),
) -> VisitType {
    let command = SaveVisitType { most_a_day, series, ..kind_of_visit(&kind.name) };
    world.services.hospitals.update_visit_type(admin, hospital, kind.id, command).await.unwrap()
}

fn refused(fields: &[(&str, &str)]) -> Error {
    Error::Invalid { fields: fields.iter().map(|(field, rule)| FieldError::new(*field, *rule)).collect() }
}

pub(crate) const THREE: [&str; 3] = ["2026-11-24T10:00", "2026-12-01T10:00", "2026-12-08T10:00"];

on_both_engines! {
    async fn each_date_says_what_stands_in_its_way(world: World) {
        let here = Practice::open(&world).await;
        let other = world.patient("o@x.example").await;
        world.services.appointments.book(&other, booking(&here.doctor, &here.kind, "2026-12-01T10:00")).await.unwrap();
        let (ben, bens) = world.doctor(&here.admin, here.hospital, "Dr. Ben Ott").await;
        world.services.appointments.book(&here.patient, booking(&ben, &bens, "2026-12-08T10:00")).await.unwrap();
        let away = AddAbsence {
            from: "2026-12-15T00:00:00".parse().unwrap(),
            to: "2026-12-16T00:00:00".parse().unwrap(),
            kind: AbsenceKind::Leave,
            note: String::new(),
        };
        world.services.availability.add_absence(&here.admin, here.doctor.card.id, away).await.unwrap();
        let plan = world.services.series.plan(&here.patient, here.plan(5)).await.unwrap();
        let rules: Vec<_> = plan.visits.iter().map(|visit| visit.rule.as_deref()).collect();
        assert_eq!(rules, [None, Some("slot_taken"), Some("patient_overlap"), Some("slot_away"), None]);
        let nearest: Vec<_> = plan.visits[1].alternatives.iter().map(ToString::to_string).collect();
        assert!(nearest.contains(&"2026-12-01T09:30:00+01:00".to_owned()), "{nearest:?}");
        assert!(nearest.contains(&"2026-12-01T10:30:00+01:00".to_owned()), "{nearest:?}");
        assert!(plan.visits[0].alternatives.is_empty());
        // Staff are not told that she is elsewhere.
        let desk = world.member(&here.admin, here.hospital, "desk@x.example", Role::Desk, None).await;
        let asked = PlanSeries { patient_id: Some(own_patient(&here.patient)), ..here.plan(5) };
        let seen = world.services.series.plan(&desk, asked).await.unwrap();
        assert_eq!(seen.visits[2].rule.as_deref(), Some("slot_taken"));
        let wrong = PlanSeries { every_weeks: 9, count: 13, ..here.plan(1) };
        let expected = refused(&[("every_weeks", "weeks_out_of_range"), ("count", "visits_out_of_range")]);
        assert_eq!(world.services.series.plan(&here.patient, wrong).await, Err(expected));
    }

    async fn whoever_looks_at_the_dates_is_noted_and_learns_of_no_visit_that_is_kept_from_her(world: World) {
        let here = Practice::open(&world).await;
        let (services, patient) = (&world.services, own_patient(&here.patient));
        // What she has there is nobody else's business; the doctor's other time is taken by somebody else.
        let (ben, bens) = world.doctor(&here.admin, here.hospital, "Dr. Ben Ott").await;
        world.becomes_private(&here.admin, &ben, &bens).await;
        services.appointments.book(&here.patient, booking(&ben, &bens, THREE[1])).await.unwrap();
        let other = world.patient("o@x.example").await;
        services.appointments.book(&other, booking(&here.doctor, &here.kind, THREE[2])).await.unwrap();
        let (near, trusted) = (world.patient("n@x.example").await, world.patient("t@x.example").await);
        let near = helped(&world, &here.patient, &near, &[Permission::Book]).await;
        let trusted = helped(&world, &here.patient, &trusted, &[Permission::Book, Permission::Sensitive]).await;
        let rules = async |who: &Call| {
            let asked = PlanSeries { patient_id: Some(patient), ..here.plan(3) };
            let plan = services.series.plan(who, asked).await.unwrap();
            plan.visits.into_iter().map(|visit| visit.rule.unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(rules(&trusted).await, ["", "patient_overlap", "slot_taken"]);
        // To her the one reads like the other.
        assert_eq!(rules(&near).await, ["", "slot_taken", "slot_taken"]);
        let row = BookSeries { patient_id: Some(patient), ..here.row(&THREE) };
        let taken = refused(&[("starts.1", "slot_taken"), ("starts.2", "slot_taken")]);
        assert_eq!(services.series.book(&near, row).await, Err(taken));
        let looks = services.audit.of_patient(&here.patient, patient, PageQuery::default()).await.unwrap().items;
        let noted = |account: Option<AccountId>| {
            let asked = looks.iter().filter(|look| look.action == "read_schedule" && look.basis == "helper");
            asked.filter(|look| look.account_id == account).count()
        };
        assert_eq!(noted(trusted.actor.account_id()), 1);
        assert_eq!(noted(near.actor.account_id()), 2, "what a refusal tells is told, too");
    }

    async fn a_row_that_costs_something_else_than_was_shown_is_not_booked(world: World) {
        let here = Practice::open(&world).await;
        let shown = here.kind.price.amount_minor;
        let told = |price_minor| BookSeries { price_minor: Some(price_minor), ..here.row(&THREE) };
        let other = world.services.series.book(&here.patient, told(shown + 1)).await;
        assert_eq!(other, Err(Error::invalid("price_minor", "price_changed")));
        assert_eq!(here.visits(&world).await, 0);
        world.services.series.book(&here.patient, told(shown)).await.unwrap();
        assert_eq!(here.visits(&world).await, 3);
    }

    async fn a_row_is_shown_without_what_is_kept_from_who_looks(world: World) {
        let here = Practice::open(&world).await;
        let (services, patient) = (&world.services, own_patient(&here.patient));
        let row = here.book(&world, &THREE).await.unwrap();
        // One of them is put with somebody of whom a helper learns nothing.
        let (ben, _) = world.doctor(&here.admin, here.hospital, "Dr. Ben Ott").await;
        world.becomes_private(&here.admin, &ben, &here.kind).await;
        let elsewhere = RescheduleAppointment { start: THREE[1].into(), doctor_id: Some(ben.card.id), ..RescheduleAppointment::default() };
        services.appointments.reschedule(&here.admin, row.visits[1].id, elsewhere).await.unwrap();
        let (near, trusted) = (world.patient("n@x.example").await, world.patient("t@x.example").await);
        let near = helped(&world, &here.patient, &near, &[Permission::Book]).await;
        let trusted = helped(&world, &here.patient, &trusted, &[Permission::Book, Permission::Sensitive]).await;
        let seen = async |who: &Call| {
            let row = services.series.of_visit(who, row.visits[0].id).await.unwrap().unwrap();
            row.visits.into_iter().map(|visit| visit.number).collect::<Vec<_>>()
        };
        assert_eq!(seen(&here.patient).await, [1, 2, 3]);
        assert_eq!(seen(&trusted).await, [1, 2, 3]);
        assert_eq!(seen(&near).await, [1, 3]);
        // Nor does she call it off with the others.
        services.series.cancel_from(&near, row.visits[0].id, CancelSeries::default()).await.unwrap();
        let kept = services.appointments.get(&here.patient, row.visits[1].id).await.unwrap();
        assert_eq!((kept.status, patient), (Status::Booked, kept.patient_id));
        world.healthy().await;
    }

    async fn the_wall_time_is_kept_when_the_clocks_change(world: World) {
        let here = Practice::open(&world).await;
        let starts = ["2027-03-23T10:00", "2027-03-30T10:00"];
        let series = here.book(&world, &starts).await.unwrap();
        let begins: Vec<_> = series.visits.iter().map(|visit| visit.start.to_string()).collect();
        assert_eq!(begins, ["2027-03-23T10:00:00+01:00", "2027-03-30T10:00:00+02:00"]);
    }

    async fn all_are_booked_or_none(world: World) {
        let here = Practice::open(&world).await;
        let other = world.patient("o@x.example").await;
        // Between the plan and the booking somebody is faster.
        let plan = world.services.series.plan(&here.patient, here.plan(3)).await.unwrap();
        assert!(plan.visits.iter().all(|visit| visit.rule.is_none()));
        world.services.appointments.book(&other, booking(&here.doctor, &here.kind, THREE[1])).await.unwrap();
        assert_eq!(here.book(&world, &THREE).await, Err(refused(&[("starts.1", "slot_taken")])));
        assert_eq!(here.visits(&world).await, 0);
        assert!(world.letters("p@x.example").await.is_empty());
        let beyond = ["2026-11-24T10:00", "2026-12-01T10:00", "2028-12-05T10:00"];
        let expected = refused(&[("starts.1", "slot_taken"), ("starts.2", "slot_too_far")]);
        assert_eq!(here.book(&world, &beyond).await, Err(expected), "all that stands in the way is named");
        let series = here.book(&world, &["2026-11-24T10:00", "2026-12-01T10:30", "2026-12-08T10:00"]).await.unwrap();
        assert_eq!((series.total, series.visits.len()), (3, 3));
        let numbers: Vec<_> = series.visits.iter().map(|visit| visit.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        // One letter for all of them, with their entries for a calendar.
        let letters = world.letters("p@x.example").await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].text.contains("Tuesday 1 December 2026, 10:30"), "{}", letters[0].text);
        assert!(!letters[0].text.contains("Vogt") && !letters[0].text.contains("Back pain"));
        let (method, calendar) = letters[0].calendar.clone().unwrap();
        assert_eq!((method.as_str(), calendar.matches("BEGIN:VEVENT").count()), ("PUBLISH", 3));
        world.healthy().await;
    }

    async fn two_rows_that_want_one_time_are_not_both_booked(world: World) {
        let here = Practice::open(&world).await;
        let other = world.patient("o@x.example").await;
        let theirs = here.row(&["2026-12-08T10:00", "2026-12-15T10:00"]);
        let (mine, their) =
            futures::future::join(here.book(&world, &THREE), world.services.series.book(&other, theirs)).await;
        assert_ne!(mine.is_ok(), their.is_ok(), "{mine:?} {their:?}");
        assert_eq!(here.visits(&world).await, if mine.is_ok() { 3 } else { 0 });
        world.healthy().await;
    }

    async fn the_same_request_is_one_series(world: World) {
        let here = Practice::open(&world).await;
        let keyed = Call { idempotency_key: Some("row".into()), ..here.patient.clone() };
        let first = world.services.series.book(&keyed, here.row(&THREE)).await.unwrap();
        let again = world.services.series.book(&keyed, here.row(&THREE)).await.unwrap();
        assert_eq!((first.id, here.visits(&world).await), (again.id, 3));
        world.healthy().await;
    }

    async fn only_what_allows_it_and_within_limits(world: World) {
        let here = Practice::open(&world).await;
        assert_eq!(here.book(&world, &THREE[..1]).await, Err(refused(&[("starts", "visits_out_of_range")])));
        assert_eq!(here.book(&world, &["x", THREE[0]]).await, Err(refused(&[("starts.0", "time_invalid")])));
        let twice = here.book(&world, &[THREE[0], THREE[0]]).await;
        assert_eq!(twice, Err(refused(&[("starts.1", "slot_taken")])));
        let eleven: Vec<String> = (0..11).map(|week| {
            let first: jiff::civil::Date = "2026-11-24".parse().unwrap();
            format!("{}T10:00", domain::time::plus_days(first, week * 7))
        }).collect();
        let eleven: Vec<&str> = eleven.iter().map(String::as_str).collect();
        assert_eq!(here.book(&world, &eleven).await, Err(Error::conflict(Conflict::TooManyVisits)));
        assert_eq!(here.visits(&world).await, 0);
        let stranger = world.patient("eve@x.example").await;
        let foreign = BookSeries { patient_id: Some(own_patient(&here.patient)), ..here.row(&THREE) };
        assert_eq!(world.services.series.book(&stranger, foreign).await, Err(Error::NotFound));
        allow(&world, &here.admin, here.hospital, &here.kind, false).await;
        let closed = Err(Error::invalid("visit_type_id", "series_not_offered"));
        assert_eq!(here.book(&world, &THREE).await, closed);
        assert_eq!(world.services.series.plan(&here.patient, here.plan(3)).await.map(drop), closed.map(drop));
    }

    async fn the_rest_is_called_off_in_one_step(world: World) {
        let here = Practice::open(&world).await;
        let series = here.book(&world, &THREE).await.unwrap();
        let of = &world.services.series;
        let stranger = world.patient("eve@x.example").await;
        let [first, second, third] = [0, 1, 2].map(|index| series.visits[index].id);
        assert_eq!(of.of_visit(&stranger, first).await, Err(Error::NotFound));
        assert_eq!(of.cancel_from(&stranger, first, CancelSeries::default()).await, Err(Error::NotFound));
        let stale = CancelSeries { version: Some(7), reason: None };
        assert_eq!(of.cancel_from(&here.patient, second, stale).await, Err(Error::conflict(Conflict::StaleVersion)));
        let left = of.cancel_from(&here.patient, second, CancelSeries::default()).await.unwrap();
        let standing: Vec<_> = left.visits.iter().map(|visit| visit.status).collect();
        assert_eq!(standing, [Status::Booked, Status::Cancelled, Status::Cancelled]);
        let again = of.cancel_from(&here.patient, third, CancelSeries::default()).await;
        assert_eq!(again, Err(Error::conflict(Conflict::WrongStatus)));
        // What is left over is one visit like any other; it still says the how manieth it was.
        let one = world.services.appointments.get(&here.patient, first).await.unwrap();
        cancel(&world, &here.patient, &one).await;
        let gone = of.of_visit(&here.patient, first).await.unwrap().unwrap();
        assert_eq!((gone.total, gone.visits[0].number), (3, 1));
        let alone = world.services.appointments.book(&here.patient, booking(&here.doctor, &here.kind, "2026-11-25T10:00")).await.unwrap();
        assert_eq!(of.of_visit(&here.patient, alone.id).await, Ok(None));
        assert_eq!(of.cancel_from(&here.patient, alone.id, CancelSeries::default()).await, Err(Error::NotFound));
        world.healthy().await;
    }

    async fn each_visit_of_a_row_obeys_limits_and_has_a_room(world: World) {
        let here = Practice::open(&world).await;
        let (ben, bens) = world.doctor(&here.admin, here.hospital, "Dr. Ben Ott").await;
        let resources = &world.services.resources;
        let room = SaveResource { kind: ResourceKind::Room, name: "Room 1".into(), active: true, version: None };
        let room = resources.add(&here.admin, here.hospital, room).await.unwrap().id;
        for kind in [here.kind.id, bens.id] {
            let need = AddNeed { name: "Gym".into(), resource_ids: vec![room] };
            resources.add_need(&here.admin, here.hospital, kind, need).await.unwrap();
        }
        limit(&world, &here, Some(1)).await;
        let (full, busy) = (world.patient("f@x.example").await, world.patient("b@x.example").await);
        let fills = booking(&here.doctor, &here.kind, "2026-12-01T12:00");
        world.services.appointments.book(&full, fills).await.unwrap();
        let takes = booking(&ben, &bens, THREE[2]);
        world.services.appointments.book(&busy, takes).await.unwrap();
        let plan = world.services.series.plan(&here.patient, here.plan(3)).await.unwrap();
        let rules: Vec<_> = plan.visits.iter().map(|visit| visit.rule.as_deref()).collect();
        assert_eq!(rules, [None, Some("slot_kind_full"), Some("slot_no_resource")]);
        let booked = here.book(&world, &THREE).await;
        let expected = [("starts.1", "slot_kind_full"), ("starts.2", "slot_no_resource")];
        assert_eq!(booked, Err(refused(&expected)));
        assert_eq!(here.visits(&world).await, 0);
        // A hold of another doctor that has ended, and that nobody has given back yet, keeps the room from nobody.
        let hold = booking(&ben, &bens, "2026-12-15T10:00");
        world.services.appointments.hold(&busy, hold).await.unwrap();
        world.clock.advance_minutes(16);
        let series = here.book(&world, &[THREE[0], "2026-12-15T10:00"]).await.unwrap();
        for visit in &series.visits {
            let given = resources.of_visit(&here.admin, visit.id).await.unwrap();
            assert_eq!(given.iter().map(|one| one.resource_id).collect::<Vec<_>>(), [room]);
        }
        world.healthy().await;
    }

    async fn of_a_row_so_many_are_free_as_a_paid_visit_has_opened(world: World) {
        let here = Practice::open(&world).await;
        let rule = SetFollowUpRule { visits: 1, days: 30, visit_type_ids: vec![here.kind.id], version: None };
        let (payments, appointments) = (&world.services.payments, &world.services.appointments);
        payments.set_follow_up_rule(&here.admin, here.hospital, here.kind.id, rule).await.unwrap();
        let paid = appointments.book(&here.patient, booking(&here.doctor, &here.kind, THREE[0])).await.unwrap();
        let all = TakePayment { method: PaymentMethod::Cash, amount_minor: 5_000 };
        payments.take(&here.admin, paid.id, all).await.unwrap();
        let series = here.book(&world, &THREE[1..]).await.unwrap();
        let mut prices = Vec::new();
        for visit in &series.visits {
            prices.push(appointments.get(&here.patient, visit.id).await.unwrap().price.amount_minor);
        }
        assert_eq!(prices, [0, 5_000]);
        // What was paid for is called off: what hung on it costs its price again, in the row as elsewhere.
        cancel(&world, &here.patient, &paid).await;
        let first = appointments.get(&here.patient, series.visits[0].id).await.unwrap();
        assert_eq!(first.price.amount_minor, 5_000);
        world.healthy().await;
    }

    async fn visits_of_a_row_that_are_called_off_with_others_come_back_into_it(world: World) {
        let here = Practice::open(&world).await;
        let series = here.book(&world, &THREE).await.unwrap();
        world.letters("p@x.example").await;
        let items = series.visits.iter().skip(1).map(|visit| PlanItem {
            appointment_id: visit.id,
            version: visit.version,
            change: PlannedChange::Cancel,
        });
        let (changes, doctor) = (&world.services.changes, here.doctor.card.id);
        let plan = PlanChanges { reason: Some("The doctor is ill".into()), items: items.collect() };
        let planned = changes.plan(&here.admin, doctor, plan).await.unwrap().id;
        changes.confirm(&here.admin, planned).await.unwrap();
        let undone = changes.undo(&here.admin, planned).await.unwrap();
        assert!(undone.items.iter().all(|item| item.outcome == Some(UndoOutcome::Back)), "{undone:?}");
        world.clock.advance_minutes(11);
        assert!(world.letters("p@x.example").await.is_empty(), "nobody is told of what was undone");
        let back = world.services.series.of_visit(&here.patient, series.visits[0].id).await.unwrap().unwrap();
        let now: Vec<_> = back.visits.iter().map(|visit| (visit.number, visit.status)).collect();
        assert_eq!(now, [(1, Status::Booked), (2, Status::Booked), (3, Status::Booked)]);
        world.healthy().await;
    }
}
