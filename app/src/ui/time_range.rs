//! A span of a day, from a start to an end: working hours.
//! It checks nothing: whether the end follows the start is the service's to say.

use leptos::prelude::*;

use super::attribute::{field_id, present};
use super::field_frame::{FieldError, FieldHint, described_by, shown};
use crate::t;

/// A start and an end; see the module.
#[component]
pub fn TimeRange(
    /// What span it is.
    #[prop(into)]
    legend: String,
    /// The name of the start.
    #[prop(into)]
    start_name: String,
    /// The name of the end.
    #[prop(into)]
    end_name: String,
    /// "09:00"
    #[prop(optional, into)]
    start: String,
    /// "12:30"
    #[prop(optional, into)]
    end: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong and how to fix it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// The grid of the times.
    #[prop(default = 5)]
    step_minutes: u32,
) -> impl IntoView {
    let (start_id, end_id) = (field_id(&start_name), field_id(&end_name));
    let error = shown(error);
    let describes = described_by(&start_id, !hint.is_empty(), error);
    let step = (step_minutes * 60).to_string();
    let invalid = move || error.with(Option::is_some).then_some("true");
    view! {
        <fieldset class="field fieldset" class:has-error=move || error.with(Option::is_some) aria-describedby=describes>
            <legend class="field-label">{legend}</legend>
            <FieldHint id=start_id.clone() text=hint />
            <FieldError id=start_id.clone() error=error />
            <div class="time-range">
                <label class="visually-hidden" for=start_id.clone()>
                    {t!(ui.time_start)}
                </label>
                <input
                    class="input input-time"
                    id=start_id
                    name=start_name
                    type="time"
                    step=step.clone()
                    value=present(start)
                    aria-invalid=invalid
                />
                <span aria-hidden="true">{t!(common.to)}</span>
                <label class="visually-hidden" for=end_id.clone()>
                    {t!(ui.time_end)}
                </label>
                <input
                    class="input input-time"
                    id=end_id
                    name=end_name
                    type="time"
                    step=step
                    value=present(end)
                    aria-invalid=invalid
                />
            </div>
        </fieldset>
    }
}
