//! Group visits, on both engines: as many come to one time as there are seats, however many want the last one, and nobody else touches it.
//!
//! Which times are offered is tested in `domain`; here it is what is booked, held, moved, waited for and put back.

use std::collections::BTreeSet;

use domain::{
    Call, Error,
    access::Role,
    appointments::{Appointment, RescheduleAppointment},
    availability::SlotQuery,
    changes::{PlannedChange, UndoOutcome},
    doctors::SaveDoctor,
    error::Conflict,
    hospitals::{SaveVisitType, VisitType},
    ids::{AppointmentId, ResourceId},
    queues::{NewPatient, WalkIn},
    resources::{AddNeed, ResourceKind, SaveResource},
};

use crate::{
    changes::{item, made, to},
    waitlist::{Clinic, DAY, at, cancel, entry, relay},
    world::{World, booking, kind_of_visit, on_both_engines},
};

fn command(name: &str, capacity: i64) -> SaveVisitType {
    SaveVisitType { capacity, ..kind_of_visit(name) }
}

/// Lets so many come to one time.
async fn seats(world: &World, clinic: &Clinic, capacity: i64) -> domain::Result<VisitType> {
    let command = command(&clinic.kind.name, capacity);
    world.services.hospitals.update_visit_type(&clinic.admin, clinic.hospital, clinic.kind.id, command).await
}

/// A doctor to whom so many may come at one time, on one Tuesday from ten to twelve.
async fn open(world: &World, capacity: i64) -> Clinic {
    let clinic = Clinic::open(world).await;
    seats(world, &clinic, capacity).await.unwrap();
    clinic
}

/// Another kind of visit with the doctor, for one patient at a time.
async fn other_kind(world: &World, clinic: &Clinic) -> VisitType {
    let hospitals = &world.services.hospitals;
    let other =
        hospitals.create_visit_type(&clinic.admin, clinic.hospital, command("Check-up", 1)).await.unwrap();
    let save = SaveDoctor {
        name: clinic.doctor.card.name.clone(),
        specialties: vec!["cardiology".into()],
        languages: vec!["en".into()],
        visit_type_ids: vec![clinic.kind.id, other.id],
        active: true,
        ..SaveDoctor::default()
    };
    world.services.doctors.update(&clinic.admin, clinic.doctor.card.id, save).await.unwrap();
    other
}

/// How many places are left at a time of the Tuesday; none when it is not offered.
async fn left(world: &World, clinic: &Clinic, time: &str) -> Option<i64> {
    let day = DAY.parse().ok();
    let query =
        SlotQuery { doctor_id: clinic.doctor.card.id, visit_type_id: clinic.kind.id, from: day, to: day };
    let slots = world.services.availability.slots(query).await.unwrap();
    slots.items.iter().find(|slot| slot.start.to_string() == at(time)).and_then(|slot| slot.places_left)
}

async fn rule(world: &World, clinic: &Clinic, time: &str) -> Option<String> {
    let start = at(time).parse().unwrap();
    let said = world.services.availability.explain(clinic.doctor.card.id, clinic.kind.id, start).await;
    said.unwrap().rule
}

fn taken(refused: domain::Result<Appointment>) {
    let Err(Error::Conflict { reason, alternatives }) = refused else { panic!("{refused:?}") };
    assert_eq!((reason, alternatives.len()), (Conflict::SlotTaken, 3));
    assert!(alternatives.iter().all(|start| start.to_string() != at("10:00")), "{alternatives:?}");
}

async fn patients(world: &World, many: usize) -> Vec<Call> {
    let mut patients = Vec::new();
    for number in 0..many {
        patients.push(world.patient(&format!("p{number}@x.example")).await);
    }
    patients
}

/// How many of them get the time when all want it at once; whoever does not is told that it is taken.
async fn contest(world: &World, clinic: &Clinic, patients: &[Call]) -> Vec<AppointmentId> {
    let mut tries = Vec::new();
    for patient in patients {
        let (appointments, patient) = (world.services.appointments.clone(), patient.clone());
        let command = booking(&clinic.doctor, &clinic.kind, &at("10:00"));
        tries.push(tokio::spawn(async move { appointments.book(&patient, command).await }));
    }
    let mut winners = Vec::new();
    for attempt in tries {
        match attempt.await.unwrap() {
            Ok(visit) => winners.push(visit.id),
            refused => taken(refused),
        }
    }
    winners
}

