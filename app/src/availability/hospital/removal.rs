//! The button that takes one row of a list away, with its name for whoever cannot see the row.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::form::{Form, FormState};
use crate::t;
use crate::ui::{Button, ButtonKind, IconName};

/// See the module.
#[component]
pub fn Removal<F: ServerFn>(
    /// The form of all rows; its problems stand above the list.
    state: FormState<F>,
    /// What says which row.
    hidden: Vec<(&'static str, String)>,
    /// The row in words.
    what: String,
) -> impl IntoView {
    let hidden: Vec<_> = hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    view! {
        <Form state no_summary=true>
            {hidden}
            <Button kind=ButtonKind::Quiet small=true icon=IconName::Trash>
                {t!(common.remove)} <span class="visually-hidden">": " {what}</span>
            </Button>
        </Form>
    }
    .into_any()
}
