//! `/sign-in/code`: the second page of signing in, for whoever has a second factor.
//! It knows nobody: which sign-in waits stands in the session.

use leptos::prelude::*;
use leptos_meta::Title;

use super::api::SignInCode;
use crate::form::{Form, use_form_state};
use crate::t;
use crate::ui::{Button, Field, FieldWidth, PageHeader};

/// See the module.
#[component]
pub fn SignInCodePage() -> impl IntoView {
    let form = use_form_state::<SignInCode>();
    view! {
        <Title text=t!(second_factor.sign_in_title) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(second_factor.sign_in_title) lead=t!(second_factor.sign_in_lead) />
            <Form state=form reload=true>
                <div class="form">
                    <Field
                        label=t!(second_factor.code)
                        name="code"
                        hint=t!(second_factor.code_hint)
                        autocomplete="one-time-code"
                        width=FieldWidth::Short
                        max_length=40
                        error=form.problem("code")
                    />
                    <Button wide=true>{t!(shell.sign_in)}</Button>
                </div>
            </Form>
            <p>{t!(second_factor.no_phone)}</p>
            <p>
                <a href="/sign-in">{t!(second_factor.start_again)}</a>
            </p>
        </div>
    }
}
