//! `/confirm`: asks for the password or a code, and sends the form that was held back.
//! It is a plain form, with and without scripts: what it sends belongs to another page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;

use super::about::summary;
use super::api::{Asked, step_up_asked};
use crate::i18n::error_text;
use crate::portal::{Loaded, encode, use_query};
use crate::reading::Reading;
use crate::server::local_path;
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonRow, Field, FieldWidth, IconName, LinkButton, PageHeader, SkeletonShape,
};

/// See the module.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let query = use_query();
    let path =
        |name: &str| query.with_untracked(|query| local_path(query.get(name).unwrap_or_default(), "/"));
    let (next, back) = (path("next"), path("back"));
    let done = query.with_untracked(|query| query.get("done").is_some());
    let alone = query.with_untracked(|query| query.get("next").is_some());
    let asked = Reading::new(|| (), move |()| step_up_asked(alone));
    let (title, lead) =
        if done { (t!(step_up.file_title), "") } else { (t!(step_up.title), t!(step_up.lead)) };
    view! {
        <Title text=title />
        <div class="page page-narrow stack">
            <PageHeader title=title lead=lead />
            <Loaded
                resource=asked
                shape=SkeletonShape::Rows
                view=move |asked: Asked| content(asked, &next, &back, done)
            />
        </div>
    }
    .into_any()
}

fn content(asked: Asked, next: &str, back: &str, done: bool) -> AnyView {
    let (next, back) = (next.to_owned(), back.to_owned());
    if asked.form.is_none() && asked.fresh {
        return if done {
            view! {
                <ButtonRow>
                    <LinkButton href=next icon=IconName::Download attr:rel="external">
                        {t!(step_up.file)}
                    </LinkButton>
                    <LinkButton href=back kind=ButtonKind::Secondary>
                        {t!(common.back)}
                    </LinkButton>
                </ButtonRow>
            }
            .into_any()
        } else {
            view! { <Redirect path=next /> }.into_any()
        };
    }
    view! { <Proof asked next page=back /> }.into_any()
}

/// The form that gives up.
const CANCEL: &str = "step-up-cancel";

#[component]
fn Proof(
    asked: Asked,
    next: String,
    /// Where the way back leads from a file, which is no page to go back to.
    page: String,
) -> impl IntoView {
    let held = asked.form.is_some();
    let what = asked.form.as_ref().map(|(form, values)| summary(form, values, asked.names));
    let (action, values, back) = if let Some((form, values)) = asked.form {
        (form, values, asked.back)
    } else {
        let back = if next.starts_with("/api/") { page.clone() } else { next.clone() };
        let values = vec![("next".to_owned(), next), ("back".to_owned(), page)];
        ("/_fn/step-up".to_owned(), values, back)
    };
    let hidden: Vec<_> = values
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    let wrong = asked.wrong.map(|rule| error_text(&rule).to_owned());
    // What is held back goes for good, and not at the next chance.
    let cancel = if held {
        view! { <button class="button button-secondary" type="submit" form=CANCEL>{t!(common.cancel)}</button> }
            .into_any()
    } else {
        view! { <LinkButton href=back.clone() kind=ButtonKind::Secondary>{t!(common.cancel)}</LinkButton> }
            .into_any()
    };
    let again = format!("/sign-in?next={}", encode(&back));
    let passkeys = asked.passkeys.then(|| {
        view! {
            <p>
                {t!(step_up.passkey)} " " <a href=again rel="external">{t!(step_up.passkey_link)}</a>
            </p>
        }
    });
    let label = if asked.code { t!(step_up.password_or_code) } else { t!(auth.password) };
    view! {
        {what}
        <form method="post" action=action novalidate=true>
            <div class="form">
                {hidden}
                <Field
                    label=label
                    name="proof"
                    kind="password"
                    autocomplete="current-password"
                    width=FieldWidth::Full
                    error=Signal::stored(wrong)
                />
                <ButtonRow>
                    <Button>{t!(step_up.go_on)}</Button>
                    {cancel}
                </ButtonRow>
            </div>
        </form>
        {held.then(|| view! { <form method="post" action="/_fn/step-up-cancel" id=CANCEL></form> })}
        <p>
            <a href="/forgot-password">{t!(credentials.forgot_link)}</a>
        </p>
        {passkeys}
    }
    .into_any()
}
