//! The head of a page: way back, heading, one sentence, and what can be done.
//! The heading takes the focus after a change of page, which is why it can be focused by script.

use leptos::prelude::*;

use super::attribute::present;
use super::breadcrumb::BackLink;

/// See the module.
#[component]
pub fn PageHeader(
    /// The heading; the only `h1` of the page.
    #[prop(into)]
    title: String,
    /// One sentence beneath it.
    #[prop(optional, into)]
    lead: String,
    /// A few words above it: the section, the person it is about.
    #[prop(optional, into)]
    eyebrow: String,
    /// The page before.
    #[prop(optional, into)]
    back: String,
    /// What can be done with the page as a whole.
    #[prop(optional, into)]
    actions: ViewFnOnce,
) -> impl IntoView {
    view! {
        <header class="page-header">
            {present(back).map(|href| view! { <BackLink href=href /> })}
            <div class="page-header-row">
                <div class="page-header-words">
                    {present(eyebrow).map(|text| view! { <p class="eyebrow">{text}</p> })}
                    <h1 tabindex="-1">{title}</h1>
                    {present(lead).map(|text| view! { <p class="lead">{text}</p> })}
                </div>
                <div class="page-header-actions">{actions.run()}</div>
            </div>
        </header>
    }
}
