//! SQL of the outbox.
//!
//! Nothing is decided here.

use uuid::Uuid;

use crate::{
    db::{Conn, On, sql},
    error::Result,
};

/// What was sent is kept for a week, what was given up for a month, for whoever looks for a letter.
const SENT_KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;
const DEAD_KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// A letter that this worker has taken.
#[derive(sqlx::FromRow)]
pub(super) struct Taken {
    pub(super) id: Uuid,
    pub(super) topic: String,
    pub(super) recipient: String,
    pub(super) payload: String,
    pub(super) created_at: i64,
    pub(super) attempts: i64,
}

/// A letter to be written down.
pub(super) struct New<'a> {
    pub(super) id: Uuid,
    pub(super) topic: &'static str,
    pub(super) recipient: &'a str,
    pub(super) payload: &'a str,
    pub(super) now: i64,
    /// Before that it does not leave.
    pub(super) due_at: i64,
}

/// Writes a letter down, unless it stands there already, or its address has got so many of its kind since an instant.
pub(super) async fn insert(conn: &mut Conn, letter: New<'_>, (most, since): (i64, i64)) -> Result<()> {
    sql!(
        conn,
        later,
        "INSERT INTO outbox (id, topic, recipient, payload, created_at, due_at)
         SELECT $1, $2, $3, $4, $5, $8
          WHERE (SELECT COUNT(*) FROM outbox WHERE recipient = $3 AND topic = $2 AND created_at > $7) < $6
         ON CONFLICT DO NOTHING",
        letter.id,
        letter.topic,
        letter.recipient,
        letter.payload,
        letter.now,
        most,
        since,
        letter.due_at
    )?;
    Ok(())
}

/// Whether a letter was written, sent or not.
pub(super) async fn is_there(conn: &mut Conn, id: Uuid) -> Result<bool> {
    Ok(sql!(conn, optional(Uuid,), "SELECT id FROM outbox WHERE id = $1", id)?.is_some())
}

/// Waits for everybody else who counts the letters of a kind to an address. SQLite's one writer is alone anyway.
pub(super) async fn hold_topic(conn: &mut Conn, recipient: &str, topic: &str) -> Result<()> {
    if matches!(conn.on, On::Postgres(_)) {
        let what = format!("letters {topic} {recipient}");
        sql!(conn, execute, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", what)?;
    }
    Ok(())
}

/// Whether an address was written a letter of a kind since an instant.
pub(super) async fn got_one(conn: &mut Conn, recipient: &str, topic: &str, since: i64) -> Result<bool> {
    let row = sql!(
        conn,
        optional(Uuid,),
        "SELECT id FROM outbox WHERE recipient = $1 AND topic = $2 AND created_at > $3 LIMIT 1",
        recipient,
        topic,
        since
    )?;
    Ok(row.is_some())
}

/// Takes the letters that have waited longest; until then nobody else takes them.
pub(super) async fn take(conn: &mut Conn, now: i64, until: i64, most: i64) -> Result<Vec<Taken>> {
    // The second look at `due_at` is for PostgreSQL: whoever waited for another worker's change must not take the letter too.
    Ok(sql!(
        conn,
        all Taken,
        "UPDATE outbox SET due_at = $2, attempts = attempts + 1
         WHERE id IN (SELECT id FROM outbox WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= $1
                     ORDER BY due_at, id LIMIT $3)
           AND due_at <= $1 AND done_at IS NULL AND dead_at IS NULL
         RETURNING id, topic, recipient, payload, created_at, attempts",
        now,
        until,
        most
    )?)
}

/// Notes that a letter has left, if it is still ours: what it said is forgotten.
pub(super) async fn done(conn: &mut Conn, id: Uuid, attempt: i64, now: i64) -> Result<()> {
    sql!(
        conn,
        later,
        "UPDATE outbox SET done_at = $3, payload = '' WHERE id = $1 AND attempts = $2",
        id,
        attempt,
        now
    )?;
    Ok(())
}

/// Notes why a letter could not leave, and when it is tried again.
pub(super) async fn later(conn: &mut Conn, id: Uuid, attempt: i64, due_at: i64, problem: &str) -> Result<()> {
    sql!(
        conn,
        later,
        "UPDATE outbox SET due_at = $3, problem = $4 WHERE id = $1 AND attempts = $2",
        id,
        attempt,
        due_at,
        problem
    )?;
    Ok(())
}

/// Notes that a letter will never leave.
pub(super) async fn dead(conn: &mut Conn, id: Uuid, attempt: i64, now: i64, problem: &str) -> Result<()> {
    sql!(
        conn,
        later,
        "UPDATE outbox SET dead_at = $3, problem = $4 WHERE id = $1 AND attempts = $2",
        id,
        attempt,
        now,
        problem
    )?;
    Ok(())
}

/// Removes letters that nobody will look for any more.
pub(crate) async fn sweep(conn: &mut Conn, now: i64) -> Result<u64> {
    Ok(sql!(
        conn,
        execute,
        "DELETE FROM outbox WHERE id IN
            (SELECT id FROM outbox WHERE (done_at IS NOT NULL AND created_at <= $1)
                OR (dead_at IS NOT NULL AND created_at <= $2) LIMIT 500)",
        now - SENT_KEPT_MS,
        now - DEAD_KEPT_MS
    )?)
}

/// The row that a visit was booked in.
pub(super) async fn series_of(conn: &mut Conn, visit: Uuid) -> Result<Option<Uuid>> {
    let row = sql!(
        conn,
        optional(Uuid,),
        "SELECT series_id FROM appointments WHERE id = $1 AND series_id IS NOT NULL",
        visit
    )?;
    Ok(row.map(|(series,)| series))
}
