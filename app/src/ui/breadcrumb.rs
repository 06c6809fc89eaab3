//! The way back: one link, or the whole path from the top.
//! It follows the structure of the site, never the browser's history.

use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::t;

/// One step of a path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crumb {
    /// Its words.
    pub label: String,
    /// Where it leads; ignored for the last one, which is this page.
    pub href: String,
}

impl Crumb {
    /// A step with a link.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }

    /// The last step: this page.
    #[must_use]
    pub fn here(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: String::new() }
    }
}

/// One link back, above the page's heading.
#[component]
pub fn BackLink(
    /// The page before.
    #[prop(into)]
    href: String,
    /// Its words.
    #[prop(default = t!(common.back).to_owned(), into)]
    text: String,
) -> impl IntoView {
    view! {
        <a class="back-link" href=href>
            <Icon name=IconName::ArrowLeft />
            <span>{text}</span>
        </a>
    }
}

/// The path from the top to this page.
#[component]
pub fn Breadcrumb(
    /// The steps, the last one being this page.
    items: Vec<Crumb>,
) -> impl IntoView {
    let last = items.len();
    let items: Vec<_> = items
        .into_iter()
        .enumerate()
        .map(|(index, crumb)| {
            if index + 1 == last {
                view! { <li><span aria-current="page">{crumb.label}</span></li> }.into_any()
            } else {
                view! {
                    <li>
                        <a href=crumb.href>{crumb.label}</a>
                        <Icon name=IconName::ChevronRight />
                    </li>
                }
                .into_any()
            }
        })
        .collect();
    view! {
        <nav class="breadcrumb" aria-label=t!(common.you_are_here)>
            <ol>{items}</ol>
        </nav>
    }
}
