//! The field for the password that somebody has, wherever it is asked for.
//! Where a new one is chosen, the page has fields of its own.

use leptos::prelude::*;

use crate::t;
use crate::ui::Field;

/// Password managers fill it.
#[component]
pub fn PasswordField(
    /// What is wrong with it.
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <Field
            label=t!(auth.password)
            name="password"
            kind="password"
            autocomplete="current-password"
            error=error
        />
    }
}
