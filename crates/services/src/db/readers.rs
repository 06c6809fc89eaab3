//! SQLite's connections: a few for readers, that are lent and come back at once, and the writer's own.
//!
//! sqlx's own pool asks a connection that comes back whether it is alive, in a task of its own: for a file on the same machine that
//! costs as much as what was read. Whoever stops waiting for an answer leaves the connection usable: its thread ends the statement
//! and takes the next.

use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Error, Result};

/// The readers.
#[derive(Clone)]
pub(super) struct Readers {
    home: Arc<Home>,
    many: u32,
}

struct Home {
    idle: Mutex<Vec<SqliteConnection>>,
    /// One permit for each that is idle.
    free: Arc<Semaphore>,
}

/// A connection, as long as somebody uses it.
pub(crate) struct Lent {
    /// There until it goes back.
    connection: Option<SqliteConnection>,
    /// Where it came from; none for one that is nobody else's. The permit goes after the connection.
    home: Option<(Arc<Home>, OwnedSemaphorePermit)>,
}

impl Home {
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<SqliteConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Readers {
    /// Opens so many.
    pub(super) async fn open(options: &SqliteConnectOptions, many: u32) -> sqlx::Result<Self> {
        let mut idle = Vec::new();
        for _ in 0..many {
            idle.push(options.connect().await?);
        }
        let free = Arc::new(Semaphore::new(idle.len()));
        Ok(Self { home: Arc::new(Home { idle: Mutex::new(idle), free }), many })
    }

    /// Waits for one. *Refuses* with `Busy` once they are closed.
    pub(super) async fn lend(&self) -> Result<Lent> {
        let permit = self.home.free.clone().acquire_owned().await.map_err(|_| Error::Busy)?;
        let connection = self.home.idle().pop();
        Ok(Lent { connection, home: Some((self.home.clone(), permit)) })
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
        Ok(Self { connection: Some(options.connect().await?), home: None })
    }

    /// What statements run on.
    pub(crate) fn get(&mut self) -> sqlx::Result<&mut SqliteConnection> {
        self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)
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
        if let (Some(connection), Some((home, _))) = (self.connection.take(), &self.home) {
            home.idle().push(connection);
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
