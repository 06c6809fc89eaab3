//! The panel at the end of a journey: it is done, and here is the proof.
//! For news along the way there is `Notice`.

use leptos::prelude::*;

use super::attribute::present;
use super::icon::{Icon, IconName, IconSize};
use crate::t;

/// "Your visit is booked", with its reference.
#[component]
pub fn Panel(
    /// What was achieved; this is the page's first heading.
    #[prop(into)]
    title: String,
    /// A reference to quote on the phone.
    #[prop(optional, into)]
    reference: String,
    /// What else to know at once.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let reference = present(reference).map(|reference| {
        view! {
            <p class="panel-reference">
                <span>{t!(ui.reference)}</span>
                " "
                <strong translate="no">{reference}</strong>
            </p>
        }
    });
    view! {
        <div class="panel" role="status">
            <Icon name=IconName::CheckCircle size=IconSize::Large />
            <h1 tabindex="-1">{title}</h1>
            {reference}
            {children.map(|children| view! { <div class="panel-body">{children()}</div> })}
        </div>
    }
}
