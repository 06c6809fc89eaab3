//! How each form ends that adds dates: a note for whoever reads it later, and the buttons that add it or look first at what it would hit.
//! Which dates it is about stands before it.

use leptos::prelude::*;

use crate::form::Sending;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonRow, Field, IconName};

/// See the module.
#[component]
pub fn DatedEnd(
    /// The name under which the note posts.
    note: &'static str,
    /// What stands in it.
    value: String,
    /// On the button that adds.
    add: &'static str,
    /// The form that ends here.
    form: Sending,
) -> impl IntoView {
    view! {
        <Field
            label=t!(hospital_hours.note)
            name=note
            value=value
            hint=t!(hospital_hours.note_hint)
            error=form.problem(note)
            optional=true
        />
        <ButtonRow>
            <Button kind=ButtonKind::Secondary busy=form.busy() icon=IconName::Plus>
                {add}
            </Button>
            <Button kind=ButtonKind::Quiet name="look" value="1">{t!(hours_preview.look)}</Button>
        </ButtonRow>
    }
    .into_any()
}
