//! SQLite's writer, over a real file: what becomes of pieces of work that are committed together, and of statements that wait.
//!
//! PostgreSQL has neither.

use std::sync::Arc;

use domain::{
    ids::{AppointmentId, DoctorId, HospitalId, PatientId},
    live::LiveEvent,
    queues::WallFeed,
};
use futures::{
    FutureExt,
    future::{self, BoxFuture},
};
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use uuid::Uuid;

use super::{Conn, Db, News, Reach, open, sql};
use crate::{
    error::{Error, Result},
    hub::Hub,
};

/// A database with one table, and who hears what is announced.
struct Notebook {
    db: Db,
    hub: Hub,
    folder: tempfile::TempDir,
}

impl Notebook {
    async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let hub = Hub::new(Arc::default(), Arc::default());
        let db = open(folder.path(), None, 0, hub.clone()).await.expect("open");
        db.write(&Reach::public(), |conn| {
            Box::pin(async move {
                sql!(
                    conn,
                    execute,
                    "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)"
                )?;
                Ok(())
            })
        })
        .await
        .expect("a table");
        Self { db, hub, folder }
    }

    async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        self.db.write(&Reach::public(), work).await
    }

    /// What was committed, in the order in which it was written.
    async fn texts(&self) -> Vec<String> {
        let mut conn = self.db.read(&Reach::public()).await.expect("a reader");
        read(&mut conn).await.expect("read")
    }

    /// What the writer remembers.
    async fn recalled(&self, name: &'static str) -> Option<u8> {
        let known =
            self.write(move |conn| Box::pin(async move { Ok(conn.recall::<u8>(name).map(|known| *known)) }));
        known.await.expect("asked")
    }
}

/// Writes a line, which may wait.
async fn note(conn: &mut Conn, text: &'static str) -> Result<()> {
    Ok(sql!(conn, later, "INSERT INTO notes (text) VALUES ($1)", text)?)
}

async fn read(conn: &mut Conn) -> Result<Vec<String>> {
    let rows = sql!(conn, all(String,), "SELECT text FROM notes ORDER BY id")?;
    Ok(rows.into_iter().map(|(text,)| text).collect())
}

fn hospital(number: u8) -> HospitalId {
    HospitalId(Uuid::from_u128(u128::from(number)))
}

