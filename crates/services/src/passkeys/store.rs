//! SQL of passkeys and of challenges that wait for their answer.
//!
//! Whether an answer is right is not decided here.

use domain::ids::{AccountId, ChallengeId, PasskeyId};
use uuid::Uuid;

use super::ceremony::{Begun, Key};
use crate::{
    db::{Conn, sql},
    error::Result,
};

#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct PasskeyRow {
    pub(super) id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) credential_id: Vec<u8>,
    pub(super) name: String,
    pub(super) public_key: String,
    pub(super) backed_up: bool,
    pub(super) added_at: i64,
    pub(super) used_at: Option<i64>,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct ChallengeRow {
    pub(super) state: String,
    pub(super) options: String,
}

/// All passkeys of an account, the oldest first.
pub(super) async fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<PasskeyRow>> {
    Ok(sql!(
        conn,
        all PasskeyRow,
        "SELECT id, account_id, credential_id, name, public_key, backed_up, added_at, used_at FROM passkeys
         WHERE account_id = $1 ORDER BY id",
        account.0
    )?)
}

/// The passkey that calls itself so.
pub(super) async fn find(conn: &mut Conn, credential_id: &[u8]) -> Result<Option<PasskeyRow>> {
    Ok(sql!(
        conn,
        optional PasskeyRow,
        "SELECT id, account_id, credential_id, name, public_key, backed_up, added_at, used_at FROM passkeys
         WHERE credential_id = $1",
        credential_id
    )?)
}

/// Whether an account has a passkey.
pub(super) async fn is_of(conn: &mut Conn, account: AccountId, id: PasskeyId) -> Result<bool> {
    let row = sql!(
        conn,
        optional(Uuid,),
        "SELECT id FROM passkeys WHERE account_id = $1 AND id = $2",
        account.0,
        id.0
    )?;
    Ok(row.is_some())
}

/// Adds a passkey; `false` when somebody has it already.
pub(super) async fn insert(
    conn: &mut Conn,
    id: PasskeyId,
    account: AccountId,
    name: &str,
    key: &Key,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO passkeys (id, account_id, credential_id, name, public_key, counter, backed_up, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (credential_id) DO NOTHING",
        id.0,
        account.0,
        key.credential_id.as_slice(),
        name,
        key.public.as_str(),
        i64::from(key.counter),
        key.backed_up,
        now
    )?;
    Ok(rows == 1)
}

/// Notes a use; `false` when the passkey is gone, or a later use of it was noted meanwhile. Keys that do not count stay at zero.
pub(super) async fn note_use(conn: &mut Conn, id: PasskeyId, key: &Key, now: i64) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE passkeys SET public_key = $2, counter = $3, backed_up = $4, used_at = $5
         WHERE id = $1 AND (counter < $3 OR counter = 0)",
        id.0,
        key.public.as_str(),
        i64::from(key.counter),
        key.backed_up,
        now
    )?;
    Ok(rows == 1)
}

/// Calls a passkey of an account something else; `false` when it has no such one.
pub(super) async fn rename(conn: &mut Conn, account: AccountId, id: PasskeyId, name: &str) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE passkeys SET name = $3 WHERE account_id = $1 AND id = $2",
        account.0,
        id.0,
        name
    )?;
    Ok(rows == 1)
}

/// Takes a passkey of an account away; `false` when it has no such one.
pub(super) async fn remove(conn: &mut Conn, account: AccountId, id: PasskeyId) -> Result<bool> {
    let rows =
        sql!(conn, execute, "DELETE FROM passkeys WHERE account_id = $1 AND id = $2", account.0, id.0)?;
    Ok(rows == 1)
}

/// Lets a challenge wait: for an account, in the place of one that waited before, or for whoever signs in.
pub(super) async fn begin(
    conn: &mut Conn,
    id: ChallengeId,
    account: Option<AccountId>,
    begun: &Begun,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO passkey_challenges (id, account_id, state, options, begun_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id) DO UPDATE SET id = excluded.id, state = excluded.state, options = excluded.options,
             begun_at = excluded.begun_at",
        id.0,
        account.map(|account| account.0),
        begun.state.as_str(),
        begun.options.as_str(),
        now
    )?;
    Ok(())
}

/// What waits for an account, unless it began before an instant.
pub(super) async fn waiting(conn: &mut Conn, account: AccountId, since: i64) -> Result<Option<ChallengeRow>> {
    Ok(sql!(
        conn,
        optional ChallengeRow,
        "SELECT state, options FROM passkey_challenges WHERE account_id = $1 AND begun_at > $2",
        account.0,
        since
    )?)
}

/// Uses up what waits for an account; `None` when nothing does, or it began before an instant.
pub(super) async fn take_of(conn: &mut Conn, account: AccountId, since: i64) -> Result<Option<ChallengeRow>> {
    Ok(sql!(
        conn,
        optional ChallengeRow,
        "DELETE FROM passkey_challenges WHERE account_id = $1 AND begun_at > $2 RETURNING state, options",
        account.0,
        since
    )?)
}

/// Uses up what waits for whoever signs in.
pub(super) async fn take(conn: &mut Conn, id: ChallengeId, since: i64) -> Result<Option<ChallengeRow>> {
    Ok(sql!(
        conn,
        optional ChallengeRow,
        "DELETE FROM passkey_challenges WHERE id = $1 AND account_id IS NULL AND begun_at > $2
         RETURNING state, options",
        id.0,
        since
    )?)
}

/// Removes challenges that nobody answered.
pub(super) async fn sweep(conn: &mut Conn, until: i64) -> Result<u64> {
    Ok(sql!(conn, execute, "DELETE FROM passkey_challenges WHERE begun_at <= $1", until)?)
}
