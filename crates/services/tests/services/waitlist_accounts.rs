//! How much of what comes free one account may keep from others by waiting, on both engines.
//!
//! Who is offered what is tested in `waitlist_offers`.

use std::collections::BTreeSet;

use domain::{
    Call,
    access::Role,
    family::Permission,
    ids::{PatientId, WaitlistEntryId},
    waitlist::{EntryStatus, JoinWaitlist},
};

use crate::{
    family::{child, helped, own_patient},
    waitlist::{Clinic, at, entry, relay},
    world::{World, booking, on_both_engines},
};

/// Puts a patient in line; whoever is put there after her is behind her.
async fn join(world: &World, clinic: &Clinic, who: &Call, whose: PatientId) -> WaitlistEntryId {
    let wish = JoinWaitlist { patient_id: Some(whose), ..clinic.wish() };
    let joined = world.services.waitlist.join(who, wish).await.unwrap();
    world.clock.advance_minutes(1);
    joined.id
}

/// When the time begins that is kept for an entry.
async fn offered(world: &World, who: &Call, id: WaitlistEntryId) -> Option<String> {
    entry(world, who, id).await.offer.map(|offer| offer.start.to_string())
}

on_both_engines! {
    async fn a_family_is_asked_one_after_the_other_and_leaves_times_to_others(world: World) {
        let clinic = Clinic::open(&world).await;
        let (parent, ada) = child(&world, &world.patient("p@x.example").await, 4, 10).await;
        let (parent, bea) = child(&world, &parent, 5, 10).await;
        let (parent, cia) = child(&world, &parent, 6, 10).await;
        let next = world.patient("next@x.example").await;
        let own = join(&world, &clinic, &parent, own_patient(&parent)).await;
        let ada = join(&world, &clinic, &parent, ada).await;
        let bea = join(&world, &clinic, &parent, bea).await;
        let cia = join(&world, &clinic, &parent, cia).await;
        let behind = join(&world, &clinic, &next, own_patient(&next)).await;
        // Four times are free. Two are kept for the family, and one for whoever is behind it.
        assert_eq!((relay(&world).await, relay(&world).await), (3, 0));
        assert_eq!(offered(&world, &parent, own).await, Some(at("10:00")));
        assert_eq!(offered(&world, &parent, ada).await, Some(at("10:30")));
        assert_eq!((offered(&world, &parent, bea).await, offered(&world, &parent, cia).await), (None, None));
        assert_eq!(offered(&world, &next, behind).await, Some(at("11:00")));
        // Whoever has answered makes room for her brothers and sisters, who have kept their places.
        world.services.waitlist.accept(&parent, own).await.unwrap();
        assert_eq!((relay(&world).await, offered(&world, &parent, bea).await), (1, Some(at("11:30"))));
        assert_eq!(offered(&world, &parent, cia).await, None);
        world.services.waitlist.decline(&parent, ada).await.unwrap();
        assert_eq!((relay(&world).await, offered(&world, &parent, cia).await), (1, Some(at("10:30"))));
        // Nor does it matter with how many doctors they wait.
        let (other, kind) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Bo Lind").await;
        let wish = JoinWaitlist { doctor_id: other.card.id, visit_type_id: kind.id, ..clinic.wish() };
        world.services.waitlist.join(&parent, wish).await.unwrap();
        assert_eq!(relay(&world).await, 0);
        world.healthy().await;
    }

    async fn several_lines_at_once_keep_no_more_for_one_account(world: World) {
        let clinic = Clinic::open(&world).await;
        let patient = world.patient("p@x.example").await;
        for number in 0..4 {
            let (doctor, kind) = world.doctor(&clinic.admin, clinic.hospital, &format!("Dr. No {number}")).await;
            let day = format!("2026-11-{}", 24 + number).parse().unwrap();
            let wish =
                JoinWaitlist { doctor_id: doctor.card.id, visit_type_id: kind.id, from: day, until: day, ..clinic.wish() };
            world.services.waitlist.join(&patient, wish).await.unwrap();
        }
        let relays = futures::future::join_all((0..8).map(|_| world.house.offer_due())).await;
        let made: usize = relays.into_iter().map(Result::unwrap).sum();
        assert_eq!(made, 2);
        world.healthy().await;
    }

    async fn those_whom_the_desk_puts_in_line_are_no_family(world: World) {
        let clinic = Clinic::open(&world).await;
        let desk = world.member(&clinic.admin, clinic.hospital, "desk@x.example", Role::Desk, None).await;
        let (other, kind) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Bo Lind").await;
        for number in 0..3 {
            let patient = world.patient(&format!("p{number}@x.example")).await;
            // The hospital knows her.
            let visit = booking(&other, &kind, &format!("2026-11-25T1{number}:00"));
            world.services.appointments.book(&patient, visit).await.unwrap();
            join(&world, &clinic, &desk, own_patient(&patient)).await;
        }
        assert_eq!(relay(&world).await, 3);
        world.healthy().await;
    }

    async fn what_was_let_go_is_not_kept_again_by_joining_anew(world: World) {
        let clinic = Clinic::open(&world).await;
        let (busy, patient, next) =
            (world.patient("busy@x.example").await, world.patient("p@x.example").await, world.patient("n@x.example").await);
        for time in ["10:30", "11:00", "11:30"] {
            let visit = booking(&clinic.doctor, &clinic.kind, &format!("2026-12-01T{time}:00+01:00"));
            world.services.appointments.book(&busy, visit).await.unwrap();
        }
        let day = "2026-12-01".parse().unwrap();
        let waitlist = &world.services.waitlist;
        let join = async |who: &Call| {
            let wish = JoinWaitlist { from: day, until: day, ..clinic.wish() };
            let joined = waitlist.join(who, wish).await.unwrap();
            world.clock.advance_minutes(1);
            joined.id
        };
        // Whoever leaves has let it go.
        let first = join(&patient).await;
        assert_eq!(relay(&world).await, 1);
        waitlist.withdraw(&patient, first).await.unwrap();
        let again = join(&patient).await;
        assert_eq!((relay(&world).await, offered(&world, &patient, again).await), (0, None));
        // The next one is asked, who says no.
        let behind = join(&next).await;
        assert_eq!(relay(&world).await, 1);
        waitlist.decline(&next, behind).await.unwrap();
        assert_eq!(relay(&world).await, 0);
        // A day later she may think otherwise.
        world.clock.advance_minutes(24 * 60);
        assert_eq!(relay(&world).await, 1);
        assert_eq!(offered(&world, &patient, again).await.as_deref(), Some("2026-12-01T10:00:00+01:00"));
        // And whoever does not answer has not wanted it either.
        world.clock.advance_minutes(15);
        assert_eq!(relay(&world).await, 0);
        assert_eq!(entry(&world, &patient, again).await.status, EntryStatus::Waiting);
        waitlist.withdraw(&patient, again).await.unwrap();
        join(&patient).await;
        assert_eq!(relay(&world).await, 0);
        world.healthy().await;
    }

    async fn nobody_fills_a_mailbox_by_joining_again_and_again(world: World) {
        let clinic = Clinic::open(&world).await;
        let patient = world.patient("p@x.example").await;
        let helper = helped(&world, &patient, &world.patient("h@x.example").await, &[Permission::Book]).await;
        let wish = JoinWaitlist {
            patient_id: Some(own_patient(&patient)),
            until: "2027-01-31".parse().unwrap(),
            ..clinic.wish()
        };
        let (mut letters, mut starts) = (0, BTreeSet::new());
        for _ in 0..24 {
            let id = world.services.waitlist.join(&helper, wish.clone()).await.unwrap().id;
            assert_eq!(relay(&world).await, 1);
            starts.extend(offered(&world, &helper, id).await);
            let came = world.letters("p@x.example").await;
            letters += came.iter().filter(|letter| letter.subject == "A time has come free").count();
            world.services.waitlist.withdraw(&helper, id).await.unwrap();
        }
        assert_eq!((letters, starts.len()), (20, 24), "no time is kept twice");
        world.healthy().await;
    }
}
