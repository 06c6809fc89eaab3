//! A search input with its button; put it into a GET form, so that a result has an address.
//! It does not search; it asks.

use leptos::prelude::*;

use super::attribute::field_id;
use super::field_frame::FieldHint;
use super::icon::{Icon, IconName};
use crate::t;

/// What to look for; see the module.
#[component]
pub fn SearchField(
    /// What can be searched.
    #[prop(into)]
    label: String,
    /// The name it sends under.
    #[prop(into)]
    name: String,
    /// What stands in it.
    #[prop(optional, into)]
    value: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// The words of the button.
    #[prop(default = t!(common.search).to_owned(), into)]
    button: String,
    /// Keeps the label for screen readers only.
    #[prop(optional)]
    hide_label: bool,
    /// Told of each keystroke once the page is alive.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
) -> impl IntoView {
    let id = field_id(&name);
    let described = (!hint.is_empty()).then(|| format!("{id}-hint"));
    let label_class = if hide_label { "visually-hidden" } else { "field-label" };
    view! {
        <div class="field search">
            <label class=label_class for=id.clone()>
                {label}
            </label>
            <FieldHint id=id.clone() text=hint />
            <div class="search-row">
                <Icon name=IconName::Search />
                <input
                    class="input"
                    id=id
                    name=name
                    type="search"
                    value=value
                    dir="auto"
                    aria-describedby=described
                    on:input=move |event| {
                        if let Some(listener) = on_input {
                            listener.run(event_target_value(&event));
                        }
                    }
                />
                <button class="button button-primary" type="submit">
                    <span>{button}</span>
                </button>
            </div>
        </div>
    }
}
