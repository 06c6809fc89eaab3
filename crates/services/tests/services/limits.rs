//! How many visits a day takes: offered, explained, booked, moved and waited for by one rule, exactly, whoever is how fast.

use domain::{
    Call, Error,
    access::Role,
    appointments::{Appointment, BookAppointment, Move, MoveAppointment, RescheduleAppointment},
    availability::{BookingRules, SetWorkingHours, SlotQuery},
    changes::{PlanChanges, PlanItem, PlannedChange},
    doctors::Doctor,
    error::Conflict,
    hospitals::{Hospital, Modality, SaveVisitType, VisitType},
    waitlist::JoinWaitlist,
};

use crate::{
    family::child,
    world::{World, booking, kind_of_visit, on_both_engines},
};

const DAY: &str = "2026-11-24";

struct Clinic {
    hospital: Hospital,
    admin: Call,
    doctor: Doctor,
    kind: VisitType,
}

impl Clinic {
    /// A doctor whose day takes so many visits, and so many of her one kind.
    async fn open(world: &World, most: Option<i64>, of_kind: Option<i64>) -> Self {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, kind) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let clinic = Self { hospital, admin, doctor, kind };
        clinic.limit(world, most).await.unwrap();
        clinic.limit_kind(world, of_kind).await.unwrap();
        clinic
    }

    async fn limit(&self, world: &World, most: Option<i64>) -> domain::Result<()> {
        let availability = &world.services.availability;
        let hours = availability.working_hours(&self.admin, self.doctor.card.id).await.unwrap();
        let rules = BookingRules { most_a_day: most, ..hours.rules };
        let command = SetWorkingHours { weekly: hours.weekly, rules: Some(rules), version: None };
        availability.set_working_hours(&self.admin, self.doctor.card.id, command).await.map(drop)
    }

    async fn limit_kind(&self, world: &World, most: Option<i64>) -> domain::Result<VisitType> {
        let command = SaveVisitType { most_a_day: most, ..kind_of_visit(&self.kind.name) };
        world.services.hospitals.update_visit_type(&self.admin, self.hospital.id, self.kind.id, command).await
    }

    async fn book(&self, world: &World, who: &Call, start: &str) -> domain::Result<Appointment> {
        world.services.appointments.book(who, booking(&self.doctor, &self.kind, start)).await
    }

    /// How many times are offered on a day.
    async fn free(&self, world: &World, day: &str) -> usize {
        let day = day.parse().ok();
        let query =
            SlotQuery { doctor_id: self.doctor.card.id, visit_type_id: self.kind.id, from: day, to: day };
        world.services.availability.slots(query).await.unwrap().items.len()
    }

    async fn rule(&self, world: &World, start: &str) -> Option<String> {
        let start = start.parse().unwrap();
        let said =
            world.services.availability.explain(self.doctor.card.id, self.kind.id, start).await.unwrap();
        assert!(said.rule.is_none() || said.alternatives.len() == 3, "{said:?}");
        assert!(
            said.alternatives
                .iter()
                .all(|start| said.rule.as_deref() == Some("slot_taken") || start.date().to_string() != DAY)
        );
        said.rule
    }
}

fn to(start: &str) -> RescheduleAppointment {
    RescheduleAppointment { start: start.into(), doctor_id: None, reason: None, version: None }
}

fn full(refused: domain::Result<Appointment>, expected: Conflict) {
    let Err(Error::Conflict { reason, alternatives }) = refused else { panic!("{refused:?}") };
    assert_eq!((reason, alternatives.len()), (expected, 3));
    assert!(alternatives.iter().all(|start| start.date().to_string() != DAY), "{alternatives:?}");
}

