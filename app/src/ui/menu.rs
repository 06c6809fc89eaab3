//! A small menu of links beneath a button.
//! It is a `<details>`, so it opens without a script; all menus share one name, so opening one closes the other.

use leptos::prelude::*;

use super::attribute::present;
use super::icon::{Icon, IconName};

/// See the module.
#[component]
pub fn Menu(
    /// What it holds.
    #[prop(into)]
    label: String,
    /// What stands there on a phone, where a long label has no room; the label is still read out.
    #[prop(optional, into)]
    short_label: String,
    /// Before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// Keeps the words for screen readers; needs an icon.
    #[prop(optional)]
    hide_label: bool,
    /// `MenuItem`s, or `<li>` with a form.
    children: Children,
) -> impl IntoView {
    let label_class = match (hide_label, short_label.is_empty()) {
        (true, _) => Some("visually-hidden"),
        (false, false) => Some("menu-long"),
        (false, true) => None,
    };
    let short = present(short_label).map(|words| view! { <span class="menu-short">{words}</span> });
    let arrow = (!hide_label).then(|| view! { <Icon name=IconName::ChevronDown /> });
    view! {
        <details class="menu" name="menu">
            <summary class="button button-quiet">
                {icon.map(|name| view! { <Icon name /> })}
                {short}
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
