//! Follow-ups, on both engines: who asks whom back, what a ticket allows, and that it makes one visit and no second.
//!
//! What was said in days and weeks is counted in `domain`.

use domain::{
    Call, Error,
    access::Role,
    appointments::{Appointment, Status},
    availability::{BookingRules, SetWorkingHours, TimeWindow, WeeklyWindow},
    changes::{PlanChanges, PlanItem, PlannedChange, UndoOutcome},
    doctors::{Doctor, SaveDoctor},
    error::Conflict,
    family::Permission,
    follow_ups::{BookFollowUp, FollowUp, FollowUpStatus, OfferFollowUp, Unit},
    hospitals::VisitType,
    ids::{FollowUpId, HospitalId},
    payments::{PaymentMethod, SetFollowUpRule, TakePayment},
    time::parse_time,
};

use crate::{
    family::{again, helped},
    waitlist::cancel,
    world::{World, booking, on_both_engines},
};

/// A hospital with a doctor whose times are offered two weeks ahead, and a patient who has a visit on Tuesday.
struct Practice {
    hospital: HospitalId,
    admin: Call,
    doctor: Doctor,
    kind: VisitType,
    patient: Call,
    visit: Appointment,
}

impl Practice {
    /// Opened on Monday, 23 November.
    async fn open(world: &World) -> Self {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, kind) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let window = TimeWindow { start: parse_time("10:00").unwrap(), end: parse_time("12:00").unwrap() };
        let hours = SetWorkingHours {
            weekly: vec![WeeklyWindow::new(2, window)],
            rules: Some(BookingRules {
                cadence_minutes: 30,
                notice_minutes: 0,
                horizon_days: 14,
                most_a_day: None,
            }),
            version: None,
        };
        world.services.availability.set_working_hours(&admin, doctor.card.id, hours).await.unwrap();
        let patient = world.patient("p@x.example").await;
        let wish = booking(&doctor, &kind, "2026-11-24T10:00");
        let visit = world.services.appointments.book(&patient, wish).await.unwrap();
        world.letters("p@x.example").await;
        Self { hospital: hospital.id, admin, doctor, kind, patient, visit }
    }

    /// In three to five weeks: from 14 to 28 December.
    fn wish(&self) -> OfferFollowUp {
        OfferFollowUp {
            visit_type_id: self.kind.id,
            doctor_id: Some(self.doctor.card.id),
            earliest: 3,
            latest: 5,
            unit: Unit::Weeks,
            note: Some("Please come without breakfast".into()),
        }
    }

    async fn offer(&self, world: &World) -> FollowUp {
        world.services.follow_ups.offer(&self.admin, self.visit.id, self.wish()).await.unwrap()
    }

    async fn book(&self, world: &World, id: FollowUpId, start: &str) -> domain::Result<Appointment> {
        let command = BookFollowUp { start: start.into(), doctor_id: None, reason: None };
        world.services.follow_ups.book(&self.patient, id, command).await
    }

    async fn now(&self, world: &World, id: FollowUpId) -> FollowUp {
        world.services.follow_ups.get(&self.patient, id).await.unwrap()
    }
}

/// What becomes of a ticket before its visit is put back.
#[derive(Debug, Clone, Copy)]
enum Meanwhile {
    Nothing,
    AnotherVisit,
    TakenBack,
}

fn over() -> Error {
    Error::conflict(Conflict::TicketOver)
}

