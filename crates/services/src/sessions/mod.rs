//! Server-side web sessions, kept under the hash of their id.
//!
//! Cookies are the server's business. A saved session that was deleted meanwhile stays deleted: saving only updates.

mod limits;
mod store;

pub use limits::Limits;

use domain::{
    Result,
    ids::{AccountId, SignInId},
    sign_ins::{DEVICE_KEY, EPOCH_KEY, SignInKind, SignedIn},
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    core::{Core, instant},
    db::{Conn, News, Reach},
};

/// What is known under the id of a cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// A session that goes on.
    Open(StoredSession),
    /// One of this account has reached a limit a while ago.
    Ended(AccountId),
    /// None, or one that was ended in another way.
    Nothing,
}

/// A stored session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Who is signed in with it.
    pub account: Option<AccountId>,
    /// What the server keeps in it.
    pub data: String,
    /// Until when it lives.
    pub limits: Limits,
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

    /// Keeps a new session; `false` when the id exists already. It ends half a day after now, or when one that it goes on for ends.
    ///
    /// One whose password was replaced meanwhile is not kept, and nobody is told: its cookie leads nowhere.
    pub async fn create(
        &self,
        id_hash: [u8; 32],
        account: Option<AccountId>,
        data: String,
        ends_at: Option<Timestamp>,
    ) -> Result<bool> {
        let now = self.core.now_ms();
        let ends = ends_at.map_or(now + limits::LONGEST_MS, Timestamp::as_millisecond);
        Ok(self
            .core
            .db
            .write(&Reach::house("the cookie is the proof"), move |conn| {
                let data = data.clone();
                Box::pin(async move {
                    if !of_this_epoch(conn, account, &data).await? {
                        return Ok(true);
                    }
                    store::insert(conn, id_hash, account, data, now, ends).await
                })
            })
            .await?)
    }

    /// Changes a session that exists; `false` when it is gone, or its password was replaced while somebody signed in with it.
    pub async fn save(&self, id_hash: [u8; 32], account: Option<AccountId>, data: String) -> Result<bool> {
        let ends = self.core.now_ms() + limits::LONGEST_MS;
        Ok(self
            .core
            .db
            .write(&Reach::house("the cookie is the proof"), move |conn| {
                let data = data.clone();
                Box::pin(async move {
                    // Who has been signed in all the time stays so: a new epoch has ended the session or has let it be.
                    let same = account.is_some() && store::account_of(conn, &id_hash).await? == account;
                    if !same && !of_this_epoch(conn, account, &data).await? {
                        return Ok(false);
                    }
                    store::update(conn, id_hash, account, data, ends).await
                })
            })
            .await?)
    }

    /// A session that has not ended.
    pub async fn load(&self, id_hash: [u8; 32]) -> Result<Option<StoredSession>> {
        Ok(match self.look(id_hash).await? {
            Known::Open(session) => Some(session),
            Known::Ended(_) | Known::Nothing => None,
        })
    }

    /// What is known under the id of a cookie. Looking is no use of it.
    pub async fn look(&self, id_hash: [u8; 32]) -> Result<Known> {
        let now = self.core.now_ms();
        let found = async {
            let mut conn = self.core.db.read(&Reach::house("the cookie is the proof")).await?;
            let Some(row) = store::find(&mut conn, id_hash).await? else { return Ok(Known::Nothing) };
            let (limits, account) = (Limits::of(&row)?, row.account_id.map(AccountId));
            Ok(if limits::goes_on(&row, now) {
                Known::Open(StoredSession { account, data: row.data, limits })
            } else {
                account.map_or(Known::Nothing, Known::Ended)
            })
        };
        Ok(found.await.map_err(|e: crate::error::Error| e)?)
    }

    /// Removes a session under its id, as when it goes on under another. Nobody is told.
    pub async fn delete(&self, id_hash: [u8; 32]) -> Result<()> {
        let reach = Reach::house("the cookie is the proof");
        Ok(self
            .core
            .db
            .write(&reach, move |conn| Box::pin(async move { store::delete(conn, &id_hash).await }))
            .await?)
    }

    /// Ends a session.
    pub async fn leave(&self, id_hash: [u8; 32]) -> Result<()> {
        let now = self.core.now_ms();
        Ok(self
            .core
            .db
            .write(&Reach::house("the cookie is the proof"), move |conn| {
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
    pub(crate) async fn of_account(
        &self,
        reach: &Reach,
        account: AccountId,
    ) -> crate::error::Result<Vec<SignedIn>> {
        let mut conn = self.core.db.read(reach).await?;
        let now = self.core.now_ms();
        let rows = store::of_account(&mut conn, account, now, now - limits::IDLE_MS).await?;
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

    /// Removes what has ended, in small pieces; returns how many rows went.
    pub async fn sweep(&self) -> Result<u64> {
        let now = self.core.now_ms();
        Ok(self
            .core
            .db
            .write(&Reach::house("the sweep"), move |conn| Box::pin(store::sweep(conn, now)))
            .await?)
    }
}

/// Whether an account is still in an epoch; it stays so until the transaction ends.
pub(crate) async fn hold_epoch(
    conn: &mut Conn,
    account: AccountId,
    epoch: i64,
) -> crate::error::Result<bool> {
    store::hold_epoch(conn, account, epoch).await
}

async fn of_this_epoch(
    conn: &mut Conn,
    account: Option<AccountId>,
    data: &str,
) -> crate::error::Result<bool> {
    let Some(account) = account else { return Ok(true) };
    let data: serde_json::Value = serde_json::from_str(data).unwrap_or_default();
    let epoch = data.get(EPOCH_KEY).and_then(serde_json::Value::as_i64).unwrap_or(0);
    hold_epoch(conn, account, epoch).await
}

/// Ends one of an account's browsers, in the transaction of the cause; `false` when there is no such one.
pub(crate) async fn end(
    conn: &mut Conn,
    account: AccountId,
    id: SignInId,
    now: i64,
) -> crate::error::Result<bool> {
    for row in store::of_account(conn, account, now, now - limits::IDLE_MS).await? {
        if sign_in_of(&row.id_hash) == id {
            store::delete(conn, &row.id_hash).await?;
            conn.announce(News::Ended { id: id.0, at: now, account: Some(account) }).await?;
            return Ok(true);
        }
    }
    Ok(false)
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
