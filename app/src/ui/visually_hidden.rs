//! Words for screen readers only.
//! Seldom right: what helps them mostly helps everybody.

use leptos::prelude::*;

/// See the module.
#[component]
pub fn VisuallyHidden(
    /// The words.
    children: Children,
) -> impl IntoView {
    view! { <span class="visually-hidden">{children()}</span> }
}
