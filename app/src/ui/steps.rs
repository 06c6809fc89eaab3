//! Where a journey stands: "Step 2 of 4", the name of the step, and a bar of segments.
//! The steps are no links: going back is the back link's work.

use leptos::prelude::*;

use crate::t;

/// See the module.
#[component]
pub fn Steps(
    /// The names of all steps.
    labels: Vec<String>,
    /// The step that is shown, from 1.
    current: u32,
) -> impl IntoView {
    let total = labels.len();
    let segments: Vec<_> = labels
        .into_iter()
        .zip(1_u32..)
        .map(|(label, number)| {
            let class = match number.cmp(&current) {
                std::cmp::Ordering::Less => "step step-done",
                std::cmp::Ordering::Equal => "step step-current",
                std::cmp::Ordering::Greater => "step",
            };
            let done = (number < current)
                .then(|| view! { <span class="visually-hidden">" ("{t!(ui.step_done)}")"</span> });
            view! {
                <li class=class aria-current=(number == current).then_some("step")>
                    <span>{label}</span>
                    {done}
                </li>
            }
        })
        .collect();
    view! {
        <div class="steps">
            <p class="steps-count">{t!(ui.step_of, current = current, total = total)}</p>
            <ol>{segments}</ol>
        </div>
    }
}
