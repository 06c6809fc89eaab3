//! The pieces every frame is made of: skip link, header with the mark, navigation links, footer.
//! The frames themselves, and what they lead to, belong to the portals.

use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::t;

/// The first thing a keyboard reaches: past the navigation to `<main id="main" tabindex="-1">`.
#[component]
pub fn SkipLink() -> impl IntoView {
    view! { <a class="skip-link" href="#main" rel="external">{t!(shell.skip_to_content)}</a> }
}

/// The mark and the name.
#[component]
pub fn Brand(
    /// Where the mark leads.
    #[prop(into)]
    href: String,
    /// Beside the name: which portal, which hospital.
    #[prop(optional, into)]
    label: String,
) -> impl IntoView {
    let label =
        super::attribute::present(label).map(|label| view! { <span class="brand-label">{label}</span> });
    view! {
        <a class="brand" href=href>
            <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                <use href="/icons.svg#mark"></use>
            </svg>
            <span class="brand-name" translate="no">{t!(common.app_name)}</span>
            {label}
        </a>
    }
}

/// The bar at the top.
#[component]
pub fn SiteHeader(
    /// Where the mark leads.
    #[prop(into)]
    home: String,
    /// Beside the name.
    #[prop(optional, into)]
    label: String,
    /// Navigation and menu.
    children: Children,
) -> impl IntoView {
    view! {
        <header class="site-header">
            <div class="site-header-inner">
                <Brand href=home label=label />
                {children()}
            </div>
        </header>
    }
}

/// One link of a navigation.
#[component]
pub fn NavLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// Before, or on a phone above, the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// Whether this page is it, or beneath it.
    #[prop(optional, into)]
    current: Signal<bool>,
    /// How many things wait there; none for 0.
    #[prop(optional, into)]
    count: Signal<u32>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="nav-link" href=href aria-current=move || current.get().then_some("page")>
            {icon.map(|name| view! { <Icon name /> })}
            <span>{children()}</span>
            {move || {
                let count = count.get();
                (count > 0).then(|| view! { <span class="count">{count}</span> })
            }}
        </a>
    }
}

/// The foot of a page: help and emergency stand here, in the same place everywhere.
#[component]
pub fn SiteFooter(
    /// Its lines.
    children: Children,
) -> impl IntoView {
    view! {
        <footer class="site-footer">
            <div class="site-footer-inner">{children()}</div>
        </footer>
    }
}
