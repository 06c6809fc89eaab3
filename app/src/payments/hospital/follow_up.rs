//! What a paid visit opens, on the page of its visit type: how many visits are free after it, for how long, and which.
//! A form of its own: it changes nothing of the visit type.

use domain::hospitals::VisitType;
use domain::ids::{HospitalId, VisitTypeId};
use domain::payments::FollowUpRule;
use leptos::prelude::*;

use crate::form::{Form, FormState, use_form_state};
use crate::payments::admin_api::read_free_visit_rule;
use crate::payments::admin_forms::{FREE_TYPES, SetFollowUp};
use crate::portal::Loaded;
use crate::portal::hospital::query;
use crate::reading::Reading;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonRow, CheckboxGroup, Choice, Done, Field, FieldWidth, FormErrors};

/// See the module.
#[component]
pub fn FollowUpSection(
    /// Which hospital.
    hospital: HospitalId,
    /// Which visit type.
    visit_type: VisitTypeId,
    /// All of the hospital's.
    types: Vec<VisitType>,
) -> impl IntoView {
    let form = use_form_state::<SetFollowUp>();
    let saved = query("follow_up");
    let data = Reading::new(
        move || (saved.get(), form.accepted().get()),
        move |_| read_free_visit_rule(hospital, visit_type),
    );
    let done = move || {
        (!saved.get().is_empty() && form.error().get().is_none())
            .then(|| view! { <Done words=t!(hospital_money.follow_up_saved) /> })
    };
    view! {
        <section class="stack-small" aria-labelledby="follow-up">
            <h2 class="section-title" id="follow-up">{t!(hospital_money.follow_up_title)}</h2>
            <p>{t!(hospital_money.follow_up_text)}</p>
            {done}
            <Loaded
                resource=data
                view=move |rule: FollowUpRule| {
                    view! { <RuleForm hospital visit_type types=types.clone() rule form /> }
                }
            />
        </section>
    }
    .into_any()
}

/// What may be free, and whether patients get to it by themselves.
fn choice(kind: VisitType) -> Choice {
    let hint = if kind.is_for_patients(false) { "" } else { t!(hospital_money.free_when_asked) };
    Choice::new(kind.id.to_string(), kind.name).hint(hint)
}

#[component]
fn RuleForm(
    hospital: HospitalId,
    visit_type: VisitTypeId,
    types: Vec<VisitType>,
    rule: FollowUpRule,
    form: FormState<SetFollowUp>,
) -> impl IntoView {
    let chosen: Vec<String> = rule.visit_type_ids.iter().map(ToString::to_string).collect();
    let options = types.into_iter().map(choice).collect();
    let number = |number: i64| if number > 0 { number.to_string() } else { String::new() };
    view! {
        <FormErrors problems=form.problems_posted_as(&[("visit_type_ids", FREE_TYPES)]) />
        <Form state=form no_summary=true>
            <div class="form stack">
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="visit_type" value=visit_type.to_string() />
                <input type="hidden" name="version" value=rule.version.to_string() />
                <CheckboxGroup
                    legend=t!(hospital_money.free_types)
                    name=FREE_TYPES
                    hint=t!(hospital_money.free_types_hint)
                    options=options
                    values=form.values_or(FREE_TYPES, &chosen)
                    error=form.problem("visit_type_ids")
                />
                <Field
                    label=t!(hospital_money.free_visits)
                    name="visits"
                    value=form.value_or("visits", &number(rule.visits))
                    error=form.problem("visits")
                    inputmode="numeric"
                    width=FieldWidth::Tiny
                />
                <Field
                    label=t!(hospital_money.free_days)
                    name="days"
                    value=form.value_or("days", &number(rule.days))
                    error=form.problem("days")
                    inputmode="numeric"
                    width=FieldWidth::Tiny
                    unit=t!(hospital_money.days_unit)
                />
                <ButtonRow>
                    <Button kind=ButtonKind::Secondary busy=form.busy()>
                        {t!(hospital_money.follow_up_save)}
                    </Button>
                </ButtonRow>
            </div>
        </Form>
    }
    .into_any()
}
