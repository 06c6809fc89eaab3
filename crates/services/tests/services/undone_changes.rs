//! Changing many visits and hours where somebody else does something meanwhile, on both engines: what stands is told, what can go back
//! goes back, and nobody learns of visits elsewhere.

use domain::{
    Error,
    appointments::{Appointment, Status},
    availability::{AddClosure, CloseHospital},
    changes::{PlanItem, PlannedChange, UndoOutcome},
    doctors::SaveDoctor,
};

use crate::{
    changes::{NEXT, as_seen, away, item, made, plan, seen, to, told, two},
    waitlist::{DAY, at},
    world::{World, booking, on_both_engines},
};

on_both_engines! {
    async fn of_two_changes_what_stands_is_told_when_the_later_one_is_undone(world: World) {
        let (clinic, [(ann, first), _]) = two(&world).await;
        let changes = &world.services.changes;
        made(&world, &clinic, vec![item(&first, to(&clinic, NEXT))]).await;
        world.clock.advance_minutes(5);
        let moved = seen(&world, &ann, &first).await;
        let off = made(&world, &clinic, vec![item(&moved, PlannedChange::Cancel)]).await;
        world.clock.advance_minutes(7);
        assert_eq!(told(&world).await, [0, 0], "the first waits for what becomes of the second");
        changes.undo(&clinic.admin, off.id).await.unwrap();
        world.clock.advance_minutes(5);
        let letters = world.letters("ann@x.example").await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].text.contains("1 December 2026, 10:00"), "{}", letters[0].text);
        // So it is with a booking of which she has not heard.
        let cleo = world.patient("cleo@x.example").await;
        let visit = clinic.book(&world, &cleo, "11:00").await.unwrap();
        let off = made(&world, &clinic, vec![item(&visit, PlannedChange::Cancel)]).await;
        assert_eq!(world.letters("cleo@x.example").await.len(), 0);
        changes.undo(&clinic.admin, off.id).await.unwrap();
        world.clock.advance_minutes(11);
        let letters = world.letters("cleo@x.example").await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].calendar.as_ref().map(|(method, _)| method.as_str()), Some("REQUEST"));
        // What was not undone is told as ever, and what it has followed is not.
        let visit = seen(&world, &cleo, &visit).await;
        made(&world, &clinic, vec![item(&visit, to(&clinic, NEXT.replace("10:00:00", "11:00:00").as_str()))]).await;
        let moved = seen(&world, &cleo, &visit).await;
        made(&world, &clinic, vec![item(&moved, PlannedChange::Cancel)]).await;
        world.clock.advance_minutes(11);
        let letters = world.letters("cleo@x.example").await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].calendar.as_ref().map(|(method, _)| method.as_str()), Some("CANCEL"));
        world.healthy().await;
    }

    async fn who_plans_anew_while_a_plan_is_made_takes_nothing_of_it_away(world: World) {
        let (clinic, [(ann, mut first), (_, second)]) = two(&world).await;
        let changes = &world.services.changes;
        for _ in 0..8 {
            let planned = plan(&world, &clinic, vec![item(&first, PlannedChange::Cancel)]).await.unwrap();
            let anew = plan(&world, &clinic, vec![item(&second, PlannedChange::Cancel)]);
            let (made, _) = tokio::join!(changes.confirm(&clinic.admin, planned.id), anew);
            if made.is_ok() {
                let undone = changes.undo(&clinic.admin, planned.id).await.unwrap();
                assert_eq!(undone.items.len(), 1);
                assert_eq!(undone.items[0].outcome, Some(UndoOutcome::Back));
            }
            first = seen(&world, &ann, &first).await;
            assert_eq!(first.status, Status::Booked);
        }
        world.healthy().await;
    }

    async fn what_a_patient_has_elsewhere_is_not_told_by_what_is_proposed(world: World) {
        let (clinic, [(ann, _), _]) = two(&world).await;
        let (other, stranger) = world.hospital("Elsewhere", "Europe/Berlin").await;
        let (colleague, kind) = world.doctor(&stranger, other.id, "Dr. Bo Lind").await;
        world.services.appointments.book(&ann, booking(&colleague, &kind, &at("11:00"))).await.unwrap();
        let day = DAY.parse().unwrap();
        let sheet = world.services.changes.sheet(&clinic.admin, clinic.doctor.card.id, day, day).await.unwrap();
        assert_eq!(sheet.visits[0].proposals[0].start.to_string(), at("11:00"));
        // It is refused as any time that is taken.
        let items = vec![PlanItem {
            appointment_id: sheet.visits[0].id,
            version: sheet.visits[0].version,
            change: to(&clinic, &at("11:00")),
        }];
        let planned = plan(&world, &clinic, items).await.unwrap();
        let refused = world.services.changes.confirm(&clinic.admin, planned.id).await;
        assert_eq!(refused.err(), Some(Error::invalid("items.0", "slot_taken")));
    }

    async fn who_books_while_hours_are_changed_is_seen_or_refused(world: World) {
        let (clinic, _) = two(&world).await;
        let (availability, id) = (&world.services.availability, clinic.doctor.card.id);
        let who = world.patient("cleo@x.example").await;
        for (from, to) in [("11:00", "11:30"), ("11:30", "12:00")] {
            let change = as_seen(&away(from, to), None);
            let (changed, booked) =
                tokio::join!(availability.change_hours(&clinic.admin, id, change), clinic.book(&world, &who, from));
            assert!(changed.is_err() || booked.is_err(), "a visit that nobody has seen was hit");
        }
        for week in ["2026-12-01", "2026-12-08", "2026-12-15"] {
            let date = week.parse().unwrap();
            let closure = AddClosure { from: date, to: date, note: String::new() };
            let start = format!("{week}T10:00:00+01:00");
            let (closed, booked) = tokio::join!(
                availability.close_hospital(&clinic.admin, clinic.hospital, CloseHospital { closure, seen: None }),
                world.services.appointments.book(&who, booking(&clinic.doctor, &clinic.kind, &start)),
            );
            assert!(closed.is_err() || booked.is_err(), "a visit that nobody has seen was hit");
        }
        world.healthy().await;
    }

    async fn one_visit_that_cannot_go_back_keeps_none_of_the_others(world: World) {
        let (clinic, [(ann, first), (ben, second)]) = two(&world).await;
        let changes = &world.services.changes;
        let off = |visits: [&Appointment; 2]| visits.map(|visit| item(visit, PlannedChange::Cancel)).to_vec();
        let change = made(&world, &clinic, off([&first, &second])).await;
        // She goes somewhere else then, of which this hospital knows nothing.
        let (other, stranger) = world.hospital("Elsewhere", "Europe/Berlin").await;
        let (colleague, kind) = world.doctor(&stranger, other.id, "Dr. Bo Lind").await;
        let there = booking(&colleague, &kind, &at("10:00"));
        world.services.appointments.book(&ann, there).await.unwrap();
        // And the doctor can be booked no longer.
        let saved = SaveDoctor {
            name: clinic.doctor.card.name.clone(),
            specialties: clinic.doctor.card.specialties.clone(),
            languages: clinic.doctor.card.languages.clone(),
            visit_type_ids: vec![clinic.kind.id],
            active: false,
            ..SaveDoctor::default()
        };
        world.services.doctors.update(&clinic.admin, clinic.doctor.card.id, saved).await.unwrap();
        let undone = changes.undo(&clinic.admin, change.id).await.unwrap();
        let outcomes: Vec<_> = undone.items.iter().map(|item| item.outcome).collect();
        assert_eq!(outcomes, [Some(UndoOutcome::TimeTaken), Some(UndoOutcome::Back)]);
        assert_eq!(seen(&world, &ann, &first).await.status, Status::Cancelled);
        assert_eq!(seen(&world, &ben, &second).await.status, Status::Booked);
        world.healthy().await;
    }
}
