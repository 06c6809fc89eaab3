//! Answers read back before they count, each with a link to change it; also any list of facts.
//! It is a description list: the label is the term, the children are the value.

use leptos::prelude::*;

use super::attribute::present;
use crate::t;

/// The list; its children are `SummaryRow`s.
#[component]
pub fn SummaryList(
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! { <dl class="summary-list">{children()}</dl> }
}

/// One fact.
#[component]
pub fn SummaryRow(
    /// What it is.
    #[prop(into)]
    label: String,
    /// Where it is changed; without one there is no link.
    #[prop(optional, into)]
    change_href: String,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let change = present(change_href).map(|href| {
        view! {
            <dd class="summary-change">
                <a href=href>
                    {t!(common.change)}
                    <span class="visually-hidden">" "{label.clone()}</span>
                </a>
            </dd>
        }
    });
    view! {
        <div class="summary-row">
            <dt>{label.clone()}</dt>
            <dd class="summary-value">{children()}</dd>
            {change}
        </div>
    }
}
