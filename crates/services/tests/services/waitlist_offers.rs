//! What the waiting list offers, on both engines: to whom, for how long, and what comes of the answer.
//!
//! Who may wait at all is tested in `waitlist`.

use domain::{
    Call, Error,
    access::Role,
    appointments::{BookAppointment, Status},
    availability::{SetWorkingHours, TimeWindow, WeeklyWindow},
    error::Conflict,
    hospitals::SaveVisitType,
    ids::WaitlistEntryId,
    time::parse_time,
    waitlist::{EntryStatus, JoinWaitlist},
};

use crate::{
    waitlist::{Clinic, at, cancel, entry, relay},
    world::{World, booking, kind_of_visit, on_both_engines},
};

/// When the time begins that is kept for an entry.
async fn offered(world: &World, who: &Call, id: WaitlistEntryId) -> Option<String> {
    entry(world, who, id).await.offer.map(|offer| offer.start.to_string())
}

fn ended() -> Error {
    Error::conflict(Conflict::HoldEnded)
}

on_both_engines! {
    async fn what_is_called_off_is_kept_for_the_first_in_line_alone(world: World) {
        let (clinic, busy, visits) = Clinic::full(&world).await;
        let (first, second) = (world.patient("first@x.example").await, world.patient("second@x.example").await);
        let (one, two) = (clinic.join(&world, &first).await, clinic.join(&world, &second).await);
        assert_eq!((one.place, two.place), (Some(1), Some(2)));
        assert_eq!(relay(&world).await, 0, "nothing is free");
        world.letters("first@x.example").await;
        world.letters("second@x.example").await;
        cancel(&world, &busy, &visits[2]).await;
        assert_eq!(clinic.free(&world).await, [at("11:00")]);
        assert_eq!((relay(&world).await, relay(&world).await), (1, 0));
        let kept = entry(&world, &first, one.id).await;
        let offer = kept.offer.unwrap();
        assert_eq!((kept.status, offer.start.to_string(), offer.pays), (EntryStatus::Offered, at("11:00"), false));
        assert_eq!(offer.until.to_string(), "2026-11-23T09:17:00+01:00");
        assert_eq!(offer.price, visits[2].price);
        assert_eq!(offered(&world, &second, two.id).await, None);
        assert_eq!(entry(&world, &second, two.id).await.offered_lately, 1);
        // To everybody else it is not free.
        assert!(clinic.free(&world).await.is_empty());
        for rival in [&second, &busy] {
            let refused = clinic.book(&world, rival, "11:00").await.unwrap_err();
            assert!(matches!(refused, Error::Conflict { reason: Conflict::SlotTaken, .. }), "{refused:?}");
        }
        let letters = world.letters("first@x.example").await;
        assert_eq!((letters.len(), letters[0].subject.as_str()), (1, "A time has come free"));
        assert!(letters[0].text.contains("until 09:17 on 23 November"), "{}", letters[0].text);
        assert_eq!(letters[0].link(), "https://care.example/waiting-list");
        for word in ["Vogt", "Lindenhof", "cardiology", "11:00", "Patient"] {
            assert!(!letters[0].raw.contains(word), "{word}");
        }
        assert!(world.letters("second@x.example").await.is_empty());
        world.healthy().await;
    }

    async fn what_is_declined_or_not_answered_goes_on(world: World) {
        let (clinic, busy, visits) = Clinic::full(&world).await;
        let mut people = Vec::new();
        for name in ["one", "two", "three"] {
            let who = world.patient(&format!("{name}@x.example")).await;
            let id = clinic.join(&world, &who).await.id;
            people.push((who, id));
        }
        let [(one, first), (two, second), (three, third)] = <[_; 3]>::try_from(people).ok().unwrap();
        cancel(&world, &busy, &visits[0]).await;
        relay(&world).await;
        let waitlist = &world.services.waitlist;
        // Who has declined keeps her place, and is not asked about that time again.
        let declined = waitlist.decline(&one, first).await.unwrap();
        assert_eq!((declined.status, declined.place, declined.offer), (EntryStatus::Waiting, Some(1), None));
        assert_eq!(waitlist.decline(&one, first).await, Err(ended()));
        assert_eq!(waitlist.accept(&one, first).await, Err(ended()));
        assert_eq!((relay(&world).await, offered(&world, &one, first).await), (1, None));
        assert_eq!(offered(&world, &two, second).await, Some(at("10:00")));
        // Nobody answers, and it goes on by the clock.
        world.clock.advance_minutes(15);
        assert_eq!(offered(&world, &two, second).await, None, "whoever reads sees that it is over");
        assert_eq!(entry(&world, &two, second).await.status, EntryStatus::Waiting);
        assert_eq!(waitlist.accept(&two, second).await, Err(ended()));
        assert_eq!((relay(&world).await, offered(&world, &three, third).await), (1, Some(at("10:00"))));
        world.clock.advance_minutes(15);
        assert_eq!(relay(&world).await, 0, "all were asked");
        assert_eq!(clinic.free(&world).await, [at("10:00")]);
        // Another time is another question.
        cancel(&world, &busy, &visits[3]).await;
        assert_eq!((relay(&world).await, offered(&world, &one, first).await), (1, Some(at("11:30"))));
        world.healthy().await;
    }

    async fn who_accepts_has_the_visit(world: World) {
        let (clinic, busy, visits) = Clinic::full(&world).await;
        let patient = world.patient("p@x.example").await;
        let id = clinic.join(&world, &patient).await.id;
        cancel(&world, &busy, &visits[1]).await;
        relay(&world).await;
        world.letters("p@x.example").await;
        let hold = entry(&world, &patient, id).await.offer.unwrap().appointment_id;
        // It cannot be kept longer: others wait.
        let longer = world.services.appointments.extend_hold(&patient, hold).await;
        assert_eq!(longer, Err(Error::conflict(Conflict::AlreadyDone)));
        let visit = world.services.waitlist.accept(&patient, id).await.unwrap();
        assert_eq!((visit.id, visit.status, visit.start.to_string()), (hold, Status::Booked, at("10:30")));
        assert_eq!(world.services.waitlist.accept(&patient, id).await.unwrap(), visit, "asked again, it is the same");
        let taken = entry(&world, &patient, id).await;
        assert_eq!((taken.status, taken.place, taken.offer), (EntryStatus::Taken, None, None));
        let letters = world.letters("p@x.example").await;
        assert_eq!((letters.len(), letters[0].subject.as_str()), (1, "A visit is booked"));
        let history = world.services.appointments.history(&patient, visit.id).await.unwrap();
        assert_eq!(history.iter().map(|step| (step.to, step.by.is_some())).collect::<Vec<_>>(), [(Status::Held, false), (Status::Booked, true)]);
        assert_eq!(world.services.waitlist.withdraw(&patient, id).await, Err(Error::conflict(Conflict::AlreadyDone)));
        // She may wait for another one now.
        clinic.join(&world, &patient).await;
        world.healthy().await;
    }

    async fn a_visit_that_is_put_earlier_stays_the_same_and_makes_room(world: World) {
        let clinic = Clinic::open(&world).await;
        let (busy, late, next) = (world.patient("busy@x.example").await, world.patient("late@x.example").await, world.patient("next@x.example").await);
        let early = clinic.book(&world, &busy, "10:00").await.unwrap();
        for time in ["10:30", "11:00"] {
            clinic.book(&world, &busy, time).await.unwrap();
        }
        let visit = clinic.book(&world, &late, "11:30").await.unwrap();
        let wish = JoinWaitlist { appointment_id: Some(visit.id), ..clinic.wish() };
        let waits = world.services.waitlist.join(&late, wish).await.unwrap();
        world.clock.advance_minutes(1);
        let behind = clinic.join(&world, &next).await;
        assert_eq!((relay(&world).await, behind.place), (0, Some(2)));
        let dearer = SaveVisitType { price_minor: 9_900, ..kind_of_visit(&clinic.kind.name) };
        world.services.hospitals.update_visit_type(&clinic.admin, clinic.hospital, clinic.kind.id, dearer).await.unwrap();
        cancel(&world, &busy, &early).await;
        relay(&world).await;
        assert_eq!(offered(&world, &late, waits.id).await, Some(at("10:00")));
        let offer = entry(&world, &late, waits.id).await.offer.unwrap();
        let hold = offer.appointment_id;
        let bill = world.services.payments.bill(&late, hold).await.unwrap();
        assert_eq!((&offer.price, &bill.price, bill.offered), (&visit.price, &visit.price, true), "as it was agreed");
        world.letters("late@x.example").await;
        let moved = world.services.waitlist.accept(&late, waits.id).await.unwrap();
        assert_eq!((moved.id, &moved.reference, moved.status), (visit.id, &visit.reference, Status::Booked));
        assert_eq!((moved.start.to_string(), moved.version), (at("10:00"), visit.version + 1));
        assert_eq!(world.services.appointments.get(&late, hold).await.unwrap().status, Status::Expired);
        for id in [hold, visit.id] {
            assert!(!world.services.payments.bill(&late, id).await.unwrap().offered, "it is answered");
        }
        assert_eq!(entry(&world, &late, waits.id).await.status, EntryStatus::Taken);
        let letters = world.letters("late@x.example").await;
        assert!(letters.iter().any(|letter| letter.subject == "A visit is at another time now"));
        assert_eq!(world.services.waitlist.accept(&late, waits.id).await.unwrap().id, visit.id);
        // Where it stood is the next one's.
        assert_eq!((relay(&world).await, offered(&world, &next, behind.id).await), (1, Some(at("11:30"))));
        world.healthy().await;
    }

    async fn only_what_is_earlier_helps(world: World) {
        let clinic = Clinic::open(&world).await;
        let (busy, early) = (world.patient("busy@x.example").await, world.patient("early@x.example").await);
        let visit = clinic.book(&world, &early, "10:30").await.unwrap();
        let first = clinic.book(&world, &busy, "10:00").await.unwrap();
        let wish = JoinWaitlist { appointment_id: Some(visit.id), ..clinic.wish() };
        let waits = world.services.waitlist.join(&early, wish).await.unwrap();
        assert_eq!(relay(&world).await, 0, "eleven is free, and no use");
        cancel(&world, &busy, &first).await;
        relay(&world).await;
        assert_eq!(offered(&world, &early, waits.id).await, Some(at("10:00")));
        // Whoever has moved it herself meanwhile does not end where it is not earlier.
        let to = domain::appointments::RescheduleAppointment { start: at("11:00"), ..Default::default() };
        world.services.appointments.reschedule(&early, visit.id, to).await.unwrap();
        assert_eq!(world.services.waitlist.accept(&early, waits.id).await.unwrap().start.to_string(), at("10:00"));
        world.healthy().await;
    }

    async fn nobody_is_woken_at_night(world: World) {
        let (clinic, busy, visits) = Clinic::full(&world).await;
        let patient = world.patient("p@x.example").await;
        let id = clinic.join(&world, &patient).await.id;
        world.clock.set("2026-11-23T21:00:00+01:00".parse().unwrap());
        cancel(&world, &busy, &visits[0]).await;
        assert_eq!(relay(&world).await, 0);
        world.clock.set("2026-11-24T07:59:59+01:00".parse().unwrap());
        assert_eq!(relay(&world).await, 0);
        world.clock.set("2026-11-24T08:00:00+01:00".parse().unwrap());
        assert_eq!((relay(&world).await, offered(&world, &patient, id).await), (1, Some(at("10:00"))));
        world.healthy().await;
    }

    async fn what_begins_soon_is_kept_shorter_or_not_at_all(world: World) {
        let (clinic, busy, visits) = Clinic::full(&world).await;
        let patient = world.patient("p@x.example").await;
        let id = clinic.join(&world, &patient).await.id;
        world.clock.set("2026-11-24T09:26:00+01:00".parse().unwrap());
        cancel(&world, &busy, &visits[0]).await;
        assert_eq!(relay(&world).await, 0, "four minutes are no time to answer");
        world.clock.set("2026-11-24T09:50:00+01:00".parse().unwrap());
        cancel(&world, &busy, &visits[1]).await;
        assert_eq!(relay(&world).await, 1);
        let offer = entry(&world, &patient, id).await.offer.unwrap();
        assert_eq!((offer.start.to_string(), offer.until.to_string()), (at("10:30"), at("10:00")));
        // What is over ends by itself.
        world.clock.set("2026-11-25T08:00:00+01:00".parse().unwrap());
        relay(&world).await;
        assert_eq!(entry(&world, &patient, id).await.status, EntryStatus::Ended);
        world.healthy().await;
    }

    async fn three_offers_without_an_answer_are_enough(world: World) {
        let (clinic, busy, visits) = Clinic::full(&world).await;
        let patient = world.patient("p@x.example").await;
        let id = clinic.join(&world, &patient).await.id;
        for (number, visit) in visits.iter().take(3).enumerate() {
            assert_eq!(entry(&world, &patient, id).await.status, EntryStatus::Waiting, "{number}");
            cancel(&world, &busy, visit).await;
            assert_eq!(relay(&world).await, 1);
            world.clock.advance_minutes(15);
            assert_eq!(relay(&world).await, 0);
        }
        let over = entry(&world, &patient, id).await;
        assert_eq!((over.status, over.place), (EntryStatus::Ended, None));
        let letters = world.letters("p@x.example").await;
        assert_eq!(letters.iter().filter(|letter| letter.subject == "We no longer look for a time").count(), 1);
        assert!(letters.iter().all(|letter| letter.subject != "A time has come free"), "of what is over nobody is told");
        cancel(&world, &busy, &visits[3]).await;
        assert_eq!(relay(&world).await, 0);
        world.healthy().await;
    }

    async fn who_leaves_gives_back_what_is_kept(world: World) {
        let (clinic, busy, visits) = Clinic::full(&world).await;
        let (first, second) = (world.patient("first@x.example").await, world.patient("second@x.example").await);
        let (one, two) = (clinic.join(&world, &first).await.id, clinic.join(&world, &second).await.id);
        cancel(&world, &busy, &visits[0]).await;
        relay(&world).await;
        let gone = world.services.waitlist.withdraw(&first, one).await.unwrap();
        assert_eq!((gone.status, gone.offer, gone.place), (EntryStatus::Withdrawn, None, None));
        assert_eq!(entry(&world, &second, two).await.place, Some(1));
        assert_eq!((relay(&world).await, offered(&world, &second, two).await), (1, Some(at("10:00"))));
        assert_eq!(world.services.waitlist.withdraw(&first, one).await, Err(Error::conflict(Conflict::AlreadyDone)));
        // Whoever lets go of the hold itself has declined.
        let hold = entry(&world, &second, two).await.offer.unwrap().appointment_id;
        world.services.appointments.release_hold(&second, hold).await.unwrap();
        assert_eq!(entry(&world, &second, two).await.status, EntryStatus::Waiting);
        assert_eq!(relay(&world).await, 0);
        world.healthy().await;
    }

    async fn nobody_at_the_hospital_answers_for_whoever_waits(world: World) {
        let (clinic, busy, visits) = Clinic::full(&world).await;
        let patient = world.patient("p@x.example").await;
        let id = clinic.join(&world, &patient).await.id;
        let desk = world.member(&clinic.admin, clinic.hospital, "desk@x.example", Role::Desk, None).await;
        let own = Some(clinic.doctor.card.id);
        let doctor = world.member(&clinic.admin, clinic.hospital, "ada@x.example", Role::Doctor, own).await;
        cancel(&world, &busy, &visits[0]).await;
        assert_eq!(relay(&world).await, 1);
        let hold = entry(&world, &patient, id).await.offer.unwrap().appointment_id;
        let appointments = &world.services.appointments;
        for staff in [&desk, &clinic.admin, &doctor] {
            assert_eq!(appointments.get(staff, hold).await.unwrap().status, Status::Held, "they see it");
            assert_eq!(appointments.take_hold(staff, hold).await, Err(Error::NotFound));
            assert_eq!(appointments.release_hold(staff, hold).await, Err(Error::NotFound));
        }
        assert_eq!(offered(&world, &patient, id).await, Some(at("10:00")));
        assert_eq!(appointments.take_hold(&patient, hold).await.unwrap().status, Status::Booked);
        assert_eq!(entry(&world, &patient, id).await.status, EntryStatus::Taken);
        // A visit that might be earlier is not put there by them either, though they may move it by hand.
        let late = visits.last().unwrap();
        let wish = JoinWaitlist { appointment_id: Some(late.id), ..clinic.wish() };
        let waits = world.services.waitlist.join(&busy, wish).await.unwrap().id;
        cancel(&world, &busy, &visits[1]).await;
        assert_eq!(relay(&world).await, 1);
        let hold = entry(&world, &busy, waits).await.offer.unwrap().appointment_id;
        for staff in [&desk, &clinic.admin, &doctor] {
            assert_eq!(appointments.take_hold(staff, hold).await, Err(Error::NotFound));
            assert_eq!(appointments.release_hold(staff, hold).await, Err(Error::NotFound));
        }
        assert_eq!(appointments.take_hold(&busy, hold).await.unwrap().id, late.id);
        // What the desk keeps for a patient itself it takes and lets go of as ever.
        let start = at("11:30");
        let keeps = || BookAppointment { patient_id: Some(late.patient_id), ..booking(&clinic.doctor, &clinic.kind, &start) };
        let kept = appointments.hold(&desk, keeps()).await.unwrap();
        assert_eq!(appointments.release_hold(&desk, kept.id).await.unwrap().status, Status::Expired);
        let kept = appointments.hold(&desk, keeps()).await.unwrap();
        assert_eq!(appointments.take_hold(&desk, kept.id).await.unwrap().status, Status::Booked);
        world.healthy().await;
    }

    async fn many_relays_make_one_offer(world: World) {
        let (clinic, busy, visits) = Clinic::full(&world).await;
        let mut people = Vec::new();
        for number in 0..4 {
            let who = world.patient(&format!("q{number}@x.example")).await;
            let id = clinic.join(&world, &who).await.id;
            people.push((who, id));
        }
        for (number, visit) in visits.iter().enumerate() {
            cancel(&world, &busy, visit).await;
            let relays = futures::future::join_all((0..8).map(|_| world.house.offer_due())).await;
            let made: usize = relays.into_iter().map(Result::unwrap).sum();
            assert_eq!(made, 1, "{number}");
            for (place, (who, id)) in people.iter().enumerate() {
                let expected = (place <= number).then(|| at(["10:00", "10:30", "11:00", "11:30"][place]));
                assert_eq!(offered(&world, who, *id).await, expected, "{number} {place}");
            }
        }
        // All answer at once, in both ways, while the relays run.
        let answers = people.iter().enumerate().map(|(number, (who, id))| {
            let world = &world;
            async move {
                if number % 2 == 0 {
                    world.services.waitlist.accept(who, *id).await.map(drop)
                } else {
                    world.services.waitlist.decline(who, *id).await.map(drop)
                }
            }
        });
        let (answers, _) = futures::future::join(futures::future::join_all(answers), world.house.offer_due()).await;
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        world.healthy().await;
    }

    async fn the_rest_of_a_night_is_offered_in_the_morning(world: World) {
        let clinic = Clinic::open(&world).await;
        let window = TimeWindow { start: parse_time("22:00").unwrap(), end: parse_time("09:30").unwrap() };
        let nights = SetWorkingHours { weekly: vec![WeeklyWindow::new(1, window)], rules: None, version: None };
        let id = clinic.doctor.card.id;
        world.services.availability.set_working_hours(&clinic.admin, id, nights).await.unwrap();
        world.clock.advance_minutes(23 * 60 + 5);
        let patient = world.patient("p@x.example").await;
        let joined = clinic.join(&world, &patient).await;
        assert_eq!(relay(&world).await, 1);
        assert_eq!(offered(&world, &patient, joined.id).await, Some(at("09:00")));
        world.healthy().await;
    }
}
