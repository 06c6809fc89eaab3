//! Server-side web sessions, kept under the hash of their id.
//!
//! Cookies are the server's business. A saved session that was deleted meanwhile stays deleted: saving only updates.

mod store;

use domain::{Result, ids::AccountId};
use jiff::Timestamp;

use crate::core::{Core, instant};

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
        Ok(self.core.db.write(move |conn| Box::pin(store::delete(conn, id_hash))).await?)
    }

    /// Removes what has ended, in small pieces; returns how many rows went.
    pub async fn sweep(&self) -> Result<u64> {
        let now = self.core.now_ms();
        Ok(self.core.db.write(move |conn| Box::pin(store::sweep(conn, now))).await?)
    }
}
