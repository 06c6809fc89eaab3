//! Yes-or-no boxes, alone or as a group of which any number may be ticked.
//! A box that is not ticked posts nothing: the server reads absence as "no".

use leptos::prelude::*;

use super::attribute::{field_id, present};
use super::choice::Choice;
use super::field_frame::{FieldError, FieldHint, described_by, shown};

/// One box with its words.
#[component]
pub fn Checkbox(
    /// What is agreed to or switched on.
    #[prop(into)]
    label: String,
    /// The name it posts under.
    #[prop(into)]
    name: String,
    /// What it posts when ticked.
    #[prop(default = "true".to_owned(), into)]
    value: String,
    /// Whether it is ticked now.
    #[prop(optional)]
    checked: bool,
    /// A second line.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong and how to fix it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
) -> impl IntoView {
    let id = field_id(&name);
    let error = shown(error);
    let describes = described_by(&id, false, error);
    view! {
        <div class="field" class:has-error=move || error.with(Option::is_some)>
            <FieldError id=id.clone() error=error />
            <label class="checkbox" for=id>
                <input
                    id=id.clone()
                    type="checkbox"
                    name=name
                    value=value
                    checked=checked
                    aria-describedby=describes
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                />
                <span class="radio-text">
                    <span class="radio-label">{label}</span>
                    {present(hint).map(|text| view! { <span class="radio-hint">{text}</span> })}
                </span>
            </label>
        </div>
    }
}

/// Any number out of a few.
#[component]
pub fn CheckboxGroup(
    /// What is asked.
    #[prop(into)]
    legend: String,
    /// The name they all post under.
    #[prop(into)]
    name: String,
    /// The choices.
    options: Vec<Choice>,
    /// The values ticked now.
    #[prop(optional)]
    values: Vec<String>,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong and how to fix it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
) -> impl IntoView {
    let id = field_id(&name);
    let error = shown(error);
    let describes = described_by(&id, !hint.is_empty(), error);
    let boxes: Vec<_> = options
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let box_id = if index == 0 { id.clone() } else { format!("{id}-{index}") };
            let checked = values.contains(&choice.value);
            let hint = present(choice.hint).map(|text| view! { <span class="radio-hint">{text}</span> });
            view! {
                <label class="checkbox" for=box_id>
                    <input
                        id=box_id.clone()
                        type="checkbox"
                        name=name.clone()
                        value=choice.value
                        checked=checked
                        disabled=choice.disabled
                    />
                    <span class="radio-text">
                        <span class="radio-label">{choice.label}</span>
                        {hint}
                    </span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="field fieldset" class:has-error=move || error.with(Option::is_some) aria-describedby=describes>
            <legend class="field-label">{legend}</legend>
            <FieldHint id=id.clone() text=hint />
            <FieldError id=id error=error />
            <div class="checkboxes">{boxes}</div>
        </fieldset>
    }
}
