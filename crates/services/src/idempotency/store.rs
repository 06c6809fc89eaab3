//! SQL of idempotency keys.
//!
//! Nothing is decided here.

use uuid::Uuid;

use crate::{
    db::{Conn, sql},
    error::Result,
};

/// An earlier request.
#[derive(sqlx::FromRow)]
pub(super) struct EarlierRow {
    pub(super) request_hash: Vec<u8>,
    pub(super) resource_id: Uuid,
}

pub(super) async fn find(
    conn: &mut Conn,
    account: Uuid,
    operation: &str,
    key: &str,
) -> Result<Option<EarlierRow>> {
    Ok(sql!(
        conn,
        optional EarlierRow,
        "SELECT request_hash, resource_id FROM idempotency_keys
         WHERE account_id = $1 AND operation = $2 AND idempotency_key = $3",
        account,
        operation,
        key
    )?)
}

/// `false` when the key stands there already.
pub(super) async fn insert(
    conn: &mut Conn,
    account: Uuid,
    operation: &str,
    key: &str,
    request_hash: &[u8],
    resource: Uuid,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO idempotency_keys (account_id, operation, idempotency_key, request_hash, resource_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        account,
        operation,
        key,
        request_hash,
        resource,
        now
    )?;
    Ok(rows == 1)
}
