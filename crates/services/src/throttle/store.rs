//! SQL of the tries to sign in.
//!
//! How long somebody waits is not decided here.

use crate::{
    db::{Conn, sql},
    error::Result,
};

/// What is known of a bucket.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) failures: i64,
    pub(super) open_at: i64,
    pub(super) last_at: i64,
}

pub(super) async fn find(conn: &mut Conn, bucket: &[u8]) -> Result<Option<Row>> {
    Ok(sql!(
        conn,
        optional Row,
        "SELECT failures, open_at, last_at FROM sign_in_tries WHERE bucket = $1",
        bucket
    )?)
}

/// Makes the bucket if there is none, and lets others wait who want it too.
pub(super) async fn hold(conn: &mut Conn, bucket: &[u8], now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO sign_in_tries (bucket, failures, open_at, last_at) VALUES ($1, 0, $2, $2)
         ON CONFLICT (bucket) DO UPDATE SET bucket = excluded.bucket",
        bucket,
        now
    )?;
    Ok(())
}

/// Counts one more failure.
pub(super) async fn count(conn: &mut Conn, bucket: &[u8], row: Row) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE sign_in_tries SET failures = $2, open_at = $3, last_at = $4 WHERE bucket = $1",
        bucket,
        row.failures,
        row.open_at,
        row.last_at
    )?;
    Ok(())
}

/// Takes a failure back that was none. The wait that it began ends, unless another failure has made it longer.
pub(super) async fn take_back(conn: &mut Conn, bucket: &[u8], open_at: i64, now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE sign_in_tries SET failures = failures - 1,
             open_at = CASE WHEN open_at = $2 THEN $3 ELSE open_at END
         WHERE bucket = $1 AND failures > 0",
        bucket,
        open_at,
        now
    )?;
    Ok(())
}

/// Forgets a bucket.
pub(super) async fn clear(conn: &mut Conn, bucket: &[u8]) -> Result<()> {
    sql!(conn, execute, "DELETE FROM sign_in_tries WHERE bucket = $1", bucket)?;
    Ok(())
}

/// Removes buckets that have been quiet since an instant.
pub(crate) async fn sweep(conn: &mut Conn, since: i64) -> Result<u64> {
    Ok(sql!(
        conn,
        execute,
        "DELETE FROM sign_in_tries WHERE bucket IN
            (SELECT bucket FROM sign_in_tries WHERE last_at <= $1 LIMIT 500)",
        since
    )?)
}
