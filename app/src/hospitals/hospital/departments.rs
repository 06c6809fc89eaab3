//! The departments of a hospital, and the form that adds one.
//! Which doctor belongs to which is on the doctor's sheet.

use domain::hospitals::Department;
use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::form::{Form, use_form_state};
use crate::hospitals::admin_api::hospital_departments;
use crate::hospitals::admin_forms::AddDepartment;
use crate::portal::Loaded;
use crate::portal::hospital::{Saved, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{Button, EmptyState, Field, IconName, PageHeader, SkeletonShape};

/// See the module.
#[component]
pub fn DepartmentsPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let form = use_form_state::<AddDepartment>();
    let saved = query("saved");
    let departments =
        Reading::new(move || (saved.get(), form.accepted().get()), move |_| hospital_departments(hospital));
    view! {
        <Title text=t!(hospital_frame.departments) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(hospital_frame.departments) lead=t!(hospital_setup.departments_lead) />
            <Saved unless=form.problems() />
            <Loaded resource=departments shape=SkeletonShape::Rows view=|departments| view! { <List departments /> } />
            <section class="stack-small" aria-labelledby="add">
                <h2 class="section-title" id="add">
                    {t!(hospital_setup.department_add)}
                </h2>
                <Form state=form adds=true>
                    <input type="hidden" name="hospital" value=hospital.to_string() />
                    <div class="inline-form">
                        <Field label=t!(common.name) name="name" value=form.value("name") error=form.problem("name") />
                        <Button busy=form.busy() icon=IconName::Plus>
                            {t!(common.add)}
                        </Button>
                    </div>
                </Form>
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn List(departments: Vec<Department>) -> impl IntoView {
    if departments.is_empty() {
        return view! { <EmptyState icon=IconName::Grid text=t!(hospital_setup.departments_none) /> }
            .into_any();
    }
    let items: Vec<_> =
        departments.into_iter().map(|department| view! { <li>{department.name}</li> }).collect();
    view! { <ul class="plain-rows">{items}</ul> }.into_any()
}
