//! Server functions of an open page: how long its session still lasts, that somebody is there, and that it is over.
//! None of them says who is signed in.

#[cfg(feature = "ssr")]
use std::future::ready;

use domain::ids::AccountId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{
    actor, ended_session,
    held::{Held, Why, hold},
    referring_page, seconds_left,
};
#[cfg(feature = "ssr")]
use crate::step_up::is_asked_for;

/// Fields of these names are never kept, whatever a page says that they hold.
#[cfg(feature = "ssr")]
const SECRETS: [&str; 5] = ["password", "new_password", "current_password", "code", "proof"];

/// The seconds until the session ends if nothing is done; none when the page's viewer is signed in no more. Asking is no use of it.
#[server(prefix = "/_fn", endpoint = "session-left", input = Json)]
pub async fn session_left(viewer: AccountId) -> Result<Option<u32>, AppError> {
    // Nothing is waited for: the session was read before.
    Ok(ready(left_for(viewer)).await)
}

/// Somebody is there: the session goes on. The same seconds.
#[server(prefix = "/_fn", endpoint = "stay-signed-in", input = Json)]
pub async fn stay_signed_in(viewer: AccountId) -> Result<Option<u32>, AppError> {
    Ok(ready(left_for(viewer)).await)
}

/// The page's viewer is signed in no more: what she typed into a form waits for her. Whoever else is signed in by now gets nothing
/// of it. Answers whether the session is over indeed.
#[server(prefix = "/_fn", endpoint = "session-over", input = Json)]
pub async fn session_over(
    viewer: AccountId,
    form: String,
    values: Vec<(String, String)>,
) -> Result<bool, AppError> {
    if actor().account_id() == Some(viewer) {
        return Ok(ready(false).await);
    }
    // What needs a proof is typed once more: somebody else may be at the screen by now, and one press would send her words.
    if ended_session() == Some(viewer) && form.starts_with("/_fn/") && !is_asked_for(&form) {
        let values = values.into_iter().filter(|(name, _)| !SECRETS.contains(&name.as_str())).collect();
        hold(viewer, &Held { why: Why::Ended, form, values, back: referring_page(), wrong: None });
    }
    Ok(true)
}

#[cfg(feature = "ssr")]
fn left_for(viewer: AccountId) -> Option<u32> {
    seconds_left().filter(|_| actor().account_id() == Some(viewer))
}
