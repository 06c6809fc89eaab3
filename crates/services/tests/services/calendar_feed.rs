//! The private address of a calendar, on both engines: how it is made and ends, what it tells to whom, and what stands in the audit.
//!
//! Letters about visits are in `calendars`.

use crate::{
    credentials::holder,
    family::{account, again, child, helped, own_patient},
    ics::Calendar,
    world::{PASSWORD, World, booking, on_both_engines},
};
use domain::{
    Call, Error,
    access::{Origin, Role},
    accounts::{AcceptInvitation, InviteMember},
    appointments::{Appointment, BookAppointment, Move, MoveAppointment, RescheduleAppointment},
    calendars::{CalendarFile, FeedDetail, SetFeed},
    credentials::UndoEmail,
    doctors::Doctor,
    family::Permission,
    hospitals::VisitType,
    page::PageQuery,
};

const TEN: &str = "2026-11-24T10:00:00+01:00";
const DAY: i64 = 24 * 60;

fn telling(detail: FeedDetail) -> SetFeed {
    SetFeed { detail }
}

/// Makes an address; its secret.
async fn made(world: &World, call: &Call, detail: FeedDetail) -> String {
    let made = world.services.calendars.make_feed(call, telling(detail)).await.unwrap();
    let secret = made.address.strip_prefix("https://care.example/calendar/").unwrap();
    secret.strip_suffix(".ics").unwrap().to_owned()
}

async fn file(world: &World, secret: &str) -> domain::Result<CalendarFile> {
    world.services.calendars.read_feed(secret, &Origin::default()).await
}

async fn shown(world: &World, secret: &str) -> Calendar {
    Calendar::read(&file(world, secret).await.unwrap().text)
}

async fn summaries(world: &World, secret: &str) -> Vec<String> {
    shown(world, secret).await.entries.into_iter().map(|entry| entry.summary).collect()
}

/// A doctor, and a patient who has a visit with her at ten.
async fn booked(world: &World) -> (Call, (Doctor, VisitType), Call, Appointment) {
    let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
    let (doctor, kind) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt; MD, PhD").await;
    let patient = world.patient("p@x.example").await;
    let visit = world.services.appointments.book(&patient, booking(&doctor, &kind, TEN)).await.unwrap();
    (admin, (doctor, kind), patient, visit)
}

async fn cancel(world: &World, call: &Call, visit: &Appointment) {
    let appointments = &world.services.appointments;
    appointments.advance(call, visit.id, Move::Cancel, MoveAppointment::default()).await.unwrap();
}

