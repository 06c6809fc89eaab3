//! The rooms and devices of a hospital, and the form that adds one.
//! What a visit needs of them is on the page of its visit type.

use domain::ids::HospitalId;
use domain::resources::Resource as Thing;
use leptos::prelude::*;
use leptos_meta::Title;

use super::{kind_text, kinds};
use crate::form::{Form, use_form_state};
use crate::portal::Loaded;
use crate::portal::hospital::{Saved, Section, query};
use crate::reading::Reading;
use crate::resources::admin_api::hospital_resources;
use crate::resources::admin_forms::AddResource;
use crate::t;
use crate::ui::{
    Badge, Button, Cell, Column, EmptyState, Field, IconName, PageHeader, RowHead, Select, SkeletonShape,
    Table, TableRow, Tone,
};

/// See the module.
#[component]
pub fn ResourcesPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let form = use_form_state::<AddResource>();
    let saved = query("saved");
    let found =
        Reading::new(move || (saved.get(), form.accepted().get()), move |_| hospital_resources(hospital));
    let shown = move |things: Vec<Thing>| view! { <List hospital things /> };
    view! {
        <Title text=t!(hospital_resources.title) />
        <div class="page stack">
            <PageHeader title=t!(hospital_resources.title) lead=t!(hospital_resources.lead) />
            <Saved unless=form.problems() />
            <Loaded resource=found shape=SkeletonShape::Rows view=shown />
            <section class="stack-small" aria-labelledby="add">
                <h2 class="section-title" id="add">
                    {t!(hospital_resources.add)}
                </h2>
                <Form state=form adds=true>
                    <input type="hidden" name="hospital" value=hospital.to_string() />
                    <div class="inline-form">
                        <Select
                            label=t!(hospital_resources.kind)
                            name="kind"
                            options=kinds()
                            value=form.value_or("kind", "room")
                            error=form.problem("kind")
                        />
                        <Field
                            label=t!(common.name)
                            name="name"
                            value=form.value("name")
                            hint=t!(hospital_resources.name_hint)
                            error=form.problem("name")
                        />
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
fn List(hospital: HospitalId, things: Vec<Thing>) -> impl IntoView {
    if things.is_empty() {
        return view! { <EmptyState icon=IconName::MapPin text=t!(hospital_resources.none) /> }.into_any();
    }
    let columns = vec![
        Column::new(t!(common.name)),
        Column::new(t!(hospital_resources.kind)),
        Column::new(t!(hospital_doctors.state)),
    ];
    let rows: Vec<_> = things.into_iter().map(|thing| row(hospital, thing)).collect();
    view! {
        <Table caption=t!(hospital_resources.title) columns hide_caption=true dense=true>
            {rows}
        </Table>
    }
    .into_any()
}

fn row(hospital: HospitalId, thing: Thing) -> impl IntoView {
    let state = if thing.active {
        view! { <Badge tone=Tone::Positive icon=IconName::Check>{t!(hospital_resources.in_use)}</Badge> }
    } else {
        view! { <Badge tone=Tone::Neutral icon=IconName::XCircle>{t!(hospital_resources.out_of_use)}</Badge> }
    };
    view! {
        <TableRow>
            <RowHead label=t!(common.name)>
                <a href=Section::Resource(thing.id).at(hospital)>{thing.name}</a>
            </RowHead>
            <Cell label=t!(hospital_resources.kind)>{kind_text(thing.kind)}</Cell>
            <Cell label=t!(hospital_doctors.state)>{state}</Cell>
        </TableRow>
    }
    .into_any()
}
