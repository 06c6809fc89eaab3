//! `/book/{doctor}/patient`: for whom, where an account acts for more than one.
//! Nothing is typed again: whom the account acts for is known.

use domain::accounts::OwnPatient;
use domain::ids::DoctorId;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form as RouteForm;

use super::{Answers, bookable_patients, step_names};
use crate::i18n::day_month_year;
use crate::portal::{Loaded, use_query, without_nameless};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, Choice, EmptyState, IconName, LinkButton, PageHeader, RadioGroup, RadioLayout, Steps,
};

/// See the module.
#[component]
pub fn PatientStep(
    /// With whom.
    doctor: DoctorId,
) -> impl IntoView {
    let found = Reading::new(|| (), |()| bookable_patients());
    let answers = Answers::from_query(&use_query().get_untracked());
    view! {
        <Title text=t!(booking.who_title) />
        <Loaded resource=found view={move |patients: Vec<OwnPatient>| page(doctor, &answers, patients)} />
    }
}

fn page(doctor: DoctorId, answers: &Answers, patients: Vec<OwnPatient>) -> AnyView {
    if patients.is_empty() {
        return view! {
            <div class="page page-narrow stack">
                <PageHeader title=t!(booking.who_title) />
                <EmptyState icon=IconName::User text=t!(booking.no_patient)>
                    <LinkButton href="/hospital">{t!(patient.hospital_portal)}</LinkButton>
                </EmptyState>
            </div>
        }
        .into_any();
    }
    // Oneself stands first; somebody else is chosen by whoever means her.
    let own = patients.first().filter(|patient| patient.relation == "self").map(|patient| patient.id);
    let chosen = answers.patient.or(own);
    let options: Vec<Choice> = patients
        .into_iter()
        .map(|patient| {
            let birth = t!(booking.born, date = day_month_year(patient.birth_date));
            let hint =
                if patient.relation == "self" { format!("{}, {birth}", t!(booking.myself)) } else { birth };
            Choice::new(patient.id.to_string(), patient.full_name).hint(hint)
        })
        .collect();
    let kind =
        answers.visit_type.map(|id| view! { <input type="hidden" name="visit_type" value=id.to_string() /> });
    let start =
        answers.start.map(|start| view! { <input type="hidden" name="start" value=start.to_string() /> });
    view! {
        <div class="page page-steps stack">
            // The time is chosen: this belongs to what comes after it.
            <Steps labels=step_names() current=3 />
            <PageHeader title=t!(booking.who_title) back=answers.href(doctor, "time") />
            <RouteForm method="get" action=format!("/book/{doctor}/review") on_form_data=without_nameless() attr:class="form">
                {kind} {start}
                <RadioGroup
                    legend=t!(booking.who_legend)
                    name="patient"
                    options=options
                    value=chosen.map(|id| id.to_string()).unwrap_or_default()
                    layout=RadioLayout::Cards
                />
                <Button>{t!(common.continue_on)}</Button>
            </RouteForm>
        </div>
    }
    .into_any()
}