fn moved_to(time: &str) -> RescheduleAppointment {
    RescheduleAppointment { start: at(time), doctor_id: None, reason: None, version: None }
}

async fn given(world: &World, clinic: &Clinic, visit: &Appointment) -> Vec<ResourceId> {
    let given = world.services.resources.of_visit(&clinic.admin, visit.id).await.unwrap();
    given.into_iter().map(|one| one.resource_id).collect()
}

on_both_engines! {
    async fn a_group_takes_as_many_as_there_are_seats_however_many_want_one(world: World) {
        let clinic = open(&world, 5).await;
        let patients = patients(&world, 16).await;
        assert_eq!(left(&world, &clinic, "10:00").await, Some(5));
        let winners = contest(&world, &clinic, &patients).await;
        assert_eq!(winners.iter().collect::<BTreeSet<_>>().len(), 5);
        assert_eq!((left(&world, &clinic, "10:00").await, left(&world, &clinic, "10:30").await), (None, Some(5)));
        assert_eq!(rule(&world, &clinic, "10:00").await.as_deref(), Some("slot_group_full"));
        world.healthy().await;
    }

    async fn places_are_told_to_whoever_sees_all_visits(world: World) {
        let clinic = open(&world, 8).await;
        let (ben, _) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Ben Ott").await;
        let ben = world.member(&clinic.admin, clinic.hospital, "ben@x.example", Role::Doctor, Some(ben.card.id)).await;
        for (who, told) in [(&clinic.admin, vec![8]), (&ben, Vec::new())] {
            let week = world.services.appointments.week(who, clinic.doctor.card.id, DAY.parse().ok()).await.unwrap();
            assert_eq!(week.days[1].groups.iter().map(|kind| kind.capacity).collect::<Vec<_>>(), told);
        }
    }

    async fn the_last_seat_goes_to_one(world: World) {
        let clinic = open(&world, 3).await;
        let patients = patients(&world, 10).await;
        for patient in &patients[..2] {
            clinic.book(&world, patient, "10:00").await.unwrap();
        }
        assert_eq!(left(&world, &clinic, "10:00").await, Some(1));
        assert_eq!(contest(&world, &clinic, &patients[2..]).await.len(), 1);
        world.healthy().await;
    }

    async fn a_time_of_one_patient_is_as_it_was(world: World) {
        let clinic = open(&world, 1).await;
        let patients = patients(&world, 4).await;
        assert!(clinic.free(&world).await.contains(&at("10:00")));
        assert_eq!(left(&world, &clinic, "10:00").await, None, "nothing is said of places");
        assert_eq!(contest(&world, &clinic, &patients).await.len(), 1);
        assert_eq!(rule(&world, &clinic, "10:00").await.as_deref(), Some("slot_taken"));
        world.healthy().await;
    }

    async fn nothing_else_touches_the_time_of_a_group(world: World) {
        let clinic = open(&world, 8).await;
        let other = other_kind(&world, &clinic).await;
        let patients = patients(&world, 3).await;
        let appointments = &world.services.appointments;
        clinic.book(&world, &patients[0], "10:00").await.unwrap();
        taken(appointments.book(&patients[1], booking(&clinic.doctor, &other, &at("10:00"))).await);
        appointments.book(&patients[1], booking(&clinic.doctor, &other, &at("11:00"))).await.unwrap();
        // Nor does a group touch the time of another.
        assert_eq!(rule(&world, &clinic, "11:00").await.as_deref(), Some("slot_taken"));
        assert_eq!(left(&world, &clinic, "11:00").await, None);
        // Visits that have become longer do not join those that were shorter.
        let longer = SaveVisitType { minutes: 45, ..command(&clinic.kind.name, 8) };
        world.services.hospitals.update_visit_type(&clinic.admin, clinic.hospital, clinic.kind.id, longer).await.unwrap();
        assert_eq!(rule(&world, &clinic, "10:00").await.as_deref(), Some("slot_taken"));
        world.healthy().await;
    }

    async fn nobody_has_two_seats_of_one_time(world: World) {
        let clinic = open(&world, 8).await;
        let patient = world.patient("p@x.example").await;
        clinic.book(&world, &patient, "10:00").await.unwrap();
        let again = clinic.book(&world, &patient, "10:00").await;
        assert!(matches!(again, Err(Error::Conflict { reason: Conflict::PatientOverlap, .. })), "{again:?}");
        assert_eq!(left(&world, &clinic, "10:00").await, Some(7));
        world.healthy().await;
    }

    async fn what_is_lowered_or_raised_takes_nothing_from_anybody(world: World) {
        let clinic = open(&world, 3).await;
        let patients = patients(&world, 5).await;
        let mut visits = Vec::new();
        for patient in &patients[..3] {
            visits.push(clinic.book(&world, patient, "10:00").await.unwrap());
        }
        seats(&world, &clinic, 2).await.unwrap();
        assert_eq!(rule(&world, &clinic, "10:00").await.as_deref(), Some("slot_group_full"));
        cancel(&world, &patients[0], &visits[0]).await;
        taken(clinic.book(&world, &patients[3], "10:00").await);
        cancel(&world, &patients[1], &visits[1]).await;
        clinic.book(&world, &patients[3], "10:00").await.unwrap();
        // Who booked a time alone stays alone.
        seats(&world, &clinic, 1).await.unwrap();
        clinic.book(&world, &patients[4], "11:00").await.unwrap();
        seats(&world, &clinic, 4).await.unwrap();
        assert_eq!(rule(&world, &clinic, "11:00").await.as_deref(), Some("slot_taken"));
        assert_eq!(left(&world, &clinic, "10:00").await, Some(2));
        for wrong in [0, 51] {
            assert_eq!(seats(&world, &clinic, wrong).await, Err(Error::invalid("capacity", "capacity_out_of_range")));
        }
        world.healthy().await;
    }

    async fn a_hold_has_a_seat_until_it_ends(world: World) {
        let clinic = open(&world, 2).await;
        let patients = patients(&world, 4).await;
        let appointments = &world.services.appointments;
        let hold = appointments.hold(&patients[0], booking(&clinic.doctor, &clinic.kind, &at("10:00"))).await.unwrap();
        clinic.book(&world, &patients[1], "10:00").await.unwrap();
        taken(clinic.book(&world, &patients[2], "10:00").await);
        world.clock.advance_minutes(16);
        // Nothing has swept: the database refuses the number at first, and the house gives back what is in the way.
        assert_eq!(left(&world, &clinic, "10:00").await, Some(1));
        clinic.book(&world, &patients[2], "10:00").await.unwrap();
        taken(clinic.book(&world, &patients[3], "10:00").await);
        assert_eq!(appointments.take_hold(&patients[0], hold.id).await, Err(Error::conflict(Conflict::HoldEnded)));
        world.healthy().await;
    }

    async fn a_visit_moves_into_a_group_while_a_seat_is_left(world: World) {
        let clinic = open(&world, 2).await;
        let patients = patients(&world, 3).await;
        let appointments = &world.services.appointments;
        let mut visits = Vec::new();
        for (patient, time) in patients.iter().zip(["10:00", "11:00", "11:30"]) {
            visits.push(clinic.book(&world, patient, time).await.unwrap());
        }
        appointments.reschedule(&patients[1], visits[1].id, moved_to("10:00")).await.unwrap();
        assert_eq!((left(&world, &clinic, "10:00").await, left(&world, &clinic, "11:00").await), (None, Some(2)));
        taken(appointments.reschedule(&patients[2], visits[2].id, moved_to("10:00")).await);
        // Whoever leaves makes room for one, and the others stay.
        appointments.reschedule(&patients[0], visits[0].id, moved_to("11:00")).await.unwrap();
        appointments.reschedule(&patients[2], visits[2].id, moved_to("10:00")).await.unwrap();
        assert_eq!((left(&world, &clinic, "10:00").await, left(&world, &clinic, "11:00").await), (None, Some(1)));
        world.healthy().await;
    }

    async fn a_seat_that_comes_free_is_offered_to_one_who_waits(world: World) {
        let clinic = open(&world, 2).await;
        let patients = patients(&world, 4).await;
        let mut visits = Vec::new();
        for time in ["10:00", "10:30", "11:00", "11:30"] {
            for patient in &patients[..2] {
                visits.push(clinic.book(&world, patient, time).await.unwrap());
            }
        }
        let (first, second) = (clinic.join(&world, &patients[2]).await, clinic.join(&world, &patients[3]).await);
        assert_eq!(relay(&world).await, 0);
        cancel(&world, &patients[0], &visits[4]).await;
        assert_eq!(relay(&world).await, 1, "one seat is one offer");
        let offer = entry(&world, &patients[2], first.id).await.offer.unwrap();
        assert_eq!(offer.start.to_string(), at("11:00"));
        assert!(entry(&world, &patients[3], second.id).await.offer.is_none());
        world.services.waitlist.accept(&patients[2], first.id).await.unwrap();
        assert_eq!(left(&world, &clinic, "11:00").await, None);
        world.healthy().await;
    }

    async fn each_seat_that_is_left_is_offered_to_another(world: World) {
        let clinic = open(&world, 3).await;
        let patients = patients(&world, 2).await;
        clinic.join(&world, &patients[0]).await;
        clinic.join(&world, &patients[1]).await;
        // Everybody may come to the first time.
        assert_eq!(relay(&world).await, 2);
        assert_eq!(left(&world, &clinic, "10:00").await, Some(1));
        world.healthy().await;
    }

    async fn one_room_serves_the_whole_group(world: World) {
        let clinic = open(&world, 3).await;
        let resources = &world.services.resources;
        let room = SaveResource { kind: ResourceKind::Room, name: "Hall".into(), active: true, version: None };
        let hall = resources.add(&clinic.admin, clinic.hospital, room).await.unwrap().id;
        let (colleague, theirs) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Bo Lind").await;
        for kind in [clinic.kind.id, theirs.id] {
            let need = AddNeed { name: "Hall".into(), resource_ids: vec![hall] };
            resources.add_need(&clinic.admin, clinic.hospital, kind, need).await.unwrap();
        }
        let patients = patients(&world, 4).await;
        let appointments = &world.services.appointments;
        let mut visits = Vec::new();
        for patient in &patients[..3] {
            let visit = clinic.book(&world, patient, "10:00").await.unwrap();
            assert_eq!(given(&world, &clinic, &visit).await, [hall]);
            visits.push(visit);
        }
        let there = || appointments.book(&patients[3], booking(&colleague, &theirs, &at("10:00")));
        taken(there().await);
        // As long as anybody comes, the group has its room.
        for (patient, visit) in patients.iter().zip(&visits) {
            taken(there().await);
            cancel(&world, patient, visit).await;
        }
        there().await.unwrap();
        assert_eq!(rule(&world, &clinic, "10:00").await.as_deref(), Some("slot_no_resource"));
        world.healthy().await;
    }

    async fn a_visit_that_was_called_off_with_others_goes_back_to_its_group(world: World) {
        let clinic = open(&world, 2).await;
        let patients = patients(&world, 3).await;
        let mut items = Vec::new();
        for patient in &patients[..2] {
            let visit = clinic.book(&world, patient, "10:00").await.unwrap();
            items.push(item(&visit, PlannedChange::Cancel));
        }
        let off = made(&world, &clinic, items).await;
        clinic.book(&world, &patients[2], "10:00").await.unwrap();
        let undone = world.services.changes.undo(&clinic.admin, off.id).await.unwrap();
        let outcomes: BTreeSet<_> = undone.items.iter().map(|item| format!("{:?}", item.outcome)).collect();
        let expected = [Some(UndoOutcome::Back), Some(UndoOutcome::TimeTaken)].map(|outcome| format!("{outcome:?}"));
        assert_eq!(outcomes, BTreeSet::from(expected), "one seat was left");
        world.healthy().await;
    }

    async fn several_are_put_on_one_time_together_and_that_is_proposed(world: World) {
        let clinic = open(&world, 2).await;
        let patients = patients(&world, 2).await;
        let mut visits = Vec::new();
        for patient in &patients {
            visits.push(clinic.book(&world, patient, "10:00").await.unwrap());
        }
        let day = DAY.parse().unwrap();
        let sheet = world.services.changes.sheet(&clinic.admin, clinic.doctor.card.id, day, day).await.unwrap();
        let first: Vec<_> = sheet.visits.iter().map(|visit| visit.proposals[0].start.to_string()).collect();
        assert_eq!(first, [at("10:30"), at("10:30")]);
        let items = visits.iter().map(|visit| item(visit, to(&clinic, &at("11:00")))).collect();
        made(&world, &clinic, items).await;
        assert_eq!((left(&world, &clinic, "11:00").await, rule(&world, &clinic, "11:00").await.as_deref()), (None, Some("slot_group_full")));
        world.healthy().await;
    }

    async fn the_desk_takes_somebody_in_to_a_group_that_is_about_to_begin(world: World) {
        let clinic = open(&world, 2).await;
        let patient = world.patient("p@x.example").await;
        clinic.book(&world, &patient, "10:00").await.unwrap();
        let desk = world.member(&clinic.admin, clinic.hospital, "desk@x.example", Role::Desk, None).await;
        // From Monday at nine to ten minutes before it begins on Tuesday.
        world.clock.advance_minutes(24 * 60 + 50);
        let newcomer = |name: &str| WalkIn {
            newcomer: Some(NewPatient { full_name: name.into(), birth_date: "1971-03-04".into() }),
            doctor_id: Some(clinic.doctor.card.id),
            visit_type_id: Some(clinic.kind.id),
            ..WalkIn::default()
        };
        let queues = &world.services.queues;
        let visit = queues.walk_in(&desk, clinic.hospital, newcomer("Gil Ahn")).await.unwrap();
        assert_eq!(visit.start.to_string(), at("10:00"));
        let next = queues.walk_in(&desk, clinic.hospital, newcomer("Kim Orr")).await.unwrap();
        assert_eq!(next.start.to_string(), at("10:30"), "the group is full");
        world.healthy().await;
    }

    async fn the_database_itself_keeps_groups_apart_and_seats_single(world: World) {
        let clinic = open(&world, 3).await;
        let other = other_kind(&world, &clinic).await;
        let patients = patients(&world, 3).await;
        clinic.book(&world, &patients[0], "10:00").await.unwrap();
        clinic.book(&world, &patients[1], "10:00").await.unwrap();
        world.services.appointments.book(&patients[2], booking(&clinic.doctor, &other, &at("10:30"))).await.unwrap();
        for (sql, why) in [
            ("UPDATE appointments SET seat_no = 1 WHERE seat_no = 2", "group"),
            ("UPDATE appointments SET seat_no = 51 WHERE seat_no = 2", "seat_no"),
            ("UPDATE appointments SET group_key = 'alone' WHERE seat_no = 2", "appointments_doctor_overlap"),
            ("UPDATE appointments SET group_key = '' WHERE seat_no = 2", "appointments_"),
            ("UPDATE appointments SET block_starts_at = block_starts_at - 60000 WHERE group_key NOT LIKE 'group %'", "appointments_doctor_overlap"),
        ] {
            let refused = world.try_behind(sql).await.unwrap_err();
            assert!(refused.contains(why), "{sql}: {refused}");
        }
        world.healthy().await;
        // What the barrier lets through the laws see.
        world.try_behind("UPDATE appointments SET ends_at = ends_at - 60000 WHERE seat_no = 2").await.unwrap();
        let report = world.house.fsck().await.unwrap();
        assert!(report.problems.iter().any(|problem| problem.starts_with("a group is one time")), "{:?}", report.problems);
    }
}
