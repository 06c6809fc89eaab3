//! Requests under an `Idempotency-Key`: the same key and request again is the same effect, not a second one.
//!
//! It is written in the transaction of the effect. What the answer looks like is read anew, so nothing is stored twice.

mod store;

use domain::{access::Call, error::Conflict};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    db::Conn,
    error::{Error, Result},
};

/// A keyed request of a signed-in account.
#[derive(Debug, Clone)]
pub(crate) struct Keyed {
    account: Uuid,
    operation: &'static str,
    key: String,
    request_hash: Vec<u8>,
}

impl Keyed {
    /// The request's identity, if it has a key and somebody is signed in.
    pub(crate) fn of(call: &Call, operation: &'static str, request: &impl Serialize) -> Result<Option<Self>> {
        let (Some(key), Some(account)) = (&call.idempotency_key, call.actor.account_id()) else {
            return Ok(None);
        };
        let body = serde_json::to_vec(request).map_err(|e| Error::Library(e.to_string()))?;
        Ok(Some(Self {
            account: account.0,
            operation,
            key: key.clone(),
            request_hash: Sha256::digest(&body).to_vec(),
        }))
    }
}

/// What an earlier, equal request made; otherwise remembers what this one is about to make. *Refuses* with `KeyReused` when the key
/// stood for another request.
///
/// It comes before the effect: a twin that runs at the same time then waits here for the first to commit, instead of losing to it.
pub(crate) async fn earlier_or(
    conn: &mut Conn,
    keyed: Option<&Keyed>,
    resource: Uuid,
    now: i64,
) -> Result<Option<Uuid>> {
    let Some(keyed) = keyed else { return Ok(None) };
    if store::insert(conn, keyed.account, keyed.operation, &keyed.key, &keyed.request_hash, resource, now)
        .await?
    {
        return Ok(None);
    }
    earlier(conn, Some(keyed)).await?.map(Some).ok_or(Error::Stored("a key that stands there"))
}

/// What an earlier, equal request made, for those who look at what has changed since before they come to the effect: what was done is
/// answered, whatever has become of its reasons. *Refuses* with `KeyReused` when the key stood for another request.
pub(crate) async fn earlier(conn: &mut Conn, keyed: Option<&Keyed>) -> Result<Option<Uuid>> {
    let Some(keyed) = keyed else { return Ok(None) };
    match store::find(conn, keyed.account, keyed.operation, &keyed.key).await? {
        Some(found) if found.request_hash == keyed.request_hash => Ok(Some(found.resource_id)),
        Some(_) => Err(Error::conflict(Conflict::KeyReused)),
        None => Ok(None),
    }
}
