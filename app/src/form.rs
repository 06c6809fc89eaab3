//! Forms that keep what was typed, with and without JavaScript: one state per server function, one component around the fields.
//! It knows no field by name; a server function says which of its arguments may be kept (never a password).
//!
//! Without JavaScript a refused form leads back to its page. What was typed and what is wrong travel in a cookie that scripts
//! cannot read, lives a minute, and is cleared by the page that shows it. With JavaScript the page stays and shows the error.
//!
//! ```ignore
//! let form = use_form_state::<CancelVisit>();
//! view! {
//!     <Form state=form>
//!         <Field label=t!(…) name="reason" value=form.value("reason") error=form.problem("reason") />
//!         <Button>…</Button>
//!     </Form>
//! }
//! // and in api.rs
//! typed::<CancelVisit>(&[("reason", &reason)]).keep(answer(…).map(|_| "/appointments".to_owned()))
//! ```

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::{Http, ServerFn};
use leptos::web_sys::FormData;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use domain::time::Moment;

use crate::browser;
use crate::server::AppError;
use crate::t;
use crate::ui::{FormErrors, Notice, Problem, problem_of};

/// The cookie of a refused form.
#[cfg(feature = "ssr")]
const COOKIE: &str = "caresync-form";
/// A cookie may hold 4096 bytes; what does not fit is not kept.
#[cfg(feature = "ssr")]
const COOKIE_MAX: usize = 3_600;

/// The page that asks for the password or a code before a form goes on.
pub const CONFIRM: &str = "/confirm";

/// A refused form: which one, what was typed, why.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    form: String,
    values: Vec<(String, String)>,
    error: AppError,
}

/// A form's action, with what was typed before it was refused.
pub struct FormState<F: ServerFn + 'static>
where
    F::Output: 'static,
{
    action: ServerAction<F>,
    values: StoredValue<Vec<(String, String)>>,
    error: Memo<Option<AppError>>,
    accepted: Memo<usize>,
}

