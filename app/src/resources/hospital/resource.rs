//! One room or device: what it is called, and whether new visits can have it.
//! Visits that have it keep it.

use domain::ids::{HospitalId, ResourceId};
use domain::resources::Resource as Thing;
use leptos::prelude::*;
use leptos_meta::Title;

use super::kinds;
use crate::form::{Form, FormState, use_form_state};
use crate::portal::hospital::Section;
use crate::portal::{Loaded, NotFoundPage};
use crate::reading::Reading;
use crate::resources::admin_api::hospital_resources;
use crate::resources::admin_forms::KeepResource;
use crate::t;
use crate::ui::{Button, ButtonRow, Checkbox, Field, PageHeader, Select};

/// See the module.
#[component]
pub fn ResourcePage(
    /// Which hospital.
    hospital: HospitalId,
    /// Which one.
    id: ResourceId,
) -> impl IntoView {
    let form = use_form_state::<KeepResource>();
    // Whoever was too late sees how it stands.
    let stale =
        move || form.error().get().is_some_and(|error| error.is_stale()).then(|| form.answered().get());
    let found = Reading::new(stale, move |_| hospital_resources(hospital));
    let shown = move |things: Vec<Thing>| match things.into_iter().find(|thing| thing.id == id) {
        Some(thing) => view! { <Content hospital thing form /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    };
    view! {
        <div class="page page-narrow">
            <Loaded resource=found view=shown />
        </div>
    }
    .into_any()
}

#[component]
fn Content(hospital: HospitalId, thing: Thing, form: FormState<KeepResource>) -> impl IntoView {
    let active = form.value_or("active", if thing.active { "true" } else { "" }) == "true";
    view! {
        <Title text=thing.name.clone() />
        <PageHeader title=thing.name.clone() back=Section::Resources.at(hospital) />
        <Form state=form>
            <div class="stack form">
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="resource" value=thing.id.to_string() />
                <input type="hidden" name="version" value=thing.version.to_string() />
                <Field
                    label=t!(common.name)
                    name="name"
                    value=form.value_or("name", &thing.name)
                    hint=t!(hospital_resources.name_hint)
                    error=form.problem("name")
                />
                <Select
                    label=t!(hospital_resources.kind)
                    name="kind"
                    options=kinds()
                    value=form.value_or("kind", thing.kind.code())
                    error=form.problem("kind")
                />
                <Checkbox
                    label=t!(hospital_resources.can_be_used)
                    name="active"
                    checked=active
                    hint=t!(hospital_resources.can_be_used_hint)
                />
                <ButtonRow>
                    <Button busy=form.busy()>{t!(common.save)}</Button>
                </ButtonRow>
            </div>
        </Form>
    }
    .into_any()
}
