//! Something to unfold: native `<details>`, one of a group open at a time when they share a name.
//! Never hide in it what everybody needs to read.

use leptos::prelude::*;

use super::attribute::present;
use super::icon::{Icon, IconName};

/// See the module.
#[component]
pub fn Details(
    /// What it is about; the words that are pressed.
    #[prop(into)]
    summary: String,
    /// What or whom, for screen readers: where the same words stand on a page several times.
    #[prop(optional, into)]
    about: String,
    /// Unfolded from the start.
    #[prop(optional)]
    open: bool,
    /// Of those that share it only one is open.
    #[prop(optional, into)]
    group: String,
    /// What is folded away.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="details" open=open name=present(group)>
            <summary>
                <Icon name=IconName::ChevronRight />
                <span>{summary}</span>
                {present(about).map(|about| view! { <span class="visually-hidden">": " {about}</span> })}
            </summary>
            <div class="details-body">{children()}</div>
        </details>
    }
}
