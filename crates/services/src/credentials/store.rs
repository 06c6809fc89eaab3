//! SQL of links, of credentials that change, and of accounts that nobody confirmed.
//!
//! Nothing is decided here.

use domain::ids::AccountId;
use uuid::Uuid;

use super::links::NewLink;
use crate::{
    db::{Conn, sql},
    error::Result,
};

/// An ended link is remembered longer than anybody tries to send its letter.
const ENDED_KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// A link that is good.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct LinkRow {
    pub(super) purpose: String,
    pub(super) account_id: Uuid,
    pub(super) email: String,
    pub(super) next_path: String,
    pub(super) caused_at: i64,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

/// Makes a link good. A letter that is sent twice has one link, and one that has ended stays so.
pub(super) async fn insert_link(conn: &mut Conn, token_hash: &[u8], link: &NewLink, ends: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO mail_links (token_hash, purpose, account_id, email, next_path, expires_at, caused_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (token_hash) DO UPDATE SET expires_at = excluded.expires_at WHERE mail_links.ended_at IS NULL",
        token_hash,
        link.purpose.code(),
        link.account,
        link.email.as_str(),
        link.next.as_str(),
        ends,
        link.caused_at
    )?;
    Ok(())
}

pub(super) async fn link(conn: &mut Conn, token_hash: &[u8], now: i64) -> Result<Option<LinkRow>> {
    Ok(sql!(
        conn,
        optional LinkRow,
        "SELECT purpose, account_id, email, next_path, caused_at FROM mail_links
         WHERE token_hash = $1 AND expires_at > $2 AND ended_at IS NULL",
        token_hash,
        now
    )?)
}

/// Uses a link up; `false` when somebody else has, or it has ended.
pub(super) async fn use_link(conn: &mut Conn, token_hash: &[u8], now: i64) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE mail_links SET ended_at = $2 WHERE token_hash = $1 AND expires_at > $2 AND ended_at IS NULL",
        token_hash,
        now
    )?;
    Ok(rows == 1)
}

/// Takes away the passkeys and the codes that were set up since an instant.
pub(super) async fn end_factors_since(conn: &mut Conn, account: AccountId, since: i64) -> Result<()> {
    sql!(conn, execute, "DELETE FROM passkeys WHERE account_id = $1 AND added_at > $2", account.0, since)?;
    // New recovery codes of an older factor are hers who asked for them; without any, a lost phone would lock the owner out.
    sql!(
        conn,
        execute,
        "DELETE FROM second_factors WHERE account_id = $1 AND (begun_at > $2 OR codes_at > $2)",
        account.0,
        since
    )?;
    Ok(())
}

/// Ends all links of an account for one purpose.
pub(super) async fn end_links(conn: &mut Conn, account: AccountId, purpose: &str, now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE mail_links SET ended_at = $3 WHERE account_id = $1 AND purpose = $2 AND ended_at IS NULL",
        account.0,
        purpose,
        now
    )?;
    Ok(())
}

/// Ends all links of an account but those that take it back and whose cause is older than an instant.
pub(super) async fn end_links_since(conn: &mut Conn, account: AccountId, since: i64, now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE mail_links SET ended_at = $3
         WHERE account_id = $1 AND ended_at IS NULL AND (purpose <> 'undo' OR caused_at >= $2)",
        account.0,
        since,
        now
    )?;
    Ok(())
}

/// Whether there is an account; nothing takes it back until the transaction ends.
pub(super) async fn hold(conn: &mut Conn, account: AccountId) -> Result<bool> {
    let rows =
        sql!(conn, execute, "UPDATE accounts SET session_epoch = session_epoch WHERE id = $1", account.0)?;
    Ok(rows == 1)
}

/// Whether an account was taken back after an instant by a link whose cause was before it.
pub(super) async fn was_taken_back(conn: &mut Conn, account: AccountId, at: i64) -> Result<bool> {
    let row = sql!(
        conn,
        optional(i64,),
        "SELECT ended_at FROM mail_links
         WHERE account_id = $1 AND purpose = 'undo' AND caused_at <= $2 AND ended_at >= $2 LIMIT 1",
        account.0,
        at
    )?;
    Ok(row.is_some())
}

