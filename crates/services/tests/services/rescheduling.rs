//! Putting a visit on another time, and the two ends that a visit can have besides: left unseen, and cancelled late.

use crate::{
    family::{account, again, helped, own_patient},
    world::{World, booking, on_both_engines},
};
use domain::{
    Call, Error,
    access::Role,
    appointments::{
        Appointment, Initiator, MOVES_OF_ONE_VISIT, Move, MoveAppointment, RescheduleAppointment, Status,
        TimesQuery,
    },
    availability::{BookingRules, SetWorkingHours, SlotQuery},
    doctors::{Doctor, SaveDoctor},
    error::Conflict,
    family::Permission,
    hospitals::{Hospital, VisitType},
    ids::DoctorId,
};

const TEN: &str = "2026-11-24T10:00:00+01:00";

fn to(start: &str) -> RescheduleAppointment {
    RescheduleAppointment { start: start.into(), ..RescheduleAppointment::default() }
}

/// A hospital with a doctor, and a patient who has a visit with her at ten.
async fn booked(world: &World) -> (Hospital, Call, (Doctor, VisitType), Call, Appointment) {
    let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
    let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
    let patient = world.patient("p@x.example").await;
    let visit = world.services.appointments.book(&patient, booking(&doctor, &visit_type, TEN)).await.unwrap();
    (hospital, admin, (doctor, visit_type), patient, visit)
}

/// Another doctor of the house who offers the same, with the hours of the first.
async fn second(
    world: &World,
    admin: &Call,
    hospital: &Hospital,
    first: &Doctor,
    kind: &VisitType,
) -> DoctorId {
    let command = SaveDoctor {
        name: "Dr. Ben Ott".into(),
        specialties: vec!["cardiology".into()],
        languages: vec!["en".into()],
        visit_type_ids: vec![kind.id],
        active: true,
        ..SaveDoctor::default()
    };
    let doctor = world.services.doctors.create(admin, hospital.id, command).await.unwrap().card.id;
    let hours = world.services.availability.working_hours(admin, first.card.id).await.unwrap();
    let hours = SetWorkingHours { weekly: hours.weekly, rules: Some(hours.rules), version: None };
    world.services.availability.set_working_hours(admin, doctor, hours).await.unwrap();
    doctor
}

async fn free(world: &World, doctor: &Doctor, kind: &VisitType, start: &str) -> bool {
    let day = start[..10].parse().ok();
    let query = SlotQuery { doctor_id: doctor.card.id, visit_type_id: kind.id, from: day, to: day };
    world
        .services
        .availability
        .slots(query)
        .await
        .unwrap()
        .items
        .iter()
        .any(|slot| slot.start.to_string() == start)
}

