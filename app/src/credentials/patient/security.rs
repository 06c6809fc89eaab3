//! `/account/security`: what the account signs in with, and the way to where it is signed in.
//! Whether a change is allowed is decided in the services.

use leptos::prelude::*;
use leptos_meta::Title;

use super::asked;
use crate::credentials::api::{ChangeEmail, ChangePassword};
use crate::credentials::password::PasswordField;
use crate::form::{Form, FormState, use_form_state};
use crate::passkeys::api::read_passkeys;
use crate::portal::{Loaded, use_viewer};
use crate::reading::Reading;
use crate::second_factors::api::read_second_factor;
use crate::server::AppError;
use crate::t;
use crate::ui::{
    Badge, Button, ButtonKind, Checkbox, Done, Field, IconName, LinkButton, PageHeader, SummaryList,
    SummaryRow, Tone,
};

/// See the module.
#[component]
pub fn SecurityPage() -> impl IntoView {
    let (password, email) = (use_form_state::<ChangePassword>(), use_form_state::<ChangeEmail>());
    let saved = match asked("saved").as_str() {
        "password" => Some(t!(credentials.password_saved)),
        "email" => Some(t!(credentials.email_saved)),
        _ => None,
    };
    // What was saved is old news once something else was refused.
    let saved = saved.filter(|_| {
        password.error().with_untracked(Option::is_none) && email.error().with_untracked(Option::is_none)
    });
    let besides = Reading::new(|| (), |()| read_besides());
    let (code, keys): (Shown, Shown) = (code_state, keys_state);
    view! {
        <Title text=t!(credentials.security_title) />
        <div class="page page-narrow stack-large">
            <PageHeader title=t!(credentials.security_title) lead=t!(credentials.security_lead) />
            {saved.map(|words| view! { <Done words /> })}
            <Address />
            <PasswordForm form=password />
            <EmailForm form=email />
            <section class="stack-small">
                <h2 class="section-title">{t!(second_factor.title)}</h2>
                <p>{t!(second_factor.lead)}</p>
                <Loaded resource=besides part=true view=code />
                <p>
                    <LinkButton href="/account/second-factor" kind=ButtonKind::Secondary icon=IconName::Lock>
                        {t!(second_factor.open)}
                    </LinkButton>
                </p>
            </section>
            <section class="stack-small">
                <h2 class="section-title">{t!(passkeys.title)}</h2>
                <p>{t!(passkeys.lead)}</p>
                <Loaded resource=besides part=true view=keys />
                <p>
                    <LinkButton href="/account/passkeys" kind=ButtonKind::Secondary icon=IconName::Lock>
                        {t!(passkeys.open)}
                    </LinkButton>
                </p>
            </section>
            <section class="stack-small">
                <h2 class="section-title">{t!(sign_ins.title)}</h2>
                <p>{t!(sign_ins.lead)}</p>
                <p>
                    <LinkButton href="/sign-ins" kind=ButtonKind::Secondary icon=IconName::Lock>
                        {t!(sign_ins.title)}
                    </LinkButton>
                </p>
            </section>
        </div>
    }
}

/// Whether a code is asked for besides the password, and how many passkeys there are.
type Besides = (bool, usize);

/// One way of showing them.
type Shown = fn(Besides) -> AnyView;

/// What else is read with them, a new secret among it, does not come into this page.
async fn read_besides() -> Result<Besides, AppError> {
    let code = read_second_factor().await?.since.is_some();
    Ok((code, read_passkeys().await?.items.len()))
}

fn code_state((on, _): Besides) -> AnyView {
    let (tone, icon, words) = if on {
        (Tone::Positive, IconName::Check, t!(credentials.on))
    } else {
        (Tone::Neutral, IconName::XCircle, t!(credentials.off))
    };
    state(tone, icon, words.to_owned())
}

fn keys_state((_, keys): Besides) -> AnyView {
    let (tone, icon) =
        if keys == 0 { (Tone::Neutral, IconName::XCircle) } else { (Tone::Positive, IconName::Check) };
    state(tone, icon, t!(credentials.passkeys, count = keys))
}

fn state(tone: Tone, icon: IconName, words: String) -> AnyView {
    view! {
        <p>
            <Badge tone icon>
                {words}
            </Badge>
        </p>
    }
    .into_any()
}

#[component]
fn Address() -> impl IntoView {
    let viewer = use_viewer();
    let principal = viewer.principal()?;
    let state = if principal.verified {
        view! { <Badge tone=Tone::Positive icon=IconName::Check>{t!(credentials.confirmed)}</Badge> }
            .into_any()
    } else {
        view! {
            <Badge tone=Tone::Warning icon=IconName::Clock>
                {t!(credentials.not_confirmed)}
            </Badge>
            <LinkButton href="/verify" kind=ButtonKind::Secondary small=true>
                {t!(credentials.verify_action)}
            </LinkButton>
        }
        .into_any()
    };
    let email = principal.email.clone();
    Some(
        view! {
            <SummaryList>
                <SummaryRow label=t!(credentials.your_email)>
                    <span class="cluster">
                        <bdi class="break-anywhere" translate="no">
                            {email}
                        </bdi>
                        {state}
                    </span>
                </SummaryRow>
            </SummaryList>
        }
        .into_any(),
    )
}

#[component]
fn PasswordForm(form: FormState<ChangePassword>) -> impl IntoView {
    view! {
        <section class="stack-small" aria-labelledby="password">
            <h2 class="section-title" id="password">
                {t!(credentials.password_title)}
            </h2>
            <Form state=form reload=true>
                <div class="form">
                    <Field
                        label=t!(credentials.current_password)
                        name="current_password"
                        kind="password"
                        autocomplete="current-password"
                        error=form.problem("current_password")
                    />
                    <Field
                        label=t!(credentials.new_password)
                        name="new_password"
                        kind="password"
                        hint=t!(auth.password_hint)
                        autocomplete="new-password"
                        error=form.problem("new_password")
                    />
                    <Checkbox
                        label=t!(credentials.end_others)
                        name="end_others"
                        checked=true
                        hint=t!(credentials.end_others_hint)
                    />
                    <Button>{t!(credentials.password_action)}</Button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn EmailForm(form: FormState<ChangeEmail>) -> impl IntoView {
    view! {
        <section class="stack-small" aria-labelledby="address">
            <h2 class="section-title" id="address">
                {t!(credentials.email_title)}
            </h2>
            <p>{t!(credentials.email_text)}</p>
            <Form state=form reload=true>
                <div class="form">
                    <Field
                        label=t!(credentials.new_email)
                        name="email"
                        kind="email"
                        autocomplete="email"
                        value=form.value("email")
                        error=form.problem("email")
                    />
                    <PasswordField error=form.problem("password") />
                    <Button kind=ButtonKind::Secondary>{t!(credentials.email_action)}</Button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}