/// Whether another account has confirmed an address.
pub(super) async fn is_taken(conn: &mut Conn, email: &str, by_other_than: AccountId) -> Result<bool> {
    let row = sql!(
        conn,
        optional IdRow,
        "SELECT id FROM accounts WHERE email = $1 AND verified_at IS NOT NULL AND id <> $2",
        email,
        by_other_than.0
    )?;
    Ok(row.is_some())
}

/// Whether an account has this address now.
pub(super) async fn has_address(conn: &mut Conn, account: AccountId, email: &str) -> Result<bool> {
    let row =
        sql!(conn, optional IdRow, "SELECT id FROM accounts WHERE id = $1 AND email = $2", account.0, email)?;
    Ok(row.is_some())
}

/// Gives an account an address that is confirmed.
pub(super) async fn confirm(conn: &mut Conn, account: AccountId, email: &str, now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE accounts SET email = $2, verified_at = COALESCE(verified_at, $3) WHERE id = $1",
        account.0,
        email,
        now
    )?;
    Ok(())
}

/// Replaces a password. With it a new epoch begins: what was begun with the old one comes to nothing.
pub(super) async fn set_password(conn: &mut Conn, account: AccountId, hash: &str) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE accounts SET password_hash = $2, session_epoch = session_epoch + 1 WHERE id = $1",
        account.0,
        hash
    )?;
    Ok(())
}

/// Begins a new epoch without a new password.
pub(super) async fn next_epoch(conn: &mut Conn, account: AccountId) -> Result<()> {
    sql!(conn, execute, "UPDATE accounts SET session_epoch = session_epoch + 1 WHERE id = $1", account.0)?;
    Ok(())
}

/// Accounts that nobody confirmed since an instant, and that nothing else depends on.
pub(super) async fn forgotten(conn: &mut Conn, since: i64) -> Result<Vec<Uuid>> {
    let rows = sql!(
        conn,
        all IdRow,
        "SELECT a.id FROM accounts a
         WHERE a.verified_at IS NULL AND a.created_at <= $1
           AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.account_id = a.id)
           AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.created_by = a.id)
           AND NOT EXISTS (SELECT 1 FROM family_offers f WHERE f.offered_by = a.id OR f.answered_by = a.id)
           AND NOT EXISTS (SELECT 1 FROM patient_accounts g WHERE g.granted_by = a.id)
           AND NOT EXISTS (SELECT 1 FROM patient_accounts h WHERE h.account_id = a.id AND h.relation <> 'self')
           AND NOT EXISTS (SELECT 1 FROM patient_accounts pa JOIN appointments v ON v.patient_id = pa.patient_id
                           WHERE pa.account_id = a.id)
           AND NOT EXISTS (SELECT 1 FROM patient_accounts pa JOIN hospital_patients h ON h.patient_id = pa.patient_id
                           WHERE pa.account_id = a.id)
         ORDER BY a.created_at LIMIT 100",
        since
    )?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Removes an account with its patients, sessions and tokens. A patient whom another account acts for stays.
pub(super) async fn remove(conn: &mut Conn, account: Uuid) -> Result<()> {
    let patients = sql!(
        conn,
        all IdRow,
        "SELECT patient_id AS id FROM patient_accounts WHERE account_id = $1",
        account
    )?;
    sql!(conn, execute, "DELETE FROM sessions WHERE account_id = $1", account)?;
    sql!(conn, execute, "DELETE FROM token_families WHERE account_id = $1", account)?;
    sql!(conn, execute, "DELETE FROM idempotency_keys WHERE account_id = $1", account)?;
    sql!(conn, execute, "DELETE FROM patient_accounts WHERE account_id = $1", account)?;
    for patient in patients {
        sql!(
            conn,
            execute,
            "DELETE FROM patients WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM patient_accounts WHERE patient_id = $1)",
            patient.id
        )?;
    }
    sql!(conn, execute, "DELETE FROM accounts WHERE id = $1 AND verified_at IS NULL", account)?;
    Ok(())
}

pub(super) async fn sweep_links(conn: &mut Conn, now: i64) -> Result<u64> {
    Ok(sql!(
        conn,
        execute,
        "DELETE FROM mail_links WHERE expires_at <= $1 AND (ended_at IS NULL OR ended_at <= $2)",
        now,
        now - ENDED_KEPT_MS
    )?)
}
