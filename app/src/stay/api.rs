//! Server functions of an open page: how long its session still lasts, that somebody is there, and that it is over.
//! None of them says who is signed in.

#[cfg(feature = "ssr")]
use std::future::ready;

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{
    actor, answer, end_session, ended_session,
    held::{Held, Why, hold},
    referring_page, seconds_left,
};

/// Fields of these names are never kept, whatever a page says that they hold.
#[cfg(feature = "ssr")]
const SECRETS: [&str; 5] = ["password", "new_password", "current_password", "code", "proof"];

/// The seconds until the session ends if nothing is done; none when nobody is signed in. Asking is no use of it.
#[server(prefix = "/_fn", endpoint = "session-left", input = Json)]
pub async fn session_left() -> Result<Option<u32>, AppError> {
    // Nothing is waited for: the session was read before.
    Ok(ready(seconds_left()).await)
}

/// Somebody is there: the session goes on. The seconds until it ends.
#[server(prefix = "/_fn", endpoint = "stay-signed-in", input = Json)]
pub async fn stay_signed_in() -> Result<Option<u32>, AppError> {
    // Nothing is waited for: the session was read before.
    Ok(ready(seconds_left()).await)
}

/// The session is over: what was typed into a form waits for its owner, and nobody is signed in here any more.
#[server(prefix = "/_fn", endpoint = "session-over", input = Json)]
pub async fn session_over(form: String, values: Vec<(String, String)>) -> Result<(), AppError> {
    let Some(owner) = actor().account_id().or_else(ended_session) else { return Ok(()) };
    if form.starts_with("/_fn/") {
        let values = values.into_iter().filter(|(name, _)| !SECRETS.contains(&name.as_str())).collect();
        hold(owner, &Held { why: Why::Ended, form, values, back: referring_page(), wrong: None });
    }
    answer(end_session().await)
}
