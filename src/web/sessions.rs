//! Web sessions: the adapter between the session layer and the store of the services.
//! The store never sees an id, only its hash; no rights are in a session, they are read anew at each request.

use std::{collections::HashMap, fmt, sync::Arc};

use app::server::{
    ACCOUNT_KEY as ACCOUNT, ENDS_KEY as ENDS, EndedSession, PASSKEY_KEY, PROVEN_KEY, ProvenAt,
};
use async_trait::async_trait;
use axum::http::{HeaderMap, header};
use domain::{
    Actor,
    access::Principal,
    ids::{AccountId, PasskeyId, SignInId},
    sign_ins::EPOCH_KEY,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use services::{
    House,
    sessions::{Known, Limits, StoredSession},
};
use sha2::{Digest, Sha256};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::{SameSite, time::Duration, time::OffsetDateTime},
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::config::Config;

/// How long a browser keeps the cookie: for longer than any session lasts, so that it can be told why it was signed out.
const COOKIE_HOURS: i64 = 14;

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
        .with_expiry(Expiry::OnInactivity(Duration::hours(COOKIE_HOURS)))
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

/// The session that a request names, read without the layer: what the layer finds empty it takes out of the browser, and a page that
/// asks late would take the cookie of the next session with it.
pub(crate) enum Named {
    /// Somebody is signed in with it.
    Open(Open),
    /// It has reached a limit.
    Ended(EndedSession),
    /// Nobody is.
    Nobody,
}

/// A session that goes on.
pub(crate) struct Open {
    id: [u8; 32],
    pub(crate) account: AccountId,
    pub(crate) limits: Limits,
    data: HashMap<String, Value>,
}

impl Named {
    pub(crate) async fn by(house: &House, headers: &HeaderMap, name: &str) -> domain::Result<Self> {
        let Some(id) = cookie(headers, name).and_then(|text| text.parse::<Id>().ok()) else {
            return Ok(Self::Nobody);
        };
        let id = hash(&id);
        Ok(match house.sessions.look(id).await? {
            Known::Open(StoredSession { account: Some(account), data, limits }) => {
                let data = serde_json::from_str(&data).map_err(|_| domain::Error::Unavailable)?;
                Self::Open(Open { id, account, limits, data })
            }
            Known::Ended(account) => Self::Ended(EndedSession(account)),
            Known::Open(_) | Known::Nothing => Self::Nobody,
        })
    }
}

impl Open {
    /// The passkey that it began with, if it was one.
    pub(crate) fn passkey(&self) -> Option<PasskeyId> {
        serde_json::from_value(self.data.get(PASSKEY_KEY)?.clone()).ok()
    }

    /// When the password or a code was last given in it.
    pub(crate) fn proven_at(&self) -> Option<ProvenAt> {
        Timestamp::from_millisecond(self.data.get(PROVEN_KEY)?.as_i64()?).ok().map(ProvenAt)
    }

    /// The name by which the person ends it from the list.
    pub(crate) fn sign_in(&self) -> SignInId {
        services::sessions::sign_in_of(&self.id)
    }

    /// Notes a use; its limits from then on.
    pub(crate) async fn touch(&self, house: &House) -> domain::Result<Limits> {
        house.sessions.touch(self.id, self.limits).await
    }

    /// Ends it.
    pub(crate) async fn leave(&self, house: &House) -> domain::Result<()> {
        house.sessions.leave(self.id).await
    }
}

/// Notes that it was given, in the session of a browser; its id changes, as at signing in. Who has shown it is of the present epoch.
pub(crate) async fn prove(session: &Session, who: &Principal, at: Timestamp) -> domain::Result<()> {
    let account: Option<AccountId> = session.get(ACCOUNT).await.map_err(accident)?;
    if account != Some(who.account_id) {
        return Ok(());
    }
    session.cycle_id().await.map_err(accident)?;
    session.insert(EPOCH_KEY, who.session_epoch).await.map_err(accident)?;
    session.insert(PROVEN_KEY, at.as_millisecond()).await.map_err(accident)
}

/// Ends the session, and tells its open sockets.
pub(crate) async fn sign_out(house: &House, session: &Session) -> domain::Result<()> {
    if let Some(id) = session.id() {
        house.sessions.leave(hash(&id)).await?;
    }
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
struct Written {
    id: [u8; 32],
    account: Option<AccountId>,
    data: String,
    /// When it ends: a new id under way is no new beginning.
    ends_at: Option<Timestamp>,
}

impl Written {
    fn of(record: &Record) -> Result<Self> {
        let unfit = |error: &dyn fmt::Display| Error::Encode(error.to_string());
        let account = record.data.get(ACCOUNT).and_then(|v| serde_json::from_value(v.clone()).ok());
        let kept: HashMap<_, _> = record.data.iter().filter(|(key, _)| *key != ENDS).collect();
        let data = serde_json::to_string(&kept).map_err(|error| unfit(&error))?;
        let ends = record.data.get(ENDS).and_then(Value::as_i64).map(Timestamp::from_millisecond);
        let ends_at = ends.transpose().map_err(|error| unfit(&error))?;
        Ok(Self { id: hash(&record.id), account, data, ends_at })
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let Written { id, account, data, ends_at } = Written::of(record)?;
            if self.0.sessions.create(id, account, data, ends_at).await.map_err(backend)? {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let Written { id, account, data, .. } = Written::of(record)?;
        // A session that was ended meanwhile stays ended: the store updates and never inserts.
        self.0.sessions.save(id, account, data).await.map(|_| ()).map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(stored) = self.0.sessions.load(hash(id)).await.map_err(backend)? else { return Ok(None) };
        let mut data: HashMap<String, Value> =
            serde_json::from_str(&stored.data).map_err(|e| Error::Decode(e.to_string()))?;
        let ends_at = stored.limits.ends_at;
        data.insert(ENDS.to_owned(), json!(ends_at.as_millisecond()));
        let expiry_date = OffsetDateTime::from_unix_timestamp(ends_at.as_second())
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
        let Ok(Some(session)) = self.house.sessions.load(self.id).await else { return false };
        let data: Value = serde_json::from_str(&session.data).unwrap_or_default();
        let passkey = data.get(PASSKEY_KEY).and_then(|passkey| serde_json::from_value(passkey.clone()).ok());
        let now = self.house.services.accounts.principal_by(principal.account_id, passkey).await;
        matches!(now, Ok(Some(now)) if now == *principal)
    }
}
