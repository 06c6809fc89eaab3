//! The database: one of two engines behind one SQL text, with one way to read and one way to write.
//!
//! No SQL about the field stands here. On SQLite a single writer commits in groups; on PostgreSQL every write is a
//! transaction in a task of its own. Either way a write that began runs to its end, whoever has stopped waiting for it.

pub(crate) mod constraint;
pub(crate) mod later;
mod memory;
mod migrations;
mod open;
mod reach;
mod readers;
#[cfg(test)]
mod tests;
mod walls;
mod writer;

use domain::{ids::AccountId, live::LiveEvent};
use futures::{FutureExt, future::BoxFuture};
use sqlx::{Postgres, Sqlite, Transaction};
use tokio_util::task::TaskTracker;

use crate::{
    error::{Error, Result},
    hub::Hub,
};

use later::Later;
use memory::Memory;
pub use open::OpenError;
pub(crate) use open::open;
pub(crate) use reach::Reach;

/// How often a write is tried again when PostgreSQL had to break a deadlock.
const ATTEMPTS: usize = 5;

/// The database.
#[derive(Clone)]
pub(crate) struct Db {
    engine: Engine,
    hub: Hub,
    tasks: TaskTracker,
}

#[derive(Clone)]
enum Engine {
    Sqlite {
        readers: readers::Readers,
        writer: writer::Writer,
        lock: std::sync::Arc<std::fs::File>,
        options: Box<sqlx::sqlite::SqliteConnectOptions>,
    },
    Postgres {
        pool: sqlx::PgPool,
    },
}

/// A connection on which statements run, and what will be announced when they are committed.
pub(crate) struct Conn {
    pub(crate) on: On,
    announced: Vec<News>,
    /// Of SQLite's writer alone.
    memory: Option<Memory>,
    /// What waits for the next statement.
    pub(crate) later: Later,
    /// Whether a part of the work is running that may be refused by itself.
    in_part: bool,
}

/// The connection of the engine at hand. Only the `sql!` macro looks inside.
pub(crate) enum On {
    Sqlite(readers::Lent),
    Postgres(Transaction<'static, Postgres>),
}

/// What other parts and other nodes learn after a commit.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) enum News {
    /// A visit changed.
    Visit(LiveEvent),
    /// Hospitals, doctors, hours or visit types changed: the directory is read anew.
    Directory,
    /// A sign-in or an access token ended before its time.
    Ended {
        /// Which.
        id: uuid::Uuid,
        /// When.
        at: i64,
        /// Whose sign-in; none for a single token.
        account: Option<AccountId>,
    },
}

/// Runs one static statement on whichever engine the connection belongs to:
/// `sql!(conn, all Row, "…", args)`, likewise `optional Row`, `one Row`, and `execute` for the number of rows. Where nobody has to know
/// at once what became of it, `later` lets it wait for the next one.
macro_rules! sql {
    ($conn:expr, all $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::db::sql!(@query $conn, fetch_all, $row, $sql $(, $arg)*)
    };
    ($conn:expr, optional $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::db::sql!(@query $conn, fetch_optional, $row, $sql $(, $arg)*)
    };
    ($conn:expr, one $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::db::sql!(@query $conn, fetch_one, $row, $sql $(, $arg)*)
    };
    ($conn:expr, execute, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $conn.settle().await {
            Err(error) => Err(error),
            Ok(()) => match &mut $conn.on {
                $crate::db::On::Sqlite(lent) => {
                    let outcome = match lent.get() {
                        Ok(c) => sqlx::query::<sqlx::Sqlite>($sql)$(.bind($arg))*.execute(c).await.map(|r| r.rows_affected()),
                        Err(error) => Err(error),
                    };
                    lent.noted(outcome)
                }
                $crate::db::On::Postgres(c) => sqlx::query::<sqlx::Postgres>($sql)$(.bind($arg))*.execute(&mut **c).await.map(|r| r.rows_affected()),
            }
        }
    };
    ($conn:expr, later, $sql:expr $(, $arg:expr)* $(,)?) => {
        if $conn.may_wait() {
            $conn.later.add($sql);
            Ok::<(), sqlx::Error>(())$(.and_then(|()| $conn.later.bind($arg)))*
        } else {
            $crate::db::sql!($conn, execute, $sql $(, $arg)*).map(drop)
        }
    };
    (@query $conn:expr, $fetch:ident, $row:ty, $sql:expr $(, $arg:expr)*) => {{
        match &mut $conn.on {
            $crate::db::On::Sqlite(lent) => {
                let outcome = match lent.get() {
                    Ok(c) if $conn.later.is_empty() => sqlx::query_as::<sqlx::Sqlite, $row>($sql)$(.bind($arg))*.$fetch(c).await,
                    Ok(c) => {
                        $conn.later.add($sql);
                        match Ok::<(), sqlx::Error>(())$(.and_then(|()| $conn.later.bind($arg)))* {
                            Ok(()) => {
                                let $crate::db::later::Together { sql, arguments } = $conn.later.take();
                                let outcome = sqlx::query_as_with::<sqlx::Sqlite, $row, _>(sql, arguments).$fetch(c).await;
                                $conn.later.came_out(outcome)
                            }
                            Err(error) => Err(error),
                        }
                    }
                    Err(error) => Err(error),
                };
                lent.noted(outcome)
            }
            $crate::db::On::Postgres(c) => sqlx::query_as::<sqlx::Postgres, $row>($sql)$(.bind($arg))*.$fetch(&mut **c).await,
        }
    }};
}
pub(crate) use sql;

