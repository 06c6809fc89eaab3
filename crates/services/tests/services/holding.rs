//! Holding times again and again, on both engines: who keeps them from others waits, and who looks for hers does not.
//!
//! The rules are tested in `domain`; paying for what is held, in `payments`.

use domain::{
    Call, Error,
    appointments::{BookAppointment, Status},
    error::Conflict,
    waitlist::JoinWaitlist,
};

use crate::{
    family::child,
    waitlist::{Clinic, at, relay},
    world::{World, booking, on_both_engines},
};

/// Holds a time for as long as can be, and lets it go after so many minutes.
async fn hold_in_vain(world: &World, who: &Call, wish: BookAppointment, minutes: i64) {
    let appointments = &world.services.appointments;
    let held = appointments.hold(who, wish).await.unwrap();
    appointments.extend_hold(who, held.id).await.unwrap();
    world.clock.advance_minutes(minutes);
    appointments.release_hold(who, held.id).await.unwrap();
}

fn wait(minutes: u32) -> Error {
    Error::TooMany { retry_after: minutes * 60 }
}

on_both_engines! {
    async fn who_lets_go_and_holds_again_leaves_the_time_to_others(world: World) {
        let clinic = Clinic::open(&world).await;
        let (patient, other) = (world.patient("p@x.example").await, world.patient("o@x.example").await);
        let wish = |start: &str| booking(&clinic.doctor, &clinic.kind, start);
        let ten = at("10:00");
        hold_in_vain(&world, &patient, wish(&ten), 19).await;
        hold_in_vain(&world, &patient, wish(&ten), 19).await;
        let appointments = &world.services.appointments;
        assert_eq!(appointments.hold(&patient, wish(&ten)).await, Err(wait(22)));
        assert_eq!(appointments.hold(&patient, wish(&at("11:00"))).await, Err(wait(22)), "it is about the day");
        // On another day she keeps nothing from anybody.
        appointments.hold(&patient, wish("2026-12-01T10:00:00+01:00")).await.unwrap();
        clinic.book(&world, &other, "10:00").await.unwrap();
        world.clock.advance_minutes(22);
        appointments.hold(&patient, wish(&at("11:00"))).await.unwrap();
        world.healthy().await;
    }

    async fn who_changes_her_mind_does_not_wait(world: World) {
        let clinic = Clinic::open(&world).await;
        let patient = world.patient("p@x.example").await;
        for time in ["10:00", "10:30", "11:00", "11:30", "10:00", "10:30"] {
            hold_in_vain(&world, &patient, booking(&clinic.doctor, &clinic.kind, &at(time)), 1).await;
        }
        let appointments = &world.services.appointments;
        let held = appointments.hold(&patient, booking(&clinic.doctor, &clinic.kind, &at("11:00"))).await.unwrap();
        assert_eq!(appointments.take_hold(&patient, held.id).await.unwrap().status, Status::Booked);
        world.healthy().await;
    }

    async fn who_books_what_she_has_held_has_kept_nothing_in_vain(world: World) {
        let clinic = Clinic::open(&world).await;
        let mut parent = world.patient("p@x.example").await;
        let appointments = &world.services.appointments;
        for (years, time) in [(4, "10:00"), (5, "10:30"), (6, "11:00"), (7, "11:30")] {
            let (again, whose) = child(&world, &parent, years, 10).await;
            parent = again;
            let wish = BookAppointment { patient_id: Some(whose), ..booking(&clinic.doctor, &clinic.kind, &at(time)) };
            let held = appointments.hold(&parent, wish).await.unwrap();
            world.clock.advance_minutes(14);
            appointments.take_hold(&parent, held.id).await.unwrap();
        }
        world.healthy().await;
    }

    async fn nobody_keeps_a_time_with_one_child_after_the_other(world: World) {
        let clinic = Clinic::open(&world).await;
        let (parent, ada) = child(&world, &world.patient("p@x.example").await, 4, 10).await;
        let (parent, bea) = child(&world, &parent, 5, 10).await;
        let ten = at("10:00");
        let wish = |whose| BookAppointment { patient_id: Some(whose), ..booking(&clinic.doctor, &clinic.kind, &ten) };
        hold_in_vain(&world, &parent, wish(ada), 19).await;
        hold_in_vain(&world, &parent, wish(bea), 14).await;
        let appointments = &world.services.appointments;
        let own = booking(&clinic.doctor, &clinic.kind, &ten);
        assert_eq!(appointments.hold(&parent, own).await, Err(wait(27)));
        // Another doctor's times nobody has missed, and what the hospital holds is no account's.
        let (other, kind) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Bo Lind").await;
        appointments.hold(&parent, booking(&other, &kind, &ten)).await.unwrap();
        appointments.hold(&clinic.admin, wish(ada)).await.unwrap();
        world.healthy().await;
    }

    async fn twenty_holds_an_hour_may_come_to_nothing(world: World) {
        let clinic = Clinic::open(&world).await;
        let patient = world.patient("p@x.example").await;
        let ten = at("10:00");
        let wish = || booking(&clinic.doctor, &clinic.kind, &ten);
        for _ in 0..20 {
            hold_in_vain(&world, &patient, wish(), 0).await;
        }
        let appointments = &world.services.appointments;
        assert_eq!(appointments.hold(&patient, wish()).await, Err(wait(60)));
        // What is booked in one step keeps nothing from anybody.
        clinic.book(&world, &patient, "11:00").await.unwrap();
        world.clock.advance_minutes(60);
        appointments.hold(&patient, wish()).await.unwrap();
        world.healthy().await;
    }

    async fn what_is_offered_to_her_is_no_hold_of_her_own(world: World) {
        let clinic = Clinic::open(&world).await;
        let patient = world.patient("p@x.example").await;
        let (other, kind) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Bo Lind").await;
        let elsewhere = JoinWaitlist { doctor_id: other.card.id, visit_type_id: kind.id, ..clinic.wish() };
        for wish in [clinic.wish(), elsewhere] {
            world.services.waitlist.join(&patient, wish).await.unwrap();
        }
        assert_eq!(relay(&world).await, 2);
        let appointments = &world.services.appointments;
        appointments.hold(&patient, booking(&clinic.doctor, &clinic.kind, &at("11:30"))).await.unwrap();
        appointments.hold(&patient, booking(&other, &kind, "2026-11-25T10:00")).await.unwrap();
        let third = appointments.hold(&patient, booking(&other, &kind, "2026-11-26T10:00")).await;
        assert_eq!(third, Err(Error::conflict(Conflict::TooManyHolds)));
        world.healthy().await;
    }

    async fn an_offer_that_lapses_is_none_that_she_let_run_out(world: World) {
        let clinic = Clinic::open(&world).await;
        let patient = world.patient("p@x.example").await;
        let (other, kind) = world.doctor(&clinic.admin, clinic.hospital, "Dr. Bo Lind").await;
        clinic.join(&world, &patient).await;
        assert_eq!(relay(&world).await, 1);
        world.clock.advance_minutes(15);
        let wish = || booking(&other, &kind, "2026-11-25T10:00");
        hold_in_vain(&world, &patient, wish(), 0).await;
        // Noted, it is none either.
        assert_eq!(relay(&world).await, 1, "the next time is kept for her");
        hold_in_vain(&world, &patient, wish(), 0).await;
        world.healthy().await;
    }
}
