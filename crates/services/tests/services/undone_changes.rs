//! Undoing a change of many visits where somebody else has done something meanwhile, on both engines: what stands is told, what can go back
//! goes back, and nobody learns of visits elsewhere.

use domain::changes::{PlannedChange, UndoOutcome};

use crate::{
    changes::{NEXT, item, made, plan, seen, to, told, two},
    waitlist::at,
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
}
