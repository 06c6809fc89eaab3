//! A text input of several lines.
//! It counts no characters by itself: the limit is said in words before writing starts.

use leptos::prelude::*;

use super::attribute::field_id;
use super::field_frame::{FieldFrame, described_by, shown};
use crate::t;

/// A text of several lines; see the module.
#[component]
pub fn TextArea(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// The name it posts under.
    #[prop(into)]
    name: String,
    /// What stands in it.
    #[prop(optional, into)]
    value: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong and how to fix it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// How many lines are shown.
    #[prop(default = 4)]
    rows: u32,
    /// The most characters it takes; added to the hint.
    #[prop(optional)]
    max_length: Option<u32>,
    /// Marks it "(optional)".
    #[prop(optional)]
    optional: bool,
    /// Told of each keystroke once the page is alive.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
) -> impl IntoView {
    let id = field_id(&name);
    let error = shown(error);
    let hint = match max_length {
        Some(limit) => format!("{hint} {}", t!(ui.characters_max, count = limit)).trim().to_owned(),
        None => hint,
    };
    let describes = described_by(&id, !hint.is_empty(), error);
    view! {
        <FieldFrame id=id.clone() label hint error optional>
            <textarea
                class="input"
                id=id
                name=name
                rows=rows.to_string()
                maxlength=max_length.map(|n| n.to_string())
                dir="auto"
                aria-describedby=describes
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:input=move |event| {
                    if let Some(listener) = on_input {
                        listener.run(event_target_value(&event));
                    }
                }
            >
                {value}
            </textarea>
        </FieldFrame>
    }
}
