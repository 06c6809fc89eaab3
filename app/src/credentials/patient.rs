//! The pages of credentials. Both portals lead here: the account is one.
//! Each is a plain form; whatever changes who is signed in loads a new page.

pub mod confirm;
pub mod forgot;
pub mod security;
pub mod undo;

use leptos::prelude::*;
use leptos_meta::Title;

pub use confirm::{ConfirmFirst, UnverifiedNotice, VerifyPage};
pub use forgot::{ForgotPasswordPage, ResetPasswordPage};
pub use security::SecurityPage;
pub use undo::UndoEmailPage;

use crate::portal::use_query;
use crate::t;
use crate::ui::{EmptyState, IconName, LinkButton, PageHeader};

/// A word of the address of the page.
fn asked(name: &str) -> String {
    use_query().with_untracked(|query| query.get(name).unwrap_or_default().to_owned())
}

/// A link that has ended, and the way to another.
fn ended(text: &'static str, href: &'static str, words: &'static str) -> AnyView {
    view! {
        <EmptyState icon=IconName::Mail text=text>
            <LinkButton href=href>{words}</LinkButton>
        </EmptyState>
    }
    .into_any()
}

/// The page of such a link: its heading must not promise what the link no longer does.
fn link_over(text: &'static str, href: &'static str, words: &'static str) -> AnyView {
    view! {
        <Title text=t!(credentials.link_over_title) />
        <PageHeader title=t!(credentials.link_over_title) />
        {ended(text, href, words)}
    }
    .into_any()
}
