//! What stands where a list would be: one icon, one sentence, one action.
//! First use, no result and all done are three different sentences; the page chooses.

use leptos::prelude::*;

use super::icon::{Icon, IconName, IconSize};

/// See the module.
#[component]
pub fn EmptyState(
    /// The picture.
    icon: IconName,
    /// The sentence.
    #[prop(into)]
    text: String,
    /// The one action: a `LinkButton` or a form.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <Icon name=icon size=IconSize::Large />
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
