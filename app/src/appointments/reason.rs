//! The field for what a visit is about, where it is booked beside a list of times.
//! On the page that asks for nothing else it has a hint besides; that is `book::review`'s business.

use leptos::prelude::*;

use crate::form::Sending;
use crate::ui::TextArea;

/// A few lines that may be left empty.
#[component]
pub fn ReasonField(
    /// What is asked.
    label: &'static str,
    /// The form in which it stands.
    form: Sending,
) -> impl IntoView {
    view! {
        <TextArea
            label=label
            name="reason"
            value=form.value("reason")
            error=form.problem("reason")
            rows=2
            max_length=500
            optional=true
        />
    }
}