impl Conn {
    fn new(on: On, memory: Option<Memory>) -> Self {
        Self { on, announced: Vec::new(), memory, later: Later::default(), in_part: false }
    }

    /// Tells everybody after the commit; nobody if it does not happen.
    pub(crate) async fn announce(&mut self, news: News) -> Result<()> {
        if let On::Postgres(transaction) = &mut self.on {
            // Within the transaction, so that a crash between commit and notice is impossible.
            let payload = serde_json::to_string(&news).map_err(|e| Error::Library(e.to_string()))?;
            sqlx::query("SELECT pg_notify('caresync', $1)").bind(payload).execute(&mut **transaction).await?;
        }
        if matches!(news, News::Directory)
            && let Some(memory) = &mut self.memory
        {
            memory.forget();
        }
        self.announced.push(news);
        Ok(())
    }

    /// Begins a part of the work that may be refused by itself; [`Self::end_part`] ends it. There is one at a time.
    pub(crate) async fn begin_part(&mut self) -> Result<()> {
        sql!(self, execute, "SAVEPOINT part")?;
        self.in_part = true;
        Ok(())
    }

    /// Keeps what the part has done, or undoes it and lets the rest go on.
    pub(crate) async fn end_part(&mut self, keep: bool) -> Result<()> {
        self.in_part = false;
        if !keep {
            sql!(self, execute, "ROLLBACK TO SAVEPOINT part")?;
            if let Some(memory) = &mut self.memory {
                memory.forget();
            }
        }
        sql!(self, execute, "RELEASE SAVEPOINT part")?;
        Ok(())
    }

    /// Whether a statement may wait: on SQLite's writer, which ends every piece of work by settling it. Not within a part: that has to
    /// know what it has done before it ends.
    pub(crate) fn may_wait(&self) -> bool {
        self.memory.is_some() && !self.in_part
    }

    /// Runs what waits.
    pub(crate) async fn settle(&mut self) -> sqlx::Result<()> {
        if let On::Sqlite(connection) = &mut self.on
            && !self.later.is_empty()
        {
            let later::Together { sql, arguments } = self.later.take();
            let outcome = sqlx::query_with::<Sqlite, _>(sql, arguments).execute(connection.get()?).await;
            self.later.came_out(outcome)?;
        }
        Ok(())
    }

    /// What this connection knows already, where it is the only one that could have changed it.
    ///
    /// What is kept must change with [`News::Directory`] only, or be kept anew by whoever changes it.
    pub(crate) fn recall<T: std::any::Any + Send + Sync>(&self, name: &str) -> Option<std::sync::Arc<T>> {
        self.memory.as_ref()?.recall(name)
    }

    /// Keeps what was read or written, if this connection keeps anything.
    pub(crate) fn keep<T: std::any::Any + Send + Sync>(&mut self, name: &str, thing: std::sync::Arc<T>) {
        if let Some(memory) = &mut self.memory {
            memory.keep(name.to_owned(), thing);
        }
    }
}

