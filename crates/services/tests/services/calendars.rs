//! Letters about visits, on both engines: what a calendar program makes of them, who gets them, and when none is sent.
//!
//! Private addresses of calendars are in `calendar_feed`.

use crate::{
    family::{account, again, child, help, helped, own_patient, yes},
    ics::{Calendar, Entry},
    letters::Letter,
    world::{World, booking, on_both_engines},
};
use domain::{
    Call, Error,
    appointments::{Appointment, BookAppointment, Move, MoveAppointment, RescheduleAppointment, Status},
    doctors::Doctor,
    family::{OfferHelp, Permission, Relation},
    hospitals::VisitType,
};

const TEN: &str = "2026-11-24T10:00:00+01:00";
const DAY: i64 = 24 * 60;

fn to(start: &str) -> RescheduleAppointment {
    RescheduleAppointment { start: start.into(), ..RescheduleAppointment::default() }
}

/// The letters about visits that an address has got, each with what its calendar says.
async fn invitations(world: &World, email: &str) -> Vec<(String, Calendar)> {
    let letters = world.letters(email).await.into_iter();
    letters
        .filter(|letter| letter.calendar.is_some())
        .map(|letter| (letter.subject.clone(), read(&letter)))
        .collect()
}

#[track_caller]
fn read(letter: &Letter) -> Calendar {
    let (method, text) = letter.calendar.clone().unwrap();
    let calendar = Calendar::read(&text);
    assert_eq!(calendar.method, method, "the type of the part and the file say the same");
    // Mail is read by many.
    for word in ["Vogt", "cardiology", "psychiatry", "Lindenhof", "Main Street", "Patient", "Mia"] {
        assert!(!letter.raw.contains(word), "{word}: {}", letter.raw);
    }
    calendar
}

/// The only such letter.
async fn invitation(world: &World, email: &str) -> (String, Entry, String) {
    let mut found = invitations(world, email).await;
    assert_eq!(found.len(), 1, "{found:?}");
    let (subject, calendar) = found.remove(0);
    (subject, calendar.only().clone(), calendar.method)
}

/// A doctor at a hospital with an administrator, and a patient.
async fn scene(world: &World) -> (Call, (Doctor, VisitType), Call) {
    let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
    let doctor = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
    let patient = world.patient("p@x.example").await;
    (admin, doctor, patient)
}

