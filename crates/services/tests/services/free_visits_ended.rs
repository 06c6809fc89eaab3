//! Visits that are free no longer, on both engines: whoever has not done that herself gets one letter, and pages that show the visit read it
//! again.
//!
//! When a visit is free, and when that ends, is tested in `free_visits`; here also until when it can end, and what is put back.

use std::time::Duration;

use domain::{
    Error,
    appointments::{Appointment, Move, MoveAppointment, RescheduleAppointment},
    changes::{PlanChanges, PlanItem, PlannedChange},
    live::{LiveChange, LiveFeed},
};

use crate::{
    free_visits::{LATER, LATER_STILL, Place, call_off, cancel, give_back, price, undo},
    letters::Letter,
    world::{World, on_both_engines},
};

/// What an address was told of prices since somebody last looked.
async fn told(world: &World, email: &str) -> Vec<Letter> {
    let mut letters = world.letters(email).await;
    letters.retain(|letter| letter.subject == "A visit is no longer free");
    letters
}

/// Waits until nothing more comes of what was done before.
async fn quiet(feed: &mut Box<dyn LiveFeed>) {
    while let Ok(Some(_)) = tokio::time::timeout(Duration::from_millis(300), feed.next()).await {}
}

/// Whether pages that show a visit are told to read it again.
async fn renews(feed: &mut Box<dyn LiveFeed>, visit: &Appointment) -> bool {
    while let Ok(Some(Ok(change))) = tokio::time::timeout(Duration::from_secs(5), feed.next()).await {
        if matches!(change, LiveChange::Visit(event) if event.appointment_id == visit.id) {
            return true;
        }
    }
    false
}

