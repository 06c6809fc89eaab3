//! The request and the answer, as a server function or a page being rendered sees them; on the server only.
//! Everything is read from the context of the request: nothing here outlives it.

use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use domain::access::{Actor, Call, Origin, Principal, Trace};
use domain::ids::{AccountId, PasskeyId, SignInId};
use domain::sign_ins::{DEVICE_KEY, EPOCH_KEY};
use domain::{Error, Services};
use jiff::Timestamp;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use tower_sessions::Session;

use super::{
    ACCOUNT_KEY, AppError, ENDS_KEY, EndedSession, MARKS, PASSKEY_KEY, PROVEN_KEY, ProvenAt, PublicOrigin,
    RequestTime, Until,
};

/// How long a browser is known, in seconds.
const YEAR: u32 = 365 * 24 * 60 * 60;

/// The services.
pub fn services() -> Result<Services, AppError> {
    use_context::<Services>().ok_or(AppError::Refused(Error::Unavailable))
}

/// Who asks; nobody in particular where the server has not said.
#[must_use]
pub fn actor() -> Actor {
    use_context::<Actor>().unwrap_or(Actor::Anonymous)
}

/// The call of whoever asks.
#[must_use]
pub fn call() -> Call {
    let parts = use_context::<Parts>();
    let of_request = |parts: &Parts| {
        let origin = parts.extensions.get::<Origin>().cloned().unwrap_or_default();
        (origin, parts.extensions.get::<Trace>().cloned().unwrap_or_default())
    };
    let (origin, trace) = parts.as_ref().map(of_request).unwrap_or_default();
    let proven_at = parts.as_ref().and_then(|parts| parts.extensions.get::<ProvenAt>()).map(|at| at.0);
    Call { sign_in: use_context::<SignInId>(), proven_at, origin, trace, ..Call::by(actor()) }
}

/// Whose session of this browser has reached a limit.
#[must_use]
pub fn ended_session() -> Option<AccountId> {
    use_context::<Parts>()?.extensions.get::<EndedSession>().map(|ended| ended.0)
}

/// The seconds until the session of this browser ends if nothing is done; none when nobody is signed in with it.
#[must_use]
pub fn seconds_left() -> Option<u32> {
    let until = use_context::<Parts>()?.extensions.get::<Until>()?.0;
    let left = until.duration_since(use_context::<RequestTime>()?.0).as_secs();
    Some(u32::try_from(left).unwrap_or(0))
}

/// The same, under a key that makes a repeated request the same request.
#[must_use]
pub fn call_once(key: String) -> Call {
    // As the API's header: a short name, nothing else.
    let fits =
        |key: &String| (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    Call { idempotency_key: Some(key).filter(fits), ..call() }
}

/// Passes a result on, and lets the answer's status say how it went.
pub fn answer<T>(result: domain::Result<T>) -> Result<T, AppError> {
    result.map_err(|error| {
        let error = AppError::from(error);
        set_status(error.status());
        error
    })
}

/// Sets the status of the answer.
pub fn set_status(code: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(code)) {
        response.set_status(status);
    }
}

/// Whether a plain form or a link asks, and wants a page and not data.
#[must_use]
pub fn wants_html() -> bool {
    header_of(&header::ACCEPT).is_some_and(|accept| accept.contains("text/html"))
}

/// Leads a browser on: 303, so that the next request is a GET. A server function that was called by script says so in a header.
pub fn redirect(path: &str) {
    leptos_axum::redirect(&super::local_path(path, "/"));
    if wants_html() {
        set_status(303);
    }
}

/// The path and query of the page that the request came from.
#[must_use]
pub fn referring_page() -> String {
    let referrer = header_of(&header::REFERER).unwrap_or_default();
    let path = referrer.split_once("://").and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
    super::local_path(path.unwrap_or("/"), "/")
}

/// The path and query of the page that is asked for.
#[must_use]
pub fn page() -> Option<String> {
    Some(use_context::<Parts>()?.uri.path_and_query()?.as_str().to_owned())
}

