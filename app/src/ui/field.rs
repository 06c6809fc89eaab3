//! A one-line text input with its label, hint and error.
//! The value is a plain attribute: it is posted without JavaScript, and comes back as it was typed when a form is refused.

use leptos::prelude::*;

use super::attribute::{classes, field_id, present};
use super::field_frame::{FieldFrame, described_by, shown};
use crate::t;

/// How long the answer is expected to be; the input is as wide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldWidth {
    /// As wide as the form.
    #[default]
    Full,
    /// About 16 characters: a phone number, a postcode.
    Short,
    /// About 5 characters: a number of minutes.
    Tiny,
}

impl FieldWidth {
    pub(super) fn class(self) -> String {
        classes(&[("input", true), ("input-short", self == Self::Short), ("input-tiny", self == Self::Tiny)])
    }
}

/// One text input; see the module.
#[component]
pub fn Field(
    /// What is asked; always visible.
    #[prop(into)]
    label: String,
    /// The name it posts under.
    #[prop(into)]
    name: String,
    /// "text", "email", "password", "tel", "number", "url", "time".
    #[prop(default = "text")]
    kind: &'static str,
    /// What stands in it.
    #[prop(optional, into)]
    value: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong and how to fix it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// The token password managers and browsers fill by: "email", "current-password", "name", "tel" …
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// The keyboard of a phone: "numeric", "decimal", "email" …
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// Marks it "(optional)".
    #[prop(optional)]
    optional: bool,
    /// How wide.
    #[prop(optional)]
    width: FieldWidth,
    /// Stands fixed behind the input: "min", "kg".
    #[prop(optional, into)]
    unit: String,
    /// The most characters it takes.
    #[prop(optional)]
    max_length: Option<u32>,
    /// The id of a `<datalist>` whose values are offered while typing.
    #[prop(optional)]
    list: Option<&'static str>,
    /// Told of each keystroke once the page is alive.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
) -> impl IntoView {
    let id = field_id(&name);
    let error = shown(error);
    let describes = described_by(&id, !hint.is_empty(), error);
    let unit = present(unit).map(|unit| view! { <span class="input-unit">{unit}</span> });
    let show = (kind == "password").then(|| show_password(label.clone()));
    let spellcheck = matches!(kind, "email" | "password" | "url").then_some("false");
    view! {
        <FieldFrame id=id.clone() label hint error optional>
            <div class="input-row">
                <input
                    class=width.class()
                    id=id
                    name=name
                    type=kind
                    value=value
                    autocomplete=autocomplete
                    inputmode=inputmode
                    maxlength=max_length.map(|n| n.to_string())
                    list=list
                    spellcheck=spellcheck
                    dir=(kind == "text").then_some("auto")
                    aria-describedby=describes
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    on:input=move |event| {
                        if let Some(listener) = on_input {
                            listener.run(event_target_value(&event));
                        }
                    }
                />
                {unit}
                {show}
            </div>
        </FieldFrame>
    }
}

/// Lets whoever types see what she types, where there are scripts: `SHOW_PASSWORD` does the rest, and changes the words for the others.
fn show_password(label: String) -> impl IntoView {
    view! {
        <button class="button button-quiet show-password" type="button" data-other=t!(ui.hide)>
            <span>{t!(ui.show)}</span>
            <span class="visually-hidden">": " {label}</span>
        </button>
    }
}
