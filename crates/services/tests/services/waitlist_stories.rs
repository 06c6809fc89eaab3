//! Two hundred short stories of people who wait, book, cancel and answer in any order, on both engines; and waiting for what has to be
//! paid for.
//!
//! What each step does is tested in `waitlist` and `waitlist_offers`.

use std::collections::BTreeSet;

use domain::{
    Call, Error,
    appointments::{Move, MoveAppointment, RescheduleAppointment, Status},
    availability::SetWorkingHours,
    doctors::SaveDoctor,
    error::Conflict,
    ids::WaitlistEntryId,
    waitlist::{EntryStatus, JoinWaitlist},
};

use crate::{
    market::{Market, Provider, Rivals, TEN, on_both_markets},
    waitlist::{Clinic, at, cancel, entry, relay},
    world::{Engine, World, booking, on_both_engines},
};

/// Steps of one story.
const STEPS: usize = 8;
const STORIES: usize = 200;

/// A sequence that is the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % sides).unwrap()
    }
}

/// Somebody of a story, with what she has.
struct Person {
    call: Call,
    visits: Vec<domain::appointments::Appointment>,
    entries: Vec<WaitlistEntryId>,
}

/// One step of somebody; what is refused is refused.
async fn step(world: &World, clinic: &Clinic, day: jiff::civil::Date, person: &mut Person, dice: &mut Dice) {
    let (services, call) = (&world.services, person.call.clone());
    let start = format!("{day}T{}", ["10:00", "10:30", "11:00", "11:30"][dice.roll(4)]);
    match dice.roll(9) {
        0 | 1 => {
            let booked =
                services.appointments.book(&call, booking(&clinic.doctor, &clinic.kind, &start)).await;
            person.visits.extend(booked);
        }
        2 => {
            if let Some(visit) = person.visits.pop() {
                let command = MoveAppointment::default();
                let _ = services.appointments.advance(&call, visit.id, Move::Cancel, command).await;
            }
        }
        3 => {
            if let Some(visit) = person.visits.last() {
                let to = RescheduleAppointment { start, ..RescheduleAppointment::default() };
                let _ = services.appointments.reschedule(&call, visit.id, to).await;
            }
        }
        4 | 5 => {
            let visit = person.visits.last().filter(|_| dice.roll(2) == 0);
            let wish = JoinWaitlist {
                appointment_id: visit.map(|visit| visit.id),
                from: day,
                until: day,
                ..clinic.wish()
            };
            person.entries.extend(services.waitlist.join(&call, wish).await.map(|entry| entry.id));
        }
        6 => {
            if let Some(id) = person.entries.last() {
                let _ = services.waitlist.accept(&call, *id).await;
            }
        }
        7 => {
            if let Some(id) = person.entries.last() {
                let _ = services.waitlist.decline(&call, *id).await;
            }
        }
        _ => {
            if let Some(id) = person.entries.last() {
                let _ = services.waitlist.withdraw(&call, *id).await;
            }
        }
    }
}

/// What must hold whatever has happened: a time that is kept is kept for one, and free for nobody.
async fn holds(world: &World, clinic: &Clinic, people: &[Person], day: jiff::civil::Date) {
    let query = domain::availability::SlotQuery {
        doctor_id: clinic.doctor.card.id,
        visit_type_id: clinic.kind.id,
        from: Some(day),
        to: Some(day),
    };
    let free = world.services.availability.slots(query).await.unwrap().items;
    let mut kept = BTreeSet::new();
    for person in people {
        for entry in world.services.waitlist.own(&person.call).await.unwrap() {
            assert_eq!(entry.offer.is_some(), entry.status == EntryStatus::Offered, "{entry:?}");
            let Some(offer) = entry.offer else { continue };
            assert!(kept.insert(offer.start), "kept for two: {offer:?}");
            assert!(free.iter().all(|slot| slot.start != offer.start), "kept and free: {offer:?}");
            let hold = world.services.appointments.get(&person.call, offer.appointment_id).await.unwrap();
            assert_eq!((hold.status, hold.held_until), (Status::Held, Some(offer.until)));
        }
    }
}

