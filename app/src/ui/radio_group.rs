//! One choice out of a few, all of them in sight: as a list, as cards, or as chips (times of a day).
//! A native fieldset of native radios, so arrow keys, forms and screen readers work by themselves.

use leptos::prelude::*;

use super::attribute::{field_id, present};
use super::choice::Choice;
use super::field_frame::{FieldError, FieldHint, described_by, shown};

/// How the choices are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RadioLayout {
    /// Beneath each other.
    #[default]
    List,
    /// Beneath each other, each a card with room for a hint and a note.
    Cards,
    /// Small and side by side: the free times of a day.
    Chips,
}

impl RadioLayout {
    fn class(self) -> &'static str {
        match self {
            Self::List => "radios radios-list",
            Self::Cards => "radios radios-cards",
            Self::Chips => "radios radios-chips",
        }
    }
}

/// One choice out of a few; see the module.
#[component]
pub fn RadioGroup(
    /// What is asked.
    #[prop(into)]
    legend: String,
    /// The name they post under.
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
    /// How they are laid out.
    #[prop(optional)]
    layout: RadioLayout,
    /// Told of each change once the page is alive.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let id = field_id(&name);
    let error = shown(error);
    let describes = described_by(&id, !hint.is_empty(), error);
    let radios: Vec<_> = options
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            // The error summary links to the group's id, so the first radio carries it.
            let radio_id = if index == 0 { id.clone() } else { format!("{id}-{index}") };
            let checked = choice.value == value;
            radio(radio_id, name.clone(), choice, checked, on_change)
        })
        .collect();
    view! {
        <fieldset class="field fieldset" class:has-error=move || error.with(Option::is_some) aria-describedby=describes>
            <legend class="field-label">{legend}</legend>
            <FieldHint id=id.clone() text=hint />
            <FieldError id=id error=error />
            <div class=layout.class()>{radios}</div>
        </fieldset>
    }
}

fn radio(
    id: String,
    name: String,
    choice: Choice,
    checked: bool,
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let hint = present(choice.hint).map(|text| view! { <span class="radio-hint">{text}</span> });
    let note = present(choice.note).map(|text| view! { <span class="radio-note">{text}</span> });
    view! {
        <label class="radio" for=id>
            <input
                id=id.clone()
                type="radio"
                name=name
                value=choice.value
                checked=checked
                disabled=choice.disabled
                on:change=move |event| {
                    if let Some(listener) = on_change {
                        listener.run(event_target_value(&event));
                    }
                }
            />
            <span class="radio-text">
                <span class="radio-label">{choice.label}</span>
                {hint}
            </span>
            {note}
        </label>
    }
}
