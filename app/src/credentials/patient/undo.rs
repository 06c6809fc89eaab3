//! `/undo-email`: the link in the mails to a former address and about a new way to sign in, for somebody whose account was taken.
//! It needs no password: whoever took the account may have changed it.

use domain::credentials::{Link, LinkPurpose};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{asked, link_over};
use crate::credentials::api::{UndoEmail, read_link};
use crate::form::{Form, FormState, use_form_state};
use crate::portal::Loaded;
use crate::reading::Reading;
use crate::t;
use crate::ui::{Button, ButtonKind, LinkButton, PageHeader, Panel};

/// See the module.
#[component]
pub fn UndoEmailPage() -> impl IntoView {
    let form = use_form_state::<UndoEmail>();
    let token = asked("token");
    let content = if asked("done").is_empty() {
        view! { <WithLink token form /> }.into_any()
    } else {
        view! {
            <Panel title=t!(credentials.undo_done_title)>
                <p>{t!(credentials.undo_done)}</p>
            </Panel>
            <p>
                <LinkButton href="/forgot-password" kind=ButtonKind::Secondary>
                    {t!(credentials.undo_again)}
                </LinkButton>
            </p>
        }
        .into_any()
    };
    view! {
        <Title text=t!(credentials.undo_title) />
        <div class="page page-narrow stack">{content}</div>
    }
}

#[component]
fn WithLink(token: String, form: FormState<UndoEmail>) -> impl IntoView {
    let secret = token.clone();
    let link = Reading::new(move || secret.clone(), |token| read_link(LinkPurpose::Undo, token));
    let token = StoredValue::new(token);
    view! {
        <Loaded
            resource=link
            missing=used_up
            view=move |link: Link| {
                view! {
                    <PageHeader title=t!(credentials.undo_title) />
                    <p>{t!(credentials.undo_text, email = link.email)}</p>
                    <Form state=form reload=true>
                        <input type="hidden" name="token" value=token.get_value() />
                        <Button>{t!(credentials.undo_action)}</Button>
                    </Form>
                }
            }
        />
    }
}

/// Nobody can ask for this link, so the way on is a new password.
fn used_up() -> AnyView {
    link_over(t!(credentials.undo_ended), "/forgot-password", t!(credentials.forgot_title))
}
