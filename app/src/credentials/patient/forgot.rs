//! `/forgot-password` and `/reset-password`: the way back in, by a mail.
//! Whether an address has an account is not to be seen here: the mail alone says it.

use domain::credentials::{Link, LinkPurpose};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{asked, link_over};
use crate::credentials::api::{ForgotPassword, ResetPassword, read_link};
use crate::form::{Form, FormState, use_form_state};
use crate::portal::Loaded;
use crate::reading::Reading;
use crate::t;
use crate::ui::{Button, ButtonKind, Done, Field, PageHeader};

/// `/forgot-password`
#[component]
pub fn ForgotPasswordPage() -> impl IntoView {
    let form = use_form_state::<ForgotPassword>();
    // That something was sent is old news once another address was refused.
    let sent = !asked("sent").is_empty() && form.error().with_untracked(Option::is_none);
    let (title, lead, kind, action) = if sent {
        (t!(credentials.sent_title), "", ButtonKind::Secondary, t!(credentials.send_again))
    } else {
        let (title, lead) = (t!(credentials.forgot_title), t!(credentials.forgot_lead));
        (title, lead, ButtonKind::Primary, t!(credentials.forgot_action))
    };
    view! {
        <Title text=title />
        <div class="page page-narrow stack">
            <PageHeader title lead />
            {sent.then(|| view! { <Done words=t!(credentials.forgot_sent) /> })}
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
                    <Button kind wide=true>
                        {action}
                    </Button>
                </div>
            </Form>
            <p>
                <a href="/sign-in">{t!(credentials.to_sign_in)}</a>
            </p>
        </div>
    }
}

/// `/reset-password?token=…`
#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    let token = asked("token");
    let secret = token.clone();
    let link = Reading::new(move || secret.clone(), |token| read_link(LinkPurpose::Reset, token));
    let form = use_form_state::<ResetPassword>();
    let token = StoredValue::new(token);
    view! {
        <Title text=t!(credentials.reset_title) />
        <div class="page page-narrow stack">
            <Loaded
                resource=link
                missing=|| link_over(t!(credentials.link_ended), "/forgot-password", t!(credentials.again))
                view=move |link: Link| view! { <ResetForm link token=token.get_value() form /> }
            />
        </div>
    }
}

#[component]
fn ResetForm(link: Link, token: String, form: FormState<ResetPassword>) -> impl IntoView {
    let email = link.email;
    view! {
        <PageHeader title=t!(credentials.reset_title) lead=t!(credentials.reset_lead, email = email) />
        <Form state=form reload=true>
            <div class="form">
                // Password managers want to know whose it is.
                <input type="hidden" name="username" autocomplete="username" value=email />
                <input type="hidden" name="token" value=token />
                <Field
                    label=t!(auth.new_password)
                    name="password"
                    kind="password"
                    hint=t!(auth.password_hint)
                    autocomplete="new-password"
                    error=form.problem("password")
                />
                <Button wide=true>{t!(credentials.reset_action)}</Button>
            </div>
        </Form>
    }
    .into_any()
}
