//! Sessions of browsers that reach a limit, on both engines: unused for a while, or half a day old.
//! How pages say so is tested at the edges.

use domain::{Call, access::Role, ids::AccountId};
use jiff::Timestamp;
use services::sessions::Known;

use crate::world::{World, on_both_engines};

fn now(world: &World) -> Timestamp {
    services::clock::Clock::now(&*world.clock)
}

async fn begin(world: &World, id: u8, call: &Call) -> AccountId {
    let account = call.actor.account_id().unwrap();
    let epoch = call.actor.principal().unwrap().session_epoch;
    let data = format!(r#"{{"epoch":{epoch}}}"#);
    assert!(world.house.sessions.create([id; 32], Some(account), data, None).await.unwrap());
    account
}

/// Whether a session goes on.
async fn lives(world: &World, id: u8) -> bool {
    world.house.sessions.load([id; 32]).await.unwrap().is_some()
}

/// Uses a session; the minutes until it ends without another use.
async fn used(world: &World, id: u8) -> i64 {
    let limits = world.house.sessions.load([id; 32]).await.unwrap().unwrap().limits;
    let limits = world.house.sessions.touch([id; 32], limits).await.unwrap();
    limits.until().duration_since(now(world)).as_mins()
}

async fn reached(world: &World, id: u8) -> Option<AccountId> {
    match world.house.sessions.look([id; 32]).await.unwrap() {
        Known::Ended(account) => Some(account),
        Known::Open(_) | Known::Nothing => None,
    }
}

on_both_engines! {
    async fn a_session_that_nobody_uses_ends_sooner_for_staff(world: World) {
        let (here, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let desk = world.member(&admin, here.id, "desk@x.example", Role::Desk, None).await;
        let ada = world.patient("ada@x.example").await;
        let (patient, staff) = (begin(&world, 1, &ada).await, begin(&world, 2, &desk).await);
        begin(&world, 3, &world.platform).await;
        world.clock.advance_minutes(14);
        assert_eq!((used(&world, 1).await, used(&world, 2).await, used(&world, 3).await), (30, 15, 15));
        assert_eq!(reached(&world, 2).await, None);
        world.clock.advance_minutes(14);
        assert_eq!(used(&world, 2).await, 15, "it was used meanwhile");
        // Looking whether it goes on, as an open socket does, is no use.
        assert!(lives(&world, 1).await && lives(&world, 3).await);
        world.clock.advance_minutes(1);
        assert!(!lives(&world, 3).await);
        world.clock.advance_minutes(14);
        assert_eq!((lives(&world, 2).await, reached(&world, 2).await), (false, Some(staff)));
        assert_eq!(used(&world, 1).await, 30, "29 minutes after the last use");
        world.clock.advance_minutes(30);
        assert_eq!((lives(&world, 1).await, reached(&world, 1).await), (false, Some(patient)));
        assert_eq!(world.services.sign_ins.list(&ada).await.unwrap().len(), 0);
        // What was ended in another way is nobody's.
        world.house.sessions.delete([1; 32]).await.unwrap();
        assert_eq!(reached(&world, 1).await, None);
        assert_eq!(reached(&world, 9).await, None);
        world.house.sessions.sweep().await.unwrap();
        assert_eq!(reached(&world, 2).await, Some(staff));
        world.clock.advance_minutes(150);
        world.house.sessions.sweep().await.unwrap();
        assert_eq!(reached(&world, 2).await, None);
    }

    async fn half_a_day_is_the_end_however_often_it_is_used(world: World) {
        let ada = world.patient("ada@x.example").await;
        let account = begin(&world, 1, &ada).await;
        for round in 1..36 {
            world.clock.advance_minutes(20);
            assert_eq!(used(&world, 1).await, 30.min(720 - 20 * round));
            // Writing to it does not make it longer.
            let data = r#"{"epoch":0,"x":1}"#.to_owned();
            assert!(world.house.sessions.save([1; 32], Some(account), data).await.unwrap());
        }
        world.clock.advance_minutes(20);
        assert_eq!((lives(&world, 1).await, reached(&world, 1).await), (false, Some(account)));
    }

    async fn a_use_is_written_once_a_minute_and_brings_nothing_back(world: World) {
        let ada = world.patient("ada@x.example").await;
        begin(&world, 1, &ada).await;
        let first = world.house.sessions.load([1; 32]).await.unwrap().unwrap().limits;
        assert_eq!(world.house.sessions.touch([1; 32], first).await.unwrap(), first);
        world.clock.advance_minutes(2);
        world.house.sessions.delete([1; 32]).await.unwrap();
        world.house.sessions.touch([1; 32], first).await.unwrap();
        assert!(!lives(&world, 1).await);
    }
}
