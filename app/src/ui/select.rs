//! A native select: for more than about seven choices. Fewer are easier to read as a `RadioGroup`.
//! It has no search of its own; browsers jump to the letter that is typed.

use leptos::prelude::*;

use super::attribute::field_id;
use super::choice::Choice;
use super::field::FieldWidth;
use super::field_frame::{FieldFrame, described_by, shown};
use super::icon::{Icon, IconName};

/// One choice out of many; see the module.
#[component]
pub fn Select(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// The name it posts under.
    #[prop(into)]
    name: String,
    /// The choices.
    options: Vec<Choice>,
    /// The value chosen now.
    #[prop(optional, into)]
    value: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong and how to fix it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// A first choice that posts an empty value: "Any specialty".
    #[prop(optional, into)]
    placeholder: String,
    /// Marks it "(optional)".
    #[prop(optional)]
    optional: bool,
    /// Reads the label out without showing it: where a table's column says it.
    #[prop(optional)]
    hide_label: bool,
    /// How wide.
    #[prop(optional)]
    width: FieldWidth,
    /// Told of each change once the page is alive.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let id = field_id(&name);
    let error = shown(error);
    let describes = described_by(&id, !hint.is_empty(), error);
    let first = (!placeholder.is_empty()).then(|| Choice::new("", placeholder));
    let entries = first.into_iter().chain(options).map(|choice| {
        let selected = choice.value == value;
        view! {
            <option value=choice.value selected=selected disabled=choice.disabled>
                {choice.label}
            </option>
        }
    });
    let entries: Vec<_> = entries.collect();
    view! {
        <FieldFrame id=id.clone() label hint error optional hide_label>
            <div class="select">
                <select
                    class=width.class()
                    id=id
                    name=name
                    aria-describedby=describes
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    on:change=move |event| {
                        if let Some(listener) = on_change {
                            listener.run(event_target_value(&event));
                        }
                    }
                >
                    {entries}
                </select>
                <Icon name=IconName::ChevronDown />
            </div>
        </FieldFrame>
    }
}
