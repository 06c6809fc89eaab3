//! A small menu of links beneath a button.
//! It is a `<details>`, so it opens without a script; all menus share one name, so opening one closes the other.

use leptos::prelude::*;

use super::icon::{Icon, IconName};

/// See the module.
#[component]
pub fn Menu(
    /// What it holds.
    #[prop(into)]
    label: String,
    /// Before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// Keeps the words for screen readers; needs an icon.
    #[prop(optional)]
    hide_label: bool,
    /// `MenuItem`s, or `<li>` with a form.
    children: Children,
) -> impl IntoView {
    let label_class = hide_label.then_some("visually-hidden");
    let arrow = (!hide_label).then(|| view! { <Icon name=IconName::ChevronDown /> });
    view! {
        <details class="menu" name="menu">
            <summary class="button button-quiet">
                {icon.map(|name| view! { <Icon name /> })}
                <span class=label_class>{label}</span>
                {arrow}
            </summary>
            <ul class="menu-list">{children()}</ul>
        </details>
    }
}

/// One entry of a menu.
#[component]
pub fn MenuItem(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// Before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// Whether it is this page.
    #[prop(optional)]
    current: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <a class="menu-item" href=href aria-current=current.then_some("page")>
                {icon.map(|name| view! { <Icon name /> })}
                <span>{children()}</span>
            </a>
        </li>
    }
}
