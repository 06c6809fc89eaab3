//! What was changed together at a hospital lately, with the way to each, and whether it can still be undone.

use domain::access::Role;
use domain::changes::MassChange;
use domain::doctors::Doctor;
use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::read_recent_changes;
use super::words::{counts, state, when};
use crate::doctors::admin_api::hospital_doctors;
use crate::doctors::by_name::{DoctorsByName, SOUGHT, called};
use crate::live::use_live;
use crate::portal::hospital::{Section, query};
use crate::portal::{Loaded, use_viewer};
use crate::reading::Reading;
use crate::server::AppError;
use crate::t;
use crate::ui::{
    Badge, Cell, Column, EmptyState, IconName, PageHeader, RowHead, SkeletonShape, Table, TableRow,
};

/// See the module.
#[component]
pub fn ChangesPage(
    /// Where.
    hospital: HospitalId,
) -> impl IntoView {
    let (live, sought) = (use_live(), query(SOUGHT));
    let list = Reading::new(move || live.version(), move |_| read_recent_changes(hospital));
    let doctors = Reading::new(move || sought.get(), move |sought| asked(hospital, sought));
    view! {
        <Title text=t!(changes.title) />
        <div class="page stack">
            <PageHeader title=t!(changes.title) lead=t!(changes.lead) />
            <Loaded resource=list shape=SkeletonShape::Rows view=move |list| rows(hospital, list) />
            <section class="stack" aria-labelledby="begin">
                <h2 class="section-title" id="begin">{t!(changes.begin)}</h2>
                <Loaded
                    resource=doctors
                    part=true
                    view=move |(doctors, sought): Asked| whose(hospital, doctors, sought)
                />
            </section>
        </div>
    }
    .into_any()
}

/// The doctors, and what is looked for among them.
type Asked = (Vec<Doctor>, String);

async fn asked(hospital: HospitalId, sought: String) -> Result<Asked, AppError> {
    Ok((hospital_doctors(hospital).await?, sought))
}

/// Whose visits can be changed: those of everybody, or for a doctor her own.
fn whose(hospital: HospitalId, mut doctors: Vec<Doctor>, sought: String) -> AnyView {
    let here = use_viewer().principal().and_then(|principal| principal.membership(hospital).cloned());
    let own = here.and_then(|here| match here.role {
        Role::Doctor => Some(here.doctor_id),
        Role::Desk | Role::HospitalAdmin => None,
    });
    doctors.retain(|doctor| own.is_none_or(|own| own == Some(doctor.card.id)));
    if doctors.is_empty() {
        return view! { <p class="muted">{t!(changes.nobody)}</p> }.into_any();
    }
    let all = doctors.len();
    let doctors = called(doctors, &sought, |doctor| doctor.card.name.as_str());
    let found = doctors.len();
    let links: Vec<_> = doctors
        .into_iter()
        .map(|doctor| {
            let address = Section::ChangeVisits(doctor.card.id).at(hospital);
            view! { <li><a href=address><bdi translate="no">{doctor.card.name}</bdi></a></li> }
        })
        .collect();
    let list = (found > 0).then(|| view! { <ul>{links}</ul> });
    view! {
        <DoctorsByName path=Section::Changes.at(hospital) sought found all />
        {list}
    }
    .into_any()
}

fn rows(hospital: HospitalId, list: Vec<MassChange>) -> AnyView {
    if list.is_empty() {
        return view! { <EmptyState icon=IconName::Calendar text=t!(changes.none) /> }.into_any();
    }
    let columns = vec![
        Column::new(t!(changes.when)),
        Column::new(t!(changes.doctor)),
        Column::new(t!(changes.what)),
        Column::new(t!(changes.who)),
        Column::new(t!(changes.state)),
    ];
    let rows: Vec<_> = list.into_iter().map(|change| row(hospital, &change)).collect();
    view! {
        <Table caption=t!(changes.title) columns hide_caption=true dense=true>
            {rows}
        </Table>
    }
    .into_any()
}

fn row(hospital: HospitalId, change: &MassChange) -> AnyView {
    let (tone, icon, words) = state(change);
    let address = Section::Change(change.id).at(hospital);
    let at = when(change.made_at.unwrap_or(change.planned_at));
    let (doctor, what, who) = (change.doctor_name.clone(), counts(change), change.by.clone());
    view! {
        <TableRow>
            <RowHead label=t!(changes.when)>
                <a href=address>{at}</a>
            </RowHead>
            <Cell label=t!(changes.doctor)>
                <bdi translate="no">{doctor}</bdi>
            </Cell>
            <Cell label=t!(changes.what)>{what}</Cell>
            <Cell label=t!(changes.who)>
                <bdi translate="no">{who}</bdi>
            </Cell>
            <Cell label=t!(changes.state)>
                <Badge tone=tone icon=icon>{words}</Badge>
            </Cell>
        </TableRow>
    }
    .into_any()
}