on_both_engines! {
    async fn an_address_is_shown_once_and_its_owner_is_told(world: World) {
        let patient = world.patient("p@x.example").await;
        let calendars = &world.services.calendars;
        assert_eq!(calendars.feed(&patient).await, Err(Error::NotFound));
        let secret = made(&world, &patient, FeedDetail::Visit).await;
        assert_eq!(secret.len(), 43, "256 bits");
        let feed = calendars.feed(&patient).await.unwrap();
        assert_eq!((feed.detail, feed.read_at), (FeedDetail::Visit, None));
        let letter = world.letters("p@x.example").await.pop().unwrap();
        assert_eq!(letter.subject, "Your visits can be read in a calendar");
        assert!(letter.link().starts_with("https://care.example/undo-email?token="), "{}", letter.text);
        assert!(!letter.raw.contains(&secret));
        shown(&world, &secret).await;
        assert_eq!(calendars.feed(&patient).await.unwrap().read_at, Some(crate::world::beginning()));
        // Nobody could be told at an address that may be somebody else's.
        let newcomer = world.newcomer("new@x.example").await;
        let refused = calendars.make_feed(&newcomer, telling(FeedDetail::Busy)).await.err();
        assert_eq!(refused, Some(Error::EmailUnverified));
        assert_eq!(calendars.feed(&Call::anonymous()).await, Err(Error::Unauthenticated));
    }

    async fn it_tells_as_much_as_was_chosen(world: World) {
        let (_, _, patient, visit) = booked(&world).await;
        let link = format!("https://care.example/appointments/{}", visit.id);
        let secret = made(&world, &patient, FeedDetail::Busy).await;
        let busy = shown(&world, &secret).await;
        assert_eq!((busy.method.as_str(), busy.name.as_deref()), ("PUBLISH", Some("Busy times")));
        assert!(busy.text.contains("REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"));
        let entry = busy.only();
        assert_eq!((entry.summary.as_str(), &entry.description, &entry.location), ("Busy", &None, &None));
        assert!(!busy.text.contains("Vogt") && !busy.text.contains("CareSync appointment") && !busy.text.contains("URL") && !busy.text.contains("ORGANIZER"));
        world.services.calendars.change_feed(&patient, telling(FeedDetail::Visit)).await.unwrap();
        let visits = shown(&world, &secret).await;
        let more = visits.only();
        assert_eq!((visits.name.as_deref(), more.summary.as_str(), &more.description, &more.location), (Some("CareSync"), "CareSync appointment", &Some(link.clone()), &None));
        assert!(!visits.text.contains("Vogt") && !visits.text.contains("Lindenhof"));
        world.services.calendars.change_feed(&patient, telling(FeedDetail::Full)).await.unwrap();
        let full = shown(&world, &secret).await;
        let all = full.only();
        assert_eq!((all.summary.as_str(), all.location.as_deref()), ("Visit with Dr. Ada Vogt; MD, PhD", Some("Lindenhof, Main Street 1, Town")));
        let about = all.description.as_deref().unwrap();
        assert!(about.contains(&visit.reference) && about.ends_with(&link), "{about}");
        // It is one visit, under one name, at one time, without a reminder: the letter's entry has that.
        assert_eq!((&entry.uid, &entry.start, entry.alarms), (&all.uid, &all.start, 0));
        assert_eq!(all.uid, format!("appt-{}@care.example", visit.id));
    }

    async fn an_address_that_tells_more_counts_as_a_new_one(world: World) {
        let patient = world.patient("p@x.example").await;
        let calendars = &world.services.calendars;
        let secret = made(&world, &patient, FeedDetail::Visit).await;
        world.letters("p@x.example").await;
        world.clock.advance_minutes(40 * DAY);
        let patient = again(&world, &patient).await;
        calendars.change_feed(&patient, telling(FeedDetail::Busy)).await.unwrap();
        assert!(world.letters("p@x.example").await.is_empty(), "less is nobody's worry");
        let before = calendars.feed(&patient).await.unwrap().made_at;
        calendars.change_feed(&patient, telling(FeedDetail::Full)).await.unwrap();
        assert!(calendars.feed(&patient).await.unwrap().made_at > before);
        let letter = world.letters("p@x.example").await.pop().unwrap();
        world.services.credentials.undo_email(UndoEmail { token: letter.token() }).await.unwrap();
        assert_eq!(file(&world, &secret).await, Err(Error::NotFound));
        // Whoever was signed out by that changes nothing any more.
        made(&world, &again(&world, &patient).await, FeedDetail::Busy).await;
        assert_eq!(calendars.change_feed(&patient, telling(FeedDetail::Full)).await, Err(Error::Unauthenticated));
    }

    async fn what_is_to_come_and_thirty_days_back(world: World) {
        let (_, (doctor, kind), patient, first) = booked(&world).await;
        let appointments = &world.services.appointments;
        let second = appointments.book(&patient, booking(&doctor, &kind, "2026-12-18T10:00")).await.unwrap();
        let secret = made(&world, &patient, FeedDetail::Full).await;
        let uids = async || shown(&world, &secret).await.entries.into_iter().map(|entry| entry.uid).collect::<Vec<_>>();
        let of = |visit: &Appointment| format!("appt-{}@care.example", visit.id);
        assert_eq!(uids().await, [of(&first), of(&second)]);
        world.clock.advance_minutes(30 * DAY);
        assert_eq!(uids().await, [of(&first), of(&second)]);
        world.clock.advance_minutes(2 * DAY);
        assert_eq!(uids().await, [of(&second)]);
        let third = appointments.book(&patient, booking(&doctor, &kind, "2026-12-28T10:00")).await.unwrap();
        cancel(&world, &patient, &third).await;
        assert_eq!(uids().await, [of(&second)]);
    }

    async fn the_version_changes_with_what_it_says(world: World) {
        let (_, _, patient, visit) = booked(&world).await;
        let secret = made(&world, &patient, FeedDetail::Visit).await;
        let first = file(&world, &secret).await.unwrap();
        world.clock.advance_minutes(5);
        let same = file(&world, &secret).await.unwrap();
        assert_eq!(first.version, same.version);
        assert_ne!(first.text, same.text, "it says when it was made");
        let to = RescheduleAppointment { start: "2026-11-25T10:00".into(), ..RescheduleAppointment::default() };
        world.services.appointments.reschedule(&patient, visit.id, to).await.unwrap();
        let moved = file(&world, &secret).await.unwrap();
        assert_ne!(first.version, moved.version);
        assert!(Calendar::read(&moved.text).only().sequence > Calendar::read(&first.text).only().sequence);
    }

    async fn an_address_that_has_ended_is_dead_at_once(world: World) {
        let patient = world.patient("p@x.example").await;
        let calendars = &world.services.calendars;
        let first = made(&world, &patient, FeedDetail::Visit).await;
        let second = made(&world, &patient, FeedDetail::Visit).await;
        for dead in [first.as_str(), "", "x", &second[1..], &format!("{second}x")] {
            assert_eq!(file(&world, dead).await, Err(Error::NotFound), "{dead}");
        }
        shown(&world, &second).await;
        calendars.end_feed(&patient).await.unwrap();
        assert_eq!(file(&world, &second).await, Err(Error::NotFound));
        assert_eq!(calendars.end_feed(&patient).await, Err(Error::NotFound));
        assert_eq!(calendars.change_feed(&patient, telling(FeedDetail::Full)).await, Err(Error::NotFound));
    }

    async fn rights_are_those_of_today(world: World) {
        let (admin, (doctor, kind), patient, visit) = booked(&world).await;
        let helper = world.patient("h@x.example").await;
        let secret = made(&world, &helper, FeedDetail::Full).await;
        assert!(summaries(&world, &secret).await.is_empty(), "of a stranger there is nothing");
        let helper = helped(&world, &patient, &helper, &[Permission::Book]).await;
        assert_eq!(summaries(&world, &secret).await, ["Visit with Dr. Ada Vogt; MD, PhD, for Patient p@x.example"]);
        // What is nobody's business but hers goes, and comes with the permission.
        world.becomes_private(&admin, &doctor, &kind).await;
        assert!(summaries(&world, &secret).await.is_empty());
        assert_eq!(world.services.calendars.visit(&helper, visit.id).await, Err(Error::NotFound));
        let (parent, mia) = child(&world, &helper, 9, 0).await;
        let hers = BookAppointment { patient_id: Some(mia), ..booking(&doctor, &kind, "2026-11-24T11:00") };
        world.services.appointments.book(&parent, hers).await.unwrap();
        assert_eq!(summaries(&world, &secret).await, ["Visit with Dr. Ada Vogt; MD, PhD, for Mia Sommer"]);
        world.services.families.end(&parent, own_patient(&patient), account(&helper)).await.unwrap();
        assert_eq!(summaries(&world, &secret).await.len(), 1);
        // Her own address shows her own.
        let own = made(&world, &again(&world, &patient).await, FeedDetail::Full).await;
        assert_eq!(summaries(&world, &own).await, ["Visit with Dr. Ada Vogt; MD, PhD"]);
        // Members of the hospital do not see its patients there.
        let desk = world.patient("desk@x.example").await;
        let seat = InviteMember { hospital_id: visit.hospital_id, email: "desk@x.example".into(), role: Role::Desk, doctor_id: None };
        let token = world.services.accounts.invite(&admin, seat).await.unwrap().token.unwrap();
        let accept = AcceptInvitation { token, full_name: "Desk".into(), password: PASSWORD.into() };
        world.services.accounts.accept_invitation(&desk, accept).await.unwrap();
        let desk = again(&world, &desk).await;
        assert_eq!(desk.actor.principal().unwrap().memberships.len(), 1);
        let staff = made(&world, &desk, FeedDetail::Full).await;
        assert!(summaries(&world, &staff).await.is_empty());
    }

    async fn each_reading_stands_in_the_audit(world: World) {
        let (_, _, patient, _) = booked(&world).await;
        let helper = helped(&world, &patient, &world.patient("h@x.example").await, &[Permission::Book]).await;
        let secret = made(&world, &helper, FeedDetail::Busy).await;
        let origin = Origin { address: Some([10, 0, 0, 7].into()), device: "Calendar/1.0".into() };
        world.services.calendars.read_feed(&secret, &origin).await.unwrap();
        let looks = world.services.audit.of_patient(&patient, own_patient(&patient), PageQuery::default()).await.unwrap().items;
        let look = looks.iter().find(|look| look.action == "read_calendar").unwrap();
        assert_eq!((look.account_id, look.basis.as_str()), (Some(account(&helper)), "helper"));
        // A program asks all day: one line a day, so that what people look at is not buried.
        for _ in 0..5 {
            world.clock.advance_minutes(10);
            world.services.calendars.read_feed(&secret, &origin).await.unwrap();
        }
        world.clock.advance_minutes(DAY);
        world.services.calendars.read_feed(&secret, &origin).await.unwrap();
        let looks = world.services.audit.of_patient(&patient, own_patient(&patient), PageQuery::default()).await.unwrap().items;
        assert_eq!(looks.iter().filter(|look| look.action == "read_calendar").count(), 2);
        let report = world.house.verify_audit(&std::collections::BTreeMap::new()).await.unwrap();
        assert!(report.faults.is_empty(), "{:?}", report.faults);
        world.healthy().await;
    }

    async fn nobody_reads_it_all_day_long(world: World) {
        let patient = world.patient("p@x.example").await;
        let secret = made(&world, &patient, FeedDetail::Busy).await;
        for _ in 0..60 {
            file(&world, &secret).await.unwrap();
        }
        assert_eq!(file(&world, &secret).await, Err(Error::TooMany { retry_after: 3601 }));
        assert_eq!(file(&world, "another").await, Err(Error::NotFound));
        world.clock.advance_minutes(61);
        file(&world, &secret).await.unwrap();
    }

    async fn an_account_that_is_taken_back_takes_the_address_with_it(world: World) {
        let old = world.patient("old@x.example").await;
        let before = made(&world, &old, FeedDetail::Full).await;
        let patient = world.patient("p@x.example").await;
        world.clock.advance_minutes(40 * DAY);
        let (thief, _) = holder(&world, "p@x.example", PASSWORD).await;
        let secret = made(&world, &thief, FeedDetail::Full).await;
        crate::second_factors::turn_on(&world, &again(&world, &patient).await).await;
        let letters = world.letters("p@x.example").await;
        let code = letters.iter().find(|letter| letter.subject == "Signing in now asks for a code").unwrap();
        world.services.credentials.undo_email(UndoEmail { token: code.token() }).await.unwrap();
        assert_eq!(file(&world, &secret).await, Err(Error::NotFound));
        shown(&world, &before).await;
    }

    async fn one_visit_is_a_file_for_whoever_may_see_it(world: World) {
        let (admin, _, patient, visit) = booked(&world).await;
        let calendars = &world.services.calendars;
        let file = Calendar::read(&calendars.visit(&patient, visit.id).await.unwrap().text);
        let entry = file.only();
        assert_eq!((file.method.as_str(), file.name.as_deref(), entry.alarms), ("PUBLISH", None, 1));
        assert_eq!((entry.summary.as_str(), entry.location.as_deref()), ("Visit with Dr. Ada Vogt; MD, PhD", Some("Lindenhof, Main Street 1, Town")));
        assert_eq!((entry.uid.clone(), entry.organizer.as_deref(), &entry.attendee), (format!("appt-{}@care.example", visit.id), Some("mailto:no-reply@localhost"), &None));
        let stranger = world.patient("eve@x.example").await;
        assert_eq!(calendars.visit(&stranger, visit.id).await, Err(Error::NotFound));
        assert_eq!(calendars.visit(&Call::anonymous(), visit.id).await, Err(Error::Unauthenticated));
        calendars.visit(&admin, visit.id).await.unwrap();
        cancel(&world, &patient, &visit).await;
        let gone = Calendar::read(&calendars.visit(&patient, visit.id).await.unwrap().text);
        assert_eq!((gone.only().status.as_str(), gone.only().alarms), ("CANCELLED", 0));
    }
}
