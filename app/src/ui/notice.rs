//! Something to know on this page: good, to note, or an emergency.
//! Problems of a form have `FormErrors`; nothing here disappears by itself.

use leptos::prelude::*;

use super::attribute::present;
use super::icon::{Icon, IconName, IconSize};
use crate::t;

/// How much it matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeKind {
    /// Good to know.
    #[default]
    Info,
    /// It worked.
    Success,
    /// Mind this.
    Warning,
    /// Danger to life: says whom to call; read out at once.
    Emergency,
}

impl NoticeKind {
    fn look(self) -> (&'static str, IconName, &'static str) {
        match self {
            Self::Info => ("notice notice-info", IconName::Info, t!(ui.information)),
            Self::Success => ("notice notice-success", IconName::CheckCircle, t!(ui.success)),
            Self::Warning => ("notice notice-warning", IconName::AlertTriangle, t!(ui.warning)),
            Self::Emergency => ("notice notice-emergency", IconName::Phone, t!(ui.emergency)),
        }
    }
}

/// See the module.
#[component]
pub fn Notice(
    /// How much it matters.
    #[prop(optional)]
    kind: NoticeKind,
    /// In bold; without one the kind is said to screen readers only.
    #[prop(optional, into)]
    title: String,
    /// What to know.
    children: Children,
) -> impl IntoView {
    let (class, icon, word) = kind.look();
    let role = match kind {
        NoticeKind::Emergency => Some("alert"),
        NoticeKind::Success => Some("status"),
        NoticeKind::Info | NoticeKind::Warning => None,
    };
    let title = match present(title) {
        Some(title) => view! { <strong class="notice-title">{title}</strong> }.into_any(),
        None => view! { <span class="visually-hidden">{word}": "</span> }.into_any(),
    };
    view! {
        <div class=class role=role>
            <Icon name=icon size=IconSize::Medium />
            <div class="notice-body">
                {title}
                {children()}
            </div>
        </div>
    }
}

/// Says in one line that something worked.
#[component]
pub fn Done(
    /// What was done.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Success>
            <p>{words}</p>
        </Notice>
    }
}