impl<F> Clone for FormState<F>
where
    F: ServerFn + 'static,
    F::Output: 'static,
{
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for FormState<F>
where
    F: ServerFn + 'static,
    F::Output: 'static,
{
}

/// The state of the form that posts to a server function.
#[must_use]
pub fn use_form_state<F>() -> FormState<F>
where
    F: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + Clone + 'static,
{
    let action = ServerAction::<F>::new();
    let kept = SharedValue::new(|| take(F::PATH).or_else(|| typed_before(F::PATH))).into_inner();
    let (values, first_error) = kept.map_or((Vec::new(), None), |kept| (kept.values, Some(kept.error)));
    let error = Memo::new(move |_| match action.value().get() {
        Some(Ok(_)) => None,
        Some(Err(error)) => Some(error),
        None => first_error.clone(),
    });
    let accepted = Memo::new(move |before: Option<&usize>| match action.value().get() {
        // The action counts before it hands over the answer.
        Some(Ok(_)) => action.version().get_untracked(),
        Some(Err(_)) | None => before.copied().unwrap_or_default(),
    });
    // A second try announces its problems too, so that the focus goes to them.
    Effect::new(move |before: Option<usize>| {
        let version = action.version().get();
        if before.is_some() && error.with(Option::is_some) {
            browser::focus_problems();
        }
        version
    });
    FormState { action, values: StoredValue::new(values), error, accepted }
}

impl<F> FormState<F>
where
    F: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    /// What was typed into a field before; empty when nothing was.
    #[must_use]
    pub fn value(&self, field: &str) -> String {
        self.value_or(field, "")
    }

    /// What was typed into a field before, or what stands there at first.
    #[must_use]
    pub fn value_or(&self, field: &str, first: &str) -> String {
        self.values.with_value(|values| {
            values
                .iter()
                .find(|(name, _)| name == field)
                .map_or_else(|| first.to_owned(), |(_, value)| value.clone())
        })
    }

    /// What was ticked under a name before, or what is ticked at first.
    #[must_use]
    pub fn values_or(&self, field: &str, first: &[String]) -> Vec<String> {
        self.values.with_value(|values| {
            if values.is_empty() {
                return first.to_vec();
            }
            let ticked = values.iter().filter(|(name, _)| name == field);
            ticked.map(|(_, value)| value.clone()).collect()
        })
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn problem(&self, field: &'static str) -> Signal<Option<String>> {
        let error = self.error;
        Signal::derive(move || error.with(|e| e.as_ref().and_then(|e| problem_of(&e.problems(), field))))
    }

    /// All that is wrong.
    #[must_use]
    pub fn problems(&self) -> Signal<Vec<Problem>> {
        let error = self.error;
        Signal::derive(move || error.with(|e| e.as_ref().map(AppError::problems).unwrap_or_default()))
    }

    /// Why the form was refused.
    #[must_use]
    pub fn error(&self) -> Memo<Option<AppError>> {
        self.error
    }

    /// Free times near the one that was taken.
    #[must_use]
    pub fn alternatives(&self) -> Signal<Vec<Moment>> {
        let error = self.error;
        Signal::derive(move || {
            error.with(|e| e.as_ref().map(|e| e.alternatives().to_vec()).unwrap_or_default())
        })
    }

    /// Grows when the form was accepted; a page whose success leads to itself then reads again. A refusal must not make it
    /// read: what was typed and the focus would be lost with the old view.
    #[must_use]
    pub fn accepted(&self) -> Memo<usize> {
        self.accepted
    }

    /// How often it was answered: for buttons whose refusal says that the page is behind, so that it reads again as well.
    #[must_use]
    pub fn answered(&self) -> Signal<usize> {
        self.action.version().into()
    }

    /// Whether it is on its way.
    #[must_use]
    pub fn busy(&self) -> Signal<bool> {
        self.action.pending().into()
    }
}

/// A fresh idempotency key: under it a button that is pressed twice does its work once.
#[expect(clippy::disallowed_methods, reason = "the key has only to be unique; nothing is decided by it")]
#[must_use]
pub fn new_key() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A form that posts to a server function, beneath the summary of what is wrong.
#[component]
pub fn Form<F, Answer>(
    /// Its state.
    state: FormState<F>,
    /// Posts as a page even when scripts run: for what changes who is signed in.
    #[prop(optional)]
    reload: bool,
    /// Leaves the summary out: where the page tells the problem in its own way.
    #[prop(optional)]
    no_summary: bool,
    /// The fields and the button.
    children: Children,
) -> impl IntoView
where
    F: ServerFn<Protocol = Http<PostUrl, Answer>, Error = AppError>
        + DeserializeOwned
        + Clone
        + Send
        + Sync
        + 'static,
    F::Output: Send + Sync + 'static,
    F::Client: Client<AppError>,
    <F::Client as Client<AppError>>::Request: ClientReq<AppError>,
    <<F::Client as Client<AppError>>::Request as ClientReq<AppError>>::FormData: From<FormData>,
    Answer: 'static,
{
    let summary = (!no_summary).then(|| view! { <FormErrors problems=state.problems() /> });
    let again = state.error.with_untracked(|error| *error == Some(AppError::SentAgain)).then(|| {
        view! {
            <Notice title=t!(stay.back_title)>
                <p>{t!(stay.typed_again)}</p>
            </Notice>
        }
    });
    let form = if reload {
        // The server names every problem in the same words for everybody, so the browser's own bubbles stay away.
        // Its answer is a page, so nothing here needs to be told of it.
        view! { <form method="post" action=F::url() novalidate=true>{children()}</form> }.into_any()
    } else {
        view! { <ActionForm action=state.action attr:novalidate=true>{children()}</ActionForm> }.into_any()
    };
    view! {
        {again}
        {summary}
        {form}
    }
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
                redirect(&crate::stay::sign_in_again(&referring_page()));
                Err(error)
            }
            Err(error) if self.is_held(&error) => {
                // Scripts follow as well: what was typed waits on the page that asks.
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
        hold(account, &Held { why: Why::Ended, form, values, back, wrong: None });
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
fn take(form: &str) -> Option<Kept> {
    use base64::Engine as _;
    let cookie = crate::server::cookie(COOKIE)?;
    let bytes = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(cookie).ok()?;
    let kept: Kept = serde_json::from_slice(&bytes).ok()?;
    (kept.form == form).then(|| {
        crate::server::set_cookie(COOKIE, "", 0);
        kept
    })
}

/// What was typed into a form before its owner was signed out, now that she is back; it is shown once.
#[cfg(feature = "ssr")]
fn typed_before(form: &str) -> Option<Kept> {
    use crate::server::held::{Why, held, let_go};
    let account = crate::server::actor().account_id()?;
    let held = held(account).filter(|held| held.why == Why::Ended && held.form == form)?;
    // The same form on another page is about something else.
    let here = crate::server::page()?;
    if held.back.split('?').next() != Some(here.as_str()) {
        return None;
    }
    let_go();
    Some(Kept { form: held.form, values: held.values, error: AppError::SentAgain })
}

/// In the browser nothing is left: there the page itself keeps what was typed.
#[cfg(not(feature = "ssr"))]
fn take(_form: &str) -> Option<Kept> {
    None
}

#[cfg(not(feature = "ssr"))]
fn typed_before(_form: &str) -> Option<Kept> {
    None
}
