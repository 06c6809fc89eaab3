//! Forms that keep what was typed, with and without JavaScript: one state per server function, one component around the fields.
//! It knows no field by name; a server function says which of its arguments may be kept (never a password).
//!
//! Without JavaScript a refused form leads back to its page. What was typed and what is wrong travel in a cookie that scripts
//! cannot read, lives a minute, and is cleared by the page that shows it. With JavaScript the page stays and shows the error,
//! or goes where the answer says (`AppError::Elsewhere`).
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

mod kept;

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::{Http, ServerFn};
use leptos::web_sys::FormData;
use serde::de::DeserializeOwned;

use domain::time::Moment;

use crate::browser;
use crate::server::{AppError, local_path};
use crate::t;
use crate::ui::{FormErrors, Notice, Problem, problem_of};

#[cfg(feature = "ssr")]
pub(crate) use kept::held_page;
#[cfg(feature = "ssr")]
pub use kept::{Typed, typed};
use kept::{take, typed_before};

/// The page that asks for the password or a code before a form goes on.
pub const CONFIRM: &str = "/confirm";

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
    Effect::new(move || {
        error.with(|error| {
            if let Some(AppError::Elsewhere { page }) = error {
                browser::go_to(&local_path(page, "/"));
            }
        });
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