impl Db {
    /// A connection for reading what somebody can reach.
    pub(crate) async fn read(&self, reach: &Reach) -> Result<Conn> {
        let on = match &self.engine {
            Engine::Sqlite { readers, .. } => On::Sqlite(readers.lend().await?),
            Engine::Postgres { pool } => {
                // In a task of its own, which goes on when nobody waits any more: sqlx forgets a transaction whose begin was given up, and
                // whoever gets the connection next would look with the eyes of this one.
                let (pool, reach) = (pool.clone(), reach.clone());
                let begun = self.tasks.spawn(async move { begin(&pool, &reach).await });
                On::Postgres(begun.await.map_err(|_| Error::Panicked)??)
            }
        };
        Ok(Conn::new(on, None))
    }

    /// Runs work on what somebody can reach, in a transaction to its end. Once it answers `Ok`, what it did is durable.
    ///
    /// The work may run more than once (after a deadlock), so it must have no effect outside the connection.
    pub(crate) async fn write<T, F>(&self, reach: &Reach, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        match &self.engine {
            Engine::Sqlite { writer, .. } => writer.run(work).await,
            Engine::Postgres { pool } => {
                let (pool, hub, reach) = (pool.clone(), self.hub.clone(), reach.clone());
                let task = self.tasks.spawn(async move { transact(&pool, &hub, &reach, &work).await });
                task.await.unwrap_or(Err(Error::Panicked))
            }
        }
    }

    /// Whether writes wait for their turn. PostgreSQL knows that by itself.
    pub(crate) fn is_busy(&self) -> bool {
        match &self.engine {
            Engine::Sqlite { writer, .. } => writer.is_busy(),
            Engine::Postgres { .. } => false,
        }
    }

    /// Whether the database answers.
    pub(crate) async fn ping(&self) -> bool {
        match &self.engine {
            Engine::Sqlite { readers, writer, .. } => reads(readers).await && writer.is_ready().await,
            Engine::Postgres { pool } => sqlx::query("SELECT 1").execute(pool).await.is_ok(),
        }
    }

    /// The engine's name.
    pub(crate) fn engine(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite { .. } => "sqlite",
            Engine::Postgres { .. } => "postgres",
        }
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Lets running writes finish, then closes everything.
    pub(crate) async fn close(self) {
        self.tasks.close();
        match self.engine {
            Engine::Sqlite { readers, writer, lock, .. } => {
                readers.close().await;
                writer.close();
                self.tasks.wait().await;
                // Others may still hold a handle on the services; the folder is free all the same.
                if let Err(error) = lock.unlock() {
                    tracing::warn!(%error, "releasing the data folder");
                }
            }
            Engine::Postgres { pool } => {
                self.hub.stop();
                self.tasks.wait().await;
                pool.close().await;
            }
        }
    }
}

/// Whether SQLite answers a reader. The connection is given back before anything else is asked.
async fn reads(readers: &readers::Readers) -> bool {
    let Ok(mut lent) = readers.lend().await else { return false };
    let outcome = match lent.get() {
        Ok(connection) => sqlx::query("SELECT 1").execute(connection).await,
        Err(error) => Err(error),
    };
    lent.noted(outcome).is_ok()
}

async fn begin(pool: &sqlx::PgPool, reach: &Reach) -> sqlx::Result<Transaction<'static, Postgres>> {
    pool.begin_with(sqlx::AssertSqlSafe(reach.begin())).await
}

async fn transact<T, F>(pool: &sqlx::PgPool, hub: &Hub, reach: &Reach, work: &F) -> Result<T>
where
    F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T>>,
{
    let mut attempt = 1;
    loop {
        let mut conn = Conn::new(On::Postgres(begin(pool, reach).await?), None);
        let result = std::panic::AssertUnwindSafe(work(&mut conn))
            .catch_unwind()
            .await
            .unwrap_or(Err(Error::Panicked));
        let result = match (result, conn.on) {
            (Ok(value), On::Postgres(transaction)) => {
                transaction.commit().await.map(|()| value).map_err(Error::from)
            }
            (other, _) => other,
        };
        if result.is_ok() {
            // The notice comes back soon; whoever reads next in this process must not wait for it.
            hub.forget(&conn.announced);
        }
        match result {
            Err(Error::Database(error)) if attempt < ATTEMPTS && constraint::worth_a_retry(&error) => {
                attempt += 1;
            }
            result => return result,
        }
    }
}
