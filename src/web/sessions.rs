//! Web sessions: the adapter between the session layer and the store of the services.
//! The store never sees an id, only its hash; no rights are in a session, they are read anew at each request.

use std::{collections::HashMap, fmt, sync::Arc};

use app::server::{ACCOUNT_KEY as ACCOUNT, PROVEN_KEY, ProvenAt};
use async_trait::async_trait;
use axum::http::{HeaderMap, header};
use domain::{
    Actor,
    ids::{AccountId, SignInId},
};
use jiff::Timestamp;
use serde_json::Value;
use services::House;
use sha2::{Digest, Sha256};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::{SameSite, time::Duration, time::OffsetDateTime},
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::config::Config;

/// A session ends this long after signing in, whatever happens in between.
const HOURS: i64 = 12;

/// The store of the house, as the session layer wants it.
#[derive(Clone)]
pub(crate) struct Store(Arc<House>);

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

/// The layer that reads and writes the session cookie.
pub(crate) fn layer(house: Arc<House>, config: &Config) -> SessionManagerLayer<Store> {
    SessionManagerLayer::new(Store(house))
        .with_name(config.cookie_name())
        .with_secure(config.is_https())
        .with_same_site(SameSite::Lax)
        // Sessions are only written at signing in, so this is an absolute end.
        .with_expiry(Expiry::OnInactivity(Duration::hours(HOURS)))
}

/// Whether the request carries a cookie of this name.
pub(crate) fn has_cookie(headers: &HeaderMap, name: &str) -> bool {
    cookies(headers).any(|(known, _)| known == name)
}

/// The cookie of this name.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    cookies(headers).find_map(|(known, value)| (known == name).then_some(value))
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .map(|pair| pair.trim().split_once('=').unwrap_or((pair.trim(), "")))
}

/// Whose session it is.
pub(crate) async fn account_of(session: &Session) -> domain::Result<Option<AccountId>> {
    session.get(ACCOUNT).await.map_err(accident)
}

/// When the password or a code was last given in it.
pub(crate) async fn proven_at(session: &Session) -> domain::Result<Option<ProvenAt>> {
    let at: Option<i64> = session.get(PROVEN_KEY).await.map_err(accident)?;
    Ok(at.and_then(|at| Timestamp::from_millisecond(at).ok()).map(ProvenAt))
}

/// Notes that it was given, in the session of a browser; its id changes, as at signing in.
pub(crate) async fn prove(session: &Session, at: Timestamp) -> domain::Result<()> {
    if account_of(session).await?.is_none() {
        return Ok(());
    }
    session.cycle_id().await.map_err(accident)?;
    session.insert(PROVEN_KEY, at.as_millisecond()).await.map_err(accident)
}

/// The name by which the person ends this session from the list.
pub(crate) fn sign_in_of(session: &Session) -> Option<SignInId> {
    session.id().map(|id| services::sessions::sign_in_of(&hash(&id)))
}

/// Ends the session.
pub(crate) async fn sign_out(session: &Session) -> domain::Result<()> {
    session.flush().await.map_err(accident)
}

/// The id under which the store knows a session.
fn hash(id: &Id) -> [u8; 32] {
    Sha256::digest(id.0.to_le_bytes()).into()
}

fn accident(error: tower_sessions::session::Error) -> domain::Error {
    tracing::error!(%error, "the session store failed");
    domain::Error::Unavailable
}

fn backend(error: domain::Error) -> Error {
    Error::Backend(error.to_string())
}

/// What a record says, as the store keeps it.
fn written(record: &Record) -> Result<([u8; 32], Option<AccountId>, String, Timestamp)> {
    let account = record.data.get(ACCOUNT).and_then(|v| serde_json::from_value(v.clone()).ok());
    let data = serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
    let ends = Timestamp::from_second(record.expiry_date.unix_timestamp())
        .map_err(|e| Error::Encode(e.to_string()))?;
    Ok((hash(&record.id), account, data, ends))
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let (id, account, data, ends) = written(record)?;
            if self.0.sessions.create(id, account, data, ends).await.map_err(backend)? {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let (id, account, data, ends) = written(record)?;
        // A session that was ended meanwhile stays ended: the store updates and never inserts.
        self.0.sessions.save(id, account, data, ends).await.map(|_| ()).map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(stored) = self.0.sessions.load(hash(id)).await.map_err(backend)? else { return Ok(None) };
        let data: HashMap<String, Value> =
            serde_json::from_str(&stored.data).map_err(|e| Error::Decode(e.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(stored.expires_at.as_second())
            .map_err(|e| Error::Decode(e.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.sessions.delete(hash(id)).await.map_err(backend)
    }
}

/// A session that somebody holds a socket open with.
pub(crate) struct Pass {
    house: Arc<House>,
    id: [u8; 32],
}

impl Pass {
    /// The session behind a request, when somebody is signed in with it.
    pub(crate) fn of(house: &Arc<House>, session: &Session, actor: &Actor) -> Option<Self> {
        let id = session.id().filter(|_| actor.principal().is_some())?;
        Some(Self { house: house.clone(), id: hash(&id) })
    }

    /// Whether the session goes on, with the same rights.
    pub(crate) async fn holds(&self, actor: &Actor) -> bool {
        let Some(principal) = actor.principal() else { return false };
        let session = self.house.sessions.load(self.id).await;
        let now = self.house.services.accounts.principal(principal.account_id).await;
        matches!((session, now), (Ok(Some(_)), Ok(Some(now))) if now == *principal)
    }
}