on_both_engines! {
    async fn one_step_takes_the_new_time_and_leaves_the_old_one(world: World) {
        let (_, admin, (doctor, kind), patient, visit) = booked(&world).await;
        let appointments = &world.services.appointments;
        appointments.advance(&admin, visit.id, Move::Confirm, MoveAppointment::default()).await.unwrap();
        let later = "2026-11-25T14:30:00+01:00";
        let moved = appointments.reschedule(&patient, visit.id, to("2026-11-25T14:30")).await.unwrap();
        // It is the same visit at another time, which the hospital has not confirmed.
        assert_eq!((moved.id, &moved.reference, &moved.price), (visit.id, &visit.reference, &visit.price));
        assert_eq!((moved.status, moved.version, moved.start.to_string().as_str()), (Status::Booked, 3, later));
        assert_eq!((free(&world, &doctor, &kind, TEN).await, free(&world, &doctor, &kind, later).await), (true, false));
        let history = appointments.history(&patient, visit.id).await.unwrap();
        let steps: Vec<_> = history.iter().map(|step| (step.from, step.to, step.start.map(|at| at.to_string()))).collect();
        assert_eq!(steps[0], (None, Status::Booked, Some(TEN.to_owned())));
        assert_eq!(steps[1], (Some(Status::Booked), Status::Confirmed, None));
        assert_eq!(steps[2], (Some(Status::Confirmed), Status::Booked, Some(later.to_owned())));
        // What the hospital moves it has confirmed as well as before.
        appointments.advance(&admin, visit.id, Move::Confirm, MoveAppointment::default()).await.unwrap();
        let reason = RescheduleAppointment { reason: Some("The doctor is away".into()), ..to(TEN) };
        let moved = appointments.reschedule(&admin, visit.id, reason).await.unwrap();
        assert_eq!((moved.status, moved.start.to_string().as_str()), (Status::Confirmed, TEN));
        let last = appointments.history(&patient, visit.id).await.unwrap().pop().unwrap();
        assert_eq!(last.reason.as_deref(), Some("The doctor is away"));
        world.healthy().await;
    }

    async fn a_visit_is_not_in_its_own_way(world: World) {
        let (_, admin, (doctor, _), patient, visit) = booked(&world).await;
        let rules = BookingRules { cadence_minutes: 15, notice_minutes: 0, horizon_days: 365, most_a_day: None };
        let hours = world.services.availability.working_hours(&admin, doctor.card.id).await.unwrap();
        let hours = SetWorkingHours { weekly: hours.weekly, rules: Some(rules), version: None };
        world.services.availability.set_working_hours(&admin, doctor.card.id, hours).await.unwrap();
        let day = "2026-11-24".parse().ok();
        let query = TimesQuery { from: day, to: day, doctor_id: None };
        let times = world.services.appointments.times(&patient, visit.id, query).await.unwrap().items;
        let starts: Vec<_> = times.iter().map(|slot| slot.start.to_string()[11..16].to_owned()).collect();
        // Fifteen minutes later is as good as any; where it stands it need not be put.
        assert!(starts.contains(&"10:15".to_owned()) && !starts.contains(&"10:00".to_owned()), "{starts:?}");
        for slot in times {
            let moved = world.services.appointments.reschedule(&admin, visit.id, to(&slot.start.to_string())).await;
            assert_eq!(moved.unwrap().start, slot.start);
        }
        let same = world.services.appointments.get(&patient, visit.id).await.unwrap().start.to_string();
        let refused = world.services.appointments.reschedule(&patient, visit.id, to(&same)).await;
        assert_eq!(refused, Err(Error::invalid("start", "time_same")));
        world.healthy().await;
    }

    async fn what_cannot_be_had_leaves_the_visit_where_it_was(world: World) {
        let (_, admin, (doctor, kind), patient, visit) = booked(&world).await;
        let appointments = &world.services.appointments;
        let other = world.patient("q@x.example").await;
        let eleven = "2026-11-24T11:00:00+01:00";
        appointments.book(&other, booking(&doctor, &kind, eleven)).await.unwrap();
        let Err(Error::Conflict { reason, alternatives }) = appointments.reschedule(&patient, visit.id, to(eleven)).await else { panic!("refused") };
        assert_eq!((reason, alternatives.len()), (Conflict::SlotTaken, 3));
        assert!(alternatives.iter().all(|start| start.to_string() != TEN), "where it stands already is no way out");
        for (start, rule) in [("2026-11-24T20:00", "slot_outside_hours"), ("2020-01-06T10:00", "slot_past"), ("2026-11-24T10:07", "slot_off_grid"), ("soon", "time_format")] {
            let Err(Error::Invalid { fields }) = appointments.reschedule(&patient, visit.id, to(start)).await else { panic!("{start}") };
            assert_eq!(fields[0].field, "start");
            assert!(fields[0].rule == rule || start == "soon", "{start}: {}", fields[0].rule);
        }
        let stale = RescheduleAppointment { version: Some(7), ..to("2026-11-25T10:00") };
        assert_eq!(appointments.reschedule(&patient, visit.id, stale).await, Err(Error::conflict(Conflict::StaleVersion)));
        // Nor is she in two places at once.
        let (hospital, there) = world.hospital("Riverside", "Europe/Berlin").await;
        let (elsewhere, look) = world.doctor(&there, hospital.id, "Dr. Cem Oz").await;
        appointments.book(&patient, booking(&elsewhere, &look, "2026-11-25T10:00")).await.unwrap();
        let Err(Error::Conflict { reason, .. }) = appointments.reschedule(&patient, visit.id, to("2026-11-25T10:00")).await else { panic!("refused") };
        assert_eq!(reason, Conflict::PatientOverlap);
        let Err(Error::Conflict { reason, .. }) = appointments.reschedule(&admin, visit.id, to("2026-11-25T10:00")).await else { panic!("refused") };
        assert_eq!(reason, Conflict::SlotTaken, "the hospital learns nothing of it");
        assert_eq!(appointments.get(&patient, visit.id).await.unwrap(), visit);
        world.healthy().await;
    }

    async fn the_hospital_may_choose_another_doctor_of_its_own(world: World) {
        let (hospital, admin, (doctor, kind), patient, visit) = booked(&world).await;
        let appointments = &world.services.appointments;
        let ben = second(&world, &admin, &hospital, &doctor, &kind).await;
        let with = |doctor| RescheduleAppointment { doctor_id: Some(doctor), ..to(TEN) };
        assert_eq!(appointments.reschedule(&patient, visit.id, with(ben)).await, Err(Error::Forbidden));
        let (riverside, there) = world.hospital("Riverside", "Europe/Berlin").await;
        let (foreign, _) = world.doctor(&there, riverside.id, "Dr. Cem Oz").await;
        let refused = appointments.reschedule(&admin, visit.id, with(foreign.card.id)).await;
        assert_eq!(refused, Err(Error::invalid("doctor_id", "doctor_unknown")));
        // The same hour with another is another place.
        let moved = appointments.reschedule(&admin, visit.id, with(ben)).await.unwrap();
        assert_eq!((moved.doctor_id, moved.start.to_string().as_str()), (ben, TEN));
        let last = appointments.history(&patient, visit.id).await.unwrap().pop().unwrap();
        assert_eq!(last.doctor.as_deref(), Some("Dr. Ben Ott"));
        // She would come to the other one otherwise.
        let letters = world.letters("p@x.example").await;
        assert!(letters.iter().any(|letter| letter.subject == "A visit is at another time now" && letter.text.contains(&visit.id.to_string())));
        assert!(free(&world, &doctor, &kind, TEN).await);
        world.healthy().await;
    }

    async fn a_helper_is_not_told_whom_it_was_with_before_where_that_says_what_about(world: World) {
        let (hospital, admin, (doctor, kind), patient, visit) = booked(&world).await;
        let (appointments, ben) = (&world.services.appointments, second(&world, &admin, &hospital, &doctor, &kind).await);
        let save = SaveDoctor { name: "Dr. Ada Vogt".into(), specialties: vec!["psychiatry".into()], languages: vec!["en".into()], visit_type_ids: vec![kind.id], active: true, ..SaveDoctor::default() };
        world.services.doctors.update(&admin, doctor.card.id, save).await.unwrap();
        let move_to = RescheduleAppointment { doctor_id: Some(ben), ..to(TEN) };
        appointments.reschedule(&admin, visit.id, move_to).await.unwrap();
        let (some, all) = (world.patient("some@x.example").await, world.patient("all@x.example").await);
        let some = helped(&world, &patient, &some, &[Permission::Book, Permission::Records]).await;
        let all = helped(&world, &again(&world, &patient).await, &all, &Permission::ALL).await;
        let named = async |call: &Call| -> Vec<_> {
            appointments.history(call, visit.id).await.unwrap().into_iter().map(|step| step.doctor).collect()
        };
        let both = vec![Some("Dr. Ada Vogt".to_owned()), Some("Dr. Ben Ott".to_owned())];
        assert_eq!(named(&some).await, [None, both[1].clone()]);
        for knows in [&all, &patient, &admin] {
            assert_eq!(named(knows).await, both);
        }
        world.healthy().await;
    }

    async fn who_may_is_who_may_cancel_and_only_before_it_begins(world: World) {
        let (_, admin, _, patient, visit) = booked(&world).await;
        let appointments = &world.services.appointments;
        let stranger = world.patient("eve@x.example").await;
        assert_eq!(appointments.reschedule(&stranger, visit.id, to("2026-11-25T10:00")).await, Err(Error::NotFound));
        assert_eq!(appointments.times(&stranger, visit.id, TimesQuery::default()).await, Err(Error::NotFound));
        let (books, pays) = (world.patient("books@x.example").await, world.patient("reads@x.example").await);
        let books = helped(&world, &patient, &books, &[Permission::Book]).await;
        let reads = helped(&world, &again(&world, &patient).await, &pays, &[Permission::Records]).await;
        assert_eq!(own_patient(&patient), visit.patient_id);
        appointments.reschedule(&books, visit.id, to("2026-11-25T10:00")).await.unwrap();
        // She sees it, and has no say in it.
        assert!(!appointments.get(&reads, visit.id).await.unwrap().reschedulable);
        assert_eq!(appointments.reschedule(&reads, visit.id, to("2026-11-25T11:00")).await, Err(Error::Forbidden));
        assert_eq!(appointments.times(&reads, visit.id, TimesQuery::default()).await, Err(Error::Forbidden));
        world.clock.advance_minutes(3 * 24 * 60);
        let late = appointments.reschedule(&patient, visit.id, to("2026-12-01T10:00")).await;
        assert_eq!(late, Err(Error::conflict(Conflict::TooLate)));
        appointments.reschedule(&admin, visit.id, to("2026-12-01T10:00")).await.unwrap();
        appointments.advance(&admin, visit.id, Move::Arrive, MoveAppointment::default()).await.unwrap();
        let arrived = appointments.reschedule(&admin, visit.id, to("2026-12-01T11:00")).await;
        assert_eq!(arrived, Err(Error::conflict(Conflict::WrongStatus)));
        world.healthy().await;
    }

    async fn a_patient_does_not_move_for_ever(world: World) {
        let (_, admin, _, patient, visit) = booked(&world).await;
        let appointments = &world.services.appointments;
        for number in 0..MOVES_OF_ONE_VISIT {
            let start = format!("2026-11-{:02}T10:00", 25 + number % 2);
            appointments.reschedule(&patient, visit.id, to(&start)).await.unwrap();
        }
        let refused = appointments.reschedule(&patient, visit.id, to("2026-11-27T10:00")).await;
        assert_eq!(refused, Err(Error::conflict(Conflict::TooManyMoves)));
        assert_eq!(world.letters("p@x.example").await.len(), 1, "she hears of the last one, not of each");
        appointments.reschedule(&admin, visit.id, to("2026-11-27T10:00")).await.unwrap();
        world.healthy().await;
    }

    async fn one_key_moves_once(world: World) {
        let (_, _, _, patient, visit) = booked(&world).await;
        let appointments = &world.services.appointments;
        let keyed = Call { idempotency_key: Some("k1".into()), ..patient };
        let first = appointments.reschedule(&keyed, visit.id, to("2026-11-25T10:00")).await.unwrap();
        assert_eq!(appointments.reschedule(&keyed, visit.id, to("2026-11-25T10:00")).await.unwrap(), first);
        let other = appointments.reschedule(&keyed, visit.id, to("2026-11-25T11:00")).await;
        assert_eq!(other, Err(Error::conflict(Conflict::KeyReused)));
    }

    async fn a_visit_that_is_moved_twice_at_once_is_not_in_its_own_way(world: World) {
        let (_, _, _, patient, visit) = booked(&world).await;
        let appointments = &world.services.appointments;
        for version in 1..6 {
            let start = format!("2026-11-25T{:02}:00", 9 + version);
            let mut tries = Vec::new();
            for _ in 0..8 {
                let command = RescheduleAppointment { version: Some(version), ..to(&start) };
                let (appointments, patient, id) = (appointments.clone(), patient.clone(), visit.id);
                tries.push(tokio::spawn(async move { appointments.reschedule(&patient, id, command).await }));
            }
            let mut winners = 0;
            for attempt in tries {
                match attempt.await.unwrap() {
                    Ok(_) => winners += 1,
                    Err(error) => assert_eq!(error, Error::conflict(Conflict::StaleVersion)),
                }
            }
            assert_eq!(winners, 1);
        }
        world.healthy().await;
    }

    async fn many_want_one_time_and_some_change_places(world: World) {
        let (hospital, admin, (doctor, kind), _, first) = booked(&world).await;
        let ben = second(&world, &admin, &hospital, &doctor, &kind).await;
        let appointments = &world.services.appointments;
        let mut visits = vec![first];
        for number in 0..7 {
            let patient = world.patient(&format!("q{number}@x.example")).await;
            let mut command = booking(&doctor, &kind, &format!("2026-11-25T{:02}:00", 9 + number));
            if number % 2 == 1 {
                command.doctor_id = ben;
            }
            visits.push(appointments.book(&patient, command).await.unwrap());
        }
        let mut tries = Vec::new();
        for visit in &visits {
            let (appointments, admin, id) = (appointments.clone(), admin.clone(), visit.id);
            // All want one doctor at one time, whoever they are with now.
            let command = RescheduleAppointment { doctor_id: Some(doctor.card.id), ..to("2026-11-26T09:00") };
            tries.push(tokio::spawn(async move { appointments.reschedule(&admin, id, command).await }));
        }
        let mut winners = 0;
        for attempt in tries {
            match attempt.await.unwrap() {
                Ok(_) => winners += 1,
                Err(Error::Conflict { reason, .. }) => assert_eq!(reason, Conflict::SlotTaken),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(winners, 1);
        // Two swap doctors at one moment: each place is taken until the other leaves it, so neither or one may move, and nothing breaks.
        let swap = |id, doctor| {
            let (appointments, admin) = (appointments.clone(), admin.clone());
            let command = RescheduleAppointment { doctor_id: Some(doctor), ..to("2026-11-27T09:00") };
            tokio::spawn(async move { appointments.reschedule(&admin, id, command).await })
        };
        let (one, two) = (swap(visits[1].id, ben), swap(visits[2].id, doctor.card.id));
        assert!(one.await.unwrap().is_ok() && two.await.unwrap().is_ok());
        world.healthy().await;
    }

    async fn late_is_a_fact_of_its_own(world: World) {
        let (_, admin, (doctor, kind), patient, visit) = booked(&world).await;
        let appointments = &world.services.appointments;
        let cancel = |call: Call, id| async move { appointments.advance(&call, id, Move::Cancel, MoveAppointment::default()).await.unwrap().cancelled_late };
        let early = appointments.book(&patient, booking(&doctor, &kind, "2026-11-27T10:00")).await.unwrap();
        assert!(!cancel(patient.clone(), early.id).await);
        let by_staff = appointments.book(&patient, booking(&doctor, &kind, "2026-11-24T12:00")).await.unwrap();
        world.clock.advance_minutes(23 * 60);
        assert!(!cancel(admin.clone(), by_staff.id).await);
        assert!(cancel(patient.clone(), visit.id).await);
        world.healthy().await;
    }

    async fn a_move_at_the_last_minute_stays_late_whoever_made_it_for_her(world: World) {
        let (_, _, _, patient, visit) = booked(&world).await;
        let (appointments, families) = (&world.services.appointments, &world.services.families);
        let helper = helped(&world, &patient, &world.patient("h@x.example").await, &[Permission::Book]).await;
        world.clock.advance_minutes(26 * 60);
        appointments.reschedule(&helper, visit.id, to("2026-12-14T10:00")).await.unwrap();
        let patient = again(&world, &patient).await;
        families.end(&patient, own_patient(&patient), account(&helper)).await.unwrap();
        let cancelled = appointments.advance(&again(&world, &patient).await, visit.id, Move::Cancel, MoveAppointment::default()).await;
        assert!(cancelled.unwrap().cancelled_late);
        world.healthy().await;
    }

    async fn who_works_at_the_hospital_is_the_patient_of_her_own_visits(world: World) {
        let (hospital, admin, _, patient, visit) = booked(&world).await;
        let appointments = &world.services.appointments;
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        // She acts for the patient, though not in such things: still she is on her side.
        let desk = helped(&world, &patient, &world.confirmed(&desk).await, &[Permission::Records]).await;
        appointments.advance(&admin, visit.id, Move::Confirm, MoveAppointment::default()).await.unwrap();
        for number in 0..MOVES_OF_ONE_VISIT {
            let start = format!("2026-11-{:02}T10:00", 25 + number % 2);
            let moved = appointments.reschedule(&desk, visit.id, to(&start)).await.unwrap();
            assert_eq!(moved.status, Status::Booked, "her colleagues look at it again");
        }
        let refused = appointments.reschedule(&desk, visit.id, to("2026-11-27T10:00")).await;
        assert_eq!(refused, Err(Error::conflict(Conflict::TooManyMoves)));
        // It stands on Thursday at ten.
        world.clock.advance_minutes(3 * 24 * 60);
        let cancelled = appointments.advance(&desk, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        assert_eq!((cancelled.cancelled_by, cancelled.cancelled_late), (Some(Initiator::Patient), true));
        world.healthy().await;
    }

    async fn who_works_at_the_hospital_cancels_no_visit_of_her_own_that_has_begun(world: World) {
        let (hospital, admin, _, patient, visit) = booked(&world).await;
        let appointments = &world.services.appointments;
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        let colleague = world.member(&admin, hospital.id, "other@x.example", Role::Desk, None).await;
        let desk = helped(&world, &patient, &world.confirmed(&desk).await, &[Permission::Book]).await;
        world.clock.advance_minutes(28 * 60);
        let seen = appointments.get(&desk, visit.id).await.unwrap();
        assert!(!seen.moves.contains(&Move::Cancel) && seen.moves.contains(&Move::Arrive) && !seen.reschedulable);
        let too_late = Err(Error::conflict(Conflict::TooLate));
        assert_eq!(appointments.advance(&desk, visit.id, Move::Cancel, MoveAppointment::default()).await, too_late);
        assert_eq!(appointments.reschedule(&desk, visit.id, to("2026-11-27T10:00")).await, too_late);
        let cancelled = appointments.advance(&colleague, visit.id, Move::Cancel, MoveAppointment::default()).await;
        assert_eq!(cancelled.unwrap().cancelled_by, Some(Initiator::Organization));
        world.healthy().await;
    }

    async fn who_goes_again_was_left_unseen(world: World) {
        let (_, admin, _, patient, visit) = booked(&world).await;
        let appointments = &world.services.appointments;
        let step = |call: Call, to| async move { appointments.advance(&call, visit.id, to, MoveAppointment::default()).await };
        assert_eq!(step(admin.clone(), Move::LeaveUnseen).await, Err(Error::conflict(Conflict::WrongStatus)));
        // A day before, nobody at the desk is offered to receive her.
        assert_eq!(appointments.get(&admin, visit.id).await.unwrap().moves, [Move::Confirm, Move::Cancel]);
        world.clock.advance_minutes(24 * 60);
        step(admin.clone(), Move::Arrive).await.unwrap();
        assert_eq!(step(patient.clone(), Move::LeaveUnseen).await, Err(Error::Forbidden));
        let left = step(admin.clone(), Move::LeaveUnseen).await.unwrap();
        assert_eq!((left.status, left.moves, left.reschedulable), (Status::LeftUnseen, vec![Move::Arrive], false));
        // Who comes back is received after all.
        assert_eq!(step(admin.clone(), Move::Arrive).await.unwrap().status, Status::Arrived);
        step(admin.clone(), Move::LeaveUnseen).await.unwrap();
        let past = domain::appointments::AppointmentQuery { period: domain::appointments::Period::Past, ..Default::default() };
        assert_eq!(appointments.list(&patient, past).await.unwrap().items.len(), 1);
        world.healthy().await;
    }
}
