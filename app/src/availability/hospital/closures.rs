//! Dates on which the whole hospital is closed, beneath the hospital's other settings.

use domain::availability::Closure;
use domain::ids::HospitalId;
use leptos::prelude::*;

use super::dated_end::DatedEnd;
use super::removal::Removal;
use crate::availability::dated_forms::{AddClosure, RemoveClosure, hospital_closures};
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::{date_medium, dates};
use crate::portal::Loaded;
use crate::portal::hospital::query;
use crate::reading::Reading;
use crate::t;
use crate::ui::{Cell, Column, DateField, Done, FormErrors, RowHead, Table, TableRow};

/// See the module.
#[component]
pub fn ClosuresSection(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let (add, remove) = (use_form_state::<AddClosure>(), use_form_state::<RemoveClosure>());
    let saved = query("closed");
    let found = Reading::new(
        move || (saved.get(), add.accepted().get(), remove.accepted().get()),
        move |_| hospital_closures(hospital),
    );
    let done = move || {
        let calm = add.error().get().is_none() && remove.error().get().is_none();
        (!saved.get().is_empty() && calm).then(|| view! { <Done words=t!(common.saved) /> })
    };
    let shown = move |closures: Vec<Closure>| list(hospital, closures, remove);
    view! {
        <section class="stack" aria-labelledby="closures">
            <div>
                <h2 class="section-title" id="closures">
                    {t!(hospital_closures.title)}
                </h2>
                <p class="muted measure">{t!(hospital_closures.text)}</p>
            </div>
            {done}
            <FormErrors problems=remove.problems() />
            <Loaded resource=found view=shown />
            <AddForm hospital form=add />
        </section>
    }
    .into_any()
}

fn list(hospital: HospitalId, closures: Vec<Closure>, remove: FormState<RemoveClosure>) -> impl IntoView {
    if closures.is_empty() {
        return ().into_any();
    }
    let columns = vec![
        Column::new(t!(hospital_closures.days)),
        Column::new(t!(hospital_hours.note)),
        Column::hidden(t!(common.actions)),
    ];
    let rows: Vec<_> = closures
        .into_iter()
        .map(|closure| {
            let days = dates(closure.from, closure.to, date_medium);
            let spoken = days.clone();
            let hidden = vec![("hospital", hospital.to_string()), ("closure", closure.id.to_string())];
            view! {
                <TableRow>
                    <RowHead label=t!(hospital_closures.days)>{days}</RowHead>
                    <Cell label=t!(hospital_hours.note)>
                        <span dir="auto">{closure.note}</span>
                    </Cell>
                    <Cell>
                        <Removal state=remove hidden what=spoken />
                    </Cell>
                </TableRow>
            }
        })
        .collect();
    view! {
        <Table caption=t!(hospital_closures.title) columns hide_caption=true dense=true>
            {rows}
        </Table>
    }
    .into_any()
}

#[component]
fn AddForm(hospital: HospitalId, form: FormState<AddClosure>) -> impl IntoView {
    // Whoever looked at it first and came back finds what she has typed.
    let (from, to, note) = (query("closed_from"), query("closed_to"), query("closed_note"));
    let value = move |name: &str, typed: Memo<String>| form.value_or(name, &typed.get_untracked());
    view! {
        <Form state=form>
            <div class="stack form">
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <div class="inline-form">
                    <DateField
                        label=t!(hospital_closures.from)
                        name="closed_from"
                        value=value("closed_from", from)
                        error=form.problem("closed_from")
                    />
                    <DateField
                        label=t!(hospital_closures.to)
                        name="closed_to"
                        value=value("closed_to", to)
                        error=form.problem("closed_to")
                        optional=true
                    />
                </div>
                <DatedEnd note="closed_note" value=value("closed_note", note) add=t!(hospital_closures.add) form=*form />
            </div>
        </Form>
    }
    .into_any()
}
