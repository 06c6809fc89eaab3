//! SQL of the fingerprints of keys.
//!
//! Nothing is decided here.

use crate::{
    db::{Conn, sql},
    error::Result,
};

#[derive(sqlx::FromRow)]
struct Row {
    fingerprint: String,
}

pub(super) async fn fingerprints(conn: &mut Conn) -> Result<Vec<String>> {
    let rows = sql!(conn, all Row, "SELECT fingerprint FROM pepper_keys")?;
    Ok(rows.into_iter().map(|row| row.fingerprint).collect())
}

pub(super) async fn insert(conn: &mut Conn, fingerprint: &str, now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO pepper_keys (fingerprint, created_at) VALUES ($1, $2) ON CONFLICT (fingerprint) DO NOTHING",
        fingerprint,
        now
    )?;
    Ok(())
}
