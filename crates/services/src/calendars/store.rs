//! SQL of private addresses of calendars.
//!
//! Nothing is decided here.

use domain::{calendars::FeedDetail, ids::AccountId};
use uuid::Uuid;

use super::Own;
use crate::{
    db::{Conn, sql},
    error::Result,
};

/// The calendar of an account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct FeedRow {
    pub(super) account_id: Uuid,
    pub(super) detail: String,
    pub(super) made_at: i64,
    pub(super) read_at: Option<i64>,
}

pub(super) async fn find(conn: &mut Conn, own: &Own) -> Result<Option<FeedRow>> {
    Ok(sql!(
        conn,
        optional FeedRow,
        "SELECT account_id, detail, made_at, read_at FROM calendar_feeds WHERE account_id = $1",
        own.object().id().0
    )?)
}

/// The calendar behind a secret.
pub(super) async fn behind(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<FeedRow>> {
    Ok(sql!(
        conn,
        optional FeedRow,
        "SELECT account_id, detail, made_at, read_at FROM calendar_feeds WHERE token_hash = $1",
        token_hash
    )?)
}

/// Gives an account's calendar an address, in the place of the one before.
pub(super) async fn put(
    conn: &mut Conn,
    own: &Own,
    token_hash: &[u8],
    detail: FeedDetail,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO calendar_feeds (account_id, token_hash, detail, made_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash, detail = excluded.detail,
             made_at = excluded.made_at, read_at = NULL",
        own.object().id().0,
        token_hash,
        detail.code(),
        now
    )?;
    Ok(())
}

/// Lets an address tell more or less.
pub(super) async fn set_detail(conn: &mut Conn, own: &Own, detail: FeedDetail) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE calendar_feeds SET detail = $2 WHERE account_id = $1",
        own.object().id().0,
        detail.code()
    )?;
    Ok(())
}

/// Lets an address count as made now: it ends with an account that is taken back.
pub(super) async fn note_telling_more(conn: &mut Conn, own: &Own, now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE calendar_feeds SET made_at = $2 WHERE account_id = $1",
        own.object().id().0,
        now
    )?;
    Ok(())
}

/// Ends an address; `false` when there is none.
pub(super) async fn end(conn: &mut Conn, own: &Own) -> Result<bool> {
    let rows = sql!(conn, execute, "DELETE FROM calendar_feeds WHERE account_id = $1", own.object().id().0)?;
    Ok(rows == 1)
}

/// Notes that an address was read.
pub(super) async fn note_reading(conn: &mut Conn, token_hash: &[u8], now: i64) -> Result<()> {
    sql!(conn, execute, "UPDATE calendar_feeds SET read_at = $2 WHERE token_hash = $1", token_hash, now)?;
    Ok(())
}

/// Ends what was made since an instant: for an account that is taken back.
pub(crate) async fn end_since(conn: &mut Conn, account: AccountId, since: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM calendar_feeds WHERE account_id = $1 AND made_at > $2",
        account.0,
        since
    )?;
    Ok(())
}
