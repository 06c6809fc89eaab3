//! The hospital's patients by name, found by part of a name.
//! Only patients who have or had a visit here are in the list; the services see to that.

use domain::appointments::PatientCard;
use domain::ids::HospitalId;
use domain::page::Page;
use domain::time::Moment;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::appointments::admin_api::hospital_patients;
use crate::i18n::{date_medium, day_month_year};
use crate::portal::Loaded;
use crate::portal::hospital::{Section, href, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    ButtonKind, Cell, Column, EmptyState, IconName, LinkButton, PageHeader, Pagination, RowHead, SearchField,
    SkeletonShape, Table, TableRow,
};

/// See the module.
#[component]
pub fn PatientsPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let (search, cursor) = (query("search"), query("cursor"));
    let some = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    let patients = Reading::new(
        move || (some(search.get()), some(cursor.get())),
        move |(search, cursor)| hospital_patients(hospital, search, cursor),
    );
    let path = Section::Patients.at(hospital);
    view! {
        <Title text=t!(hospital_frame.patients) />
        <div class="page">
            <PageHeader title=t!(hospital_frame.patients) lead=t!(hospital_patients.lead) />
            <form class="measure" method="get" action=path role="search">
                {move || {
                    view! { <SearchField label=t!(hospital_patients.search) name="search" value=search.get() /> }
                }}
            </form>
            <Loaded
                resource=patients
                shape=SkeletonShape::Rows
                view=move |page| view! { <List hospital page search=search.get() /> }
            />
        </div>
    }
    .into_any()
}

#[component]
fn List(hospital: HospitalId, page: Page<PatientCard>, search: String) -> impl IntoView {
    let path = Section::Patients.at(hospital);
    if page.items.is_empty() {
        return if search.is_empty() {
            view! { <EmptyState icon=IconName::Users text=t!(hospital_patients.none) /> }.into_any()
        } else {
            view! {
                <EmptyState icon=IconName::Search text=t!(hospital_patients.none_found, search = search)>
                    <LinkButton href=path kind=ButtonKind::Secondary>
                        {t!(hospital_patients.show_all)}
                    </LinkButton>
                </EmptyState>
            }
            .into_any()
        };
    }
    let columns = vec![
        Column::new(t!(common.name)),
        Column::new(t!(hospital_patients.born)),
        Column::new(t!(hospital_patients.next_visit)),
        Column::new(t!(hospital_patients.last_visit)),
        Column::numeric(t!(hospital_patients.visits)),
    ];
    let next = page
        .next_cursor
        .map_or_else(String::new, |cursor| href(&path, &[("search", &search), ("cursor", &cursor)]));
    let rows: Vec<_> = page.items.into_iter().map(|patient| row(hospital, patient)).collect();
    view! {
        <Table caption=t!(hospital_frame.patients) columns hide_caption=true dense=true>
            {rows}
        </Table>
        <Pagination next />
    }
    .into_any()
}

fn row(hospital: HospitalId, patient: PatientCard) -> impl IntoView {
    let date =
        |moment: Option<Moment>| moment.map_or_else(|| "–".to_owned(), |moment| date_medium(moment.date()));
    view! {
        <TableRow>
            <RowHead label=t!(common.name)>
                <a href=Section::Patient(patient.id).at(hospital)>
                    <bdi translate="no">{patient.full_name}</bdi>
                </a>
            </RowHead>
            <Cell label=t!(hospital_patients.born)>{day_month_year(patient.birth_date)}</Cell>
            <Cell label=t!(hospital_patients.next_visit)>{date(patient.next_visit)}</Cell>
            <Cell label=t!(hospital_patients.last_visit)>{date(patient.last_visit)}</Cell>
            <Cell label=t!(hospital_patients.visits) numeric=true>
                {patient.visits}
            </Cell>
        </TableRow>
    }
    .into_any()
}
