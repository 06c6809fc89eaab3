//! What a refused form leaves for the page that shows it again: what was typed, what is wrong, and where it leads.

#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::CONFIRM;
use crate::server::AppError;

/// The cookie of a refused form.
#[cfg(feature = "ssr")]
const COOKIE: &str = "caresync-form";
/// A cookie may hold 4096 bytes; what does not fit is not kept.
#[cfg(feature = "ssr")]
const COOKIE_MAX: usize = 3_600;

/// A refused form: which one, what was typed, why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) form: String,
    pub(super) values: Vec<(String, String)>,
    pub(super) error: AppError,
}

/// What a server function was given that may be shown again.
#[cfg(feature = "ssr")]
pub struct Typed {
    form: &'static str,
    values: Vec<(String, String)>,
}

/// Names the arguments of a form that may be shown again when it is refused.
#[cfg(feature = "ssr")]
#[must_use]
pub fn typed<F: ServerFn>(values: &[(&str, &str)]) -> Typed {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Typed { form: F::PATH, values }
}

#[cfg(feature = "ssr")]
impl Typed {
    /// Leads on to the page that a success names; after a refusal leads a plain form back and keeps what was typed.
    pub fn keep(self, result: Result<String, AppError>) -> Result<(), AppError> {
        use crate::server::{redirect, referring_page, set_cookie, wants_html};
        match result {
            Ok(next) => {
                crate::server::held::let_proof_go();
                redirect(&next);
                Ok(())
            }
            Err(error) if error.is_unauthenticated() && self.waits_for_owner() => {
                redirect(&crate::stay::sign_in_again(&page_of_form(crate::server::ended_session())));
                Err(error)
            }
            // What was typed waits on the page that asks.
            Err(error) if self.is_held(&error) => {
                redirect(CONFIRM);
                Err(error)
            }
            // Too long to be held back: the proof is asked for alone, and the form is typed once more.
            Err(error) if error.is_step_up() => {
                redirect(&format!("{CONFIRM}?next={}", crate::portal::encode(&referring_page())));
                Err(error)
            }
            Err(error) => {
                if wants_html() {
                    let back = page_of_form(crate::server::actor().account_id());
                    if let Some(cookie) = self.pack(&error) {
                        set_cookie(COOKIE, &cookie, 60);
                    }
                    redirect(&back);
                }
                Err(error)
            }
        }
    }

    /// Holds the form back for whoever was signed in until her session reached a limit.
    fn waits_for_owner(&self) -> bool {
        use crate::server::held::{Held, Why, hold};
        let Some(account) = crate::server::ended_session() else { return false };
        let back = page_of_form(Some(account));
        let (form, values) = (self.form.to_owned(), self.values.clone());
        // Somebody else may be at the screen by now: what her word alone would do is not laid before the owner.
        if !crate::step_up::is_asked_for(&form) {
            hold(account, &Held { why: Why::Ended, form, values, back, wrong: None });
        }
        true
    }

    /// Holds the form back when its owner has to show first who she is.
    fn is_held(&self, error: &AppError) -> bool {
        use crate::server::actor;
        use crate::server::held::{Held, Why, hold};
        let (Some(account), true) =
            (actor().account_id(), error.is_step_up() || error.broken_proof().is_some())
        else {
            return false;
        };
        let back = page_of_form(Some(account));
        let wrong = error.broken_proof().map(str::to_owned);
        hold(
            account,
            &Held { why: Why::Proof, form: self.form.to_owned(), values: self.values.clone(), back, wrong },
        )
    }

    fn pack(self, error: &AppError) -> Option<String> {
        use base64::Engine as _;
        let kept = Kept { form: self.form.to_owned(), values: self.values, error: error.clone() };
        let cookie = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&kept).ok()?);
        if cookie.len() <= COOKIE_MAX {
            return Some(cookie);
        }
        // Too much was typed: the error is worth more than the words, which the browser's back button still has.
        let kept = Kept { values: Vec::new(), ..kept };
        Some(base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&kept).ok()?))
    }
}

/// Whether a form was sent from the page that asks for a proof.
#[cfg(feature = "ssr")]
fn on_confirm(page: &str) -> bool {
    page.split('?').next() == Some(CONFIRM)
}

/// The page on which a form stood that was just sent, for its owner: not the one that asked for the proof in between.
#[cfg(feature = "ssr")]
fn page_of_form(owner: Option<domain::ids::AccountId>) -> String {
    let page = crate::server::referring_page();
    if on_confirm(&page) { held_page(owner) } else { page }
}

/// The page on which the form stood that is held back.
#[cfg(feature = "ssr")]
pub(crate) fn held_page(owner: Option<domain::ids::AccountId>) -> String {
    let held = owner.and_then(crate::server::held::held);
    held.map_or_else(|| "/".to_owned(), |held| crate::server::local_path(&held.back, "/"))
}

/// What the last refused form left for this page, if it was this form; it is left once.
#[cfg(feature = "ssr")]
pub(super) fn take(form: &str) -> Option<Kept> {
    use base64::Engine as _;
    let cookie = crate::server::cookie(COOKIE)?;
    let bytes = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(cookie).ok()?;
    let kept: Kept = serde_json::from_slice(&bytes).ok()?;
    // This cookie is not sealed: it does not say what only the sealed one may.
    (kept.error != AppError::SentAgain && kept.form == form).then(|| {
        crate::server::set_cookie(COOKIE, "", 0);
        kept
    })
}

/// What was typed into a form before its owner was signed out, now that she is back; it is shown once.
#[cfg(feature = "ssr")]
pub(super) fn typed_before(form: &str) -> Option<Kept> {
    use crate::server::held::{Why, held, let_go};
    let account = crate::server::actor().account_id()?;
    let held = held(account).filter(|held| held.why == Why::Ended && held.form == form)?;
    // The same form on another page, or for somebody else, is about something else.
    if held.back != crate::server::page()? {
        return None;
    }
    let_go();
    Some(Kept { form: held.form, values: held.values, error: AppError::SentAgain })
}

/// In the browser nothing is left: there the page itself keeps what was typed.
#[cfg(not(feature = "ssr"))]
pub(super) fn take(_form: &str) -> Option<Kept> {
    None
}

#[cfg(not(feature = "ssr"))]
pub(super) fn typed_before(_form: &str) -> Option<Kept> {
    None
}
