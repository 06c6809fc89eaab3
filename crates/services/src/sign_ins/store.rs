//! SQL of keys, sign-ins and refresh tokens.
//!
//! Nothing is decided here.

use domain::ids::{AccountId, PasskeyId, SignInId};
use uuid::Uuid;

use crate::{
    db::{Conn, sql},
    error::Result,
};

#[derive(sqlx::FromRow)]
struct KeyRow {
    public_key: Vec<u8>,
}

pub(super) async fn insert_key(
    conn: &mut Conn,
    kid: &str,
    public_key: &[u8],
    now: i64,
    expires_at: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO token_keys (kid, public_key, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        kid,
        public_key,
        now,
        expires_at
    )?;
    Ok(())
}

pub(super) async fn key(conn: &mut Conn, kid: &str, now: i64) -> Result<Option<Vec<u8>>> {
    let row = sql!(
        conn,
        optional KeyRow,
        "SELECT public_key FROM token_keys WHERE kid = $1 AND expires_at > $2",
        kid,
        now
    )?;
    Ok(row.map(|row| row.public_key))
}

/// A program's sign-in.
#[derive(sqlx::FromRow)]
pub(super) struct FamilyRow {
    pub(super) id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) device: String,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
    pub(super) ended_at: Option<i64>,
    pub(super) ended_why: Option<String>,
}

pub(super) async fn insert_family(
    conn: &mut Conn,
    id: SignInId,
    account: AccountId,
    device: &str,
    now: i64,
    expires_at: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO token_families (id, account_id, device, created_at, expires_at, proven_at)
         VALUES ($1, $2, $3, $4, $5, $4)",
        id.0,
        account.0,
        device,
        now,
        expires_at
    )?;
    Ok(())
}

/// Notes the passkey that a sign-in was made with.
pub(super) async fn note_passkey(
    conn: &mut Conn,
    id: SignInId,
    account: AccountId,
    passkey: PasskeyId,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE token_families SET passkey_id = $3 WHERE id = $1 AND account_id = $2",
        id.0,
        account.0,
        passkey.0
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct PasskeyRow {
    passkey_id: Option<Uuid>,
}

/// The passkey that a sign-in was made with; the account may have it no longer.
pub(super) async fn passkey_of(
    conn: &mut Conn,
    id: SignInId,
    account: AccountId,
) -> Result<Option<PasskeyId>> {
    let row = sql!(
        conn,
        optional PasskeyRow,
        "SELECT passkey_id FROM token_families WHERE id = $1 AND account_id = $2",
        id.0,
        account.0
    )?;
    Ok(row.and_then(|row| row.passkey_id).map(PasskeyId))
}

pub(super) async fn family(conn: &mut Conn, id: Uuid) -> Result<Option<FamilyRow>> {
    Ok(sql!(
        conn,
        optional FamilyRow,
        "SELECT id, account_id, device, created_at, expires_at, ended_at, ended_why FROM token_families WHERE id = $1",
        id
    )?)
}

/// Sign-ins that go on, and those of the last month that ended because of a reuse.
pub(super) async fn families_of(
    conn: &mut Conn,
    account: AccountId,
    now: i64,
    since: i64,
) -> Result<Vec<FamilyRow>> {
    Ok(sql!(
        conn,
        all FamilyRow,
        "SELECT id, account_id, device, created_at, expires_at, ended_at, ended_why FROM token_families
         WHERE account_id = $1
           AND ((ended_at IS NULL AND expires_at > $2) OR (ended_why = 'reuse' AND ended_at > $3))
         ORDER BY created_at DESC, id DESC LIMIT 200",
        account.0,
        now,
        since
    )?)
}

/// When the owner of a sign-in last gave her password or a code.
pub(crate) async fn proven_at(conn: &mut Conn, id: SignInId, account: AccountId) -> Result<Option<i64>> {
    let row = sql!(
        conn,
        optional(i64,),
        "SELECT proven_at FROM token_families WHERE id = $1 AND account_id = $2 AND ended_at IS NULL",
        id.0,
        account.0
    )?;
    Ok(row.map(|(at,)| at))
}

/// Notes that she did; a sign-in of a browser is none of these.
pub(super) async fn prove(conn: &mut Conn, id: SignInId, account: AccountId, at: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE token_families SET proven_at = $3 WHERE id = $1 AND account_id = $2 AND ended_at IS NULL",
        id.0,
        account.0,
        at
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

/// All sign-ins of an account that go on.
pub(super) async fn open_families(conn: &mut Conn, account: AccountId) -> Result<Vec<Uuid>> {
    let rows = sql!(
        conn,
        all IdRow,
        "SELECT id FROM token_families WHERE account_id = $1 AND ended_at IS NULL",
        account.0
    )?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Ends a sign-in that goes on; `false` when there is none.
pub(super) async fn end_family(conn: &mut Conn, id: Uuid, why: &str, now: i64) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE token_families SET ended_at = $3, ended_why = $2 WHERE id = $1 AND ended_at IS NULL",
        id,
        why,
        now
    )?;
    Ok(rows == 1)
}

/// One link of the chain.
#[derive(sqlx::FromRow)]
pub(super) struct RefreshRow {
    pub(super) token_hash: Vec<u8>,
    pub(super) family_id: Uuid,
    pub(super) access_id: Uuid,
    pub(super) state: String,
    pub(super) access_seen: bool,
    pub(super) changed_at: i64,
}

/// A pair that was just made.
pub(super) struct NewPair<'a> {
    pub(super) token_hash: &'a [u8],
    pub(super) family: Uuid,
    pub(super) parent: Option<&'a [u8]>,
    pub(super) access_id: Uuid,
    pub(super) at: i64,
}