on_both_engines! {
    async fn a_kept_time_is_of_its_doctor_whoever_has_the_visit_by_now(world: World) {
        let clinic = Clinic::open(&world).await;
        let late = world.patient("late@x.example").await;
        let visit = clinic.book(&world, &late, "11:30").await.unwrap();
        let wish = JoinWaitlist { appointment_id: Some(visit.id), ..clinic.wish() };
        let waits = world.services.waitlist.join(&late, wish).await.unwrap().id;
        assert_eq!(relay(&world).await, 1);
        let (services, admin) = (&world.services, &clinic.admin);
        let command = SaveDoctor {
            name: "Dr. Berta Beck".into(),
            specialties: vec!["cardiology".into()],
            languages: vec!["en".into()],
            visit_type_ids: vec![clinic.kind.id],
            active: true,
            ..SaveDoctor::default()
        };
        let other = services.doctors.create(admin, clinic.hospital, command).await.unwrap().card.id;
        let hours = services.availability.working_hours(admin, clinic.doctor.card.id).await.unwrap();
        let hours = SetWorkingHours { weekly: hours.weekly, rules: Some(hours.rules), version: None };
        services.availability.set_working_hours(admin, other, hours).await.unwrap();
        let to = RescheduleAppointment { start: at("11:30"), doctor_id: Some(other), ..Default::default() };
        services.appointments.reschedule(admin, visit.id, to).await.unwrap();
        // Ten is the first doctor's, and the second one is free then, too.
        let refused = services.waitlist.accept(&late, waits).await;
        assert_eq!(refused, Err(Error::conflict(Conflict::StaleVersion)));
        let stands = services.appointments.get(&late, visit.id).await.unwrap();
        assert_eq!((stands.doctor_id, stands.start.to_string()), (other, at("11:30")));
        world.clock.advance_minutes(15);
        assert_eq!(relay(&world).await, 0);
        assert_eq!(entry(&world, &late, waits).await.status, EntryStatus::Ended);
        world.healthy().await;
    }

    async fn a_time_that_is_kept_for_a_visit_is_no_second_visit(world: World) {
        let clinic = Clinic::open(&world).await;
        let late = world.patient("late@x.example").await;
        let visit = clinic.book(&world, &late, "11:30").await.unwrap();
        let wish = JoinWaitlist { appointment_id: Some(visit.id), ..clinic.wish() };
        let waits = world.services.waitlist.join(&late, wish).await.unwrap().id;
        assert_eq!(relay(&world).await, 1);
        let hold = entry(&world, &late, waits).await.offer.unwrap().appointment_id;
        let put = world.services.appointments.take_hold(&late, hold).await.unwrap();
        assert_eq!((put.id, put.start.to_string(), put.version), (visit.id, at("10:00"), visit.version + 1));
        assert_eq!(world.services.appointments.get(&late, hold).await.unwrap().status, Status::Expired);
        assert_eq!(entry(&world, &late, waits).await.status, EntryStatus::Taken);
        let again = world.services.appointments.take_hold(&late, hold).await;
        assert_eq!(again, Err(Error::conflict(Conflict::HoldEnded)));
        world.healthy().await;
    }

    async fn what_was_joined_is_answered_again_whatever_has_become_of_the_visit(world: World) {
        let clinic = Clinic::open(&world).await;
        let late = world.patient("late@x.example").await;
        let visit = clinic.book(&world, &late, "11:30").await.unwrap();
        let keyed = Call { idempotency_key: Some("k1".into()), ..late.clone() };
        let wish = JoinWaitlist { appointment_id: Some(visit.id), ..clinic.wish() };
        let joined = world.services.waitlist.join(&keyed, wish.clone()).await.unwrap();
        cancel(&world, &late, &visit).await;
        // The first answer may have been lost on its way.
        assert_eq!(world.services.waitlist.join(&keyed, wish.clone()).await.unwrap().id, joined.id);
        let other = world.services.waitlist.join(&keyed, clinic.wish()).await;
        assert_eq!(other, Err(Error::conflict(Conflict::KeyReused)));
        let new = Call { idempotency_key: Some("k2".into()), ..late };
        let refused = world.services.waitlist.join(&new, wish).await;
        assert_eq!(refused, Err(Error::conflict(Conflict::WrongStatus)));
        world.healthy().await;
    }

    async fn two_hundred_stories(world: World) {
        let clinic = Clinic::open(&world).await;
        let mut people = Vec::new();
        for number in 0..4 {
            let call = world.patient(&format!("s{number}@x.example")).await;
            people.push(Person { call, visits: Vec::new(), entries: Vec::new() });
        }
        let mut dice = Dice(11);
        let first: jiff::civil::Date = crate::waitlist::DAY.parse().unwrap();
        let mut day = first;
        for story in 0..STORIES {
            for number in 0..STEPS {
                let who = dice.roll(4);
                step(&world, &clinic, day, &mut people[who], &mut dice).await;
                if dice.roll(2) == 0 {
                    relay(&world).await;
                }
                if dice.roll(3) == 0 {
                    world.clock.advance_minutes([1, 5, 15][dice.roll(3)]);
                }
                if number % 4 == 3 {
                    holds(&world, &clinic, &people, day).await;
                }
            }
            if story % 10 == 9 {
                world.healthy().await;
                // Another week, with another Tuesday.
                day = day.checked_add(jiff::Span::new().days(7)).unwrap();
                let monday = day.yesterday().unwrap().at(9, 0, 0, 0).in_tz("Europe/Berlin").unwrap();
                world.clock.set(monday.timestamp());
                for person in &mut people {
                    person.visits.clear();
                    person.entries.clear();
                }
            }
        }
    }
}

