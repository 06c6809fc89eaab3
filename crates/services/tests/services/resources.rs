//! Rooms and devices: one visit at a time has one, across doctors, however many want it; and who may set them up.

use domain::{
    Call, Error,
    access::Role,
    appointments::{Appointment, Move, MoveAppointment, RescheduleAppointment},
    availability::SlotQuery,
    doctors::Doctor,
    error::Conflict,
    hospitals::{Hospital, VisitType},
    ids::{AppointmentId, NeedId, ResourceId},
    live::LiveChange,
    resources::{AddNeed, Resource, ResourceKind, SaveResource},
};

use crate::world::{World, booking, on_both_engines};

const TEN: &str = "2026-11-24T10:00:00+01:00";

/// A hospital with doctors who share rooms.
struct Clinic {
    hospital: Hospital,
    admin: Call,
    doctors: Vec<(Doctor, VisitType)>,
    rooms: Vec<Resource>,
}

fn room(name: &str) -> SaveResource {
    SaveResource { kind: ResourceKind::Room, name: name.into(), active: true, version: None }
}

fn need(rooms: &[Resource]) -> AddNeed {
    AddNeed { name: "Ultrasound room".into(), resource_ids: rooms.iter().map(|room| room.id).collect() }
}

impl Clinic {
    /// Every visit with one of so many doctors needs one of so many rooms.
    async fn open(world: &World, doctors: usize, rooms: usize) -> Self {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let resources = &world.services.resources;
        let mut clinic = Self { hospital, admin, doctors: Vec::new(), rooms: Vec::new() };
        for number in 1..=rooms {
            let added =
                resources.add(&clinic.admin, clinic.hospital.id, room(&format!("Room {number}"))).await;
            clinic.rooms.push(added.unwrap());
        }
        for number in 1..=doctors {
            let (doctor, kind) =
                world.doctor(&clinic.admin, clinic.hospital.id, &format!("Dr. {number}")).await;
            resources
                .add_need(&clinic.admin, clinic.hospital.id, kind.id, need(&clinic.rooms))
                .await
                .unwrap();
            clinic.doctors.push((doctor, kind));
        }
        clinic
    }

    async fn book(&self, world: &World, who: &Call, with: usize, start: &str) -> domain::Result<Appointment> {
        let (doctor, kind) = &self.doctors[with];
        world.services.appointments.book(who, booking(doctor, kind, start)).await
    }

    /// The times of Tuesday that are offered with a doctor.
    async fn free(&self, world: &World, with: usize) -> Vec<String> {
        let (doctor, kind) = &self.doctors[with];
        let day = "2026-11-24".parse().ok();
        let query = SlotQuery { doctor_id: doctor.card.id, visit_type_id: kind.id, from: day, to: day };
        let slots = world.services.availability.slots(query).await.unwrap();
        slots.items.iter().map(|slot| slot.start.to_string()).collect()
    }

    async fn given(&self, world: &World, visit: AppointmentId) -> Vec<ResourceId> {
        let given = world.services.resources.of_visit(&self.admin, visit).await.unwrap();
        given.into_iter().map(|one| one.resource_id).collect()
    }
}

fn to(start: &str) -> RescheduleAppointment {
    RescheduleAppointment { start: start.into(), doctor_id: None, reason: None, version: None }
}

fn taken(refused: domain::Result<Appointment>) {
    let Err(Error::Conflict { reason, alternatives }) = refused else { panic!("{refused:?}") };
    assert_eq!((reason, alternatives.len()), (Conflict::SlotTaken, 3));
    assert!(alternatives.iter().all(|start| start.to_string() != TEN), "{alternatives:?}");
}