/// A cookie of the request.
#[must_use]
pub fn cookie(name: &str) -> Option<String> {
    let jar = header_of(&header::COOKIE)?;
    jar.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// Sets a cookie that no script can read; zero seconds clear it.
pub fn set_cookie(name: &str, value: &str, seconds: u32) {
    let secure = if is_secure() { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let (Some(response), Ok(line)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&line)) {
        response.append_header(header::SET_COOKIE, line);
    }
}

/// What this browser has kept of earlier sign-ins.
#[must_use]
pub fn marks() -> String {
    cookie(&marks_name()).unwrap_or_default()
}

/// Lets this browser be known at the next sign-in.
pub fn keep_marks(marks: &str) {
    set_cookie(&marks_name(), marks, YEAR);
}

fn marks_name() -> String {
    let prefix = if is_secure() { "__Host-" } else { "" };
    format!("{prefix}{MARKS}")
}

fn is_secure() -> bool {
    use_context::<PublicOrigin>().is_some_and(|origin| origin.0.starts_with("https://"))
}

/// Lets this browser act for an account from now on; the session's id changes, so that one planted before is worth nothing.
///
/// It begins in the epoch of who it is: one whose password was replaced since it was checked comes to nothing.
///
/// Whoever begins it has just given her password or a code.
pub async fn start_session(who: &Principal) -> Result<(), Error> {
    start_session_by(who, None).await
}

/// The same with a passkey, if it was one; what an earlier sign-in was made with is forgotten.
pub async fn start_session_by(who: &Principal, passkey: Option<PasskeyId>) -> Result<(), Error> {
    renew_session(who).await?;
    let session = session()?;
    match passkey {
        Some(passkey) => session.insert(PASSKEY_KEY, passkey).await,
        None => session.remove_value(PASSKEY_KEY).await.map(|_| ()),
    }
    .map_err(|error| session_failed(&error))?;
    if let Some(time) = use_context::<RequestTime>() {
        prove_session(time.0).await?;
    }
    Ok(())
}

/// Notes in this browser's session when the password or a code was given.
async fn prove_session(at: Timestamp) -> Result<(), Error> {
    session()?.insert(PROVEN_KEY, at.as_millisecond()).await.map_err(|error| session_failed(&error))
}

/// The call of whoever asks, after the proof that came along, if one did: from then on this session has proven who it is.
pub async fn call_with(proof: String) -> Result<Call, AppError> {
    let call = call();
    if proof.is_empty() {
        return Ok(call);
    }
    let command = domain::sign_ins::StepUp { proof };
    let at = answer(services()?.sign_ins.prove(&call, command).await)?;
    answer(renew_proof(&call, at).await)?;
    Ok(call.proven(at))
}

async fn renew_proof(call: &Call, at: Timestamp) -> Result<(), Error> {
    let session = session()?;
    session.cycle_id().await.map_err(|error| session_failed(&error))?;
    if let Some(who) = call.actor.principal() {
        // Another sign-in may have begun an epoch that let this one be; who has shown who she is belongs to the present one.
        session.insert(EPOCH_KEY, who.session_epoch).await.map_err(|error| session_failed(&error))?;
    }
    prove_session(at).await
}

/// The same for whoever has shown a link and no password: since when she has proven who she is stays as it was.
pub async fn renew_session(who: &Principal) -> Result<(), Error> {
    let session = session()?;
    super::waiting::end().await?;
    session.cycle_id().await.map_err(|error| session_failed(&error))?;
    session.remove_value(ENDS_KEY).await.map_err(|error| session_failed(&error))?;
    session.insert(ACCOUNT_KEY, who.account_id).await.map_err(|error| session_failed(&error))?;
    session.insert(EPOCH_KEY, who.session_epoch).await.map_err(|error| session_failed(&error))?;
    let device = header_of(&header::USER_AGENT).as_deref().map(domain::sign_ins::device).unwrap_or_default();
    session.insert(DEVICE_KEY, device).await.map_err(|error| session_failed(&error))
}

/// Lets this browser go on after a change that began the account's next epoch, such as a new password. If somebody else has
/// begun one more, it has to sign in.
pub async fn next_session() -> Result<(), Error> {
    match actor().principal() {
        Some(who) => {
            let who = Principal { session_epoch: who.session_epoch + 1, ..who.clone() };
            let passkey = session()?.get(PASSKEY_KEY).await.map_err(|error| session_failed(&error))?;
            start_session_by(&who, passkey).await
        }
        None => Ok(()),
    }
}

/// The browser's session.
pub(super) fn session() -> Result<Session, Error> {
    let session = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Session>().cloned());
    session.ok_or(Error::Unavailable)
}

pub(super) fn session_failed(error: &tower_sessions::session::Error) -> Error {
    tracing::error!(%error, "a session could not be started");
    Error::Unavailable
}

fn header_of(name: &header::HeaderName) -> Option<String> {
    use_context::<Parts>()?.headers.get(name)?.to_str().ok().map(str::to_owned)
}