async fn what_is_paid_for_is_hers_once_it_is_paid(engine: Engine) {
    let Some(market) = Market::open(engine, Provider::Razorpay).await else { return };
    let world = &market.world;
    world.clock.advance_minutes(120);
    let (busy, patient) = (world.patient("busy@x.example").await, world.patient("p@x.example").await);
    let (visit, order) = market.held(&busy, TEN).await;
    market.pay(&order, "paid").await;
    market.settle().await;
    // Nine is free: what is offered has to be paid for.
    let id = market.waits(&patient).await;
    assert_eq!(relay(world).await, 1);
    let offer = entry(world, &patient, id).await.offer.unwrap();
    assert!(offer.pays && offer.appointment_id != visit.id);
    let held = world.services.waitlist.accept(&patient, id).await.unwrap();
    assert_eq!((held.id, held.status), (offer.appointment_id, Status::PendingPayment));
    assert_eq!(
        entry(world, &patient, id).await.status,
        EntryStatus::Offered,
        "it is hers when it is paid for"
    );
    let checkout = world.services.payments.checkout(&patient, held.id).await.unwrap();
    let order = market.order_of(&checkout);
    market.pay(&order, "paid").await;
    market.settle().await;
    assert_eq!(market.status(&patient, &held).await, Status::Booked);
    assert_eq!(entry(world, &patient, id).await.status, EntryStatus::Taken);
    world.healthy().await;
}

on_both_markets! {
    async fn who_has_paid_in_time_comes_before_who_waits(market: Market) {
        let world = &market.world;
        let Rivals { holder, next, visit, order, entry: id } = Rivals::in_the_last_minute(&market).await;
        // She pays, and nobody is told; then her hold ends.
        market.pay(&order, "authorized").await;
        world.clock.advance_minutes(1);
        assert_eq!(relay(world).await, 0, "the house has not asked yet whether it is paid for");
        world.house.settle_due().await.unwrap();
        assert_eq!(market.status(&holder, &visit).await, Status::Booked);
        assert_eq!(relay(world).await, 0);
        assert_eq!(entry(world, &next, id).await.status, EntryStatus::Waiting);
        world.healthy().await;
    }

    async fn a_time_that_nobody_has_paid_for_is_offered_once_the_house_has_looked(market: Market) {
        let world = &market.world;
        let Rivals { next, entry: id, .. } = Rivals::in_the_last_minute(&market).await;
        world.clock.advance_minutes(1);
        assert_eq!(relay(world).await, 0);
        world.house.settle_due().await.unwrap();
        assert_eq!(relay(world).await, 1);
        assert_eq!(entry(world, &next, id).await.offer.unwrap().start.to_string(), TEN);
        world.healthy().await;
    }

    async fn late_money_takes_nothing_from_whoever_it_is_kept_for(market: Market) {
        let world = &market.world;
        let Rivals { holder, next, visit, order, entry: id } = Rivals::meet(&market).await;
        world.clock.advance_minutes(20);
        assert_eq!(relay(world).await, 1, "nobody has asked for so long that nobody will");
        market.come_back(&market.pay(&order, "authorized").await).await;
        assert_eq!(market.status(&holder, &visit).await, Status::Expired);
        assert_eq!(market.at_the_provider().await, 0);
        assert_eq!(entry(world, &next, id).await.status, EntryStatus::Offered);
        world.healthy().await;
    }

    async fn late_money_wins_a_time_that_is_kept_for_the_one_who_has_paid(market: Market) {
        let world = &market.world;
        let patient = world.patient("p@x.example").await;
        let (visit, order) = market.one_time(&patient).await;
        let id = market.waits(&patient).await;
        world.clock.advance_minutes(20);
        assert_eq!(relay(world).await, 1);
        let hold = entry(world, &patient, id).await.offer.unwrap().appointment_id;
        market.come_back(&market.pay(&order, "authorized").await).await;
        assert_eq!(market.status(&patient, &visit).await, Status::Booked);
        assert_eq!(market.at_the_provider().await, 5_000);
        let kept = world.services.appointments.get(&patient, hold).await.unwrap();
        assert_eq!(kept.status, Status::Expired);
        let now = entry(world, &patient, id).await;
        assert_eq!((now.status, now.offer), (EntryStatus::Waiting, None));
        world.healthy().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_paid_for_is_hers_once_it_is_paid_sqlite() {
    what_is_paid_for_is_hers_once_it_is_paid(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_paid_for_is_hers_once_it_is_paid_postgres() {
    what_is_paid_for_is_hers_once_it_is_paid(Engine::Postgres).await;
}
