//! How a page gets onto paper: a button once scripts run, before that a line which says that it is worth it.
//! What the paper shows is the style sheet's business.

use leptos::prelude::*;

use crate::browser;
use crate::ui::{Icon, IconName};

/// See the module.
#[component]
pub fn PrintButton(
    /// The words of the button.
    label: &'static str,
    /// What stands there as long as there is no button.
    hint: &'static str,
) -> impl IntoView {
    view! {
        <div class="print-hint no-print">
            <button
                class="button button-quiet button-small print-button"
                type="button"
                on:click=move |_| browser::print_page()
            >
                <Icon name=IconName::Printer />
                <span>{label}</span>
            </button>
            <p class="muted small print-words">
                <Icon name=IconName::Printer />
                " "
                {hint}
            </p>
        </div>
    }
    .into_any()
}
