//! Booking and moving on, on both engines: the rules, and what the database refuses by itself.
//!
//! The arithmetic of free times is tested in `domain`.

use crate::world::{World, booking, on_both_engines};
use domain::{
    Error,
    access::Role,
    appointments::{
        AppointmentQuery, BookAppointment, Move, MoveAppointment, Period, Status, VISITS_WITH_ONE_DOCTOR,
    },
    availability::{SetWorkingHours, SlotQuery},
    error::Conflict,
    live::LiveChange,
};

const TEN: &str = "2026-11-24T10:00:00+01:00";

on_both_engines! {
    async fn the_main_job_runs_from_search_to_completed(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let patient = world.patient("p@x.example").await;

        let found = world.services.doctors.search(domain::doctors::DoctorQuery { name: Some("vogt".into()), ..Default::default() }).await.unwrap();
        assert_eq!(found.items.len(), 1);
        assert_eq!(found.items[0].next_free.len(), 3);
        let query = SlotQuery { doctor_id: doctor.card.id, visit_type_id: visit_type.id, from: None, to: None };
        let slots = world.services.availability.slots(query).await.unwrap();
        assert_eq!(slots.items[0].start.to_string(), "2026-11-23T09:00:00+01:00");

        let visit = world.services.appointments.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();
        assert_eq!((visit.status, visit.start.to_string().as_str(), visit.version), (Status::Booked, TEN, 1));
        assert_eq!(visit.moves, [Move::Cancel]);
        let left = world.services.availability.slots(query).await.unwrap();
        assert_eq!(left.items.len(), slots.items.len() - 1);

        let day = world.services.appointments.day(&admin, hospital.id, "2026-11-24".parse().ok()).await.unwrap();
        assert_eq!(day.doctors[0].appointments[0].id, visit.id);
        let step = |to| world.services.appointments.advance(&admin, visit.id, to, MoveAppointment::default());
        assert_eq!(step(Move::Confirm).await.unwrap().status, Status::Confirmed);
        assert_eq!(step(Move::Complete).await.unwrap().status, Status::Completed);
        assert_eq!(step(Move::Cancel).await, Err(Error::conflict(Conflict::WrongStatus)));

        let history = world.services.appointments.history(&patient, visit.id).await.unwrap();
        let steps: Vec<_> = history.iter().map(|s| (s.from, s.to)).collect();
        assert_eq!(steps, [(None, Status::Booked), (Some(Status::Booked), Status::Confirmed), (Some(Status::Confirmed), Status::Completed)]);
        world.healthy().await;
    }

    async fn whoever_works_there_reads_when_a_patient_was_born(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        let ada = world.member(&admin, hospital.id, "ada@x.example", Role::Doctor, Some(doctor.card.id)).await;
        let patient = world.patient("p@x.example").await;
        let appointments = &world.services.appointments;
        let visit = appointments.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();
        let born = Some(jiff::civil::date(1950, 5, 5));
        let day = appointments.day(&desk, hospital.id, "2026-11-24".parse().ok()).await.unwrap();
        assert_eq!(day.doctors[0].appointments[0].birth_date, born);
        for member in [&desk, &admin, &ada] {
            assert_eq!(appointments.get(member, visit.id).await.unwrap().birth_date, born);
        }
        let confirmed = appointments.advance(&desk, visit.id, Move::Confirm, MoveAppointment::default()).await.unwrap();
        assert_eq!(confirmed.birth_date, born);
        // Her own side gets what it always got: the field is not even there.
        let own = appointments.get(&patient, visit.id).await.unwrap();
        let list = appointments.list(&patient, AppointmentQuery::default()).await.unwrap();
        assert_eq!((visit.birth_date, own.birth_date, list.items[0].birth_date), (None, None, None));
        assert_eq!(serde_json::to_value(&own).unwrap().get("birth_date"), None);
        world.healthy().await;
    }

    async fn one_patient_cannot_empty_a_calendar(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let patient = world.patient("p@x.example").await;
        let at = |number: i64| booking(&doctor, &visit_type, &format!("2026-11-24T{:02}:{:02}", 9 + number / 2, number % 2 * 30));
        let mut visits = Vec::new();
        for number in 0..VISITS_WITH_ONE_DOCTOR {
            visits.push(world.services.appointments.book(&patient, at(number)).await.unwrap());
        }
        let refused = Err(Error::conflict(Conflict::TooManyVisits));
        assert_eq!(world.services.appointments.book(&patient, at(14)).await, refused);
        // The hospital books for her all the same; what it booked counts as well.
        let by_staff = BookAppointment { patient_id: Some(visits[0].patient_id), ..at(14) };
        world.services.appointments.book(&admin, by_staff).await.unwrap();
        world.services.appointments.advance(&patient, visits[0].id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        assert_eq!(world.services.appointments.book(&patient, at(13)).await, refused);
        world.healthy().await;
    }

    async fn one_time_has_one_winner(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let mut tries = Vec::new();
        for number in 0..12 {
            let patient = world.patient(&format!("p{number}@x.example")).await;
            let appointments = world.services.appointments.clone();
            let command = booking(&doctor, &visit_type, TEN);
            tries.push(tokio::spawn(async move { appointments.book(&patient, command).await }));
        }
        let mut winners = 0;
        for attempt in tries {
            match attempt.await.unwrap() {
                Ok(_) => winners += 1,
                Err(Error::Conflict { reason, alternatives }) => {
                    assert_eq!(reason, Conflict::SlotTaken);
                    assert_eq!(alternatives.len(), 3);
                    assert!(alternatives.iter().all(|a| a.to_string() != TEN));
                }
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(winners, 1);
        world.healthy().await;
    }

    async fn a_patient_is_in_one_place_at_a_time(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (first, first_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (second, second_type) = world.doctor(&admin, hospital.id, "Dr. Bea Wolf").await;
        let patient = world.patient("p@x.example").await;
        world.services.appointments.book(&patient, booking(&first, &first_type, TEN)).await.unwrap();
        let refused = world.services.appointments.book(&patient, booking(&second, &second_type, TEN)).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict { reason: Conflict::PatientOverlap, .. }));
        // Staff are not told that there is a visit elsewhere.
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        let mut command = booking(&second, &second_type, TEN);
        command.patient_id = patient.actor.principal().unwrap().patients.first().copied();
        let refused = world.services.appointments.book(&desk, command).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict { reason: Conflict::SlotTaken, .. }));
        world.healthy().await;
    }

    async fn a_cancelled_time_is_free_again(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let patient = world.patient("p@x.example").await;
        let visit = world.services.appointments.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();
        let stale = MoveAppointment { reason: None, version: Some(7) };
        let refused = world.services.appointments.advance(&patient, visit.id, Move::Cancel, stale).await;
        assert_eq!(refused, Err(Error::conflict(Conflict::StaleVersion)));
        let cancelled = world.services.appointments.advance(&patient, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        assert_eq!(cancelled.status, Status::Cancelled);
        assert_eq!(cancelled.cancelled_by.map(domain::appointments::Initiator::code), Some("patient"));
        let other = world.patient("q@x.example").await;
        world.services.appointments.book(&other, booking(&doctor, &visit_type, TEN)).await.unwrap();
        world.healthy().await;
    }

    async fn the_same_request_again_is_the_same_visit(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let mut patient = world.patient("p@x.example").await;
        patient.idempotency_key = Some("k1".into());
        let command = booking(&doctor, &visit_type, TEN);
        let (first, twin) = tokio::join!(
            world.services.appointments.book(&patient, command.clone()),
            world.services.appointments.book(&patient, command.clone())
        );
        assert_eq!(first.unwrap().id, twin.unwrap().id);
        let other = booking(&doctor, &visit_type, "2026-11-24T11:00:00+01:00");
        let refused = world.services.appointments.book(&patient, other).await;
        assert_eq!(refused, Err(Error::conflict(Conflict::KeyReused)));
        // An answer that was lost: cancelling again under the same key is the same cancellation.
        let visit = world.services.appointments.book(&patient, command).await.unwrap();
        for _ in 0..2 {
            let step = MoveAppointment::default();
            let cancelled = world.services.appointments.advance(&patient, visit.id, Move::Cancel, step).await.unwrap();
            assert_eq!((cancelled.status, cancelled.version), (Status::Cancelled, 2));
        }
        world.healthy().await;
    }

    async fn bad_times_are_refused_by_rule_and_change_nothing(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let patient = world.patient("p@x.example").await;
        for (start, rule) in [
            ("2026-11-20T10:00:00+01:00", "slot_past"),
            ("2026-11-24T10:10:00+01:00", "slot_off_grid"),
            ("2026-11-24T20:00:00+01:00", "slot_outside_hours"),
            ("2026-11-22T10:00:00+01:00", "slot_past"),
            ("2028-11-24T10:00:00+01:00", "slot_too_far"),
            ("2027-03-28T02:30", "slot_in_gap"),
            ("soon", "time_invalid"),
            ("2026-13-40T10:00:00+01:00", "time_invalid"),
        ] {
            let refused = world.services.appointments.book(&patient, booking(&doctor, &visit_type, start)).await;
            assert_eq!(refused, Err(Error::invalid("start", rule)), "{start}");
        }
        let visits = world.services.appointments.list(&patient, AppointmentQuery::default()).await.unwrap();
        assert!(visits.items.is_empty());
        // A wall time is meant on the hospital's wall.
        let visit = world.services.appointments.book(&patient, booking(&doctor, &visit_type, "2026-11-24T10:00")).await.unwrap();
        assert_eq!(visit.start.to_string(), TEN);
    }

    async fn foreign_looks_absent(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (other, other_admin) = world.hospital("Riverside", "America/New_York").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (_, foreign_type) = world.doctor(&other_admin, other.id, "Dr. Bea Wolf").await;
        let patient = world.patient("p@x.example").await;
        let stranger = world.patient("q@x.example").await;
        let visit = world.services.appointments.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();

        let appointments = &world.services.appointments;
        for call in [&stranger, &other_admin, &world.platform] {
            assert_eq!(appointments.get(call, visit.id).await, Err(Error::NotFound));
            assert_eq!(appointments.history(call, visit.id).await, Err(Error::NotFound));
            for step in Move::ALL {
                let refused = appointments.advance(call, visit.id, step, MoveAppointment::default()).await;
                assert_eq!(refused, Err(Error::NotFound));
            }
            assert_eq!(appointments.day(call, hospital.id, None).await, Err(Error::NotFound));
        }
        assert_eq!(appointments.advance(&patient, visit.id, Move::Confirm, MoveAppointment::default()).await, Err(Error::Forbidden));
        assert_eq!(appointments.get(&domain::Call::anonymous(), visit.id).await, Err(Error::Unauthenticated));
        let mixed = booking(&doctor, &foreign_type, TEN);
        assert_eq!(appointments.book(&stranger, mixed).await, Err(Error::NotFound));
        // A hospital's desk does not book for a patient whom the hospital does not know.
        let mut command = booking(&doctor, &visit_type, "2026-11-24T11:00:00+01:00");
        command.patient_id = stranger.actor.principal().unwrap().patients.first().copied();
        assert_eq!(appointments.book(&admin, command).await, Err(Error::NotFound));
    }

    async fn lists_go_on_where_they_ended(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let patient = world.patient("p@x.example").await;
        for hour in 9..16 {
            let start = format!("2026-11-24T{hour:02}:00:00+01:00");
            world.services.appointments.book(&patient, booking(&doctor, &visit_type, &start)).await.unwrap();
        }
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page = domain::page::PageQuery { cursor, limit: Some(3) };
            let query = AppointmentQuery { period: Period::Upcoming, page, ..Default::default() };
            let list = world.services.appointments.list(&patient, query).await.unwrap();
            seen.extend(list.items.iter().map(|a| a.start.minute_of_day() / 60));
            cursor = list.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, (9..16).collect::<Vec<_>>());
        let patients = world.services.appointments.patients(&admin, hospital.id, Some("PATIENT p".into()), domain::page::PageQuery::default()).await.unwrap();
        assert_eq!((patients.items.len(), patients.items[0].visits), (1, 7));
        let week = world.services.appointments.week(&admin, doctor.card.id, "2026-11-26".parse().ok()).await.unwrap();
        assert_eq!(week.days[1].appointments.len(), 7);
        assert_eq!(week.days[0].hours, [(9 * 60, 17 * 60)]);
    }

    async fn an_open_dashboard_is_told_what_it_may_see(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let patient = world.patient("p@x.example").await;
        let stranger = world.patient("q@x.example").await;
        let mut staff = world.services.live.subscribe(admin.actor.clone());
        let mut foreign = world.services.live.subscribe(stranger.actor.clone());
        let visit = world.services.appointments.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();
        let event = tokio::time::timeout(std::time::Duration::from_secs(5), staff.next()).await.expect("told within a moment");
        assert!(matches!(event, Some(Ok(LiveChange::Visit(event))) if event.appointment_id == visit.id), "{event:?}");
        let silent = tokio::time::timeout(std::time::Duration::from_millis(300), foreign.next()).await;
        assert!(silent.is_err());
    }

    async fn whoever_looks_at_times_is_told_that_they_are_others_and_no_more(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (other, _) = world.doctor(&admin, hospital.id, "Dr. Ben Thoma").await;
        let (patient, stranger) = (world.patient("p@x.example").await, world.patient("q@x.example").await);
        let next = async |feed: &mut Box<dyn domain::live::LiveFeed>| {
            tokio::time::timeout(std::time::Duration::from_millis(1500), feed.next()).await.ok().flatten()
        };
        let mut feed = world.services.live.subscribe(stranger.actor.clone());
        let times = Some(Ok(LiveChange::Times(doctor.card.id)));
        feed.watch(Some(doctor.card.id));
        let visit = world.services.appointments.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();
        assert_eq!(next(&mut feed).await, times);
        world.services.appointments.advance(&patient, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        assert_eq!(next(&mut feed).await, times);
        // Nobody is told of a doctor whom she does not look at.
        feed.watch(Some(other.card.id));
        world.services.appointments.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();
        assert_eq!(next(&mut feed).await, None);
        // Other hours are other times.
        let save = async || {
            let hours = world.services.availability.working_hours(&admin, other.card.id).await.unwrap();
            let hours = SetWorkingHours { weekly: hours.weekly, rules: None, version: None };
            world.services.availability.set_working_hours(&admin, other.card.id, hours).await.unwrap();
        };
        save().await;
        assert_eq!(next(&mut feed).await, Some(Ok(LiveChange::Times(other.card.id))));
        feed.watch(None);
        save().await;
        assert_eq!(next(&mut feed).await, None);
    }
}
