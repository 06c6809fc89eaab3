//! A form that is held back until its owner has shown who she is, or has signed in again: it travels in a cookie that no script can read, sealed for her
//! account. Nobody else who signs in with this browser can read it or send it.

use domain::ids::AccountId;
use serde::{Deserialize, Serialize};

use super::{cookie, services, set_cookie};

/// The cookie.
const COOKIE: &str = "caresync-held";
/// A cookie may hold 4096 bytes; what does not fit is not kept.
const COOKIE_MAX: usize = 3_900;
/// How long it is held.
const SECONDS: u32 = 30 * 60;

/// Why a form is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// The password or a code is asked for first; then the form is sent.
    Proof,
    /// The session had ended; its owner sends it again herself.
    Ended,
}

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Held {
    /// Why.
    pub why: Why,
    /// Where it is posted to.
    pub form: String,
    /// What was typed or chosen; never a password.
    pub values: Vec<(String, String)>,
    /// The page it stands on.
    pub back: String,
    /// What is wrong with the proof that was given, as a key of the catalogue.
    pub wrong: Option<String>,
}

/// Holds a form for an account; `false` when it is too long, or nothing can be sealed.
pub fn hold(account: AccountId, held: &Held) -> bool {
    let sealed = services().ok().and_then(|services| {
        let text = serde_json::to_string(held).ok()?;
        services.sign_ins.seal(account, &text).ok()
    });
    match sealed.filter(|sealed| sealed.len() <= COOKIE_MAX) {
        Some(sealed) => {
            set_cookie(COOKIE, &sealed, SECONDS);
            true
        }
        None => false,
    }
}

/// Whether something is held, for whomever.
#[must_use]
pub fn is_there() -> bool {
    cookie(COOKIE).is_some_and(|sealed| !sealed.is_empty())
}

/// What is held for an account.
#[must_use]
pub fn held(account: AccountId) -> Option<Held> {
    let sealed = cookie(COOKIE).filter(|sealed| !sealed.is_empty())?;
    let text = services().ok()?.sign_ins.unseal(account, &sealed)?;
    serde_json::from_str(&text).ok()
}

/// Lets a form go that was held back for a proof: it has been sent.
pub fn let_proof_go() {
    let found = super::actor().account_id().and_then(held);
    if found.is_some_and(|held| held.why == Why::Proof) {
        let_go();
    }
}

/// The page on which somebody who has just signed in finds what she typed before she was signed out. What waits for somebody else
/// goes.
pub fn page_left(account: AccountId) -> Option<String> {
    match held(account) {
        Some(held) if held.why == Why::Ended => Some(super::local_path(&held.back, "/")),
        _ => {
            let_go();
            None
        }
    }
}

/// Holds nothing any more.
pub fn let_go() {
    if is_there() {
        set_cookie(COOKIE, "", 0);
    }
}
