//! Staying signed in: a session that nobody uses ends, its owner is asked before, and what she typed waits until she is back.
//! How long that is, is the services' to say; without scripts nobody is asked, and a sent form waits all the same.

pub mod api;
mod asked;
mod watch;

pub use asked::*;

use crate::portal::encode;

/// Where a page says that somebody is there.
pub const STAY: &str = "/_fn/stay-signed-in";

/// The page of signing in for whoever was signed out by a limit.
#[must_use]
pub fn sign_in_again(here: &str) -> String {
    format!("/sign-in?ended=1&next={}", encode(here))
}