async fn cancel(world: &World, call: &Call, visit: &Appointment) -> Appointment {
    let appointments = &world.services.appointments;
    appointments.advance(call, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap()
}

on_both_engines! {
    async fn a_visit_goes_into_the_calendar_moves_there_and_goes_out(world: World) {
        let (admin, (doctor, kind), patient) = scene(&world).await;
        let appointments = &world.services.appointments;
        let visit = appointments.book(&patient, booking(&doctor, &kind, TEN)).await.unwrap();
        let (subject, booked, method) = invitation(&world, "p@x.example").await;
        assert_eq!((subject.as_str(), method.as_str()), ("A visit is booked", "REQUEST"));
        let link = format!("https://care.example/appointments/{}", visit.id);
        assert_eq!(booked, Entry {
            uid: format!("appt-{}@care.example", visit.id),
            sequence: 0,
            stamp: "20261123T060000Z".into(),
            start: "20261124T090000Z".into(),
            end: "20261124T093000Z".into(),
            summary: "Appointment".into(),
            description: Some(link),
            location: None,
            status: "CONFIRMED".into(),
            organizer: Some("mailto:no-reply@localhost".into()),
            attendee: Some("mailto:p@x.example".into()),
            alarms: 1,
        });
        // Who does it herself gets the letter, too: the entry is what she wants.
        appointments.reschedule(&patient, visit.id, to("2026-11-25T14:30")).await.unwrap();
        let (subject, moved, method) = invitation(&world, "p@x.example").await;
        assert_eq!((subject.as_str(), method.as_str()), ("A visit is at another time now", "REQUEST"));
        assert_eq!((&moved.uid, moved.start.as_str()), (&booked.uid, "20261125T133000Z"));
        assert!(moved.sequence > booked.sequence);
        // That the hospital confirms it changes nothing in a calendar.
        appointments.advance(&admin, visit.id, Move::Confirm, MoveAppointment::default()).await.unwrap();
        assert!(invitations(&world, "p@x.example").await.is_empty());
        appointments.reschedule(&admin, visit.id, to(TEN)).await.unwrap();
        let (_, again, _) = invitation(&world, "p@x.example").await;
        assert!(again.sequence > moved.sequence && again.start == booked.start);
        cancel(&world, &admin, &visit).await;
        let (subject, gone, method) = invitation(&world, "p@x.example").await;
        assert_eq!((subject.as_str(), method.as_str(), gone.status.as_str()), ("A visit is cancelled", "CANCEL", "CANCELLED"));
        assert_eq!((&gone.uid, &gone.organizer, &gone.attendee, gone.alarms), (&booked.uid, &booked.organizer, &booked.attendee, 0));
        assert!(gone.sequence > again.sequence);
        world.healthy().await;
    }

    async fn of_steps_close_together_the_last_one_is_told(world: World) {
        let (admin, (doctor, kind), patient) = scene(&world).await;
        let appointments = &world.services.appointments;
        let visit = appointments.book(&patient, booking(&doctor, &kind, TEN)).await.unwrap();
        appointments.reschedule(&patient, visit.id, to("2026-11-25T10:00")).await.unwrap();
        appointments.reschedule(&patient, visit.id, to("2026-11-26T10:00")).await.unwrap();
        let (subject, entry, _) = invitation(&world, "p@x.example").await;
        assert_eq!((subject.as_str(), entry.start.as_str(), entry.sequence), ("A visit is at another time now", "20261126T090000Z", 2));
        // Nobody is asked to take in what was called off meanwhile.
        let other = appointments.book(&patient, booking(&doctor, &kind, TEN)).await.unwrap();
        cancel(&world, &patient, &other).await;
        let (subject, _, method) = invitation(&world, "p@x.example").await;
        assert_eq!((subject.as_str(), method.as_str()), ("A visit is cancelled", "CANCEL"));
        // Nor what is over by the time that a letter can leave.
        appointments.book(&patient, booking(&doctor, &kind, TEN)).await.unwrap();
        world.clock.advance_minutes(2 * DAY);
        assert!(invitations(&world, "p@x.example").await.is_empty());
        // A step of which nobody is told hides none of which somebody is.
        let late = appointments.book(&patient, booking(&doctor, &kind, "2026-11-27T10:00")).await.unwrap();
        appointments.advance(&admin, late.id, Move::Confirm, MoveAppointment::default()).await.unwrap();
        assert_eq!(invitation(&world, "p@x.example").await.1.sequence, 1);
    }

    async fn a_time_that_is_held_is_told_when_it_is_booked(world: World) {
        let (_, (doctor, kind), patient) = scene(&world).await;
        let appointments = &world.services.appointments;
        let held = appointments.hold(&patient, booking(&doctor, &kind, TEN)).await.unwrap();
        assert_eq!(held.status, Status::Held);
        appointments.extend_hold(&patient, held.id).await.unwrap();
        assert_eq!(world.services.calendars.visit(&patient, held.id).await, Err(Error::NotFound));
        assert!(invitations(&world, "p@x.example").await.is_empty());
        assert_eq!(appointments.take_hold(&patient, held.id).await.unwrap().status, Status::Booked);
        let (subject, entry, _) = invitation(&world, "p@x.example").await;
        assert_eq!((subject.as_str(), entry.start.as_str(), entry.sequence), ("A visit is booked", "20261124T090000Z", 2));
        let other = appointments.hold(&patient, booking(&doctor, &kind, "2026-11-25T10:00")).await.unwrap();
        appointments.release_hold(&patient, other.id).await.unwrap();
        assert!(invitations(&world, "p@x.example").await.is_empty());
        world.healthy().await;
    }

    async fn one_key_tells_once(world: World) {
        let (_, (doctor, kind), patient) = scene(&world).await;
        let keyed = Call { idempotency_key: Some("k1".into()), ..patient };
        for _ in 0..3 {
            world.services.appointments.book(&keyed, booking(&doctor, &kind, TEN)).await.unwrap();
        }
        assert_eq!(world.outbox().await.iter().filter(|row| row.payload.contains("\"visit\"")).count(), 1);
    }

    async fn a_letter_goes_to_those_who_mind_the_patient_and_may_see_the_visit(world: World) {
        let (admin, (doctor, kind), patient) = scene(&world).await;
        let appointments = &world.services.appointments;
        let helper = helped(&world, &patient, &world.patient("h@x.example").await, &Permission::ALL).await;
        let (parent, mia) = child(&world, &world.patient("mum@x.example").await, 9, 0).await;
        // A patient with an account of her own hears of it herself, whoever books.
        let own = BookAppointment { patient_id: Some(own_patient(&patient)), ..booking(&doctor, &kind, TEN) };
        appointments.book(&helper, own).await.unwrap();
        assert_eq!(invitations(&world, "p@x.example").await.len(), 1);
        assert!(invitations(&world, "h@x.example").await.is_empty());
        // For a small child it is whoever books for her.
        let hers = BookAppointment { patient_id: Some(mia), ..booking(&doctor, &kind, "2026-11-24T11:00") };
        let visit = appointments.book(&parent, hers).await.unwrap();
        let (_, entry, _) = invitation(&world, "mum@x.example").await;
        assert_eq!(entry.attendee.as_deref(), Some("mailto:mum@x.example"));
        // What is kept from a parent is not told to her either, not even that there is something.
        world.becomes_private(&admin, &doctor, &kind).await;
        world.clock.advance_minutes(3 * 366 * DAY);
        let parent = again(&world, &parent).await;
        assert!(appointments.get(&parent, visit.id).await.is_err());
        appointments.reschedule(&admin, visit.id, to("2029-11-29T10:00")).await.unwrap();
        assert!(world.letters("mum@x.example").await.iter().all(|letter| letter.calendar.is_none() && !letter.subject.contains("visit")));
    }

    async fn whoever_minds_her_no_longer_hears_of_nothing(world: World) {
        let (_, (doctor, kind), _) = scene(&world).await;
        let appointments = &world.services.appointments;
        let (parent, mia) = child(&world, &world.patient("mum@x.example").await, 9, 0).await;
        let carer = world.patient("carer@x.example").await;
        let help = OfferHelp { relation: Relation::Parent, ..help("carer@x.example", &[Permission::Book]) };
        let offer = world.services.families.offer(&parent, mia, help).await.unwrap();
        world.services.families.answer(&carer, offer.id, yes()).await.unwrap();
        let hers = BookAppointment { patient_id: Some(mia), ..booking(&doctor, &kind, TEN) };
        appointments.book(&parent, hers).await.unwrap();
        // The letter is written when it leaves, and by then she is not asked to help any more.
        world.services.families.end(&parent, mia, account(&carer)).await.unwrap();
        assert_eq!(invitations(&world, "mum@x.example").await.len(), 1);
        assert!(invitations(&world, "carer@x.example").await.is_empty());
    }

    async fn nobody_fills_a_mailbox_and_the_hospital_is_always_heard(world: World) {
        let (admin, (doctor, kind), patient) = scene(&world).await;
        let helper = helped(&world, &patient, &world.patient("h@x.example").await, &[Permission::Book]).await;
        let wanted = || BookAppointment { patient_id: Some(own_patient(&patient)), ..booking(&doctor, &kind, TEN) };
        let planned = world.services.appointments.book(&patient, booking(&doctor, &kind, "2026-11-27T09:00")).await.unwrap();
        world.clock.advance_minutes(61);
        for _ in 0..25 {
            let visit = world.services.appointments.book(&helper, wanted()).await.unwrap();
            cancel(&world, &helper, &visit).await;
        }
        let told = async || world.outbox().await.iter().filter(|row| row.payload.contains("\"visit\"")).count();
        assert_eq!(told().await, 1 + 40);
        // A visit that may stand in a calendar goes out of it, however many were booked and cancelled meanwhile.
        cancel(&world, &helper, &planned).await;
        assert_eq!(told().await, 1 + 40 + 1);
        let visit = world.services.appointments.book(&admin, wanted()).await.unwrap();
        cancel(&world, &admin, &visit).await;
        assert_eq!(told().await, 1 + 40 + 1 + 2);
    }
}
