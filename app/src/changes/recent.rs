//! What was changed together at a hospital lately, with the way to each, and whether it can still be undone.

use domain::changes::MassChange;
use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::read_recent_changes;
use super::words::{counts, state, when};
use crate::live::use_live;
use crate::portal::Loaded;
use crate::portal::hospital::Section;
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
    let live = use_live();
    let list = Resource::new(move || live.version(), move |_| read_recent_changes(hospital));
    view! {
        <Title text=t!(changes.title) />
        <div class="page stack">
            <PageHeader title=t!(changes.title) lead=t!(changes.lead) />
            <Loaded resource=list shape=SkeletonShape::Rows view=move |list| rows(hospital, list) />
        </div>
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
    view! {
        <TableRow>
            <RowHead label=t!(changes.when)>
                <a href=Section::Change(change.id).at(hospital)>
                    {when(change.made_at.unwrap_or(change.planned_at))}
                </a>
            </RowHead>
            <Cell label=t!(changes.doctor)>
                <bdi translate="no">{change.doctor_name.clone()}</bdi>
            </Cell>
            <Cell label=t!(changes.what)>{counts(change)}</Cell>
            <Cell label=t!(changes.who)>
                <bdi translate="no">{change.by.clone()}</bdi>
            </Cell>
            <Cell label=t!(changes.state)>
                <Badge tone=tone icon=icon>{words}</Badge>
            </Cell>
        </TableRow>
    }
    .into_any()
}
