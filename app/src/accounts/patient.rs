//! The pages on which somebody becomes known: sign in, sign up, accept an invitation.
//! Each is a plain form; the answer is a new page, so that everything on it knows who is looking.

use domain::accounts::Invitation;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{AcceptInvitation, SignIn, SignUp, read_invitation};
use crate::credentials::password::PasswordField;
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::date_medium;
use crate::passkeys::sign_in::PasskeyButton;
use crate::portal::{Loaded, encode, use_query, use_viewer};
use crate::reading::Reading;
use crate::server::{AppError, holds_something, local_path};
use crate::t;
use crate::ui::{
    Button, DateField, Done, EmptyState, Field, IconName, LinkButton, Notice, NoticeKind, PageHeader,
    SummaryList, SummaryRow,
};

/// Where to go afterwards: a path of this site, or nothing.
pub(crate) fn next() -> String {
    use_query().with_untracked(|query| query.get("next").map(|next| local_path(next, "")).unwrap_or_default())
}

/// The address of a page of signing in or up that goes on to the same place.
pub(crate) fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() { path.to_owned() } else { format!("{path}?next={}", encode(next)) }
}

/// Whether somebody was on the way to book.
fn is_booking(next: &str) -> bool {
    next.starts_with("/book/")
}

/// `/sign-in`
#[component]
pub fn SignInPage() -> impl IntoView {
    let next = next();
    let (other, after) = (with_next("/sign-up", &next), next.clone());
    let form = use_form_state::<SignIn>();
    let lead = if is_booking(&next) { t!(auth.sign_in_to_book) } else { t!(auth.sign_in_lead) };
    let reset = use_query()
        .with_untracked(|query| query.get("reset").is_some())
        .then(|| view! { <Done words=t!(credentials.reset_done) /> });
    let again = use_query().with_untracked(|query| query.get("again").is_some()).then(|| {
        view! {
            <Notice>
                <p>{t!(second_factor.again)}</p>
            </Notice>
        }
    });
    let ended = use_query().with_untracked(|query| query.get("ended").is_some()).then(|| {
        view! {
            <Notice title=t!(stay.ended_title)>
                <p>{t!(stay.ended_text)}</p>
                {holds_something().then(|| view! { <p>{t!(stay.ended_kept)}</p> })}
            </Notice>
        }
    });
    let too_many = move || {
        form.error().with(|error| error.as_ref().is_some_and(AppError::is_too_many)).then(|| {
            view! {
                <Notice>
                    <p>{t!(throttle.sign_in_help)}</p>
                </Notice>
            }
        })
    };
    view! {
        <Title text=t!(auth.sign_in_title) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(auth.sign_in_title) lead=lead />
            {reset}
            {again}
            {ended}
            {too_many}
            <Form state=form reload=true>
                <div class="form">
                    <Field
                        label=t!(common.email)
                        name="email"
                        kind="email"
                        autocomplete="username"
                        value=form.value("email")
                        error=form.problem("email")
                    />
                    <PasswordField error=form.problem("password") />
                    <input type="hidden" name="next" value=next />
                    <Button wide=true>{t!(shell.sign_in)}</Button>
                </div>
            </Form>
            <PasskeyButton next=after />
            <p>
                <a href="/forgot-password">{t!(credentials.forgot_link)}</a>
            </p>
            <p>
                {t!(auth.no_account)} " "
                <a href=other>{t!(shell.sign_up)}</a>
            </p>
        </div>
    }
}

/// `/sign-up`
#[component]
pub fn SignUpPage() -> impl IntoView {
    let next = next();
    let other = with_next("/sign-in", &next);
    let form = use_form_state::<SignUp>();
    let lead = if is_booking(&next) { t!(auth.sign_up_to_book) } else { t!(auth.sign_up_lead) };
    view! {
        <Title text=t!(auth.sign_up_title) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(auth.sign_up_title) lead=lead />
            <Form state=form reload=true>
                <div class="form">
                    <Field
                        label=t!(auth.full_name)
                        name="full_name"
                        hint=t!(auth.full_name_hint)
                        autocomplete="name"
                        value=form.value("full_name")
                        error=form.problem("full_name")
                    />
                    <DateField
                        label=t!(auth.birth_date)
                        name="birth_date"
                        hint=t!(auth.birth_date_hint)
                        autocomplete="bday"
                        value=form.value("birth_date")
                        error=form.problem("birth_date")
                    />
                    <Field
                        label=t!(common.email)
                        name="email"
                        kind="email"
                        hint=t!(auth.email_hint)
                        autocomplete="username"
                        value=form.value("email")
                        error=form.problem("email")
                    />
                    <Field
                        label=t!(auth.new_password)
                        name="password"
                        kind="password"
                        hint=t!(auth.password_hint)
                        autocomplete="new-password"
                        error=form.problem("password")
                    />
                    <input type="hidden" name="next" value=next />
                    <Button wide=true>{t!(shell.sign_up)}</Button>
                </div>
            </Form>
            <p>
                {t!(auth.have_account)} " "
                <a href=other>{t!(shell.sign_in)}</a>
            </p>
        </div>
    }
}

