//! What hours can say, on both engines: a beginning, an end and a rhythm, some visits only, absences, hours that are there once,
//! closures. What each means for free times is tested in `domain`; here it is kept, asked at booking, and explained.

use crate::world::{World, booking, on_both_engines};
use domain::{
    Error,
    availability::{
        AbsenceKind, AddAbsence, AddClosure, AddExtraHours, BookingRules, DateException, SetWorkingHours,
        SlotQuery, TimeWindow, WeeklyWindow,
    },
    doctors::{Doctor, SaveDoctor},
    error::Conflict,
    hospitals::Modality,
    ids::{AbsenceId, ClosureId, DoctorId, OpeningId, VisitTypeId},
    time::{Moment, parse_time},
};
use jiff::civil::date;

fn window(start: &str, end: &str) -> TimeWindow {
    TimeWindow { start: parse_time(start).unwrap(), end: parse_time(end).unwrap() }
}

/// The times that are offered on a date.
async fn times(world: &World, doctor: DoctorId, visit_type: VisitTypeId, day: &str) -> Vec<String> {
    let day = day.parse().ok();
    let query = SlotQuery { doctor_id: doctor, visit_type_id: visit_type, from: day, to: day };
    let found = world.services.availability.slots(query).await.unwrap().items;
    found.iter().map(|slot| slot.start.to_string()[11..16].to_owned()).collect()
}

/// The rule that takes a time away.
async fn rule(world: &World, doctor: DoctorId, visit_type: VisitTypeId, start: &str) -> Option<String> {
    world.services.availability.explain(doctor, visit_type, start.parse().unwrap()).await.unwrap().rule
}

fn away(from: &str, to: &str) -> AddAbsence {
    AddAbsence {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        kind: AbsenceKind::Leave,
        note: "Ski".into(),
    }
}

/// A doctor as she stands, to be saved.
fn saved(doctor: &Doctor) -> SaveDoctor {
    SaveDoctor {
        name: doctor.card.name.clone(),
        specialties: doctor.card.specialties.clone(),
        languages: doctor.card.languages.clone(),
        active: true,
        ..SaveDoctor::default()
    }
}

