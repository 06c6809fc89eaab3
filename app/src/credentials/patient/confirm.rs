//! `/verify`: the link that confirms an address, and what is said until it has been used.
//! Opening the link changes nothing: programs that look through mail open links too.

use domain::credentials::{Link, LinkPurpose};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::{asked, ended, link_over};
use crate::credentials::api::{ResendVerification, VerifyEmail, read_link};
use crate::credentials::password::PasswordField;
use crate::form::{Form, FormState, use_form_state};
use crate::portal::{Loaded, query_part, use_viewer};
use crate::reading::Reading;
use crate::t;
use crate::ui::{Button, ButtonKind, IconName, LinkButton, Notice, NoticeKind, PageHeader, Panel};

/// See the module.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let (token, sent) = (asked("token"), asked("sent"));
    let (verify, resend) = (use_form_state::<VerifyEmail>(), use_form_state::<ResendVerification>());
    let content = if token.is_empty() {
        view! { <Waiting sent=!sent.is_empty() form=resend /> }.into_any()
    } else {
        view! { <WithLink token form=verify /> }.into_any()
    };
    view! {
        <Title text=t!(credentials.verify_title) />
        <div class="page page-narrow stack">{content}</div>
    }
}

#[component]
fn WithLink(token: String, form: FormState<VerifyEmail>) -> impl IntoView {
    let secret = token.clone();
    let link = Reading::new(move || secret.clone(), |token| read_link(LinkPurpose::Confirm, token));
    let token = StoredValue::new(token);
    let verified = use_viewer().principal().map(|principal| principal.verified);
    view! {
        <Loaded
            resource=link
            missing=move || match verified {
                Some(true) => link_over(t!(credentials.link_ended_confirmed), "/", t!(patient.home)),
                Some(false) => link_over(t!(credentials.link_ended), "/verify", t!(credentials.again)),
                None => link_over(t!(credentials.verify_ended), "/sign-in?next=%2Fverify", t!(shell.sign_in)),
            }
            view=move |link: Link| view! { <VerifyForm link token=token.get_value() form /> }
        />
    }
}

/// One button for whoever is signed in with the account; anybody else is asked for its password.
#[component]
fn VerifyForm(link: Link, token: String, form: FormState<VerifyEmail>) -> impl IntoView {
    let Link { email, own, next } = link;
    let words = if own {
        t!(credentials.verify_own, email = email)
    } else {
        t!(credentials.verify_lead, email = email)
    };
    let password = (!own).then(|| {
        view! {
            // Password managers want to know whose it is.
            <input type="hidden" name="username" autocomplete="username" value=email />
            <PasswordField error=form.problem("password") />
        }
    });
    view! {
        <PageHeader title=t!(credentials.verify_title) />
        <p>{words}</p>
        <Form state=form reload=true>
            <div class="form">
                {password} <input type="hidden" name="token" value=token />
                <input type="hidden" name="next" value=next />
                <Button wide=true>{t!(credentials.verify_action)}</Button>
            </div>
        </Form>
        <p>{t!(credentials.verify_not_me)}</p>
    }
    .into_any()
}

fn confirmed() -> AnyView {
    view! {
        <Panel title=t!(credentials.verified_title)>
            <p>{t!(credentials.verified_text)}</p>
        </Panel>
        <p>
            <LinkButton href="/doctors">{t!(patient.find_doctor)}</LinkButton>
        </p>
    }
    .into_any()
}

/// Without a link: that the address is confirmed, or where the mail went, and another one.
#[component]
fn Waiting(sent: bool, form: FormState<ResendVerification>) -> impl IntoView {
    let viewer = use_viewer();
    let Some(principal) = viewer.principal() else {
        return view! {
            <PageHeader title=t!(credentials.verify_title) />
            {ended(t!(error.unauthenticated), "/sign-in?next=%2Fverify", t!(shell.sign_in))}
        }
        .into_any();
    };
    if principal.verified {
        return confirmed();
    }
    let email = principal.email.clone();
    let next = asked("next");
    let title = if sent { t!(credentials.sent_title) } else { t!(credentials.unverified_title) };
    let back = next.clone();
    view! {
        <PageHeader title=title />
        <p>{t!(credentials.unverified_text, email = email)}</p>
        <p>{t!(credentials.sent_text)}</p>
        <Again form next />
        {(!back.is_empty()).then(|| view! { <p><a href=back>{t!(common.back)}</a></p> })}
        <p>
            <a href="/account/security">{t!(credentials.sent_wrong_address, email = email)}</a>
        </p>
    }
    .into_any()
}

/// The button that sends the mail again; its link leads to `next`.
#[component]
fn Again(form: FormState<ResendVerification>, next: String) -> impl IntoView {
    view! {
        <Form state=form reload=true no_summary=true>
            <input type="hidden" name="next" value=next />
            <Button kind=ButtonKind::Secondary icon=IconName::Mail>
                {t!(credentials.send_again)}
            </Button>
        </Form>
    }
    .into_any()
}

/// On every page, as long as the viewer has not confirmed her address.
#[component]
pub fn UnverifiedNotice() -> impl IntoView {
    let viewer = use_viewer();
    let principal = viewer.principal().filter(|principal| !principal.verified)?;
    let form = use_form_state::<ResendVerification>();
    let location = use_location();
    let words = if principal.patients.is_empty() {
        t!(credentials.unverified_staff, email = principal.email)
    } else {
        t!(credentials.unverified_text, email = principal.email)
    };
    let here =
        format!("{}{}", location.pathname.get_untracked(), query_part(&location.search.get_untracked()));
    Some(
        view! {
            <div class="page page-before">
                <Notice kind=NoticeKind::Warning title=t!(credentials.unverified_title)>
                    <div class="stack-small">
                        <p>{words}</p>
                        <Again form next=here />
                    </div>
                </Notice>
            </div>
        }
        .into_any(),
    )
}

/// Instead of what needs a confirmed address: what has to be done first, and the way on afterwards.
#[component]
pub fn ConfirmFirst(
    /// The state of the button that sends the mail again.
    form: FormState<ResendVerification>,
    /// The address of the page.
    here: String,
    /// What is meant.
    title: &'static str,
    /// What to do.
    text: String,
    /// What happens to what was chosen.
    #[prop(optional)]
    kept: Option<&'static str>,
) -> impl IntoView {
    let again = here.clone();
    view! {
        <Notice kind=NoticeKind::Warning title=title>
            <div class="stack-small">
                <p>{text}</p>
                {kept.map(|words| view! { <p>{words}</p> })}
            </div>
        </Notice>
        <div class="button-row">
            // A new page, because who is looking is read once for each.
            <LinkButton href=here attr:rel="external">{t!(credentials.book_reload)}</LinkButton>
            <Again form next=again />
        </div>
    }
    .into_any()
}