on_both_engines! {
    async fn a_ticket_allows_its_days_and_makes_one_visit(world: World) {
        let here = Practice::open(&world).await;
        let ticket = here.offer(&world).await;
        assert_eq!((ticket.from.to_string(), ticket.until.to_string()), ("2026-12-14".into(), "2026-12-28".into()));
        assert_eq!((ticket.status, ticket.asked_by_name.as_str()), (FollowUpStatus::Open, "Dr. Ada Vogt"));
        let letter = world.letters("p@x.example").await.pop().unwrap();
        assert!(letter.text.contains(&format!("/follow-ups/{}", ticket.id)), "{}", letter.text);
        assert!(!letter.text.contains("Vogt") && !letter.text.contains("breakfast"), "{}", letter.text);
        let own = world.services.follow_ups.own(&here.patient).await.unwrap();
        assert_eq!(own.len(), 1);
        assert!(own[0].bookable && !own[0].withdrawable);
        // Two Tuesdays, both beyond the fourteen days that are offered to everybody.
        let times = world.services.follow_ups.times(&here.patient, ticket.id, None).await.unwrap();
        assert_eq!(times.items.len(), 4);
        assert_eq!(times.items[0].start.to_string(), "2026-12-15T10:00:00+01:00");
        assert_eq!(times.next.map(|date| date.to_string()), Some("2026-12-21".into()));
        let later = world.services.follow_ups.times(&here.patient, ticket.id, times.next).await.unwrap();
        assert_eq!(later.items[0].start.to_string(), "2026-12-22T10:00:00+01:00");
        assert_eq!(later.next.map(|date| date.to_string()), Some("2026-12-28".into()));
        // Without the ticket that day is too far, and with it no other day is to be had.
        let plain = booking(&here.doctor, &here.kind, "2026-12-15T10:00");
        let refused = world.services.appointments.book(&here.patient, plain).await;
        assert_eq!(refused, Err(Error::invalid("start", "slot_too_far")));
        for outside in ["2026-12-01T10:00", "2026-12-29T10:00"] {
            assert_eq!(here.book(&world, ticket.id, outside).await, Err(Error::invalid("start", "slot_outside_ticket")));
        }
        assert_eq!(here.book(&world, ticket.id, "2026-12-16T10:00").await, Err(Error::invalid("start", "slot_outside_hours")));
        let visit = here.book(&world, ticket.id, "2026-12-15T10:00").await.unwrap();
        assert_eq!(visit.status, Status::Booked);
        let now = here.now(&world, ticket.id).await;
        assert_eq!((now.status, now.booked_id, now.bookable), (FollowUpStatus::Booked, Some(visit.id), false));
        assert_eq!(here.book(&world, ticket.id, "2026-12-15T10:30").await, Err(over()));
        assert_eq!(world.services.follow_ups.withdraw(&here.admin, ticket.id).await, Err(over()));
        // What was called off gives it back, until its last day is over.
        cancel(&world, &here.patient, &visit).await;
        assert_eq!(here.now(&world, ticket.id).await.status, FollowUpStatus::Open);
        let again = here.book(&world, ticket.id, "2026-12-22T11:00").await.unwrap();
        cancel(&world, &here.admin, &again).await;
        world.healthy().await;
        world.clock.advance_minutes(36 * 24 * 60);
        assert_eq!(here.now(&world, ticket.id).await.status, FollowUpStatus::Expired);
        assert_eq!(here.book(&world, ticket.id, "2026-12-29T10:00").await, Err(over()));
        assert!(world.services.follow_ups.own(&here.patient).await.unwrap().is_empty());
    }

    async fn a_ticket_allows_what_is_after_midnight_on_each_of_its_days(world: World) {
        let here = Practice::open(&world).await;
        let availability = &world.services.availability;
        let rules = availability.working_hours(&here.admin, here.doctor.card.id).await.unwrap().rules;
        let night = TimeWindow { start: parse_time("23:00").unwrap(), end: parse_time("01:00").unwrap() };
        let sundays =
            SetWorkingHours { weekly: vec![WeeklyWindow::new(7, night)], rules: Some(rules), version: None };
        availability.set_working_hours(&here.admin, here.doctor.card.id, sundays).await.unwrap();
        // From a Monday to a Monday, so that each week that is looked at begins within a night.
        let ticket = here.offer(&world).await.id;
        let (mut shown, mut from) = (Vec::new(), None);
        loop {
            let times = world.services.follow_ups.times(&here.patient, ticket, from).await.unwrap();
            shown.extend(times.items.iter().map(|time| time.start.to_string()[..16].to_owned()));
            from = times.next;
            if from.is_none() {
                break;
            }
        }
        let expected = [
            "2026-12-14T00:00", "2026-12-14T00:30", "2026-12-20T23:00", "2026-12-20T23:30", "2026-12-21T00:00",
            "2026-12-21T00:30", "2026-12-27T23:00", "2026-12-27T23:30", "2026-12-28T00:00", "2026-12-28T00:30",
        ];
        assert_eq!(shown, expected);
        let visit = here.book(&world, ticket, "2026-12-28T00:30").await.unwrap();
        assert_eq!(visit.status, Status::Booked);
        world.healthy().await;
    }

    async fn two_devices_with_one_ticket_make_one_visit(world: World) {
        let here = Practice::open(&world).await;
        let ticket = here.offer(&world).await.id;
        let starts = ["2026-12-15T10:00", "2026-12-15T10:30", "2026-12-22T10:00", "2026-12-22T11:00"];
        let booked = futures::future::join_all(starts.map(|start| here.book(&world, ticket, start))).await;
        assert_eq!(booked.iter().filter(|one| one.is_ok()).count(), 1, "{booked:?}");
        assert!(booked.iter().all(|one| one.is_ok() || *one == Err(over())), "{booked:?}");
        world.healthy().await;
        // Taking it back and booking with it at once: one of them, never both.
        let other = here.offer(&world).await.id;
        let (gone, taken) = futures::future::join(
            world.services.follow_ups.withdraw(&here.admin, other),
            here.book(&world, other, "2026-12-22T11:30"),
        ).await;
        assert_ne!(gone.is_ok(), taken.is_ok(), "{gone:?} {taken:?}");
        world.healthy().await;
    }

    async fn the_same_request_is_one_ticket_and_one_visit(world: World) {
        let here = Practice::open(&world).await;
        let keyed = |call: &Call, key: &str| Call { idempotency_key: Some(key.into()), ..call.clone() };
        let desk = keyed(&here.admin, "ask");
        let ticket = world.services.follow_ups.offer(&desk, here.visit.id, here.wish()).await.unwrap();
        let same = world.services.follow_ups.offer(&desk, here.visit.id, here.wish()).await.unwrap();
        assert_eq!(ticket.id, same.id);
        let patient = keyed(&here.patient, "book");
        let command = BookFollowUp { start: "2026-12-15T11:00".into(), doctor_id: None, reason: None };
        let visit = world.services.follow_ups.book(&patient, ticket.id, command.clone()).await.unwrap();
        assert_eq!(world.services.follow_ups.book(&patient, ticket.id, command).await.unwrap().id, visit.id);
        world.healthy().await;
    }

    async fn any_doctor_who_offers_it_or_the_one_that_was_named(world: World) {
        let here = Practice::open(&world).await;
        let (ben, other_kind) = world.doctor(&here.admin, here.hospital, "Dr. Ben Ott").await;
        let wish = OfferFollowUp { doctor_id: None, visit_type_id: other_kind.id, ..here.wish() };
        let ticket = world.services.follow_ups.offer(&here.admin, here.visit.id, wish).await.unwrap();
        let times = world.services.follow_ups.times(&here.patient, ticket.id, None).await.unwrap();
        assert!(!times.items.is_empty() && times.items.iter().all(|time| time.doctor_id == ben.card.id));
        let start = "2026-12-15T10:00".to_owned();
        let book = async |doctor_id| {
            let command = BookFollowUp { start: start.clone(), doctor_id, reason: None };
            world.services.follow_ups.book(&here.patient, ticket.id, command).await
        };
        assert_eq!(book(None).await, Err(Error::invalid("doctor_id", "required")));
        assert_eq!(book(Some(here.doctor.card.id)).await, Err(Error::NotFound), "she does not offer it");
        assert_eq!(book(Some(ben.card.id)).await.unwrap().doctor_id, ben.card.id);
        let refused = |wish: OfferFollowUp| {
            let (follow_ups, admin, visit) = (world.services.follow_ups.clone(), here.admin.clone(), here.visit.id);
            async move { follow_ups.offer(&admin, visit, wish).await.unwrap_err() }
        };
        let wrong = OfferFollowUp { visit_type_id: other_kind.id, ..here.wish() };
        assert_eq!(refused(wrong).await, Error::invalid("visit_type_id", "visit_type_unknown"));
        let wrong = OfferFollowUp { latest: 2, note: Some("x".repeat(201)), ..here.wish() };
        let Error::Invalid { fields } = refused(wrong).await else { panic!("it is refused") };
        let fields: Vec<_> = fields.iter().map(|field| (field.field.as_str(), field.rule.as_str())).collect();
        assert_eq!(fields, [("latest", "range_order"), ("note", "too_long")]);
        let (elsewhere, there) = world.hospital("Elsewhere", "Europe/Berlin").await;
        let (far, _) = world.doctor(&there, elsewhere.id, "Dr. Far").await;
        let wrong = OfferFollowUp { doctor_id: Some(far.card.id), ..here.wish() };
        assert_eq!(refused(wrong).await, Error::invalid("doctor_id", "doctor_unknown"));
    }

    async fn who_may(world: World) {
        let here = Practice::open(&world).await;
        let follow_ups = &world.services.follow_ups;
        let (stranger, books) = (world.patient("eve@x.example").await, world.patient("books@x.example").await);
        let reads = world.patient("reads@x.example").await;
        let books = helped(&world, &here.patient, &books, &[Permission::Book]).await;
        let reads = helped(&world, &again(&world, &here.patient).await, &reads, &[Permission::Records]).await;
        let doctor = world.member(&here.admin, here.hospital, "ada@x.example", Role::Doctor, Some(here.doctor.card.id)).await;
        let (other, _) = world.doctor(&here.admin, here.hospital, "Dr. Ben Ott").await;
        let ben = world.member(&here.admin, here.hospital, "ben@x.example", Role::Doctor, Some(other.card.id)).await;
        let desk = world.member(&here.admin, here.hospital, "desk@x.example", Role::Desk, None).await;
        let (_, elsewhere) = world.hospital("Elsewhere", "Europe/Berlin").await;
        for who in [&stranger, &ben, &elsewhere] {
            assert_eq!(follow_ups.offer(who, here.visit.id, here.wish()).await, Err(Error::NotFound));
            assert_eq!(follow_ups.of_visit(who, here.visit.id).await, Err(Error::NotFound));
        }
        for who in [&here.patient, &books] {
            assert_eq!(follow_ups.offer(who, here.visit.id, here.wish()).await, Err(Error::NotFound), "nobody asks herself back");
        }
        let first = follow_ups.offer(&desk, here.visit.id, here.wish()).await.unwrap().id;
        let second = follow_ups.offer(&doctor, here.visit.id, here.wish()).await.unwrap();
        assert!(second.withdrawable);
        let start = BookFollowUp { start: "2026-12-15T10:00".into(), doctor_id: None, reason: None };
        for who in [&stranger, &ben, &elsewhere] {
            assert_eq!(follow_ups.get(who, first).await, Err(Error::NotFound));
            assert_eq!(follow_ups.times(who, first, None).await, Err(Error::NotFound));
            assert_eq!(follow_ups.book(who, first, start.clone()).await, Err(Error::NotFound));
            assert_eq!(follow_ups.withdraw(who, first).await, Err(Error::NotFound));
            assert!(follow_ups.own(who).await.unwrap().is_empty());
        }
        assert_eq!(follow_ups.own(&reads).await.unwrap().len(), 2);
        assert!(!follow_ups.get(&reads, first).await.unwrap().bookable);
        assert_eq!(follow_ups.book(&reads, first, start.clone()).await, Err(Error::NotFound));
        assert_eq!(follow_ups.of_visit(&doctor, here.visit.id).await.unwrap().len(), 2);
        assert_eq!(follow_ups.book(&books, first, start).await.unwrap().status, Status::Booked);
        assert_eq!(follow_ups.withdraw(&doctor, second.id).await.unwrap().status, FollowUpStatus::Withdrawn);
        assert_eq!(here.book(&world, second.id, "2026-12-15T11:00").await, Err(over()));
        // Nobody is asked back from a visit that was called off.
        cancel(&world, &here.patient, &here.visit).await;
        let refused = follow_ups.offer(&desk, here.visit.id, here.wish()).await;
        assert_eq!(refused, Err(Error::conflict(Conflict::WrongStatus)));
        world.healthy().await;
    }

    async fn with_which_visit_it_was_used_is_shown_to_whom_that_visit_is(world: World) {
        let here = Practice::open(&world).await;
        let reads = world.patient("reads@x.example").await;
        let reads = helped(&world, &here.patient, &reads, &[Permission::Records]).await;
        let save = |name: &str, specialty: &str| SaveDoctor {
            name: name.into(),
            specialties: vec![specialty.into()],
            languages: vec!["en".into()],
            visit_type_ids: vec![here.kind.id],
            active: true,
            ..SaveDoctor::default()
        };
        let mind = world.services.doctors.create(&here.admin, here.hospital, save("Dr. Ina Seel", "psychiatry")).await.unwrap();
        let hours = world.services.availability.working_hours(&here.admin, here.doctor.card.id).await.unwrap();
        let hours = SetWorkingHours { weekly: hours.weekly, rules: Some(hours.rules), version: None };
        world.services.availability.set_working_hours(&here.admin, mind.card.id, hours).await.unwrap();
        for (doctor, shown) in [(here.doctor.card.id, true), (mind.card.id, false)] {
            let wish = OfferFollowUp { doctor_id: None, ..here.wish() };
            let ticket = world.services.follow_ups.offer(&here.admin, here.visit.id, wish).await.unwrap().id;
            let start = if shown { "2026-12-15T10:00" } else { "2026-12-22T10:00" };
            let command = BookFollowUp { start: start.into(), doctor_id: Some(doctor), reason: None };
            let visit = world.services.follow_ups.book(&here.patient, ticket, command).await.unwrap();
            assert_eq!(world.services.appointments.get(&reads, visit.id).await.is_ok(), shown);
            let told = world.services.follow_ups.get(&reads, ticket).await.unwrap();
            assert_eq!((told.status, told.booked_id.is_some(), told.booked_start.is_some()), (FollowUpStatus::Booked, shown, shown));
            for whose in [&here.patient, &here.admin] {
                assert_eq!(world.services.follow_ups.get(whose, ticket).await.unwrap().booked_id, Some(visit.id));
            }
        }
        world.healthy().await;
    }

    async fn a_visit_that_was_called_off_with_others_comes_back_only_with_its_ticket(world: World) {
        let here = Practice::open(&world).await;
        for (meanwhile, outcome) in [
            (Meanwhile::Nothing, UndoOutcome::Back),
            (Meanwhile::AnotherVisit, UndoOutcome::PatientBusy),
            (Meanwhile::TakenBack, UndoOutcome::ChangedSince),
        ] {
            let ticket = here.offer(&world).await.id;
            let visit = here.book(&world, ticket, "2026-12-15T10:00").await.unwrap();
            let item = PlanItem { appointment_id: visit.id, version: visit.version, change: PlannedChange::Cancel };
            let plan = PlanChanges { reason: Some("The doctor is ill".into()), items: vec![item] };
            let (changes, doctor) = (&world.services.changes, here.doctor.card.id);
            let planned = changes.plan(&here.admin, doctor, plan).await.unwrap().id;
            changes.confirm(&here.admin, planned).await.unwrap();
            assert_eq!(here.now(&world, ticket).await.status, FollowUpStatus::Open);
            let other = match meanwhile {
                Meanwhile::Nothing => None,
                Meanwhile::AnotherVisit => Some(here.book(&world, ticket, "2026-12-22T11:00").await.unwrap()),
                Meanwhile::TakenBack => {
                    world.services.follow_ups.withdraw(&here.admin, ticket).await.unwrap();
                    None
                }
            };
            let undone = changes.undo(&here.admin, planned).await.unwrap();
            assert_eq!(undone.items[0].outcome, Some(outcome));
            world.healthy().await;
            let now = here.now(&world, ticket).await;
            let booked = match meanwhile {
                Meanwhile::Nothing => Some(visit.id),
                Meanwhile::AnotherVisit => other.as_ref().map(|other| other.id),
                Meanwhile::TakenBack => None,
            };
            assert_eq!(now.booked_id, booked, "{meanwhile:?}");
            if let Some(id) = booked {
                let visit = world.services.appointments.get(&here.patient, id).await.unwrap();
                cancel(&world, &here.patient, &visit).await;
            }
        }
        world.healthy().await;
    }

    async fn with_a_ticket_limits_hold_as_ever(world: World) {
        let here = Practice::open(&world).await;
        let hours = world.services.availability.working_hours(&here.admin, here.doctor.card.id).await.unwrap();
        let rules = BookingRules { most_a_day: Some(1), ..hours.rules };
        let one = SetWorkingHours { weekly: hours.weekly, rules: Some(rules), version: None };
        world.services.availability.set_working_hours(&here.admin, here.doctor.card.id, one).await.unwrap();
        let (first, second) = (here.offer(&world).await.id, here.offer(&world).await.id);
        here.book(&world, first, "2026-12-15T10:00").await.unwrap();
        let times = world.services.follow_ups.times(&here.patient, second, None).await.unwrap();
        assert!(times.items.iter().all(|time| time.start.to_string().as_str() > "2026-12-16"), "{:?}", times.items);
        let Err(Error::Conflict { reason, .. }) = here.book(&world, second, "2026-12-15T11:00").await else {
            panic!("the day is full");
        };
        assert_eq!(reason, Conflict::DayFull);
        here.book(&world, second, "2026-12-22T11:00").await.unwrap();
        world.healthy().await;
    }

    async fn with_a_ticket_it_is_free_where_a_paid_visit_has_made_it_so(world: World) {
        let here = Practice::open(&world).await;
        let rule = SetFollowUpRule { visits: 1, days: 30, visit_type_ids: vec![here.kind.id], version: None };
        let payments = &world.services.payments;
        payments.set_follow_up_rule(&here.admin, here.hospital, here.kind.id, rule).await.unwrap();
        let wish = booking(&here.doctor, &here.kind, "2026-11-24T11:00");
        let paid = world.services.appointments.book(&here.patient, wish).await.unwrap();
        let all = TakePayment { method: PaymentMethod::Cash, amount_minor: 5_000 };
        payments.take(&here.admin, paid.id, all).await.unwrap();
        let (first, second) = (here.offer(&world).await.id, here.offer(&world).await.id);
        assert_eq!(here.book(&world, first, "2026-12-15T10:00").await.unwrap().price.amount_minor, 0);
        assert_eq!(here.book(&world, second, "2026-12-15T11:00").await.unwrap().price.amount_minor, 5_000);
        world.healthy().await;
    }
}
