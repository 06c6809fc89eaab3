//! What the hospital asks of its staff when they sign in, beneath the hospital's other settings.
//! Whom it concerns is decided in the services, at every request.

use domain::accounts::StaffPolicy;
use domain::ids::HospitalId;
use leptos::prelude::*;

use crate::accounts::admin_api::read_staff_policy;
use crate::accounts::admin_forms::SetStaffPolicy;
use crate::form::{Form, use_form_state};
use crate::portal::Loaded;
use crate::portal::hospital::query;
use crate::reading::Reading;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonRow, Checkbox, Done};

/// See the module.
#[component]
pub fn StaffPolicySection(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let form = use_form_state::<SetStaffPolicy>();
    let saved = query("policy");
    let data =
        Reading::new(move || (saved.get(), form.accepted().get()), move |_| read_staff_policy(hospital));
    let done = move || {
        (!saved.get().is_empty() && form.error().get().is_none())
            .then(|| view! { <Done words=t!(staff_policy.saved) /> })
    };
    view! {
        <section class="stack-small" aria-labelledby="staff-policy">
            <h2 class="section-title" id="staff-policy">
                {t!(staff_policy.title)}
            </h2>
            <p>{t!(staff_policy.text)}</p>
            {done}
            <Loaded
                resource=data
                view=move |policy: StaffPolicy| {
                    view! {
                        <Form state=form>
                            <div class="form">
                                <input type="hidden" name="hospital" value=hospital.to_string() />
                                <Checkbox
                                    label=t!(staff_policy.second_factor)
                                    name="second_factor"
                                    checked=policy.second_factor
                                    hint=t!(staff_policy.second_factor_hint)
                                />
                                <ButtonRow>
                                    <Button kind=ButtonKind::Secondary busy=form.busy()>{t!(staff_policy.save)}</Button>
                                </ButtonRow>
                            </div>
                        </Form>
                    }
                }
            />
        </section>
    }
    .into_any()
}
