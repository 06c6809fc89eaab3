//! Buttons and links that look like buttons: the same look, but a link goes somewhere and a button does something.
//! There is no disabled state on purpose: a button that can be pressed and then explains is kinder than a dead one.

use leptos::prelude::*;

use super::attribute::{classes, present};
use super::icon::{Icon, IconName};

/// How loud a button is; one `Primary` per screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here.
    #[default]
    Primary,
    /// Another thing that can be done.
    Secondary,
    /// As quiet as a link, as large as a button.
    Quiet,
    /// Something that takes away: cancel, delete.
    Danger,
}

impl ButtonKind {
    pub(super) fn class(self, wide: bool, small: bool) -> String {
        let kind = match self {
            Self::Primary => "button-primary",
            Self::Secondary => "button-secondary",
            Self::Quiet => "button-quiet",
            Self::Danger => "button-danger",
        };
        classes(&[("button", true), (kind, true), ("button-wide", wide), ("button-small", small)])
    }
}

/// A button that does something; inside a form it submits unless told otherwise.
#[component]
pub fn Button(
    /// How loud.
    #[prop(optional)]
    kind: ButtonKind,
    /// "submit", "button" or "reset".
    #[prop(default = "submit")]
    button_type: &'static str,
    /// Posted with `value` when this button was the one pressed.
    #[prop(optional, into)]
    name: String,
    /// See `name`.
    #[prop(optional, into)]
    value: String,
    /// Before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// Shows that it is being worked on; the button stays where it is and keeps its words.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// As wide as its container.
    #[prop(optional)]
    wide: bool,
    /// For dense tables.
    #[prop(optional)]
    small: bool,
    /// The words: a verb and its object.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class=kind.class(wide, small)
            class:is-busy=busy
            type=button_type
            name=present(name)
            value=present(value)
            aria-busy=move || busy.get().then_some("true")
        >
            {icon.map(|name| view! { <Icon name /> })}
            <span>{children()}</span>
        </button>
    }
}

/// A link in the shape of a button.
#[component]
pub fn LinkButton(
    /// Where it goes.
    #[prop(into)]
    href: String,
    /// How loud.
    #[prop(optional)]
    kind: ButtonKind,
    /// Before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// After the words: what lies ahead.
    #[prop(optional)]
    icon_after: Option<IconName>,
    /// As wide as its container.
    #[prop(optional)]
    wide: bool,
    /// For dense tables.
    #[prop(optional)]
    small: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=kind.class(wide, small) href=href>
            {icon.map(|name| view! { <Icon name /> })}
            <span>{children()}</span>
            {icon_after.map(|name| view! { <Icon name /> })}
        </a>
    }
}

/// Buttons side by side, the first one being the main one; beneath each other on a phone.
#[component]
pub fn ButtonRow(
    /// The buttons.
    children: Children,
) -> impl IntoView {
    view! { <div class="button-row">{children()}</div> }
}
