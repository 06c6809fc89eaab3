//! Links to the page before and after: lists are paged by cursor, so there are no page numbers.
//! Weeks of a calendar use it too, with words of their own.

use leptos::prelude::*;

use super::attribute::present;
use super::icon::{Icon, IconName};
use crate::t;

/// See the module.
#[component]
pub fn Pagination(
    /// The address of the page before; empty on the first.
    #[prop(optional, into)]
    previous: String,
    /// The address of the page after; empty on the last.
    #[prop(optional, into)]
    next: String,
    /// The words of the link back.
    #[prop(default = t!(common.previous_page).to_owned(), into)]
    previous_label: String,
    /// The words of the link on.
    #[prop(default = t!(common.next_page).to_owned(), into)]
    next_label: String,
) -> impl IntoView {
    let previous = present(previous).map(|href| {
        view! {
            <a class="button button-secondary pagination-previous" href=href rel="prev">
                <Icon name=IconName::ChevronLeft />
                <span>{previous_label}</span>
            </a>
        }
    });
    let next = present(next).map(|href| {
        view! {
            <a class="button button-secondary pagination-next" href=href rel="next">
                <span>{next_label}</span>
                <Icon name=IconName::ChevronRight />
            </a>
        }
    });
    (previous.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pagination" aria-label=t!(common.pages)>
                {previous}
                {next}
            </nav>
        }
    })
}