pub(super) async fn insert_refresh(conn: &mut Conn, pair: NewPair<'_>) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO refresh_tokens (token_hash, family_id, parent_hash, access_id, state, created_at, changed_at)
         VALUES ($1, $2, $3, $4, 'active', $5, $5)",
        pair.token_hash,
        pair.family,
        pair.parent,
        pair.access_id,
        pair.at
    )?;
    Ok(())
}

/// Which sign-in a refresh token belongs to.
pub(super) async fn family_of_refresh(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<Uuid>> {
    Ok(refresh(conn, token_hash).await?.map(|row| row.family_id))
}

/// Makes others wait who want to change the same sign-in, and says whether it goes on.
pub(super) async fn hold_family(conn: &mut Conn, id: Uuid, now: i64) -> Result<bool> {
    // An update that changes nothing holds the row on PostgreSQL; on SQLite there is one writer anyway.
    let rows = sql!(
        conn,
        execute,
        "UPDATE token_families SET expires_at = expires_at WHERE id = $1 AND ended_at IS NULL AND expires_at > $2",
        id,
        now
    )?;
    Ok(rows == 1)
}

pub(super) async fn refresh(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<RefreshRow>> {
    Ok(sql!(
        conn,
        optional RefreshRow,
        "SELECT token_hash, family_id, access_id, state, access_seen, changed_at FROM refresh_tokens WHERE token_hash = $1",
        token_hash
    )?)
}

/// The pair that a token bought last.
pub(super) async fn child(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<RefreshRow>> {
    Ok(sql!(
        conn,
        optional RefreshRow,
        "SELECT token_hash, family_id, access_id, state, access_seen, changed_at FROM refresh_tokens
         WHERE parent_hash = $1 AND state <> 'orphaned'",
        token_hash
    )?)
}

pub(super) async fn set_state(conn: &mut Conn, token_hash: &[u8], state: &str, now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE refresh_tokens SET state = $2, changed_at = $3 WHERE token_hash = $1",
        token_hash,
        state,
        now
    )?;
    Ok(())
}

/// Notes that the access token of a pair was used.
pub(super) async fn see_access(conn: &mut Conn, access_id: Uuid) -> Result<()> {
    sql!(conn, execute, "UPDATE refresh_tokens SET access_seen = TRUE WHERE access_id = $1", access_id)?;
    Ok(())
}

/// A sign-in or an access token that ended.
#[derive(sqlx::FromRow)]
pub(super) struct EndRow {
    pub(super) id: Uuid,
    pub(super) at: i64,
}

pub(super) async fn ended_since(conn: &mut Conn, since: i64) -> Result<Vec<EndRow>> {
    Ok(sql!(
        conn,
        all EndRow,
        "SELECT id, ended_at AS at FROM token_families WHERE ended_at > $1
         UNION ALL
         SELECT access_id AS id, changed_at AS at FROM refresh_tokens WHERE state = 'orphaned' AND changed_at > $1",
        since
    )?)
}

/// Removes what nobody can use or will be told of any more.
pub(crate) async fn sweep(conn: &mut Conn, now: i64, until: i64) -> Result<u64> {
    let mut gone = sql!(
        conn,
        execute,
        "DELETE FROM token_families WHERE id IN
            (SELECT id FROM token_families WHERE expires_at <= $1 OR ended_at <= $1 LIMIT 200)",
        until
    )?;
    gone += sql!(conn, execute, "DELETE FROM token_keys WHERE expires_at <= $1", now)?;
    Ok(gone)
}
