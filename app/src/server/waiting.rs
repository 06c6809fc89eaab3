//! A sign-in that waits for its code, in the browser's session: the password was right, and nobody is signed in yet.
//! Codes are checked by the services, which count wrong ones as well; here only the patience of one sign-in is kept.

use domain::{Error, accounts::Passed};
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};

use super::{
    RequestTime,
    request::{session, session_failed},
};

/// Under this key the session keeps it.
const KEY: &str = "waiting_for_code";
/// How long a code may take.
const PATIENCE_S: i64 = 5 * 60;
/// How many codes may be tried.
const TRIES: u32 = 5;

/// See the module.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Waiting {
    /// Whose password it was.
    pub passed: Passed,
    /// Where one was going.
    pub next: String,
    since: i64,
    tries: u32,
}

/// Begins to wait; the session's id changes, as it does at signing in. Whoever was signed in here before is so no more: under the new
/// id nobody but she who gave a password goes on.
pub async fn begin(passed: Passed, next: &str) -> Result<(), Error> {
    let session = session()?;
    session.clear().await;
    session.cycle_id().await.map_err(|error| session_failed(&error))?;
    let next = next.chars().take(500).collect();
    let waiting = Waiting { passed, next, since: now(), tries: 0 };
    session.insert(KEY, waiting).await.map_err(|error| session_failed(&error))
}

/// One more try with a code; none when there is nobody who waits, or not any more.
pub async fn take_a_try() -> Result<Option<Waiting>, Error> {
    let session = session()?;
    let Some(mut waiting) = session.get::<Waiting>(KEY).await.map_err(|error| session_failed(&error))? else {
        return Ok(None);
    };
    waiting.tries += 1;
    if waiting.tries > TRIES || now() - waiting.since > PATIENCE_S {
        end().await?;
        return Ok(None);
    }
    session.insert(KEY, &waiting).await.map_err(|error| session_failed(&error))?;
    Ok(Some(waiting))
}

/// Nobody waits any more.
pub(super) async fn end() -> Result<(), Error> {
    session()?.remove_value(KEY).await.map(|_| ()).map_err(|error| session_failed(&error))
}

fn now() -> i64 {
    // Without a clock nothing is waited for: everything is too late.
    use_context::<RequestTime>().map_or(i64::MAX / 2, |time| time.0.as_second())
}
