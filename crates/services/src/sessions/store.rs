//! SQL of sessions, and the removal of what has ended.
//!
//! Nothing is decided here.

use domain::ids::AccountId;

use crate::{
    db::{Conn, sql},
    error::Result,
    sign_ins, throttle,
};

/// Idempotency keys are kept for two days.
const KEY_LIFE_MS: i64 = 48 * 60 * 60 * 1000;

/// Programs' sign-ins that have ended are kept for a month, because their owners may have to be warned of them.
const SIGN_IN_KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// A session that has reached a limit is known for so long, so that its owner can be told why she was signed out.
const LIMIT_KEPT_MS: i64 = 2 * 60 * 60 * 1000;

/// A stored session.
#[derive(sqlx::FromRow)]
pub(super) struct SessionRow {
    pub(super) account_id: Option<uuid::Uuid>,
    pub(super) data: String,
    pub(super) expires_at: i64,
    pub(super) seen_at: i64,
    pub(super) staff: bool,
}

/// Whoever replaces the password waits until this transaction has ended, or has come first and is seen here.
pub(super) async fn hold_epoch(conn: &mut Conn, account: AccountId, epoch: i64) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE accounts SET session_epoch = session_epoch WHERE id = $1 AND session_epoch = $2",
        account.0,
        epoch
    )?;
    Ok(rows == 1)
}

pub(super) async fn insert(
    conn: &mut Conn,
    id_hash: [u8; 32],
    account: Option<AccountId>,
    data: String,
    now: i64,
    expires_at: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO sessions (id_hash, account_id, data, created_at, expires_at, seen_at) VALUES ($1, $2, $3, $4, $5, $4)
         ON CONFLICT (id_hash) DO NOTHING",
        id_hash.as_slice(),
        account.map(|a| a.0),
        data,
        now,
        expires_at
    )?;
    Ok(rows == 1)
}

/// Whoever is signed in already is so until the same end.
pub(super) async fn update(
    conn: &mut Conn,
    id_hash: [u8; 32],
    account: Option<AccountId>,
    data: String,
    expires_at: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE sessions SET expires_at = CASE WHEN account_id = $2 THEN expires_at ELSE $4 END, account_id = $2, data = $3
         WHERE id_hash = $1",
        id_hash.as_slice(),
        account.map(|a| a.0),
        data,
        expires_at
    )?;
    Ok(rows == 1)
}

/// A session, whether it goes on or has reached a limit.
pub(super) async fn find(conn: &mut Conn, id_hash: [u8; 32]) -> Result<Option<SessionRow>> {
    Ok(sql!(
        conn,
        optional SessionRow,
        "SELECT s.account_id, s.data, s.expires_at, s.seen_at,
                (EXISTS (SELECT 1 FROM memberships m WHERE m.account_id = s.account_id AND m.state = 'active')
                 OR EXISTS (SELECT 1 FROM accounts a WHERE a.id = s.account_id AND a.platform_admin)) AS staff
         FROM sessions s WHERE s.id_hash = $1",
        id_hash.as_slice()
    )?)
}

/// Notes that somebody was here.
pub(super) async fn touch(conn: &mut Conn, id_hash: [u8; 32], now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE sessions SET seen_at = $2 WHERE id_hash = $1 AND seen_at < $2",
        id_hash.as_slice(),
        now
    )?;
    Ok(())
}

/// A session of an account.
#[derive(sqlx::FromRow)]
pub(super) struct OwnRow {
    pub(super) id_hash: Vec<u8>,
    pub(super) data: String,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
}

/// The sessions of an account that no limit has ended.
pub(super) async fn of_account(
    conn: &mut Conn,
    account: AccountId,
    now: i64,
    seen_since: i64,
) -> Result<Vec<OwnRow>> {
    Ok(sql!(
        conn,
        all OwnRow,
        "SELECT id_hash, data, created_at, expires_at FROM sessions
         WHERE account_id = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY created_at DESC LIMIT 200",
        account.0,
        now,
        seen_since
    )?)
}

#[derive(sqlx::FromRow)]
pub(super) struct HashRow {
    pub(super) id_hash: Vec<u8>,
}

pub(super) async fn all_of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<HashRow>> {
    Ok(sql!(conn, all HashRow, "SELECT id_hash FROM sessions WHERE account_id = $1", account.0)?)
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    account_id: Option<uuid::Uuid>,
}

/// Whose session it is.
pub(super) async fn account_of(conn: &mut Conn, id_hash: &[u8]) -> Result<Option<AccountId>> {
    let row = sql!(conn, optional AccountRow, "SELECT account_id FROM sessions WHERE id_hash = $1", id_hash)?;
    Ok(row.and_then(|row| row.account_id).map(AccountId))
}

pub(super) async fn delete(conn: &mut Conn, id_hash: &[u8]) -> Result<()> {
    sql!(conn, execute, "DELETE FROM sessions WHERE id_hash = $1", id_hash)?;
    Ok(())
}

pub(super) async fn sweep(conn: &mut Conn, now: i64) -> Result<u64> {
    let mut gone = sql!(
        conn,
        execute,
        "DELETE FROM sessions WHERE id_hash IN
            (SELECT id_hash FROM sessions
             WHERE expires_at <= $1 OR (account_id IS NOT NULL AND seen_at <= $2) LIMIT 500)",
        now - LIMIT_KEPT_MS,
        now - LIMIT_KEPT_MS - super::limits::IDLE_MS
    )?;
    gone += sign_ins::store::sweep(conn, now, now - SIGN_IN_KEPT_MS).await?;
    gone += sql!(conn, execute, "DELETE FROM idempotency_keys WHERE created_at <= $1", now - KEY_LIFE_MS)?;
    gone += throttle::sweep(conn, now - throttle::FORGOTTEN_MS).await?;
    Ok(gone)
}
