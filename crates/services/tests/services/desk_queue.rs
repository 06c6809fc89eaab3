//! The desk's queue, on both engines: numbers of the day, walk-ins, patients who say that they are here, the board and the wall.
//!
//! What is late or long, and which moment is the next free one, is tested in `domain`.

use std::collections::BTreeSet;

use domain::{
    Call, Error,
    access::Role,
    appointments::{Appointment, Move, MoveAppointment, Status},
    availability::{SetWorkingHours, TimeWindow, WeeklyWindow},
    doctors::Doctor,
    error::Conflict,
    hospitals::VisitType,
    ids::{AppointmentId, HospitalId},
    page::PageQuery,
    queues::{Arrival, NewPatient, QueueColumn, QueueSettings, SayHere, WalkIn},
    time::parse_time,
};

use crate::world::{World, booking, on_both_engines};

/// A hospital on a Monday at seven, with a desk and a doctor who works from nine to five.
struct Clinic {
    hospital: HospitalId,
    admin: Call,
    desk: Call,
    doctor: Doctor,
    kind: VisitType,
}

impl Clinic {
    async fn open(world: &World) -> Self {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, kind) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        Self { hospital: hospital.id, admin, desk, doctor, kind }
    }

    /// A visit of that Monday, or of the day that is named.
    async fn book(&self, world: &World, who: &Call, start: &str) -> Appointment {
        let start = if start.contains('T') { start.to_owned() } else { format!("2026-11-23T{start}") };
        world.services.appointments.book(who, booking(&self.doctor, &self.kind, &start)).await.unwrap()
    }

    async fn step(&self, world: &World, id: AppointmentId, step: Move) -> Appointment {
        let command = MoveAppointment::default();
        world.services.appointments.advance(&self.desk, id, step, command).await.unwrap()
    }

    /// Somebody new, with the doctor.
    fn newcomer(&self, name: &str) -> WalkIn {
        let newcomer = NewPatient { full_name: name.into(), birth_date: "1971-03-04".into() };
        WalkIn { newcomer: Some(newcomer), doctor_id: Some(self.doctor.card.id), ..WalkIn::default() }
    }

    async fn take_in(&self, world: &World, who: &Call, command: WalkIn) -> domain::Result<Appointment> {
        world.services.queues.walk_in(who, self.hospital, command).await
    }
}

fn conflict<T>(reason: Conflict) -> domain::Result<T> {
    Err(Error::conflict(reason))
}

