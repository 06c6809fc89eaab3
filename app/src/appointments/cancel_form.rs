//! The form that ends a visit before it began, or what is left of a series: it takes a reason that may be left out, and leads back.
//! What follows from it, the page says above.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::form::{Form, FormState, Sending};
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonRow, LinkButton, TextArea};

/// See the module.
#[component]
pub fn CancelForm<F: ServerFn>(
    /// Its state.
    state: FormState<F>,
    /// What says which visit.
    hidden: Vec<(&'static str, String)>,
    /// The words of the button that does it.
    #[prop(into)]
    action: String,
    /// The words of the link that does not.
    keep: &'static str,
    /// Where that leads.
    back: String,
    /// What asks for the reason, and who can read it; a patient is asked why she cancels.
    #[prop(default = (t!(patient.cancel_reason), t!(patient.cancel_reason_hint)))]
    why: (&'static str, &'static str),
) -> impl IntoView {
    let fields = fields(*state, hidden, why, (action, keep), back);
    view! { <Form state>{fields}</Form> }.into_any()
}

/// They are the same for every server function, so the browser loads them once.
fn fields(
    form: Sending,
    hidden: Vec<(&'static str, String)>,
    (label, hint): (&'static str, &'static str),
    (action, keep): (String, &'static str),
    back: String,
) -> AnyView {
    let hidden: Vec<_> = hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    view! {
        <div class="form">
            {hidden}
            <TextArea
                label
                name="reason"
                hint
                value=form.value("reason")
                error=form.problem("reason")
                max_length=300
                rows=2
                optional=true
            />
            <ButtonRow>
                <Button kind=ButtonKind::Danger busy=form.busy()>
                    {action}
                </Button>
                <LinkButton href=back kind=ButtonKind::Secondary>
                    {keep}
                </LinkButton>
            </ButtonRow>
        </div>
    }
    .into_any()
}