on_both_engines! {
    async fn a_room_is_with_one_visit_at_a_time(world: World) {
        let clinic = Clinic::open(&world, 2, 1).await;
        let (first, second) = (world.patient("a@x.example").await, world.patient("b@x.example").await);
        let visit = clinic.book(&world, &first, 0, TEN).await.unwrap();
        assert_eq!(clinic.given(&world, visit.id).await, [clinic.rooms[0].id]);
        let free = clinic.free(&world, 1).await;
        assert!(free.len() == 15 && !free.contains(&TEN.to_owned()), "{free:?}");
        let (doctor, kind) = &clinic.doctors[1];
        let said = world.services.availability.explain(doctor.card.id, kind.id, TEN.parse().unwrap()).await.unwrap();
        assert_eq!((said.rule.as_deref(), said.lacking.as_deref()), (Some("slot_no_resource"), Some("Ultrasound room")));
        taken(clinic.book(&world, &second, 1, TEN).await);
        // The visit itself keeps nobody out of another room.
        let more = world.services.resources.add(&clinic.admin, clinic.hospital.id, room("Room 2")).await.unwrap();
        let other = AddNeed { name: "Laboratory".into(), ..need(std::slice::from_ref(&more)) };
        world.services.resources.add_need(&clinic.admin, clinic.hospital.id, kind.id, other).await.unwrap();
        let there = clinic.book(&world, &second, 1, "2026-11-24T11:00").await.unwrap();
        assert_eq!(clinic.given(&world, there.id).await, [clinic.rooms[0].id, more.id]);
        // Patients read which room is theirs, and nothing of others.
        assert_eq!(world.services.resources.of_visit(&first, visit.id).await.unwrap()[0].name, "Room 1");
        assert_eq!(world.services.resources.of_visit(&second, visit.id).await, Err(Error::NotFound));
        world.healthy().await;
    }

    async fn a_visit_that_moves_or_ends_frees_its_room(world: World) {
        let clinic = Clinic::open(&world, 2, 2).await;
        let appointments = &world.services.appointments;
        let (first, second, third) =
            (world.patient("a@x.example").await, world.patient("b@x.example").await, world.patient("c@x.example").await);
        let visit = clinic.book(&world, &first, 0, TEN).await.unwrap();
        let other = clinic.book(&world, &second, 1, TEN).await.unwrap();
        assert_eq!(clinic.given(&world, other.id).await, [clinic.rooms[1].id]);
        // It takes the first one that is free where it comes to.
        appointments.reschedule(&second, other.id, to("2026-11-24T12:00")).await.unwrap();
        assert_eq!(clinic.given(&world, other.id).await, [clinic.rooms[0].id]);
        assert_eq!(clinic.free(&world, 1).await.len(), 15, "the second room is free at ten");
        appointments.advance(&first, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
        let again = clinic.book(&world, &third, 0, TEN).await.unwrap();
        assert_eq!(clinic.given(&world, again.id).await, [clinic.rooms[0].id]);
        // What it had it has lost with its place, and may be given again.
        appointments.reschedule(&third, again.id, to("2026-11-24T10:30")).await.unwrap();
        assert_eq!(clinic.given(&world, again.id).await, [clinic.rooms[0].id]);
        // Out of use is given to nobody new, and stays with whom it is.
        let closed = SaveResource { active: false, ..room("Room 1") };
        world.services.resources.change(&clinic.admin, clinic.hospital.id, clinic.rooms[0].id, closed).await.unwrap();
        let last = clinic.book(&world, &first, 0, TEN).await.unwrap();
        assert_eq!(clinic.given(&world, last.id).await, [clinic.rooms[1].id]);
        assert_eq!(clinic.given(&world, again.id).await, [clinic.rooms[0].id]);
        world.healthy().await;
    }

    async fn a_hold_that_has_ended_keeps_no_room_from_another_doctor(world: World) {
        let clinic = Clinic::open(&world, 2, 1).await;
        let appointments = &world.services.appointments;
        let (first, second) = (world.patient("a@x.example").await, world.patient("b@x.example").await);
        let (doctor, kind) = &clinic.doctors[0];
        let hold = appointments.hold(&first, booking(doctor, kind, TEN)).await.unwrap();
        assert_eq!(clinic.given(&world, hold.id).await.len(), 1);
        taken(clinic.book(&world, &second, 1, TEN).await);
        world.clock.advance_minutes(16);
        assert!(clinic.free(&world, 1).await.contains(&TEN.to_owned()));
        // Nothing has swept: the database refuses at first, and the house gives back what is in the way.
        let visit = clinic.book(&world, &second, 1, TEN).await.unwrap();
        assert_eq!(clinic.given(&world, visit.id).await, [clinic.rooms[0].id]);
        assert_eq!(appointments.take_hold(&first, hold.id).await, Err(Error::conflict(Conflict::HoldEnded)));
        world.healthy().await;
    }

    async fn two_rooms_have_two_winners_among_the_doctors_who_want_them(world: World) {
        let clinic = Clinic::open(&world, 6, 2).await;
        let mut tries = Vec::new();
        for number in 0..12 {
            let patient = world.patient(&format!("p{number}@x.example")).await;
            let appointments = world.services.appointments.clone();
            let (doctor, kind) = &clinic.doctors[number % clinic.doctors.len()];
            let command = booking(doctor, kind, TEN);
            tries.push(tokio::spawn(async move { appointments.book(&patient, command).await }));
        }
        let mut winners = Vec::new();
        for attempt in tries {
            match attempt.await.unwrap() {
                Ok(visit) => winners.push(visit.id),
                refused => taken(refused),
            }
        }
        assert_eq!(winners.len(), 2);
        assert_ne!(clinic.given(&world, winners[0]).await, clinic.given(&world, winners[1]).await);
        world.healthy().await;
    }

    async fn the_database_itself_refuses_a_room_twice(world: World) {
        let clinic = Clinic::open(&world, 2, 2).await;
        let (first, second) = (world.patient("a@x.example").await, world.patient("b@x.example").await);
        clinic.book(&world, &first, 0, TEN).await.unwrap();
        clinic.book(&world, &second, 1, TEN).await.unwrap();
        let both =
            "UPDATE appointment_resources SET resource_id = (SELECT resource_id FROM appointment_resources ORDER BY resource_id LIMIT 1)";
        let refused = world.try_behind(both).await.unwrap_err();
        assert!(refused.contains("appointment_resources_overlap"), "{refused}");
        // What is not the visit's own block is found.
        world.try_behind("UPDATE appointment_resources SET block_ends_at = block_ends_at + 60000").await.unwrap();
        let report = world.house.fsck().await.unwrap();
        assert!(report.problems.iter().any(|problem| problem.contains("what a visit has")), "{:?}", report.problems);
        world.try_behind("UPDATE appointment_resources SET block_ends_at = block_ends_at - 60000").await.unwrap();
        world.healthy().await;
    }

    async fn whoever_looks_at_a_doctor_hears_of_the_room_that_another_takes(world: World) {
        let clinic = Clinic::open(&world, 2, 1).await;
        let (alone, alone_kind) = world.doctor(&clinic.admin, clinic.hospital.id, "Dr. Alone").await;
        let (patient, stranger) = (world.patient("a@x.example").await, world.patient("b@x.example").await);
        let watched = clinic.doctors[1].0.card.id;
        let next = async |feed: &mut Box<dyn domain::live::LiveFeed>| {
            tokio::time::timeout(std::time::Duration::from_millis(1500), feed.next()).await.ok().flatten()
        };
        clinic.free(&world, 1).await;
        let mut feed = world.services.live.subscribe(stranger.actor.clone());
        feed.watch(Some(watched));
        world.services.appointments.book(&patient, booking(&alone, &alone_kind, "2026-11-24T09:00")).await.unwrap();
        assert_eq!(next(&mut feed).await, None, "they share nothing");
        clinic.book(&world, &patient, 0, TEN).await.unwrap();
        assert_eq!(next(&mut feed).await, Some(Ok(LiveChange::Times(watched))));
    }

    async fn only_its_administrators_set_up_what_a_hospital_has(world: World) {
        let clinic = Clinic::open(&world, 1, 1).await;
        let (elsewhere, stranger) = world.hospital("Rosengarten", "Europe/Berlin").await;
        let resources = &world.services.resources;
        let (hospital, admin, kind) = (clinic.hospital.id, &clinic.admin, clinic.doctors[0].1.id);
        let id = clinic.rooms[0].id;
        let desk = world.member(admin, hospital, "desk@x.example", Role::Desk, None).await;
        assert_eq!(resources.list(&stranger, hospital).await, Err(Error::NotFound));
        assert!(resources.list(&desk, hospital).await.is_err());
        assert_eq!(resources.add(&stranger, hospital, room("X")).await, Err(Error::NotFound));
        assert_eq!(resources.change(&stranger, elsewhere.id, id, room("X")).await, Err(Error::NotFound));
        assert_eq!(resources.needs(&stranger, elsewhere.id, kind).await, Err(Error::NotFound));
        assert_eq!(resources.add(admin, hospital, room("Room 1")).await, Err(Error::conflict(Conflict::NameTaken)));
        assert_eq!(resources.add(admin, hospital, room(" ")).await, Err(Error::invalid("name", "required")));
        let late = SaveResource { version: Some(7), ..room("Room 1b") };
        assert_eq!(resources.change(admin, hospital, id, late).await, Err(Error::conflict(Conflict::StaleVersion)));
        let seen = SaveResource { version: Some(1), ..room("Room 1b") };
        let changed = resources.change(admin, hospital, id, seen).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.version), ("Room 1b", 2));
        // A room of another house meets no need here.
        let theirs = resources.add(&stranger, elsewhere.id, room("Room 9")).await.unwrap();
        let foreign = resources.add_need(admin, hospital, kind, need(&[theirs])).await;
        assert_eq!(foreign, Err(Error::invalid("resource_ids", "resource_unknown")));
        let none = AddNeed { name: "Room".into(), resource_ids: Vec::new() };
        assert_eq!(resources.add_need(admin, hospital, kind, none).await, Err(Error::invalid("resource_ids", "choose")));
        // Pressing twice adds once.
        let needs = resources.add_need(admin, hospital, kind, need(&clinic.rooms)).await.unwrap();
        assert_eq!((needs.len(), needs[0].resource_ids.as_slice()), (1, &[id][..]));
        assert_eq!(resources.remove_need(admin, hospital, kind, NeedId(uuid::Uuid::nil())).await, Err(Error::NotFound));
        assert!(resources.remove_need(admin, hospital, kind, needs[0].id).await.unwrap().is_empty());
        let patient = world.patient("p@x.example").await;
        let visit = clinic.book(&world, &patient, 0, TEN).await.unwrap();
        assert!(clinic.given(&world, visit.id).await.is_empty(), "nothing is needed any more");
        world.healthy().await;
    }
}