on_both_engines! {
    async fn a_week_keeps_its_rules_and_knows_its_version(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (availability, id) = (&world.services.availability, doctor.card.id);
        let before = availability.working_hours(&admin, id).await.unwrap();
        let every_other = WeeklyWindow {
            valid_from: Some(date(2026, 11, 24)),
            valid_to: Some(date(2027, 1, 31)),
            every_weeks: 2,
            visit_types: vec![visit_type.id],
            ..WeeklyWindow::new(2, window("09:00", "10:00"))
        };
        let calls = WeeklyWindow { modality: Some(Modality::Video), ..WeeklyWindow::new(2, window("11:00", "12:00")) };
        let weekly = vec![every_other, calls];
        let command = |weekly: &[WeeklyWindow], version| SetWorkingHours { weekly: weekly.to_vec(), rules: None, version };
        let after = availability.set_working_hours(&admin, id, command(&weekly, Some(before.version))).await.unwrap();
        assert_eq!((&after.weekly, after.version), (&weekly, before.version + 1));
        assert_eq!(times(&world, id, visit_type.id, "2026-11-24").await, ["09:00", "09:30"]);
        assert!(times(&world, id, visit_type.id, "2026-12-01").await.is_empty());
        assert_eq!(times(&world, id, visit_type.id, "2026-12-08").await.len(), 2);
        // Somebody else was faster: nothing is lost without being seen.
        let late = availability.set_working_hours(&admin, id, command(&[], Some(before.version))).await;
        assert_eq!(late, Err(Error::conflict(Conflict::StaleVersion)));
        assert_eq!(availability.working_hours(&admin, id).await.unwrap().weekly, weekly);
        let patient = world.patient("p@x.example").await;
        let refused = world.services.appointments.book(&patient, booking(&doctor, &visit_type, "2026-12-08T11:00")).await;
        assert_eq!(refused.err(), Some(Error::invalid("start", "slot_other_visits")));
        world.services.appointments.book(&patient, booking(&doctor, &visit_type, "2026-12-08T09:00")).await.unwrap();
        // What is offered no longer stays where it stands, and keeps nothing else from being changed.
        let save = SaveDoctor { visit_type_ids: vec![], ..saved(&doctor) };
        world.services.doctors.update(&admin, id, save).await.unwrap();
        availability.set_working_hours(&admin, id, command(&weekly, None)).await.unwrap();
        let unknown = WeeklyWindow { visit_types: vec![VisitTypeId(uuid::Uuid::nil())], ..WeeklyWindow::new(3, window("09:00", "10:00")) };
        let refused = availability.set_working_hours(&admin, id, command(&[unknown], None)).await;
        assert_eq!(refused, Err(Error::invalid("weekly.0.visit_types", "visit_type_unknown")));
    }

    async fn who_is_away_is_not_booked_and_what_is_booked_stays(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (availability, id) = (&world.services.availability, doctor.card.id);
        let patient = world.patient("p@x.example").await;
        let visit = world.services.appointments.book(&patient, booking(&doctor, &visit_type, "2026-11-24T10:00")).await.unwrap();
        let hours = availability.add_absence(&admin, id, away("2026-11-24T09:45", "2026-11-24T12:00")).await.unwrap();
        assert_eq!((hours.absences.len(), hours.absences[0].kind), (1, AbsenceKind::Leave));
        assert_eq!(times(&world, id, visit_type.id, "2026-11-24").await[..2], ["09:00", "12:00"]);
        assert_eq!(rule(&world, id, visit_type.id, "2026-11-24T11:00").await.as_deref(), Some("slot_away"));
        let refused = world.services.appointments.book(&patient, booking(&doctor, &visit_type, "2026-11-24T11:00")).await;
        assert_eq!(refused.err(), Some(Error::invalid("start", "slot_away")));
        world.services.appointments.get(&patient, visit.id).await.unwrap();
        assert_eq!(availability.add_absence(&patient, id, away("2026-12-24T00:00", "2026-12-25T00:00")).await, Err(Error::NotFound));
        for (from, to, field, broken) in [
            ("2026-12-24T00:00", "2026-12-24T00:00", "to", "range_order"),
            ("2026-12-24T00:00", "2028-12-24T00:00", "to", "range_too_long"),
            ("2020-12-24T00:00", "2020-12-25T00:00", "to", "date_past"),
            ("2040-12-24T00:00", "2040-12-25T00:00", "from", "date_too_far"),
        ] {
            assert_eq!(availability.add_absence(&admin, id, away(from, to)).await, Err(Error::invalid(field, broken)));
        }
        let (other, _) = world.doctor(&admin, hospital.id, "Dr. Bo Lind").await;
        let absence = hours.absences[0].id;
        assert_eq!(availability.remove_absence(&admin, other.card.id, absence).await, Err(Error::NotFound));
        let hours = availability.remove_absence(&admin, id, absence).await.unwrap();
        assert!(hours.absences.is_empty());
        assert_eq!(times(&world, id, visit_type.id, "2026-11-24").await.len(), 15);
        assert_eq!(availability.remove_absence(&admin, id, AbsenceId(uuid::Uuid::nil())).await, Err(Error::NotFound));
    }

    async fn one_date_has_five_windows_at_most(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (availability, id) = (&world.services.availability, doctor.card.id);
        let on = |windows: usize| DateException {
            date: date(2026, 11, 24),
            windows: (8..).take(windows).map(|hour| window(&format!("{hour:02}:00"), &format!("{hour:02}:30"))).collect(),
            note: String::new(),
        };
        let refused = availability.set_exception(&admin, id, on(6)).await;
        assert_eq!(refused, Err(Error::invalid("windows", "too_many_windows")));
        assert_eq!(times(&world, id, visit_type.id, "2026-11-24").await.len(), 16, "the week holds still");
        availability.set_exception(&admin, id, on(5)).await.unwrap();
        assert_eq!(times(&world, id, visit_type.id, "2026-11-24").await, ["08:00", "09:00", "10:00", "11:00", "12:00"]);
    }

    async fn extra_hours_are_there_once(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (availability, id) = (&world.services.availability, doctor.card.id);
        let command = |day: &str, start: &str, end: &str| AddExtraHours {
            date: day.parse().unwrap(),
            windows: vec![window(start, end)],
            visit_types: vec![],
            note: String::new(),
        };
        // A Saturday.
        assert!(times(&world, id, visit_type.id, "2026-11-28").await.is_empty());
        let hours = availability.add_extra(&admin, id, command("2026-11-28", "09:00", "10:00")).await.unwrap();
        assert_eq!(times(&world, id, visit_type.id, "2026-11-28").await, ["09:00", "09:30"]);
        assert!(times(&world, id, visit_type.id, "2026-12-05").await.is_empty());
        let patient = world.patient("p@x.example").await;
        world.services.appointments.book(&patient, booking(&doctor, &visit_type, "2026-11-28T09:00")).await.unwrap();
        let only = AddExtraHours { visit_types: vec![VisitTypeId(uuid::Uuid::nil())], ..command("2026-11-28", "11:00", "12:00") };
        assert_eq!(availability.add_extra(&admin, id, only).await, Err(Error::invalid("visit_types", "visit_type_unknown")));
        assert_eq!(availability.add_extra(&admin, id, command("2020-11-28", "09:00", "10:00")).await, Err(Error::invalid("date", "date_past")));
        assert_eq!(availability.add_extra(&admin, id, command("2026-11-28", "09:00", "09:00")).await, Err(Error::invalid("windows", "hours_order")));
        assert_eq!(availability.add_extra(&admin, id, command("2026-11-28", "09:30", "11:00")).await, Err(Error::invalid("windows", "hours_overlap")), "twice is once");
        let two = AddExtraHours { windows: vec![window("13:00", "14:00"), window("15:00", "16:00")], ..command("2026-11-29", "13:00", "14:00") };
        assert_eq!(availability.add_extra(&admin, id, two).await.unwrap().extra.len(), 3);
        availability.remove_extra(&admin, id, hours.extra[0].id).await.unwrap();
        assert!(times(&world, id, visit_type.id, "2026-11-28").await.is_empty());
        assert_eq!(availability.remove_extra(&admin, id, OpeningId(uuid::Uuid::nil())).await, Err(Error::NotFound));
    }

    async fn a_closed_hospital_has_no_times_for_any_doctor(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (elsewhere, other_admin) = world.hospital("Rosengarten", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (other, other_type) = world.doctor(&other_admin, elsewhere.id, "Dr. Bo Lind").await;
        let availability = &world.services.availability;
        let command = |from: &str, to: &str| AddClosure { from: from.parse().unwrap(), to: to.parse().unwrap(), note: "Move".into() };
        assert_eq!(availability.add_closure(&other_admin, hospital.id, command("2026-11-24", "2026-11-25")).await.err(), Some(Error::NotFound));
        let closed = availability.add_closure(&admin, hospital.id, command("2026-11-24", "2026-11-25")).await.unwrap();
        for day in ["2026-11-24", "2026-11-25"] {
            assert!(times(&world, doctor.card.id, visit_type.id, day).await.is_empty());
            assert_eq!(times(&world, other.card.id, other_type.id, day).await.len(), 16);
        }
        assert_eq!(times(&world, doctor.card.id, visit_type.id, "2026-11-26").await.len(), 16);
        assert_eq!(rule(&world, doctor.card.id, visit_type.id, "2026-11-25T10:00").await.as_deref(), Some("slot_hospital_closed"));
        let patient = world.patient("p@x.example").await;
        let refused = world.services.appointments.book(&patient, booking(&doctor, &visit_type, "2026-11-25T10:00")).await;
        assert_eq!(refused.err(), Some(Error::invalid("start", "slot_hospital_closed")));
        assert_eq!(availability.closures(&admin, hospital.id).await.unwrap(), closed);
        assert!(availability.closures(&other_admin, elsewhere.id).await.unwrap().is_empty());
        assert_eq!(availability.remove_closure(&other_admin, elsewhere.id, closed[0].id).await.err(), Some(Error::NotFound));
        assert!(availability.remove_closure(&admin, hospital.id, closed[0].id).await.unwrap().is_empty());
        assert_eq!(availability.remove_closure(&admin, hospital.id, ClosureId(uuid::Uuid::nil())).await.err(), Some(Error::NotFound));
        assert_eq!(times(&world, doctor.card.id, visit_type.id, "2026-11-24").await.len(), 16);
        assert_eq!(availability.add_closure(&admin, hospital.id, command("2026-11-25", "2026-11-24")).await.err(), Some(Error::invalid("to", "range_order")));
    }

    async fn a_night_is_offered_and_booked_to_its_end(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (availability, id) = (&world.services.availability, doctor.card.id);
        let mondays = SetWorkingHours {
            weekly: vec![WeeklyWindow::new(1, window("22:00", "02:00"))],
            rules: Some(BookingRules { cadence_minutes: 30, notice_minutes: 0, horizon_days: 14, most_a_day: None }),
            version: None,
        };
        availability.set_working_hours(&admin, id, mondays).await.unwrap();
        // The night of the last date that can be booked ends after it.
        let last = times(&world, id, visit_type.id, "2026-12-07").await;
        assert_eq!((last.len(), last.last().map(String::as_str)), (8, Some("01:30")));
        let patient = world.patient("p@x.example").await;
        let book = |start| world.services.appointments.book(&patient, booking(&doctor, &visit_type, start));
        assert_eq!(book("2026-12-08T01:30").await.unwrap().start.to_string(), "2026-12-08T01:30:00+01:00");
        assert_eq!(book("2026-12-08T02:00").await, Err(Error::invalid("start", "slot_too_far")));
        assert_eq!(rule(&world, id, visit_type.id, "2026-12-08T01:00").await, None);
        // Ten minutes after midnight the rest of tonight is what is free next, and so it is from any date into which a night reaches.
        world.clock.advance_minutes(17 * 60 + 10);
        for (from, expected) in [
            (None, "2026-11-24T00:30:00+01:00"),
            (Some(date(2026, 11, 25)), "2026-11-30T22:00:00+01:00"),
            (Some(date(2026, 12, 1)), "2026-12-01T00:00:00+01:00"),
        ] {
            let next = availability.next_free(id, visit_type.id, from).await.unwrap().unwrap();
            assert_eq!(next.start.to_string(), expected);
        }
        world.healthy().await;
    }

    async fn a_time_is_explained_as_it_would_be_judged(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (availability, id) = (&world.services.availability, doctor.card.id);
        let patient = world.patient("p@x.example").await;
        world.services.appointments.book(&patient, booking(&doctor, &visit_type, "2026-11-24T10:00")).await.unwrap();
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let taken = availability.explain(id, visit_type.id, "2026-11-24T10:00".parse().unwrap()).await.unwrap();
        assert_eq!((taken.rule.as_deref(), taken.start), (Some("slot_taken"), Some(at("2026-11-24T10:00:00+01:00"))));
        let near = ["2026-11-24T09:00:00+01:00", "2026-11-24T09:30:00+01:00", "2026-11-24T10:30:00+01:00"].map(at);
        assert_eq!(taken.alternatives, near);
        assert_eq!((taken.hours.len(), taken.minutes, taken.time_zone.as_str()), (1, 30, "Europe/Berlin"));
        let free = availability.explain(id, visit_type.id, "2026-11-24T11:00:00+01:00".parse().unwrap()).await.unwrap();
        assert_eq!((free.rule, free.alternatives.len()), (None, 0));
        // A wall time that there is not has no instant, and the next free times are named.
        let gap = availability.explain(id, visit_type.id, "2027-03-28T02:30".parse().unwrap()).await.unwrap();
        assert_eq!((gap.rule.as_deref(), gap.start, gap.alternatives.len()), (Some("slot_in_gap"), None, 3));
        let nobody = availability.explain(id, VisitTypeId(uuid::Uuid::nil()), "2026-11-24T10:00".parse().unwrap()).await;
        assert_eq!(nobody, Err(Error::NotFound));
    }
}
