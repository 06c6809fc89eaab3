//! Laws that nothing in the house can break: they are broken by hand, and `fsck` sees it, or the database refuses it.

use sqlx::SqlitePool;

use crate::{
    audit::refused,
    market::{Market, TEN, on_both_markets},
    waitlist::{Clinic, relay},
    world::{Engine, World, booking},
};

/// What does not hold.
async fn problems(world: &World) -> Vec<String> {
    world.house.fsck().await.unwrap().problems
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_that_was_given_back_before_its_end_is_noticed() {
    let Some(world) = World::open(Engine::Sqlite).await else { return };
    let clinic = Clinic::open(&world).await;
    let (holds, waits) = (world.patient("holds@x.example").await, world.patient("waits@x.example").await);
    let start = crate::waitlist::at("10:00");
    world.services.appointments.hold(&holds, booking(&clinic.doctor, &clinic.kind, &start)).await.unwrap();
    clinic.join(&world, &waits).await;
    assert_eq!(relay(&world).await, 1, "half past ten is kept for her");
    world.clock.advance_minutes(15);
    relay(&world).await;
    assert_eq!(problems(&world).await, Vec::<String>::new());
    let file = format!("sqlite://{}", world.folder.path().join("caresync.db").display());
    let pool = SqlitePool::connect(&file).await.unwrap();
    for sql in [
        "DROP TRIGGER appointment_history_keeps",
        "UPDATE appointment_history SET at = at - 120000 WHERE to_status = 'expired'",
    ] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    let found = problems(&world).await;
    let law =
        |start: &str| found.iter().any(|line| line.starts_with(start) && line.ends_with(": 1 exceptions"));
    assert!(law("a hold that nobody has ended lasts a quarter of an hour"), "{found:?}");
    assert!(law("an offer lapses no sooner than it ends"), "{found:?}");
}

on_both_markets! {
    async fn the_database_itself_refuses_to_change_what_was_posted(market: Market) {
        let patient = market.world.patient("p@x.example").await;
        let (_, order) = market.held(&patient, TEN).await;
        let paid = market.pay(&order, "authorized").await;
        market.come_back(&paid).await;
        for (sql, table) in [
            ("UPDATE ledger_entries SET amount_minor = 0", "ledger_entries"),
            ("DELETE FROM ledger_entries", "ledger_entries"),
            ("UPDATE payment_steps SET at = 0", "payment_steps"),
            ("DELETE FROM payment_steps", "payment_steps"),
            ("UPDATE appointment_history SET at = 0", "appointment_history"),
            ("DELETE FROM appointment_history", "appointment_history"),
        ] {
            let said = refused(&market.world, sql).await.map(|error| error.to_string());
            assert!(said.is_some_and(|said| said.contains(&format!("{table}_is_append_only"))), "{sql}");
        }
        market.world.healthy().await;
    }
}
