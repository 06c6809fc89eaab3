//! Forms that keep what was typed, with and without JavaScript: one state per server function, one component around the fields.
//! It knows no field by name; a server function says which of its arguments may be kept (never a password).
//!
//! Without JavaScript a refused form leads back to its page. What was typed and what is wrong travel in a cookie that scripts
//! cannot read, lives a minute, and is cleared by the page that shows it. With JavaScript the page stays and shows the error,
//! or goes to the page that asks for something first, if the answer names one.
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

use std::marker::PhantomData;
use std::ops::Deref;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::server_fn::redirect::call_redirect_hook;
use leptos::task::spawn_local;

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

/// A form's way to its server function, with what was typed before it was refused. The type says which function it is; what it
/// does is the same for all and stands in [`Sending`], so that the browser loads it once and not once for each form.
pub struct FormState<F> {
    sending: Sending,
    of: PhantomData<fn() -> F>,
}

impl<F> Clone for FormState<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for FormState<F> {}

impl<F> Deref for FormState<F> {
    type Target = Sending;

    fn deref(&self) -> &Sending {
        &self.sending
    }
}

/// What every form does: it keeps what was typed, goes out, and hears what came of it.
#[derive(Clone, Copy)]
pub struct Sending {
    values: StoredValue<Vec<(String, String)>>,
    answer: RwSignal<Option<Result<(), AppError>>>,
    answered: RwSignal<usize>,
    busy: RwSignal<bool>,
    error: Memo<Option<AppError>>,
    accepted: Memo<usize>,
}

/// The state of the form that posts to a server function.
#[must_use]
pub fn use_form_state<F: ServerFn>() -> FormState<F> {
    FormState { sending: Sending::to(F::PATH), of: PhantomData }
}

impl Sending {
    fn to(path: &'static str) -> Self {
        let kept = SharedValue::new(|| take(path).or_else(|| typed_before(path))).into_inner();
        let (values, first_error) = kept.map_or((Vec::new(), None), |kept| (kept.values, Some(kept.error)));
        let answer = RwSignal::new(None::<Result<(), AppError>>);
        let answered = RwSignal::new(0_usize);
        let error = Memo::new(move |_| match answer.get() {
            Some(Ok(())) => None,
            Some(Err(error)) => Some(error),
            None => first_error.clone(),
        });
        let accepted = Memo::new(move |before: Option<&usize>| match answer.get() {
            // It is counted before the answer is handed over.
            Some(Ok(())) => answered.get_untracked(),
            Some(Err(_)) | None => before.copied().unwrap_or_default(),
        });
        // A second try announces its problems too, so that the focus goes to them.
        Effect::new(move |before: Option<usize>| {
            let times = answered.get();
            if before.is_some() && error.with(Option::is_some) {
                browser::focus_problems();
            }
            times
        });
        Self {
            values: StoredValue::new(values),
            answer,
            answered,
            busy: RwSignal::new(false),
            error,
            accepted,
        }
    }

    /// Sends what stands in the form, and goes where the answer leads; `accepted` is done first if it was accepted.
    fn send(self, url: &'static str, fields: String, accepted: Box<dyn FnOnce()>) {
        self.busy.set(true);
        spawn_local(async move {
            let (answer, page) = browser::post(url, fields).await;
            // The page may have gone meanwhile, and its form with it: then nobody hears.
            let _ = self.busy.try_set(false);
            match (answer, page) {
                // What has to be asked first is asked on a new page: "back" leads to the form again, as it was typed.
                (Err(_), Some(page)) => browser::go_to(&local_path(&page, "/")),
                (answer, page) => {
                    if answer.is_ok() {
                        accepted();
                        // What was refused before is done with; the next drawing shows what holds now.
                        let _ = self.values.try_set_value(Vec::new());
                    }
                    let _ = self.answered.try_update(|times| *times += 1);
                    let _ = self.answer.try_set(Some(answer));
                    if let Some(page) = page {
                        call_redirect_hook(&page);
                    }
                }
            }
        });
    }

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

    /// The same, where fields post under other names than the command has, such as boxes with brackets: each pair is a name of the command
    /// and the name that is posted, to which the problem leads.
    #[must_use]
    pub fn problems_posted_as(
        &self,
        posted: &'static [(&'static str, &'static str)],
    ) -> Signal<Vec<Problem>> {
        let problems = self.problems();
        Signal::derive(move || problems.get().into_iter().map(|problem| posted_as(problem, posted)).collect())
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
        self.answered.into()
    }

    /// Whether it is on its way.
    #[must_use]
    pub fn busy(&self) -> Signal<bool> {
        self.busy.into()
    }
}

/// The problem where its field posts.
pub(crate) fn posted_as(problem: Problem, posted: &[(&str, &str)]) -> Problem {
    match posted.iter().find(|(field, _)| *field == problem.field) {
        Some((_, name)) => Problem { field: (*name).to_owned(), ..problem },
        None => problem,
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
pub fn Form<F: ServerFn>(
    /// Its state.
    state: FormState<F>,
    /// Posts as a page even when scripts run: for what changes who is signed in.
    #[prop(optional)]
    reload: bool,
    /// Leaves the summary out: where the page tells the problem in its own way.
    #[prop(optional)]
    no_summary: bool,
    /// Adds something and stays on the page: once it was accepted its fields stand as at first, for the next.
    #[prop(optional)]
    adds: bool,
    /// The fields and the button.
    children: Children,
) -> impl IntoView {
    frame(state.sending, F::url(), Way { reload, no_summary, adds }, children())
}

/// What [`Form`] is told of how a form goes.
#[derive(Clone, Copy)]
struct Way {
    reload: bool,
    no_summary: bool,
    adds: bool,
}

fn frame(
    state: Sending,
    url: &'static str,
    Way { reload, no_summary, adds }: Way,
    fields: impl IntoView + 'static,
) -> AnyView {
    let fields = fields.into_any();
    let summary = (!no_summary).then(|| view! { <FormErrors problems=state.problems() /> });
    let again = state.error.with_untracked(|error| *error == Some(AppError::SentAgain)).then(|| {
        view! {
            <Notice title=t!(stay.back_title)>
                <p>{t!(stay.typed_again)}</p>
            </Notice>
        }
    });
    let on_submit = move |event: SubmitEvent| {
        // The answer to a form that reloads is a page, so nothing here needs to be told of it.
        if reload || event.default_prevented() {
            return;
        }
        if let Some(fields) = browser::fields(&event) {
            event.prevent_default();
            let empty = browser::emptied(&event);
            state.send(
                url,
                fields,
                Box::new(move || {
                    if adds {
                        empty();
                    }
                }),
            );
        }
    };
    view! {
        {again}
        {summary}
        // The server names every problem in the same words for everybody, so the browser's own bubbles stay away.
        <form method="post" action=url novalidate=true on:submit=on_submit>
            {fields}
        </form>
    }
    .into_any()
}
