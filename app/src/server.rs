//! What pages and server functions need of a request: the services, who asks, the answer's status, and the one error type.
//! It decides nothing about care and knows no route; the server's wiring fills the context that is read here.
//!
//! # What the server provides
//!
//! One closure, given to `leptos_routes_with_context` (and so to every server function):
//!
//! | context | type | needed |
//! |---|---|---|
//! | the services | `domain::Services` | yes |
//! | who asks | `domain::Actor` | yes; without it everybody is anonymous |
//! | now | [`RequestTime`] | for "tomorrow" and the mark on the day line; without it they are left out |
//! | the public address | [`PublicOrigin`] (`https://care.example`, no slash) | for canonical links; without it there are none |
//!
//! `http::request::Parts` and `ResponseOptions` come from leptos_axum. Among the request's extensions are expected a
//! `tower_sessions::Session` (signing in calls `cycle_id()` and stores the account's id and what else the keys below name), the
//! sign-in (`SignInId`, in the context as well), `Origin` and `Trace` for the audit, [`ProvenAt`], [`Until`] and [`EndedSession`].
//!
//! # What the server answers itself
//!
//! `POST /sign-out` (redirects to `/`), `POST /theme` (`theme`, `return_to`; cookie `caresync-theme`), `/ws`, `/sw.js`, `/pkg/*`, every
//! file of `public/`. The routes of the app end in a wildcard, so whatever the server serves needs a route of its own, and
//! `/api/*` its own 404. Forms are plain posts to `/_fn/<name>`; they rely on `Referrer-Policy: same-origin` (or
//! `strict-origin-when-cross-origin`), because a refused form leads back to the page it came from.
//!
//! # A server function
//!
//! ```ignore
//! #[server(prefix = "/_fn", endpoint = "doctor", input = Json)]
//! pub async fn doctor(id: DoctorId) -> Result<Doctor, AppError> {
//!     answer(services()?.doctors.get(&call(), id).await)
//! }
//! ```
//!
//! Forms take `PostUrl` (the default input) and keep what was typed: see [`crate::form`].

mod error;
#[cfg(feature = "ssr")]
mod request;

pub use error::AppError;
#[cfg(feature = "ssr")]
pub use request::*;
#[cfg(feature = "ssr")]
pub mod held;
#[cfg(feature = "ssr")]
pub mod waiting;

/// The key of the account's id in the browser's session.
pub const ACCOUNT_KEY: &str = "account_id";

/// Under this key the session keeps when the password or a code was last given, in epoch milliseconds.
pub const PROVEN_KEY: &str = "proven_at";

/// Under this key it keeps when it ends in any case, in epoch milliseconds; whoever signs in anew begins without.
pub const ENDS_KEY: &str = "ends_at";

/// When the session of this browser ends if nothing is done.
#[derive(Clone, Copy, Debug)]
pub struct Until(pub jiff::Timestamp);

/// Whose session of this browser has reached a limit: she was signed in a while ago, and nobody is now.
#[derive(Clone, Copy, Debug)]
pub struct EndedSession(pub domain::ids::AccountId);

/// Under this key the session keeps the passkey that it began with, if it was one: while the account has that, no other factor is missing.
pub const PASSKEY_KEY: &str = "passkey";

/// When the password or a code was last given in this session.
#[derive(Clone, Copy, Debug)]
pub struct ProvenAt(pub jiff::Timestamp);

/// The cookie of a known browser; over TLS its name has the prefix that keeps it this host's.
#[cfg(feature = "ssr")]
const MARKS: &str = "caresync-known";

/// The instant of the request, from the server's clock.
#[derive(Clone, Copy, Debug)]
pub struct RequestTime(pub jiff::Timestamp);

/// Scheme and host under which people reach the house, without a slash at the end.
#[derive(Clone, Debug)]
pub struct PublicOrigin(pub String);

/// Keeps a path of this site; anything else becomes the fallback. For `?next=` and other places a link may be smuggled into.
#[must_use]
pub fn local_path(text: &str, fallback: &str) -> String {
    let local = text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains('\\')
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    if local { text.to_owned() } else { fallback.to_owned() }
}

/// Says that the page does not exist; only the server has a status to set.
pub fn not_found() {
    #[cfg(feature = "ssr")]
    request::set_status(404);
}

/// Whether this browser's session has reached a limit; only the server knows.
#[must_use]
pub fn has_ended() -> bool {
    #[cfg(feature = "ssr")]
    return request::ended_session().is_some();
    #[cfg(not(feature = "ssr"))]
    false
}

/// Whether what was typed in this browser's session waits until its owner has signed in again; only the server knows.
#[must_use]
pub fn holds_something() -> bool {
    #[cfg(feature = "ssr")]
    return request::ended_session().and_then(held::held).is_some_and(|held| held.why == held::Why::Ended);
    #[cfg(not(feature = "ssr"))]
    false
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        assert_eq!(local_path("/book/1/review?start=a%2Bb", "/"), "/book/1/review?start=a%2Bb");
        for foreign in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "evil",
            "",
            "/a\r\nSet-Cookie: x",
            "/ä",
        ] {
            assert_eq!(local_path(foreign, "/"), "/", "{foreign}");
        }
    }
}
