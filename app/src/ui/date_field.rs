//! A date, asked with the native input.
//! Three inputs for day, month and year are kinder for a remembered date, but post three values and need a script to become one; the
//! native input posts one ISO date without any, refuses 31 February by itself, is typed into as day, month and year in the reader's
//! own order, and opens the picker that a phone's owner knows.

use leptos::prelude::*;

use super::attribute::{field_id, present};
use super::field_frame::{FieldFrame, described_by, shown};

/// One date; see the module.
#[component]
pub fn DateField(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// The name it posts under; the value is "2026-11-24".
    #[prop(into)]
    name: String,
    /// The date in it, ISO.
    #[prop(optional, into)]
    value: String,
    /// The first date allowed, ISO.
    #[prop(optional, into)]
    min: String,
    /// The last date allowed, ISO.
    #[prop(optional, into)]
    max: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong and how to fix it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// "bday" for a birth date.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Marks it "(optional)".
    #[prop(optional)]
    optional: bool,
    /// Told of each change once the page is alive.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let id = field_id(&name);
    let error = shown(error);
    let describes = described_by(&id, !hint.is_empty(), error);
    view! {
        <FieldFrame id=id.clone() label hint error optional>
            <input
                class="input input-short"
                id=id
                name=name
                type="date"
                value=present(value)
                min=present(min)
                max=present(max)
                autocomplete=autocomplete
                aria-describedby=describes
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:change=move |event| {
                    if let Some(listener) = on_change {
                        listener.run(event_target_value(&event));
                    }
                }
            />
        </FieldFrame>
    }
}
