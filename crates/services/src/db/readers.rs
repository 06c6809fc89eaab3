//! SQLite's connections: a few for readers, that are lent and come back at once, and the writer's own.
//!
//! sqlx's own pool asks a connection that comes back whether it is alive, in a task of its own: for a file on the same machine that
//! costs as much as what was read. Whoever stops waiting for an answer leaves the connection usable: its thread ends the statement
//! and takes the next. It stands behind all others until then. One whose thread has died does not go back, and another is opened when
//! there are too few.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Error, Result};

/// For so long somebody waits for one.
const PATIENCE: Duration = Duration::from_secs(10);

/// The readers.
#[derive(Clone)]
pub(super) struct Readers {
    home: Arc<Home>,
    many: u32,
}

struct Home {
    /// The one that came back first is in front.
    idle: Mutex<VecDeque<SqliteConnection>>,
    /// One permit for each that is idle, or that has died.
    free: Arc<Semaphore>,
    options: SqliteConnectOptions,
}

/// A connection, as long as somebody uses it.
pub(crate) struct Lent {
    /// There until it goes back.
    connection: Option<SqliteConnection>,
    /// Whether its thread has died.
    dead: bool,
    /// Where it came from; none for one that is nobody else's. The permit goes after the connection.
    home: Option<(Arc<Home>, OwnedSemaphorePermit)>,
}

impl Home {
    fn idle(&self) -> std::sync::MutexGuard<'_, VecDeque<SqliteConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Readers {
    /// Opens so many.
    pub(super) async fn open(options: &SqliteConnectOptions, many: u32) -> sqlx::Result<Self> {
        let mut idle = VecDeque::new();
        for _ in 0..many {
            idle.push_back(options.connect().await?);
        }
        let free = Arc::new(Semaphore::new(idle.len()));
        let home = Home { idle: Mutex::new(idle), free, options: options.clone() };
        Ok(Self { home: Arc::new(home), many })
    }

    /// Waits for one. *Refuses* with `Busy` when that takes too long, and once they are closed.
    pub(super) async fn lend(&self) -> Result<Lent> {
        let waits = tokio::time::timeout(PATIENCE, self.home.free.clone().acquire_owned());
        let permit = waits.await.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)?;
        let idle = self.home.idle().pop_front();
        let connection = match idle {
            Some(connection) => connection,
            // One that had its place has died.
            None => self.home.options.connect().await?,
        };
        Ok(Lent { connection: Some(connection), dead: false, home: Some((self.home.clone(), permit)) })
    }

    /// Waits for all to come back, and closes them.
    pub(super) async fn close(&self) {
        if let Ok(all) = self.home.free.acquire_many(self.many).await {
            all.forget();
            self.home.free.close();
        }
        let idle = std::mem::take(&mut *self.home.idle());
        for connection in idle {
            shut(connection).await;
        }
    }
}

impl Lent {
    /// A connection that stays with whoever has it.
    pub(super) async fn own(options: &SqliteConnectOptions) -> sqlx::Result<Self> {
        Ok(Self { connection: Some(options.connect().await?), dead: false, home: None })
    }

    /// What statements run on.
    pub(crate) fn get(&mut self) -> sqlx::Result<&mut SqliteConnection> {
        self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// Looks at what became of a statement: after the death of its thread a connection is good for nothing.
    pub(crate) fn noted<T>(&mut self, outcome: sqlx::Result<T>) -> sqlx::Result<T> {
        self.dead |= matches!(outcome, Err(sqlx::Error::WorkerCrashed));
        outcome
    }

    /// Closes it for good.
    pub(super) async fn close(mut self) {
        if let Some(connection) = self.connection.take() {
            shut(connection).await;
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(connection), Some((home, _)), false) = (self.connection.take(), &self.home, self.dead) {
            home.idle().push_back(connection);
        }
    }
}

async fn shut(connection: SqliteConnection) {
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "closing a connection");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_stops_waiting_leaves_a_connection_that_works() {
        let readers = Readers::open(&SqliteConnectOptions::new().in_memory(true), 1).await.expect("open");
        for _ in 0..3 {
            let mut lent = readers.lend().await.expect("lent");
            let long = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT COUNT(*) FROM n";
            let asked = sqlx::query(long).execute(lent.get().expect("there"));
            // It has been sent, and nobody waits for what comes of it.
            assert!(futures::FutureExt::now_or_never(asked).is_none());
        }
        let mut lent = readers.lend().await.expect("lent");
        let one: (i64,) =
            sqlx::query_as("SELECT 1").fetch_one(lent.get().expect("there")).await.expect("an answer");
        assert_eq!(one, (1,));
    }

    async fn try_run(lent: &mut Lent, sql: &'static str) -> sqlx::Result<()> {
        let outcome = sqlx::query(sql).execute(lent.get().expect("there")).await.map(drop);
        lent.noted(outcome)
    }

    #[tokio::test]
    async fn who_came_back_last_is_lent_last() {
        let readers = Readers::open(&SqliteConnectOptions::new().in_memory(true), 2).await.expect("open");
        let mut first = readers.lend().await.expect("lent");
        try_run(&mut first, "CREATE TABLE first (a)").await.expect("made");
        drop(first);
        // Each has a database of its own: the table stands in that of the first alone.
        let mut second = readers.lend().await.expect("lent");
        assert!(try_run(&mut second, "SELECT a FROM first").await.is_err());
        drop(second);
        let mut first = readers.lend().await.expect("lent");
        try_run(&mut first, "SELECT a FROM first").await.expect("it is the first");
    }

    #[tokio::test]
    async fn one_that_has_died_does_not_come_back_and_another_takes_its_place() {
        let readers = Readers::open(&SqliteConnectOptions::new().in_memory(true), 1).await.expect("open");
        let mut lent = readers.lend().await.expect("lent");
        try_run(&mut lent, "CREATE TABLE first (a)").await.expect("made");
        assert!(try_run(&mut lent, "SELECT nothing FROM first").await.is_err());
        drop(lent);
        let mut lent = readers.lend().await.expect("lent");
        try_run(&mut lent, "SELECT a FROM first").await.expect("an error of a statement is none of its own");
        assert!(lent.noted::<()>(Err(sqlx::Error::WorkerCrashed)).is_err());
        drop(lent);
        for _ in 0..2 {
            let mut lent = readers.lend().await.expect("lent");
            assert!(try_run(&mut lent, "SELECT a FROM first").await.is_err(), "it is another");
            try_run(&mut lent, "SELECT 1").await.expect("it works");
        }
    }

    #[tokio::test]
    async fn nobody_waits_for_one_for_ever() {
        let readers = Readers::open(&SqliteConnectOptions::new().in_memory(true), 1).await.expect("open");
        let lent = readers.lend().await.expect("lent");
        tokio::time::pause();
        // Nothing else runs, so the clock goes on by itself.
        assert!(matches!(readers.lend().await, Err(Error::Busy)));
        tokio::time::resume();
        drop(lent);
        assert!(readers.lend().await.is_ok());
    }

    #[tokio::test]
    async fn there_are_as_many_as_were_opened_and_none_after_they_were_closed() {
        let readers = Readers::open(&SqliteConnectOptions::new().in_memory(true), 2).await.expect("open");
        let (first, second) = (readers.lend().await.expect("lent"), readers.lend().await.expect("lent"));
        assert!(futures::FutureExt::now_or_never(readers.lend()).is_none());
        drop(first);
        assert!(readers.lend().await.is_ok());
        drop(second);
        readers.close().await;
        assert!(readers.lend().await.is_err());
    }
}