on_both_engines! {
    async fn what_is_put_back_is_free_only_while_there_is_room_for_it(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        let paid = place.paid(&world, &patient).await;
        let free = place.book(&world, &patient, LATER).await;
        assert_eq!(free.price.amount_minor, 0);
        // Both go and come back together.
        let change = call_off(&world, &place, &[&paid, &free]).await;
        undo(&world, &place, change).await;
        assert_eq!(price(&world, &patient, &free).await, 0);
        // She takes another one meanwhile.
        let free = world.services.appointments.get(&patient, free.id).await.unwrap();
        let change = call_off(&world, &place, &[&free]).await;
        let other = place.book(&world, &patient, LATER_STILL).await;
        assert_eq!(other.price.amount_minor, 0);
        undo(&world, &place, change).await;
        assert_eq!((price(&world, &patient, &free).await, price(&world, &patient, &other).await), (5_000, 0));
        world.healthy().await;
        // She calls the paid one off meanwhile, for all of the money.
        let change = call_off(&world, &place, &[&other]).await;
        cancel(&world, &patient, &paid).await;
        undo(&world, &place, change).await;
        assert_eq!(price(&world, &patient, &other).await, 5_000);
        world.healthy().await;
    }

    async fn what_hangs_on_a_visit_that_may_be_put_back_is_in_order(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        let paid = place.paid(&world, &patient).await;
        let free = place.book(&world, &patient, LATER).await;
        let change = call_off(&world, &place, &[&paid]).await;
        world.healthy().await;
        undo(&world, &place, change).await;
        assert_eq!(price(&world, &patient, &free).await, 0);
        world.healthy().await;
        // What stays called off ends it when the patient is told, and not before.
        let paid = world.services.appointments.get(&patient, paid.id).await.unwrap();
        let other = call_off(&world, &place, &[&free]).await;
        call_off(&world, &place, &[&paid]).await;
        undo(&world, &place, other).await;
        assert_eq!(price(&world, &patient, &free).await, 0);
        world.healthy().await;
        world.clock.advance_minutes(11);
        world.house.settle_due().await.unwrap();
        assert_eq!(price(&world, &patient, &free).await, 5_000);
        world.healthy().await;
    }

    async fn who_is_given_money_back_is_told_what_costs_its_price_then(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        let first = place.paid(&world, &patient).await;
        let again = place.book(&world, &patient, LATER).await;
        let mut feed = world.services.live.subscribe(patient.actor.clone());
        quiet(&mut feed).await;
        give_back(&world, &place, &first, 1).await;
        assert!(renews(&mut feed, &again).await);
        let letters = told(&world, "p@x.example").await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].text.contains("Tuesday 1 December 2026, 10:00"), "{}", letters[0].text);
        assert!(letters[0].text.contains("this one now costs 50.00 EUR."), "{}", letters[0].text);
        assert_eq!(letters[0].link(), format!("https://care.example/appointments/{}", again.id));
        for word in ["Vogt", "Lindenhof", "cardiology", "Patient"] {
            assert!(!letters[0].raw.contains(word), "{word}");
        }
        // What costs its price already does not do so once more.
        give_back(&world, &place, &first, 1).await;
        assert_eq!(told(&world, "p@x.example").await.len(), 0);
        // It is the visit that she has read: nothing was done with it.
        let now = world.services.appointments.get(&patient, again.id).await.unwrap();
        assert_eq!((now.version, now.price.amount_minor), (again.version, 5_000));
        world.healthy().await;
    }

    async fn the_hospital_that_calls_a_paid_visit_off_says_so_of_what_is_booked(world: World) {
        let place = Place::open(&world, 2).await;
        let patient = world.patient("p@x.example").await;
        let first = place.paid(&world, &patient).await;
        let again = place.book(&world, &patient, LATER).await;
        let held = world.services.appointments.hold(&patient, place.wish(LATER_STILL)).await.unwrap();
        assert_eq!(held.price.amount_minor, 0);
        cancel(&world, &place.admin, &first).await;
        assert_eq!((price(&world, &patient, &again).await, price(&world, &patient, &held).await), (5_000, 5_000));
        let letters = told(&world, "p@x.example").await;
        assert_eq!(letters.len(), 1, "of a hold nobody is told");
        assert_eq!(letters[0].link(), format!("https://care.example/appointments/{}", again.id));
        world.healthy().await;
    }

    async fn who_is_in_the_house_for_a_free_visit_keeps_it_and_may_move_the_paid_one(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        let first = place.paid(&world, &patient).await;
        let again = place.book(&world, &patient, LATER).await;
        let appointments = &world.services.appointments;
        let behind = RescheduleAppointment { start: LATER_STILL.into(), ..RescheduleAppointment::default() };
        let refused = appointments.reschedule(&patient, first.id, behind.clone()).await;
        assert_eq!(refused, Err(Error::invalid("start", "leaves_follow_up")));
        appointments.advance(&place.admin, again.id, Move::Arrive, MoveAppointment::default()).await.unwrap();
        appointments.reschedule(&patient, first.id, behind).await.unwrap();
        give_back(&world, &place, &first, 1).await;
        assert_eq!((price(&world, &patient, &again).await, told(&world, "p@x.example").await.len()), (0, 0));
        world.healthy().await;
    }

    async fn nobody_is_told_of_what_she_has_done_or_of_what_is_off_by_then(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        let first = place.paid(&world, &patient).await;
        let again = place.book(&world, &patient, LATER).await;
        let mut feed = world.services.live.subscribe(patient.actor.clone());
        quiet(&mut feed).await;
        cancel(&world, &patient, &first).await;
        assert!(renews(&mut feed, &again).await, "her other pages read it again all the same");
        assert_eq!(price(&world, &patient, &again).await, 5_000);
        assert_eq!(told(&world, "p@x.example").await.len(), 0);
        let other = world.patient("o@x.example").await;
        let first = place.paid(&world, &other).await;
        let again = place.book(&world, &other, LATER_STILL).await;
        cancel(&world, &place.admin, &first).await;
        cancel(&world, &other, &again).await;
        assert_eq!(told(&world, "o@x.example").await.len(), 0);
        world.healthy().await;
    }

    async fn nobody_is_told_of_a_price_while_a_visit_may_be_put_back(world: World) {
        let place = Place::open(&world, 1).await;
        let patient = world.patient("p@x.example").await;
        let first = place.paid(&world, &patient).await;
        let again = place.book(&world, &patient, LATER).await;
        call_off(&world, &place, &[&first]).await;
        world.house.settle_due().await.unwrap();
        assert_eq!((price(&world, &patient, &again).await, told(&world, "p@x.example").await.len()), (0, 0));
        world.clock.advance_minutes(11);
        world.house.settle_due().await.unwrap();
        assert_eq!((price(&world, &patient, &again).await, told(&world, "p@x.example").await.len()), (5_000, 1));
        world.healthy().await;
        // Neither where the free one itself was moved: the letter says where it stands in the end.
        let other = world.patient("o@x.example").await;
        let first = place.paid(&world, &other).await;
        let again = place.book(&world, &other, LATER_STILL).await;
        let change = PlannedChange::Move { doctor_id: place.doctor.card.id, start: "2026-12-03T11:00:00+01:00".into() };
        let items = vec![PlanItem { appointment_id: again.id, version: again.version, change }];
        let changes = &world.services.changes;
        let plan = PlanChanges { reason: None, items };
        let planned = changes.plan(&place.admin, place.doctor.card.id, plan).await.unwrap();
        let moved = changes.confirm(&place.admin, planned.id).await.unwrap().id;
        give_back(&world, &place, &first, 1).await;
        assert_eq!((price(&world, &other, &again).await, told(&world, "o@x.example").await.len()), (5_000, 0));
        undo(&world, &place, moved).await;
        world.clock.advance_minutes(11);
        let letters = told(&world, "o@x.example").await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].text.contains("Wednesday 2 December 2026, 10:00"), "{}", letters[0].text);
        world.healthy().await;
    }
}