/// `/invitation/{token}`
#[component]
pub fn InvitationPage(
    /// The secret of the link.
    token: String,
) -> impl IntoView {
    let asked = token.clone();
    let found = Reading::new(move || asked.clone(), read_invitation);
    let token = StoredValue::new(token);
    // The form's state is made here and not inside: both sides must make it at the same moment.
    let form = use_form_state::<AcceptInvitation>();
    view! {
        <Title text=t!(auth.invitation_title) />
        <div class="page page-narrow stack">
            <Loaded
                resource=found
                missing=|| {
                    view! {
                        <Title text=t!(credentials.link_over_title) />
                        <PageHeader title=t!(credentials.link_over_title) />
                        <EmptyState icon=IconName::Mail text=t!(error.invitation_invalid)>
                            <LinkButton href="/">{t!(patient.home)}</LinkButton>
                        </EmptyState>
                    }
                }
                view=move |found: Invitation| invited(found, token.get_value(), form)
            />
        </div>
    }
}

fn invited(found: Invitation, token: String, form: FormState<AcceptInvitation>) -> impl IntoView {
    let viewer = use_viewer();
    let part = match viewer.principal() {
        // Whoever only claims the address does not come in its owner's place.
        Some(principal) if principal.email == found.email && (principal.verified || !found.has_account) => {
            Part::Signed
        }
        Some(_) => Part::Stranger,
        None if found.has_account => Part::MustSignIn,
        None => Part::New,
    };
    let action = match part {
        Part::Signed | Part::New => view! { <AcceptForm token form is_new=part == Part::New /> }.into_any(),
        Part::MustSignIn => {
            let next = format!("/invitation/{token}");
            view! {
                <Notice>
                    <p>{t!(auth.invitation_sign_in)}</p>
                </Notice>
                <LinkButton href=with_next("/sign-in", &next)>{t!(shell.sign_in)}</LinkButton>
            }
            .into_any()
        }
        Part::Stranger => {
            let words = t!(auth.invitation_stranger, email = found.email);
            view! {
                <Notice kind=NoticeKind::Warning>
                    <p>{words}</p>
                </Notice>
            }
            .into_any()
        }
    };
    let until = until(&found);
    view! {
        <PageHeader title=t!(auth.invitation_title) />
        <SummaryList>
            <SummaryRow label=t!(find.hospital)>{found.hospital_name}</SummaryRow>
            <SummaryRow label=t!(auth.role)>{role_name(found.role)}</SummaryRow>
            <SummaryRow label=t!(common.email)>
                <bdi translate="no">{found.email}</bdi>
            </SummaryRow>
            <SummaryRow label=t!(auth.valid_until)>{until}</SummaryRow>
        </SummaryList>
        {action}
    }
}

#[component]
fn AcceptForm(token: String, form: FormState<AcceptInvitation>, is_new: bool) -> impl IntoView {
    let fields = is_new.then(|| {
        view! {
            <Field
                label=t!(auth.full_name)
                name="full_name"
                autocomplete="name"
                value=form.value("full_name")
                error=form.problem("full_name")
            />
            <Field
                label=t!(auth.new_password)
                name="password"
                kind="password"
                hint=t!(auth.password_hint)
                autocomplete="new-password"
                error=form.problem("password")
            />
        }
    });
    view! {
        <Form state=form reload=true>
            <div class="form">
                {fields} <input type="hidden" name="token" value=token />
                <Button wide=true>{t!(auth.accept)}</Button>
            </div>
        </Form>
    }
}

/// What whoever holds the link has to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Signed in with the invited address: one button.
    Signed,
    /// Signed in with another account.
    Stranger,
    /// The address has an account.
    MustSignIn,
    /// The address has none.
    New,
}

fn until(invitation: &Invitation) -> String {
    date_medium(invitation.expires_at.to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn role_name(role: domain::access::Role) -> &'static str {
    match role {
        domain::access::Role::Doctor => t!(auth.role_doctor),
        domain::access::Role::Desk => t!(auth.role_desk),
        domain::access::Role::HospitalAdmin => t!(auth.role_admin),
    }
}
