//! What a visit type needs besides the doctor, beneath its other data: a list from which one can be removed, and the form that adds one.

use domain::ids::{HospitalId, VisitTypeId};
use domain::resources::{Need, Resource as Thing};
use leptos::prelude::*;

use crate::availability::hospital::removal::Removal;
use crate::form::{Form, FormState, use_form_state};
use crate::portal::Loaded;
use crate::portal::hospital::{Section, query};
use crate::reading::Reading;
use crate::resources::admin_api::{Needed, hospital_needs};
use crate::resources::admin_forms::{AddNeed, RemoveNeed};
use crate::t;
use crate::ui::{
    Button, ButtonKind, Cell, CheckboxGroup, Choice, Column, Done, Field, FormErrors, IconName, LinkButton,
    RowHead, Table, TableRow,
};

/// The name under which the boxes post.
const RESOURCES: &str = "resources[]";

/// See the module.
#[component]
pub fn NeedsSection(
    /// Which hospital.
    hospital: HospitalId,
    /// Of which visit type.
    visit_type: VisitTypeId,
) -> impl IntoView {
    let (add, remove) = (use_form_state::<AddNeed>(), use_form_state::<RemoveNeed>());
    let saved = query("needs");
    let found = Reading::new(
        move || (saved.get(), add.accepted().get(), remove.accepted().get()),
        move |_| hospital_needs(hospital, visit_type),
    );
    let done = move || {
        let calm = add.error().get().is_none() && remove.error().get().is_none();
        (!saved.get().is_empty() && calm).then(|| view! { <Done words=t!(common.saved) /> })
    };
    let shown = move |found: Needed| view! { <Content hospital visit_type found add remove /> };
    view! {
        <section class="stack" aria-labelledby="needs">
            <div>
                <h2 class="section-title" id="needs">
                    {t!(hospital_resources.needs_title)}
                </h2>
                <p class="muted measure">{t!(hospital_resources.needs_text)}</p>
            </div>
            {done}
            <FormErrors problems=remove.problems() />
            <Loaded resource=found part=true view=shown />
        </section>
    }
    .into_any()
}

#[component]
fn Content(
    hospital: HospitalId,
    visit_type: VisitTypeId,
    found: Needed,
    add: FormState<AddNeed>,
    remove: FormState<RemoveNeed>,
) -> impl IntoView {
    if found.resources.is_empty() {
        return view! {
            <p>{t!(hospital_resources.needs_nothing_there)}</p>
            <LinkButton href=Section::Resources.at(hospital) kind=ButtonKind::Secondary>
                {t!(hospital_resources.title)}
            </LinkButton>
        }
        .into_any();
    }
    let Needed { needs, resources } = found;
    let list = list((hospital, visit_type), &needs, &resources, remove);
    let choices: Vec<_> = resources
        .into_iter()
        .filter(|thing| thing.active)
        .map(|thing| Choice::new(thing.id.to_string(), thing.name))
        .collect();
    let chosen: Vec<String> = add.value("resources").split(',').map(str::to_owned).collect();
    view! {
        {list}
        <FormErrors problems=add.problems_posted_as(&[("resources", RESOURCES)]) />
        <Form state=add no_summary=true adds=true>
            <div class="stack form">
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="visit_type" value=visit_type.to_string() />
                <Field
                    label=t!(hospital_resources.need_name)
                    name="need_name"
                    value=add.value("need_name")
                    hint=t!(hospital_resources.need_name_hint)
                    error=add.problem("need_name")
                />
                <div class="checkbox-columns">
                    <CheckboxGroup
                        legend=t!(hospital_resources.one_of)
                        name=RESOURCES
                        options=choices
                        values=chosen
                        hint=t!(hospital_resources.one_of_hint)
                        error=add.problem("resources")
                    />
                </div>
                <Button kind=ButtonKind::Secondary busy=add.busy() icon=IconName::Plus>
                    {t!(hospital_resources.need_add)}
                </Button>
            </div>
        </Form>
    }
    .into_any()
}

fn list(
    (hospital, visit_type): (HospitalId, VisitTypeId),
    needs: &[Need],
    resources: &[Thing],
    remove: FormState<RemoveNeed>,
) -> Option<AnyView> {
    if needs.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new(t!(hospital_resources.need_name)),
        Column::new(t!(hospital_resources.one_of)),
        Column::hidden(t!(common.actions)),
    ];
    let rows: Vec<_> = needs
        .iter()
        .map(|need| {
            let known = |id| resources.iter().find(|thing| thing.id == id).map(|thing| thing.name.clone());
            let names: Vec<String> = need.resource_ids.iter().filter_map(|id| known(*id)).collect();
            let hidden = vec![
                ("hospital", hospital.to_string()),
                ("visit_type", visit_type.to_string()),
                ("need", need.id.to_string()),
            ];
            let (name, what) = (need.name.clone(), need.name.clone());
            view! {
                <TableRow>
                    <RowHead label=t!(hospital_resources.need_name)>{name}</RowHead>
                    <Cell label=t!(hospital_resources.one_of)>{names.join(", ")}</Cell>
                    <Cell>
                        <Removal state=remove hidden what />
                    </Cell>
                </TableRow>
            }
        })
        .collect();
    let list = view! {
        <Table caption=t!(hospital_resources.needs_title) columns hide_caption=true dense=true>
            {rows}
        </Table>
    };
    Some(list.into_any())
}