/// Keeps something, announces something, and writes the lines.
async fn piece(conn: &mut Conn, number: u8, lines: &[&'static str]) -> Result<()> {
    conn.keep("last", Arc::new(number));
    conn.announce(News::Visit(LiveEvent {
        appointment_id: AppointmentId(Uuid::from_u128(1)),
        hospital_id: hospital(number),
        doctor_id: DoctorId(Uuid::from_u128(2)),
        patient_id: PatientId(Uuid::from_u128(3)),
        sensitive: false,
        version: 1,
    }))
    .await?;
    for &line in lines {
        note(conn, line).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_piece_that_fails_at_its_end_takes_nothing_of_its_neighbours_along() {
    let book = Notebook::open().await;
    let mut feeds = [1, 2, 3].map(|number| book.hub.changes_of(hospital(number)));
    // All three are in the queue before the writer looks into it.
    let (first, second, third) = future::join3(
        book.write(|conn| Box::pin(async move { piece(conn, 1, &["one"]).await })),
        book.write(|conn| {
            Box::pin(async move {
                piece(conn, 2, &["two", "one"]).await?;
                assert!(!conn.later.is_empty(), "nobody has looked whether it can be written");
                Ok(())
            })
        }),
        book.write(|conn| {
            Box::pin(async move {
                // What the second one has kept is forgotten before this one begins.
                let before = conn.recall::<u8>("last").map(|known| *known);
                note(conn, "three").await?;
                Ok(before)
            })
        }),
    )
    .await;
    assert!(first.is_ok());
    assert!(matches!(second, Err(Error::Database(_))), "{second:?}");
    assert!(matches!(third, Ok(Some(1))), "{third:?}");
    assert_eq!(book.texts().await, ["one", "three"]);
    assert_eq!(book.recalled("last").await, Some(1));
    let heard = feeds.each_mut().map(|feed| feed.next().now_or_never());
    assert_eq!(heard, [Some(true), None, None]);
    book.db.close().await;
}

#[tokio::test]
async fn a_panic_leaves_nothing_of_what_was_waiting() {
    let book = Notebook::open().await;
    let mut feed = book.hub.changes_of(hospital(1));
    let (lost, kept) = future::join(
        book.write(|conn| {
            Box::pin(async move {
                piece(conn, 1, &["lost"]).await?;
                assert!(conn.later.is_empty(), "on purpose");
                Ok(())
            })
        }),
        book.write(|conn| {
            Box::pin(async move {
                let left = !conn.later.is_empty();
                note(conn, "kept").await?;
                Ok(left)
            })
        }),
    )
    .await;
    assert!(matches!(lost, Err(Error::Panicked)), "{lost:?}");
    assert!(matches!(kept, Ok(false)), "{kept:?}");
    assert_eq!(book.texts().await, ["kept"]);
    assert_eq!(book.recalled("last").await, None);
    assert_eq!(feed.next().now_or_never(), None);
    book.db.close().await;
}

#[tokio::test]
async fn who_reads_sees_what_was_waiting() {
    let book = Notebook::open().await;
    let seen = book.write(|conn| {
        Box::pin(async move {
            note(conn, "one").await?;
            note(conn, "two").await?;
            let waited = !conn.later.is_empty();
            let seen = read(conn).await?;
            Ok((waited, seen, conn.later.is_empty()))
        })
    });
    let (waited, seen, settled) = seen.await.expect("written");
    assert!(waited && settled);
    assert_eq!(seen, ["one", "two"]);
    // What a statement binds goes with it, whatever waits before.
    let found = book.write(|conn| {
        Box::pin(async move {
            note(conn, "three").await?;
            let text = "two";
            Ok(sql!(conn, optional(i64,), "SELECT id FROM notes WHERE text = $1", text)?)
        })
    });
    assert_eq!(found.await.expect("written"), Some((2,)));
    assert_eq!(book.texts().await, ["one", "two", "three"]);
    book.db.close().await;
}

#[tokio::test]
async fn an_error_comes_with_the_statement_that_was_waited_for() {
    let book = Notebook::open().await;
    let outcome = book.write(|conn| {
        Box::pin(async move {
            note(conn, "one").await?;
            note(conn, "one").await?;
            // The reading has done nothing wrong.
            read(conn).await
        })
    });
    assert!(matches!(outcome.await, Err(Error::Database(_))));
    let settled = book.write(|conn| {
        Box::pin(async move {
            note(conn, "one").await?;
            conn.settle().await?;
            note(conn, "one").await?;
            note(conn, "two").await?;
            // Whoever settles learns of it; that she goes on all the same does not keep what lacks a part.
            Ok(conn.settle().await.is_err())
        })
    });
    assert!(matches!(settled.await, Err(Error::Stored(_))));
    assert!(book.texts().await.is_empty());
    let after = book.write(|conn| Box::pin(async move { note(conn, "three").await }));
    after.await.expect("the next piece is nobody else's");
    assert_eq!(book.texts().await, ["three"]);
    book.db.close().await;
}

#[tokio::test]
async fn statements_that_wait_keep_their_order() {
    let book = Notebook::open().await;
    let changed = book.write(|conn| {
        Box::pin(async move {
            let (from, to) = ("one", "two");
            note(conn, "one").await?;
            sql!(conn, later, "UPDATE notes SET text = $2 WHERE text = $1", from, to)?;
            note(conn, "one").await?;
            let to = "three";
            // This one does not wait, and the others go first.
            Ok(sql!(conn, execute, "UPDATE notes SET text = $2 WHERE text = $1", from, to)?)
        })
    });
    assert_eq!(changed.await.expect("written"), 1);
    assert_eq!(book.texts().await, ["two", "three"]);
    book.db.close().await;
}

#[tokio::test]
async fn within_a_part_nothing_waits() {
    let book = Notebook::open().await;
    let refused = book.write(|conn| {
        Box::pin(async move {
            note(conn, "one").await?;
            conn.begin_part().await?;
            let refused = note(conn, "one").await.is_err();
            conn.end_part(!refused).await?;
            note(conn, "two").await?;
            Ok(refused)
        })
    });
    assert!(refused.await.expect("written"), "it is known before the part ends");
    assert_eq!(book.texts().await, ["one", "two"]);
    book.db.close().await;
}

#[tokio::test]
async fn a_house_that_could_not_write_finds_out_by_itself_that_it_can() {
    let book = Notebook::open().await;
    assert!(book.db.ping().await);
    // Somebody else holds the file for longer than the writer is patient.
    let options = SqliteConnectOptions::new().filename(book.folder.path().join(open::FILE));
    let mut other = options.connect().await.expect("another program");
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.expect("held");
    let refused = book.write(|conn| Box::pin(async move { note(conn, "one").await })).await;
    assert!(refused.is_err(), "{refused:?}");
    assert!(!book.db.ping().await, "it is held still");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.expect("let go");
    assert!(book.db.ping().await, "nobody had to write first");
    assert_eq!(book.texts().await, [""; 0]);
    book.db.close().await;
}