on_both_engines! {
    async fn nobody_holds_more_by_asking_at_once(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let patient = world.patient("p@x.example").await;
        let mut wishes = Vec::new();
        for hour in 9..15 {
            let (doctor, kind) = world.doctor(&admin, hospital.id, &format!("Dr. {hour}")).await;
            wishes.push(booking(&doctor, &kind, &format!("2026-11-24T{hour:02}:00")));
        }
        let asked = wishes.into_iter().map(|wish| world.services.appointments.hold(&patient, wish));
        let held = futures::future::join_all(asked).await;
        assert_eq!(held.iter().filter(|one| one.is_ok()).count(), 2, "{held:?}");
        world.healthy().await;
    }

    async fn no_account_holds_more_by_asking_at_once_for_many_children(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (mut parent, mut wishes) = (world.patient("p@x.example").await, Vec::new());
        for number in 0..6 {
            let (doctor, kind) = world.doctor(&admin, hospital.id, &format!("Dr. {number}")).await;
            let (again, mia) = child(&world, &parent, 3 + number, 10).await;
            parent = again;
            wishes.push(BookAppointment { patient_id: Some(mia), ..booking(&doctor, &kind, "2026-11-24T10:00") });
        }
        let asked = wishes.iter().map(|wish| world.services.appointments.hold(&parent, wish.clone()));
        let held = futures::future::join_all(asked).await;
        assert_eq!(held.iter().filter(|one| one.is_ok()).count(), 4, "{held:?}");
        assert!(held.iter().all(|one| one.is_ok() || *one == Err(Error::conflict(Conflict::TooManyHolds))), "{held:?}");
        // The hospital holds a time for each whom it knows by that.
        for (wish, _) in wishes.into_iter().zip(&held).filter(|(_, one)| one.is_ok()) {
            world.services.appointments.hold(&admin, BookAppointment { start: "2026-11-25T10:00".into(), ..wish }).await.unwrap();
        }
        world.healthy().await;
    }

    async fn no_account_empties_a_calendar_with_many_children(world: World) {
        let clinic = Clinic::open(&world, None, None).await;
        let (parent, ada) = child(&world, &world.patient("p@x.example").await, 4, 10).await;
        let (parent, bea) = child(&world, &parent, 5, 10).await;
        let (parent, cia) = child(&world, &parent, 6, 10).await;
        let appointments = &world.services.appointments;
        let wish = |whose, start: &str| BookAppointment { patient_id: Some(whose), ..booking(&clinic.doctor, &clinic.kind, start) };
        for (whose, day) in [(ada, 24), (bea, 25)] {
            for number in 0..10 {
                let start = format!("2026-11-{day}T{:02}:{:02}", 9 + number / 2, number % 2 * 30);
                appointments.book(&parent, wish(whose, &start)).await.unwrap();
            }
        }
        let refused = Err(Error::conflict(Conflict::TooManyVisits));
        assert_eq!(appointments.book(&parent, wish(cia, "2026-11-26T09:00")).await, refused);
        let waits = JoinWaitlist {
            doctor_id: clinic.doctor.card.id,
            visit_type_id: clinic.kind.id,
            patient_id: Some(cia),
            appointment_id: None,
            from: DAY.parse().unwrap(),
            until: DAY.parse().unwrap(),
            weekdays: Vec::new(),
            day_parts: Vec::new(),
        };
        assert_eq!(world.services.waitlist.join(&parent, waits).await.map(drop), refused.map(drop));
        // With another doctor she may, and what the hospital books is nobody's.
        let (other, kind) = world.doctor(&clinic.admin, clinic.hospital.id, "Dr. Bo Lind").await;
        let elsewhere = BookAppointment { patient_id: Some(cia), ..booking(&other, &kind, "2026-11-26T09:00") };
        appointments.book(&parent, elsewhere).await.unwrap();
        appointments.book(&clinic.admin, wish(cia, "2026-11-26T10:00")).await.unwrap();
        world.healthy().await;
    }

    async fn no_account_stands_in_every_line_with_many_children(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let mut lines = Vec::new();
        for number in 0..5 {
            lines.push(world.doctor(&admin, hospital.id, &format!("Dr. {number}")).await);
        }
        let (parent, ada) = child(&world, &world.patient("p@x.example").await, 4, 10).await;
        let (parent, bea) = child(&world, &parent, 5, 10).await;
        let (parent, cia) = child(&world, &parent, 6, 10).await;
        let join = async |who: &Call, whose, (doctor, kind): &(Doctor, VisitType)| {
            let wish = JoinWaitlist {
                doctor_id: doctor.card.id,
                visit_type_id: kind.id,
                patient_id: Some(whose),
                appointment_id: None,
                from: DAY.parse().unwrap(),
                until: DAY.parse().unwrap(),
                weekdays: Vec::new(),
                day_parts: Vec::new(),
            };
            world.services.waitlist.join(who, wish).await.map(drop)
        };
        for whose in [ada, bea] {
            for line in &lines {
                join(&parent, whose, line).await.unwrap();
            }
        }
        assert_eq!(join(&parent, cia, &lines[0]).await, Err(Error::conflict(Conflict::TooManyEntries)));
        world.healthy().await;
    }

    async fn many_visits_that_are_put_on_a_full_day_say_so(world: World) {
        let clinic = Clinic::open(&world, Some(1), None).await;
        let (first, second) = (world.patient("a@x.example").await, world.patient("b@x.example").await);
        clinic.book(&world, &first, "2026-11-24T10:00").await.unwrap();
        let visit = clinic.book(&world, &second, "2026-11-25T10:00").await.unwrap();
        let changes = &world.services.changes;
        for (most, of_kind, rule) in [(Some(1), None, "slot_day_full"), (None, Some(1), "slot_kind_full")] {
            clinic.limit(&world, most).await.unwrap();
            clinic.limit_kind(&world, of_kind).await.unwrap();
            let to = PlannedChange::Move { doctor_id: clinic.doctor.card.id, start: "2026-11-24T12:00".into() };
            let items = vec![PlanItem { appointment_id: visit.id, version: visit.version, change: to }];
            let command = PlanChanges { reason: None, items };
            let planned = changes.plan(&clinic.admin, clinic.doctor.card.id, command).await.unwrap();
            let refused = changes.confirm(&clinic.admin, planned.id).await;
            assert_eq!(refused.err(), Some(Error::invalid("items.0", rule)));
        }
    }

    async fn a_full_day_is_offered_to_nobody_and_says_so(world: World) {
        let clinic = Clinic::open(&world, Some(2), None).await;
        let appointments = &world.services.appointments;
        let (first, second, third) =
            (world.patient("a@x.example").await, world.patient("b@x.example").await, world.patient("c@x.example").await);
        let visit = clinic.book(&world, &first, "2026-11-24T10:00").await.unwrap();
        assert_eq!(clinic.free(&world, DAY).await, 15);
        // What is held counts.
        appointments.hold(&second, booking(&clinic.doctor, &clinic.kind, "2026-11-24T16:00")).await.unwrap();
        assert_eq!(clinic.free(&world, DAY).await, 0);
        assert_eq!((clinic.free(&world, "2026-11-23").await, clinic.free(&world, "2026-11-25").await), (16, 16));
        assert_eq!(clinic.rule(&world, "2026-11-24T12:00").await.as_deref(), Some("slot_day_full"));
        full(clinic.book(&world, &third, "2026-11-24T12:00").await, Conflict::DayFull);
        // Nor does the desk pass it.
        let desk = world.member(&clinic.admin, clinic.hospital.id, "desk@x.example", Role::Desk, None).await;
        let hers = BookAppointment { patient_id: Some(visit.patient_id), ..booking(&clinic.doctor, &clinic.kind, "2026-11-24T12:00") };
        full(appointments.book(&desk, hers).await, Conflict::DayFull);
        // Within its day a visit does not count itself; from another day it is one more.
        appointments.reschedule(&first, visit.id, to("2026-11-24T11:00")).await.unwrap();
        let other = clinic.book(&world, &third, "2026-11-25T10:00").await.unwrap();
        full(appointments.reschedule(&desk, other.id, to("2026-11-24T12:00")).await, Conflict::DayFull);
        // A hold that has ended counts no longer, whether anything has swept or not.
        world.clock.advance_minutes(16);
        assert_eq!(clinic.free(&world, DAY).await, 15);
        appointments.reschedule(&desk, other.id, to("2026-11-24T12:00")).await.unwrap();
        assert_eq!(clinic.free(&world, DAY).await, 0);
        appointments.advance(&first, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        assert_eq!(clinic.free(&world, DAY).await, 15);
        // A limit that is taken away is none; one that is lower than what is booked takes nothing from anybody.
        clinic.limit(&world, None).await.unwrap();
        clinic.book(&world, &first, "2026-11-24T09:00").await.unwrap();
        clinic.limit(&world, Some(1)).await.unwrap();
        assert_eq!(clinic.free(&world, DAY).await, 0);
        assert_eq!(clinic.limit(&world, Some(0)).await, Err(Error::invalid("rules.most_a_day", "number_out_of_range")));
        world.healthy().await;
    }

    async fn no_more_of_a_kind_leaves_the_day_to_others(world: World) {
        let clinic = Clinic::open(&world, None, Some(1)).await;
        let command = SaveVisitType { modality: Modality::Video, ..kind_of_visit("Check-up") };
        let other = world.services.hospitals.create_visit_type(&clinic.admin, clinic.hospital.id, command).await.unwrap();
        let card = &clinic.doctor.card;
        let save = domain::doctors::SaveDoctor {
            name: card.name.clone(),
            specialties: vec!["cardiology".into()],
            languages: vec!["en".into()],
            visit_type_ids: vec![clinic.kind.id, other.id],
            active: true,
            ..domain::doctors::SaveDoctor::default()
        };
        world.services.doctors.update(&clinic.admin, card.id, save).await.unwrap();
        let (first, second) = (world.patient("a@x.example").await, world.patient("b@x.example").await);
        clinic.book(&world, &first, "2026-11-24T10:00").await.unwrap();
        assert_eq!(clinic.free(&world, DAY).await, 0);
        assert_eq!(clinic.rule(&world, "2026-11-24T12:00").await.as_deref(), Some("slot_kind_full"));
        // That somebody has a time is the nearer reason.
        assert_eq!(clinic.rule(&world, "2026-11-24T10:00").await.as_deref(), Some("slot_taken"));
        full(clinic.book(&world, &second, "2026-11-24T12:00").await, Conflict::KindFull);
        world.services.appointments.book(&second, booking(&clinic.doctor, &other, "2026-11-24T12:00")).await.unwrap();
        let read = world.services.hospitals.visit_types(&clinic.admin, clinic.hospital.id).await.unwrap();
        assert_eq!(read.iter().find(|one| one.id == clinic.kind.id).and_then(|one| one.most_a_day), Some(1));
        assert_eq!(clinic.limit_kind(&world, Some(201)).await.err(), Some(Error::invalid("most_a_day", "number_out_of_range")));
        world.healthy().await;
    }

    async fn a_limit_is_exact_however_many_want_the_last_places(world: World) {
        let clinic = Clinic::open(&world, Some(3), None).await;
        let mut tries = Vec::new();
        for number in 0..12 {
            let patient = world.patient(&format!("p{number}@x.example")).await;
            let appointments = world.services.appointments.clone();
            // Each wants a time of her own, so that nothing but the limit is in the way.
            let start = format!("2026-11-24T{:02}:{:02}", 9 + number / 2, 30 * (number % 2));
            let command = booking(&clinic.doctor, &clinic.kind, &start);
            tries.push(tokio::spawn(async move { appointments.book(&patient, command).await }));
        }
        let mut winners = 0;
        for attempt in tries {
            match attempt.await.unwrap() {
                Ok(_) => winners += 1,
                refused => full(refused, Conflict::DayFull),
            }
        }
        assert_eq!(winners, 3);
        assert_eq!(clinic.free(&world, DAY).await, 0);
        world.healthy().await;
    }

    async fn nobody_who_waits_is_offered_a_time_of_a_full_day(world: World) {
        let clinic = Clinic::open(&world, Some(1), None).await;
        world.clock.advance_minutes(120);
        let (busy, waiting, behind) =
            (world.patient("a@x.example").await, world.patient("b@x.example").await, world.patient("c@x.example").await);
        let visit = clinic.book(&world, &busy, "2026-11-24T10:00").await.unwrap();
        let wish = JoinWaitlist {
            doctor_id: clinic.doctor.card.id,
            visit_type_id: clinic.kind.id,
            patient_id: None,
            appointment_id: None,
            from: DAY.parse().unwrap(),
            until: DAY.parse().unwrap(),
            weekdays: Vec::new(),
            day_parts: Vec::new(),
        };
        for who in [&waiting, &behind] {
            world.services.waitlist.join(who, wish.clone()).await.unwrap();
            world.clock.advance_minutes(1);
        }
        assert_eq!(world.house.offer_due().await.unwrap(), 0);
        world.services.appointments.advance(&busy, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        assert_eq!(world.house.offer_due().await.unwrap(), 1, "one place is one offer");
        assert!(world.services.waitlist.own(&waiting).await.unwrap()[0].offer.is_some());
        world.healthy().await;
    }

    async fn whoever_has_a_visit_on_a_full_day_can_be_put_earlier_on_it(world: World) {
        let clinic = Clinic::open(&world, Some(1), None).await;
        world.clock.advance_minutes(120);
        let patient = world.patient("a@x.example").await;
        let visit = clinic.book(&world, &patient, "2026-11-24T15:00").await.unwrap();
        let wish = JoinWaitlist {
            doctor_id: clinic.doctor.card.id,
            visit_type_id: clinic.kind.id,
            patient_id: None,
            appointment_id: Some(visit.id),
            from: DAY.parse().unwrap(),
            until: DAY.parse().unwrap(),
            weekdays: Vec::new(),
            day_parts: Vec::new(),
        };
        let entry = world.services.waitlist.join(&patient, wish).await.unwrap();
        assert_eq!(world.house.offer_due().await.unwrap(), 1);
        let moved = world.services.waitlist.accept(&patient, entry.id).await.unwrap();
        assert_eq!((moved.id, moved.start.to_string().as_str()), (visit.id, "2026-11-24T09:00:00+01:00"));
        assert_eq!(clinic.free(&world, DAY).await, 0);
        world.healthy().await;
    }
}
