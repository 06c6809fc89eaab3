//! What surrounds each input: label, hint and error, tied to it by id so that they are read out together.
//! It is used by the fields of this folder only; pages use the fields.

use leptos::prelude::*;

use super::attribute::present;
use super::icon::{Icon, IconName};
use crate::t;

/// The error of a field if there is one to show; an empty text is none.
pub(super) fn shown(error: MaybeProp<String>) -> Signal<Option<String>> {
    Signal::derive(move || error.get().filter(|text| !text.is_empty()))
}

/// The ids that `aria-describedby` lists: the hint, and the error while there is one.
pub(super) fn described_by(
    id: &str,
    has_hint: bool,
    error: Signal<Option<String>>,
) -> Signal<Option<String>> {
    let hint = has_hint.then(|| format!("{id}-hint"));
    let problem = format!("{id}-error");
    Signal::derive(move || {
        let problem = error.with(Option::is_some).then_some(problem.as_str());
        let ids: Vec<&str> = hint.as_deref().into_iter().chain(problem).collect();
        present(ids.join(" "))
    })
}

/// The hint beneath a label.
#[component]
pub fn FieldHint(
    /// The id of the input.
    #[prop(into)]
    id: String,
    /// Nothing is rendered when empty.
    text: String,
) -> impl IntoView {
    present(text).map(|text| view! { <p class="field-hint" id=format!("{id}-hint")>{text}</p> })
}

/// The error of one field, above its input.
#[component]
pub fn FieldError(
    /// The id of the input.
    #[prop(into)]
    id: String,
    /// The sentence that says how to fix it.
    error: Signal<Option<String>>,
) -> impl IntoView {
    move || {
        let id = format!("{id}-error");
        error.get().map(|text| {
            view! {
                <p class="field-error" id=id>
                    <Icon name=IconName::AlertTriangle />
                    <span class="visually-hidden">{t!(ui.error_prefix)}" "</span>
                    <span>{text}</span>
                </p>
            }
        })
    }
}

/// Label, hint and error around one input.
#[component]
pub fn FieldFrame(
    /// The id of the input.
    id: String,
    /// Its label.
    label: String,
    /// Nothing when empty.
    hint: String,
    /// The problem, if any.
    error: Signal<Option<String>>,
    /// Adds "(optional)": what is not marked must be filled in.
    optional: bool,
    /// Reads the label out without showing it: where a table's column says it.
    #[prop(optional)]
    hide_label: bool,
    /// The input.
    children: Children,
) -> impl IntoView {
    let label_class = if hide_label { "visually-hidden" } else { "field-label" };
    view! {
        <div class="field" class:has-error=move || error.with(Option::is_some)>
            <label class=label_class for=id.clone()>
                {label}
                {optional.then(|| view! { <span class="field-optional">" "{t!(common.optional)}</span> })}
            </label>
            <FieldHint id=id.clone() text=hint />
            <FieldError id=id error=error />
            {children()}
        </div>
    }
}
