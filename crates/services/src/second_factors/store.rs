//! SQL of second factors and recovery codes.
//!
//! Whether a code is right is not decided here.

use domain::ids::AccountId;
use uuid::Uuid;

use crate::{
    db::{Conn, sql},
    error::Result,
};

#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct FactorRow {
    pub(super) seed: Vec<u8>,
    pub(super) begun_at: i64,
    pub(super) confirmed_at: Option<i64>,
    pub(super) last_step: i64,
    pub(super) codes_id: Option<Uuid>,
    pub(super) codes_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct CountRow {
    count: i64,
}

pub(super) async fn find(conn: &mut Conn, account: AccountId) -> Result<Option<FactorRow>> {
    Ok(sql!(
        conn,
        optional FactorRow,
        "SELECT seed, begun_at, confirmed_at, last_step, codes_id, codes_at FROM second_factors WHERE account_id = $1",
        account.0
    )?)
}

/// Begins anew, unless it is on; `false` when it is.
pub(super) async fn begin(conn: &mut Conn, account: AccountId, seed: &[u8], now: i64) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO second_factors (account_id, seed, begun_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id) DO UPDATE SET seed = excluded.seed, begun_at = excluded.begun_at, last_step = 0
         WHERE second_factors.confirmed_at IS NULL",
        account.0,
        seed,
        now
    )?;
    Ok(rows == 1)
}

/// Turns it on; `false` when it is on already or another secret was made meanwhile.
pub(super) async fn confirm(conn: &mut Conn, account: AccountId, begun_at: i64, now: i64) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE second_factors SET confirmed_at = $3 WHERE account_id = $1 AND begun_at = $2 AND confirmed_at IS NULL",
        account.0,
        begun_at,
        now
    )?;
    Ok(rows == 1)
}

/// Uses a step up; `false` when it, or a later one, was used before.
pub(super) async fn use_step(conn: &mut Conn, account: AccountId, step: i64) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE second_factors SET last_step = $2 WHERE account_id = $1 AND last_step < $2",
        account.0,
        step
    )?;
    Ok(rows == 1)
}

/// Uses a recovery code up; `false` when there is no such one.
pub(super) async fn use_code(conn: &mut Conn, account: AccountId, hash: &[u8]) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "DELETE FROM recovery_codes WHERE account_id = $1 AND code_hash = $2",
        account.0,
        hash
    )?;
    Ok(rows == 1)
}

/// Replaces all recovery codes.
pub(super) async fn replace_codes(
    conn: &mut Conn,
    account: AccountId,
    id: Uuid,
    hashes: &[Vec<u8>],
    now: i64,
) -> Result<()> {
    sql!(conn, execute, "DELETE FROM recovery_codes WHERE account_id = $1", account.0)?;
    for hash in hashes {
        sql!(
            conn,
            execute,
            "INSERT INTO recovery_codes (account_id, code_hash) VALUES ($1, $2)",
            account.0,
            hash.as_slice()
        )?;
    }
    sql!(
        conn,
        execute,
        "UPDATE second_factors SET codes_id = $2, codes_at = $3 WHERE account_id = $1",
        account.0,
        id,
        now
    )?;
    Ok(())
}

pub(super) async fn codes_left(conn: &mut Conn, account: AccountId) -> Result<i64> {
    let row = sql!(
        conn,
        one CountRow,
        "SELECT COUNT(*) AS count FROM recovery_codes WHERE account_id = $1",
        account.0
    )?;
    Ok(row.count)
}

/// Turns it off, with its recovery codes.
pub(super) async fn remove(conn: &mut Conn, account: AccountId) -> Result<()> {
    sql!(conn, execute, "DELETE FROM recovery_codes WHERE account_id = $1", account.0)?;
    sql!(conn, execute, "DELETE FROM second_factors WHERE account_id = $1", account.0)?;
    Ok(())
}