on_both_engines! {
    async fn whoever_comes_gets_a_number_of_the_day(world: World) {
        let clinic = Clinic::open(&world).await;
        let patient = world.patient("p@x.example").await;
        let (one, other) = (clinic.book(&world, &patient, "09:00").await, clinic.book(&world, &patient, "10:00").await);
        let tomorrow = clinic.book(&world, &patient, "2026-11-24T09:00").await;
        assert_eq!((one.ticket, one.arrival), (None, None));
        let here = clinic.step(&world, one.id, Move::Arrive).await;
        assert_eq!((here.ticket, here.arrival, here.can_say_here), (Some(1), Some(Arrival::Desk), false));
        assert_eq!(clinic.step(&world, other.id, Move::Arrive).await.ticket, Some(2));
        // Her own side sees the number, too.
        let own = world.services.appointments.get(&patient, one.id).await.unwrap();
        assert_eq!(own.ticket, Some(1));
        // Who goes and comes back keeps it.
        assert_eq!(clinic.step(&world, one.id, Move::LeaveUnseen).await.status, Status::LeftUnseen);
        assert_eq!(clinic.step(&world, one.id, Move::Arrive).await.ticket, Some(1));
        // The next day begins anew, and the number of the day before is nobody's any more.
        world.clock.advance_minutes(26 * 60);
        assert_eq!(clinic.step(&world, tomorrow.id, Move::Arrive).await.ticket, Some(1));
        let own = world.services.appointments.get(&patient, other.id).await.unwrap();
        assert_eq!((own.ticket, own.arrival), (None, Some(Arrival::Desk)));
        world.healthy().await;
    }

    async fn no_number_is_given_twice(world: World) {
        let clinic = Clinic::open(&world).await;
        let patient = world.patient("p@x.example").await;
        let mut visits = Vec::new();
        for hour in 9..16 {
            visits.push(clinic.book(&world, &patient, &format!("{hour:02}:00")).await.id);
        }
        let steps = visits.iter().map(|id| clinic.step(&world, *id, Move::Arrive));
        let walk_ins = (0..5).map(|n| clinic.take_in(&world, &clinic.desk, clinic.newcomer(&format!("Nina {n}"))));
        let (stepped, taken) = futures::join!(futures::future::join_all(steps), futures::future::join_all(walk_ins));
        let mut numbers: Vec<i64> = stepped.into_iter().filter_map(|visit| visit.ticket).collect();
        let taken: Vec<_> = taken.into_iter().map(Result::unwrap).collect();
        numbers.extend(taken.iter().filter_map(|visit| visit.ticket));
        assert_eq!(numbers.len(), 12);
        assert_eq!(numbers.into_iter().collect::<BTreeSet<_>>(), (1..=12).collect());
        // And no two of them stand at one moment.
        let starts: BTreeSet<_> = taken.iter().map(|visit| visit.start.to_string()).collect();
        assert_eq!(starts.len(), 5);
        world.healthy().await;
    }

    async fn who_comes_without_a_time_gets_the_next_moment(world: World) {
        let clinic = Clinic::open(&world).await;
        let patient = world.patient("p@x.example").await;
        clinic.book(&world, &patient, "09:00").await;
        world.letters("p@x.example").await;
        let card = world.services.appointments.patients(&clinic.desk, clinic.hospital, None, PageQuery::default()).await.unwrap();
        let patient_id = Some(card.items[0].id);
        // The doctor's hours begin at nine; the desk has her in the house at seven.
        let known = WalkIn { patient_id, newcomer: None, ..clinic.newcomer("") };
        let keyed = Call { idempotency_key: Some("k1".into()), ..clinic.desk.clone() };
        let visit = clinic.take_in(&world, &keyed, known.clone()).await.unwrap();
        assert_eq!((visit.status, visit.ticket, visit.arrival), (Status::Arrived, Some(1), Some(Arrival::WalkIn)));
        assert_eq!(visit.start.to_string(), "2026-11-23T07:00:00+01:00");
        assert!(visit.moves.contains(&Move::Start), "{:?}", visit.moves);
        assert_eq!(clinic.take_in(&world, &keyed, known.clone()).await.unwrap().id, visit.id, "pressed twice");
        assert!(world.letters("p@x.example").await.is_empty(), "she stands at the desk");
        let steps = world.services.appointments.history(&clinic.desk, visit.id).await.unwrap();
        assert_eq!((steps.len(), steps[0].from, steps[0].to), (1, None, Status::Arrived));
        // The next one waits for her, and whoever would reach into the visit at nine comes after it.
        let next = clinic.take_in(&world, &clinic.desk, clinic.newcomer("Nina Neu")).await.unwrap();
        assert_eq!((next.start.to_string().as_str(), next.ticket), ("2026-11-23T07:30:00+01:00", Some(2)));
        world.clock.advance_minutes(91);
        let after = clinic.take_in(&world, &clinic.desk, clinic.newcomer("Olga Neu")).await.unwrap();
        assert_eq!(after.start.to_string(), "2026-11-23T09:30:00+01:00");
        // Whom the desk has written in it finds again.
        let file = world.services.appointments.patient(&clinic.desk, clinic.hospital, next.patient_id).await.unwrap();
        assert_eq!((file.patient.full_name.as_str(), file.patient.visits), ("Nina Neu", 1));
        // That she has a visit then already, here or elsewhere, is told as that there is no time.
        let (other, _) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Ben Roth").await;
        world.clock.advance_minutes(30);
        let elsewhere = WalkIn { doctor_id: Some(other.card.id), ..known };
        assert_eq!(clinic.take_in(&world, &clinic.desk, elsewhere).await, conflict(Conflict::NoTimeToday));
        world.healthy().await;
    }

    async fn whoever_is_free_first_takes_a_walk_in(world: World) {
        let clinic = Clinic::open(&world).await;
        let queues = &world.services.queues;
        let (other, kind) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Ben Roth").await;
        let for_kind = |kind: &VisitType| WalkIn {
            doctor_id: None, visit_type_id: Some(kind.id), ..clinic.newcomer("Nina Neu")
        };
        let keyed = Call { idempotency_key: Some("k1".into()), ..clinic.desk.clone() };
        let taken = clinic.take_in(&world, &keyed, for_kind(&kind)).await.unwrap();
        assert_eq!(taken.doctor_id, other.card.id);
        let free = queues.walk_in_doctors(&clinic.desk, clinic.hospital).await.unwrap();
        let times: Vec<_> = free.iter().map(|doctor| doctor.next.map(|at| at.to_string())).collect();
        let at = |time: &str| Some(format!("2026-11-23T{time}:00+01:00"));
        assert_eq!(times, [at("07:00"), at("07:30")]);
        // What nobody of this house offers does not exist here.
        let (there, admin_there) = world.hospital("Spree", "Europe/Berlin").await;
        let (_, foreign) = world.doctor(&admin_there, there.id, "Dr. Far Away").await;
        assert_eq!(clinic.take_in(&world, &clinic.desk, for_kind(&foreign)).await, Err(Error::NotFound));
        // Before midnight there is no room for half an hour any more.
        world.clock.advance_minutes(16 * 60 + 31);
        assert_eq!(clinic.take_in(&world, &clinic.desk, for_kind(&kind)).await, conflict(Conflict::NoTimeToday));
        let free = queues.walk_in_doctors(&clinic.desk, clinic.hospital).await.unwrap();
        assert!(free.iter().all(|doctor| doctor.next.is_none()));
        assert_eq!(clinic.take_in(&world, &keyed, for_kind(&kind)).await.unwrap().id, taken.id, "she was taken in");
        world.healthy().await;
    }

    async fn only_the_desk_takes_strangers_in(world: World) {
        let clinic = Clinic::open(&world).await;
        let (_, admin_there) = world.hospital("Spree", "Europe/Berlin").await;
        let doctor = world.member(&clinic.admin, clinic.hospital, "doc@x.example", Role::Doctor, Some(clinic.doctor.card.id)).await;
        let patient = world.patient("p@x.example").await;
        for who in [&admin_there, &doctor, &patient] {
            assert_eq!(clinic.take_in(&world, who, clinic.newcomer("Nina Neu")).await, Err(Error::NotFound));
        }
        assert_eq!(clinic.take_in(&world, &Call::anonymous(), clinic.newcomer("N")).await, Err(Error::Unauthenticated));
        let nobody = WalkIn { newcomer: None, ..clinic.newcomer("") };
        assert_eq!(clinic.take_in(&world, &clinic.desk, nobody).await, Err(Error::invalid("patient_id", "choose")));
        let for_what = WalkIn { doctor_id: None, ..clinic.newcomer("Nina Neu") };
        assert_eq!(clinic.take_in(&world, &clinic.desk, for_what).await, Err(Error::invalid("doctor_id", "choose")));
        assert_eq!(clinic.take_in(&world, &clinic.desk, clinic.newcomer(" ")).await, Err(Error::invalid("full_name", "required")));
        let found = world.services.appointments.patients(&clinic.desk, clinic.hospital, None, PageQuery::default()).await.unwrap();
        assert!(found.items.is_empty(), "who was refused was not written in");
        world.healthy().await;
    }

    async fn a_patient_says_that_she_is_here(world: World) {
        let clinic = Clinic::open(&world).await;
        let (patient, stranger) = (world.patient("p@x.example").await, world.patient("q@x.example").await);
        let queues = &world.services.queues;
        let (soon, later) = (clinic.book(&world, &patient, "09:00").await, clinic.book(&world, &patient, "09:30").await);
        assert!(soon.can_say_here && !later.can_say_here);
        let seen = world.services.appointments.get(&clinic.desk, soon.id).await.unwrap();
        assert!(!seen.can_say_here, "nobody else is offered to say it for her");
        let say = async |who: &Call, visit: &Appointment, version| {
            queues.say_here(who, visit.id, SayHere { version }).await
        };
        assert_eq!(say(&patient, &later, None).await, conflict(Conflict::NotYetHere));
        assert_eq!(say(&stranger, &soon, None).await, Err(Error::NotFound));
        assert_eq!(say(&clinic.desk, &soon, None).await, Err(Error::NotFound), "the desk has a button of its own");
        assert_eq!(say(&patient, &soon, Some(9)).await, conflict(Conflict::StaleVersion));
        let off = QueueSettings { self_check_in: false };
        assert_eq!(queues.set_settings(&clinic.desk, clinic.hospital, off).await, Err(Error::Forbidden));
        assert_eq!(queues.set_settings(&clinic.admin, clinic.hospital, off).await, Ok(off));
        assert_eq!(say(&patient, &soon, None).await, conflict(Conflict::AskAtDesk));
        assert!(!world.services.appointments.get(&patient, soon.id).await.unwrap().can_say_here);
        let on = QueueSettings { self_check_in: true };
        queues.set_settings(&clinic.admin, clinic.hospital, on).await.unwrap();
        let here = say(&patient, &soon, Some(soon.version)).await.unwrap();
        assert_eq!((here.status, here.ticket, here.arrival), (Status::Arrived, Some(1), Some(Arrival::Own)));
        assert!(here.moves.is_empty(), "what comes next is the hospital's: {:?}", here.moves);
        assert_eq!(say(&patient, &soon, None).await, conflict(Conflict::WrongStatus));
        // Once her time is over she is somebody's business.
        world.clock.advance_minutes(3 * 60);
        assert_eq!(say(&patient, &later, None).await, conflict(Conflict::AskAtDesk));
        world.healthy().await;
    }

    async fn the_board_says_who_is_where_and_how_long(world: World) {
        let clinic = Clinic::open(&world).await;
        let patient = world.patient("p@x.example").await;
        let mut visits = Vec::new();
        for time in ["09:00", "09:30", "10:00", "10:30"] {
            visits.push(clinic.book(&world, &patient, time).await);
        }
        let (other, kind) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Ben Roth").await;
        world.services.appointments.book(&patient, booking(&other, &kind, "2026-11-23T12:00")).await.unwrap();
        world.services.appointments.book(&patient, booking(&other, &kind, "2026-11-24T12:00")).await.unwrap();
        let board = async |who: &Call, doctor| world.services.queues.board(who, clinic.hospital, doctor).await;
        clinic.step(&world, visits[0].id, Move::Arrive).await;
        world.clock.advance_minutes(12);
        clinic.step(&world, visits[0].id, Move::Start).await;
        clinic.step(&world, visits[1].id, Move::Arrive).await;
        clinic.step(&world, visits[3].id, Move::Cancel).await;
        // A quarter past ten and two minutes: who should have come at ten is late.
        world.clock.advance_minutes(185);
        let all = board(&clinic.desk, None).await.unwrap();
        let told: Vec<_> = all.visits.iter().map(|visit| (visit.column, visit.waited_minutes, visit.late_minutes)).collect();
        assert_eq!(told, [
            (QueueColumn::Expected, None, Some(17)),
            (QueueColumn::Expected, None, None),
            (QueueColumn::Arrived, Some(185), None),
            (QueueColumn::InRoom, Some(12), None),
        ]);
        assert_eq!(all.doctors.iter().map(|doctor| doctor.name.as_str()).collect::<Vec<_>>(), ["Dr. Ada Vogt", "Dr. Ben Roth"]);
        let hers = board(&clinic.desk, Some(other.card.id)).await.unwrap();
        assert_eq!((hers.visits.len(), hers.doctors.len()), (1, 2));
        let doctor = world.member(&clinic.admin, clinic.hospital, "doc@x.example", Role::Doctor, Some(other.card.id)).await;
        let seen = board(&doctor, None).await.unwrap();
        assert!(!seen.visits.is_empty(), "she treats the patient");
        assert_eq!(board(&patient, None).await, Err(Error::NotFound));
        assert_eq!(board(&Call::anonymous(), None).await, Err(Error::Unauthenticated));
    }

    async fn nobody_who_sits_there_is_missing_on_the_board(world: World) {
        let clinic = Clinic::open(&world).await;
        let patient = world.patient("p@x.example").await;
        let tomorrow = clinic.book(&world, &patient, "2026-11-24T09:00").await;
        let board = async || world.services.queues.board(&clinic.desk, clinic.hospital, None).await.unwrap().visits;
        assert!(board().await.is_empty(), "expected tomorrow, and not today");
        clinic.step(&world, tomorrow.id, Move::Arrive).await;
        world.clock.advance_minutes(7);
        let wall = world.services.queues.wall(&clinic.desk, clinic.hospital).await.unwrap();
        assert_eq!(wall.waiting[0].numbers, [1]);
        let told: Vec<_> = board().await.iter().map(|visit| (visit.appointment.id, visit.column, visit.waited_minutes)).collect();
        assert_eq!(told, [(tomorrow.id, QueueColumn::Arrived, Some(7))]);
        // Somebody who came the day before stands on neither the next morning; her own day has her.
        clinic.step(&world, tomorrow.id, Move::Start).await;
        clinic.step(&world, tomorrow.id, Move::Complete).await;
        world.clock.advance_minutes(24 * 60);
        assert_eq!(world.services.queues.wall(&clinic.desk, clinic.hospital).await.unwrap().in_all(), 0);
        assert_eq!(board().await.iter().map(|visit| visit.column).collect::<Vec<_>>(), [QueueColumn::Done]);
        world.healthy().await;
    }

    async fn midnight_sends_nobody_home_and_gives_no_number_twice(world: World) {
        let clinic = Clinic::open(&world).await;
        let services = &world.services;
        let window = TimeWindow { start: parse_time("00:00").unwrap(), end: parse_time("03:00").unwrap() };
        let night = SetWorkingHours { weekly: vec![WeeklyWindow::new(2, window)], rules: None, version: None };
        services.availability.set_working_hours(&clinic.admin, clinic.doctor.card.id, night).await.unwrap();
        let patient = world.patient("p@x.example").await;
        let one = clinic.book(&world, &patient, "2026-11-24T00:30").await;
        let other = clinic.book(&world, &patient, "2026-11-24T01:00").await;
        // Twenty past eleven: somebody without a time, and somebody for a visit after midnight.
        world.clock.advance_minutes(16 * 60 + 20);
        assert_eq!(clinic.step(&world, other.id, Move::Arrive).await.ticket, Some(1));
        let nina = clinic.take_in(&world, &clinic.desk, clinic.newcomer("Nina Neu")).await.unwrap();
        assert_eq!((nina.start.to_string().as_str(), nina.ticket), ("2026-11-23T23:20:00+01:00", Some(2)));
        let wall = async || services.queues.wall(&clinic.desk, clinic.hospital).await.unwrap();
        let board = async || {
            let board = services.queues.board(&clinic.desk, clinic.hospital, None).await.unwrap();
            let shown = |visit: &domain::queues::QueueVisit| (visit.column, visit.appointment.ticket, visit.waited_minutes);
            board.visits.iter().map(shown).collect::<Vec<_>>()
        };
        world.clock.advance_minutes(41);
        assert_eq!(wall().await.waiting[0].numbers, [2, 1], "by their times");
        assert_eq!(board().await, [
            (QueueColumn::Expected, None, None),
            (QueueColumn::Arrived, Some(2), Some(41)),
            (QueueColumn::Arrived, Some(1), Some(41)),
        ]);
        assert_eq!(services.appointments.get(&patient, other.id).await.unwrap().ticket, Some(1));
        // The new day's numbers go on after those that are still called, also where somebody draws one who may not see the others.
        let here = services.queues.say_here(&patient, one.id, SayHere::default()).await.unwrap();
        assert_eq!(here.ticket, Some(3));
        let olga = clinic.take_in(&world, &clinic.desk, clinic.newcomer("Olga Neu")).await.unwrap();
        assert_eq!(olga.ticket, Some(4));
        assert_eq!(wall().await.waiting[0].numbers, [2, 3, 1, 4]);
        clinic.step(&world, nina.id, Move::Start).await;
        assert_eq!(wall().await.called.iter().map(|called| called.number).collect::<Vec<_>>(), [2]);
        assert!(board().await.contains(&(QueueColumn::InRoom, Some(2), Some(41))));
        // Who has been seen has gone: she is of the day before.
        clinic.step(&world, nina.id, Move::Complete).await;
        assert_eq!((wall().await.called.len(), board().await.len()), (0, 3));
        // Whom nobody has ended by noon was forgotten; her number is today's no more, and the next day begins anew.
        world.clock.advance_minutes(32 * 60);
        assert_eq!((wall().await.in_all(), board().await.len()), (0, 0));
        assert_eq!(clinic.take_in(&world, &clinic.desk, clinic.newcomer("Pia Neu")).await.unwrap().ticket, Some(1));
        world.healthy().await;
    }

    async fn a_wall_shows_numbers_and_nobody(world: World) {
        let clinic = Clinic::open(&world).await;
        let queues = &world.services.queues;
        let patient = world.patient("p@x.example").await;
        let names = [clinic.take_in(&world, &clinic.desk, clinic.newcomer("Nina Neu")).await.unwrap(),
            clinic.take_in(&world, &clinic.desk, clinic.newcomer("Olga Alt")).await.unwrap()];
        assert_eq!(queues.make_wall_address(&clinic.desk, clinic.hospital).await.err(), Some(Error::Forbidden));
        assert_eq!(queues.wall_address(&clinic.admin, clinic.hospital).await, Err(Error::NotFound));
        let made = queues.make_wall_address(&clinic.admin, clinic.hospital).await.unwrap();
        let secret = made.address.strip_prefix("https://care.example/wall/").unwrap();
        assert!(secret.len() >= 43, "256 bits");
        let mut feed = queues.follow_wall(secret).await.unwrap();
        clinic.step(&world, names[0].id, Move::Start).await;
        assert!(feed.next().await, "the screen is told");
        let wall = queues.read_wall(secret).await.unwrap();
        assert_eq!(wall, queues.wall(&clinic.desk, clinic.hospital).await.unwrap());
        assert_eq!(wall.called.iter().map(|called| (called.number, called.door.as_str())).collect::<Vec<_>>(), [(1, "Dr. Ada Vogt")]);
        assert_eq!((wall.in_all(), wall.waiting[0].numbers.as_slice()), (1, &[2][..]));
        let text = format!("{wall:?}");
        assert!(!text.contains("Nina") && !text.contains("Olga"), "{text}");
        assert!(queues.wall_address(&clinic.admin, clinic.hospital).await.unwrap().read_at.is_some());
        assert_eq!(queues.wall(&patient, clinic.hospital).await, Err(Error::NotFound));
        // A new address takes the place of the old; the end ends it.
        let renewed = queues.make_wall_address(&clinic.admin, clinic.hospital).await.unwrap();
        assert_eq!(queues.read_wall(secret).await, Err(Error::NotFound));
        let renewed = renewed.address.rsplit('/').next().unwrap();
        assert!(queues.read_wall(renewed).await.is_ok());
        queues.end_wall_address(&clinic.admin, clinic.hospital).await.unwrap();
        assert_eq!(queues.read_wall(renewed).await, Err(Error::NotFound));
        assert!(queues.follow_wall(renewed).await.is_err());
        assert_eq!(queues.end_wall_address(&clinic.admin, clinic.hospital).await, Err(Error::NotFound));
        // The secret is nowhere in the house.
        assert!(!world.everything_stored().await.contains(renewed));
        world.healthy().await;
    }
}
