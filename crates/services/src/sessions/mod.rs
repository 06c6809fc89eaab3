//! Server-side web sessions, kept under the hash of their id.
//!
//! Cookies are the server's business. A saved session that was deleted meanwhile stays deleted: saving only updates.

mod store;

use domain::{
    Result,
    ids::{AccountId, SignInId},
    sign_ins::{SignInKind, SignedIn},
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    core::{Core, instant},
    db::{Conn, News},
};

/// Under this key the data of a session say what the browser called itself; the server writes it.
const DEVICE_KEY: &str = "device";

/// A stored session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// What the server keeps in it.
    pub data: String,
    /// Until when it lives.
    pub expires_at: Timestamp,
}

/// The sessions of the house.
#[derive(Clone)]
pub struct Sessions {
    core: Core,
}

impl Sessions {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    /// Keeps a new session; `false` when the id exists already.
    pub async fn create(
        &self,
        id_hash: [u8; 32],
        account: Option<AccountId>,
        data: String,
        expires_at: Timestamp,
    ) -> Result<bool> {
        let now = self.core.now_ms();
        Ok(self
            .core
            .db
            .write(move |conn| {
                Box::pin(store::insert(
                    conn,
                    id_hash,
                    account,
                    data.clone(),
                    now,
                    expires_at.as_millisecond(),
                ))
            })
            .await?)
    }

    /// Changes a session that exists; `false` when it is gone.
    pub async fn save(
        &self,
        id_hash: [u8; 32],
        account: Option<AccountId>,
        data: String,
        expires_at: Timestamp,
    ) -> Result<bool> {
        Ok(self
            .core
            .db
            .write(move |conn| {
                Box::pin(store::update(conn, id_hash, account, data.clone(), expires_at.as_millisecond()))
            })
            .await?)
    }

    /// A session that has not ended.
    pub async fn load(&self, id_hash: [u8; 32]) -> Result<Option<StoredSession>> {
        let found = async {
            let mut conn = self.core.db.read().await?;
            let row = store::find(&mut conn, id_hash, self.core.now_ms()).await?;
            row.map(|row| Ok(StoredSession { data: row.data, expires_at: instant(row.expires_at)? }))
                .transpose()
        };
        Ok(found.await.map_err(|e: crate::error::Error| e)?)
    }

    /// Ends a session.
    pub async fn delete(&self, id_hash: [u8; 32]) -> Result<()> {
        let now = self.core.now_ms();
        Ok(self
            .core
            .db
            .write(move |conn| {
                Box::pin(async move {
                    // Its open sockets are told, so that they close at once.
                    if let Some(account) = store::account_of(conn, &id_hash).await? {
                        let id = sign_in_of(&id_hash).0;
                        conn.announce(News::Ended { id, at: now, account: Some(account) }).await?;
                    }
                    store::delete(conn, &id_hash).await
                })
            })
            .await?)
    }

    /// The browsers in which an account is signed in.
    pub(crate) async fn of_account(&self, account: AccountId) -> crate::error::Result<Vec<SignedIn>> {
        let mut conn = self.core.db.read().await?;
        let rows = store::of_account(&mut conn, account, self.core.now_ms()).await?;
        rows.into_iter()
            .map(|row| {
                Ok(SignedIn {
                    id: sign_in_of(&row.id_hash),
                    kind: SignInKind::Web,
                    device: device_of(&row.data),
                    created_at: instant(row.created_at)?,
                    expires_at: instant(row.expires_at)?,
                    current: false,
                    ended: None,
                })
            })
            .collect()
    }

    /// Ends one of an account's browsers; `false` when there is no such one.
    pub(crate) async fn end(&self, account: AccountId, id: SignInId) -> crate::error::Result<bool> {
        let now = self.core.now_ms();
        self.core
            .db
            .write(move |conn| {
                Box::pin(async move {
                    for row in store::of_account(conn, account, now).await? {
                        if sign_in_of(&row.id_hash) == id {
                            store::delete(conn, &row.id_hash).await?;
                            conn.announce(News::Ended { id: id.0, at: now, account: Some(account) }).await?;
                            return Ok(true);
                        }
                    }
                    Ok(false)
                })
            })
            .await
    }

    /// Removes what has ended, in small pieces; returns how many rows went.
    pub async fn sweep(&self) -> Result<u64> {
        let now = self.core.now_ms();
        Ok(self.core.db.write(move |conn| Box::pin(store::sweep(conn, now))).await?)
    }
}

/// Ends all browsers of an account but one, in the transaction of the cause.
pub(crate) async fn end_all(
    conn: &mut Conn,
    account: AccountId,
    keep: Option<SignInId>,
    now: i64,
) -> crate::error::Result<()> {
    for row in store::all_of_account(conn, account).await? {
        let id = sign_in_of(&row.id_hash);
        if Some(id) != keep {
            store::delete(conn, &row.id_hash).await?;
            conn.announce(News::Ended { id: id.0, at: now, account: Some(account) }).await?;
        }
    }
    Ok(())
}

/// The name by which a person ends a session: it says nothing about the cookie.
pub fn sign_in_of(id_hash: &[u8]) -> SignInId {
    let digest = Sha256::new().chain_update(b"sign-in").chain_update(id_hash).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    SignInId(uuid::Uuid::from_bytes(bytes))
}

fn device_of(data: &str) -> String {
    let data: serde_json::Value = serde_json::from_str(data).unwrap_or_default();
    data.get(DEVICE_KEY).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}
