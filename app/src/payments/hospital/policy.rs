//! What goes back of what was paid when a patient cancels, beneath the hospital's other settings.
//! When the hospital itself cancels, all of it goes back; that is no setting.

use domain::ids::HospitalId;
use domain::payments::RefundPolicy;
use leptos::prelude::*;

use crate::form::{Form, use_form_state};
use crate::payments::admin_api::read_refund_policy;
use crate::payments::admin_forms::SetRefundPolicy;
use crate::portal::Loaded;
use crate::portal::hospital::query;
use crate::reading::Reading;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonRow, Done, Field, FieldWidth};

/// See the module.
#[component]
pub fn RefundPolicySection(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let form = use_form_state::<SetRefundPolicy>();
    let saved = query("refunds");
    let data =
        Reading::new(move || (saved.get(), form.accepted().get()), move |_| read_refund_policy(hospital));
    let done = move || {
        (!saved.get().is_empty() && form.error().get().is_none())
            .then(|| view! { <Done words=t!(hospital_money.policy_saved) /> })
    };
    view! {
        <section class="stack-small" aria-labelledby="refunds">
            <h2 class="section-title" id="refunds">{t!(hospital_money.policy_title)}</h2>
            <p>{t!(hospital_money.policy_text)}</p>
            {done}
            <Loaded
                resource=data
                view=move |policy: RefundPolicy| {
                    view! {
                        <Form state=form>
                            <div class="form stack">
                                <input type="hidden" name="hospital" value=hospital.to_string() />
                                <Field
                                    label=t!(hospital_money.full_until)
                                    name="full_until_hours"
                                    value=form.value_or("full_until_hours", &policy.full_until_hours.to_string())
                                    error=form.problem("full_until_hours")
                                    inputmode="numeric"
                                    width=FieldWidth::Tiny
                                    unit=t!(hospital_money.hours_unit)
                                />
                                <Field
                                    label=t!(hospital_money.late_part)
                                    name="late_percent"
                                    value=form.value_or("late_percent", &policy.late_percent.to_string())
                                    error=form.problem("late_percent")
                                    inputmode="numeric"
                                    width=FieldWidth::Tiny
                                    unit="%"
                                />
                                <ButtonRow>
                                    <Button kind=ButtonKind::Secondary busy=form.busy()>
                                        {t!(hospital_money.policy_save)}
                                    </Button>
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
