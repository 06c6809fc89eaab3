//! Tabs that are links: each has an address, works without a script and can be opened in a second window.
//! So they are a navigation with a current page, not `role="tablist"`.

use leptos::prelude::*;

use crate::t;

/// On which windows a tab is the one that is shown, where their width decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TabWidth {
    /// On a phone.
    Narrow,
    /// Beside the navigation.
    Wide,
}

impl TabWidth {
    fn classes(self) -> (&'static str, &'static str) {
        match self {
            Self::Narrow => ("tab tab-if-narrow", "only-narrow"),
            Self::Wide => ("tab tab-if-wide", "only-wide"),
        }
    }
}

/// One tab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TabItem {
    /// Where it leads.
    pub href: String,
    /// Its words.
    pub label: String,
    /// How many things it holds.
    pub count: Option<u32>,
    /// Whether it is the one that is shown.
    pub current: bool,
    /// Whether it is the one that is shown at a width; the style sheet knows the width, the server does not.
    pub current_if: Option<TabWidth>,
}

impl TabItem {
    /// A tab that is not the current one.
    #[must_use]
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into(), ..Self::default() }
    }

    /// Adds how many things it holds.
    #[must_use]
    pub fn count(mut self, count: u32) -> Self {
        self.count = Some(count);
        self
    }

    /// Says whether it is the one that is shown.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }

    /// Says at which width it is the one that is shown.
    #[must_use]
    pub fn current_if(mut self, width: TabWidth) -> Self {
        self.current_if = Some(width);
        self
    }
}

/// See the module.
#[component]
pub fn Tabs(
    /// What they choose between.
    #[prop(into)]
    label: String,
    /// The tabs.
    items: Vec<TabItem>,
) -> impl IntoView {
    let items: Vec<_> = items
        .into_iter()
        .map(|item| {
            let (class, shown) = item.current_if.map_or(("tab", ""), TabWidth::classes);
            let shown = item.current_if.map(|_| {
                view! {
                    <span class=shown>
                        <span class="visually-hidden">" ("{t!(ui.chosen)}")"</span>
                    </span>
                }
            });
            view! {
                <li>
                    <a class=class href=item.href aria-current=item.current.then_some("page")>
                        {item.label}
                        {shown}
                        {item.count.map(|count| view! { <span class="count">{count}</span> })}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav class="tabs" aria-label=label>
            <ul>{items}</ul>
        </nav>
    }
}
