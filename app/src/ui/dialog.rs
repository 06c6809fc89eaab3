//! A modal dialog: the native element, opened by the native `command` of a button, without a script.
//! What it asks must also be a page of its own: browsers that do not know `command` get the link to that page instead.

use leptos::prelude::*;

use super::button::ButtonKind;
use super::icon::{Icon, IconName};
use crate::t;

/// See the module.
#[component]
pub fn Dialog(
    /// Its id.
    #[prop(into)]
    id: String,
    /// What it is about.
    #[prop(into)]
    title: String,
    /// What it asks: a form, or words and a `DialogCloser`.
    children: Children,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    view! {
        <dialog class="dialog" id=id aria-labelledby=title_id>
            <div class="dialog-head">
                <h2 class="dialog-title" id=title_id.clone() tabindex="-1" autofocus>
                    {title}
                </h2>
                <button class="icon-button" type="button" command="close" commandfor=id.clone() aria-label=t!(common.close)>
                    <Icon name=IconName::X />
                </button>
            </div>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}

/// Opens a dialog, or leads to the page that does the same.
#[component]
pub fn DialogOpener(
    /// The id of the dialog.
    #[prop(into)]
    dialog: String,
    /// The page that does the same.
    #[prop(into)]
    href: String,
    /// How loud.
    #[prop(optional)]
    kind: ButtonKind,
    /// Before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    /// The words.
    children: ChildrenFn,
) -> impl IntoView {
    view! {
        <span class="dialog-opener">
            <button
                class=format!("{} dialog-open", kind.class(false, false))
                type="button"
                command="show-modal"
                commandfor=dialog
            >
                {icon.map(|name| view! { <Icon name /> })}
                <span>{children()}</span>
            </button>
            <a class=format!("{} dialog-page", kind.class(false, false)) href=href>
                {icon.map(|name| view! { <Icon name /> })}
                <span>{children()}</span>
            </a>
        </span>
    }
}

/// Closes a dialog from within.
#[component]
pub fn DialogCloser(
    /// The id of the dialog.
    #[prop(into)]
    dialog: String,
    /// How loud.
    #[prop(default = ButtonKind::Secondary)]
    kind: ButtonKind,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <button class=kind.class(false, false) type="button" command="close" commandfor=dialog>
            <span>{children()}</span>
        </button>
    }
}
