//! The platform's hospitals: the list, a new one, and the invitation of its first administrator.
//! Whoever runs the platform sees nothing of what happens inside a hospital.

use domain::hospitals::{Hospital, SaveHospital};
use domain::ids::HospitalId;
use domain::page::Page;
use leptos::prelude::*;
use leptos_meta::Title;

use super::settings::HospitalFields;
use crate::accounts::hospital::{FreshInvitation, InviteAdmin};
use crate::form::{Form, use_form_state};
use crate::hospitals::admin_api::{hospital_settings, platform_hospitals};
use crate::hospitals::admin_forms::AddHospital;
use crate::portal::Loaded;
use crate::portal::hospital::{HospitalPage, Saved, href, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    ButtonKind, Cell, Column, EmptyState, IconName, LinkButton, PageHeader, Pagination, RowHead,
    SkeletonShape, SummaryList, SummaryRow, Table, TableRow,
};

/// All hospitals.
#[component]
pub fn PlatformPage() -> impl IntoView {
    let cursor = query("cursor");
    let hospitals =
        Reading::new(move || Some(cursor.get()).filter(|cursor| !cursor.is_empty()), platform_hospitals);
    view! {
        <Title text=t!(hospital_frame.platform) />
        <div class="page">
            <PageHeader
                title=t!(hospital_frame.platform)
                lead=t!(hospital_platform.lead)
                actions=|| {
                    view! {
                        <LinkButton href=HospitalPage::NewHospital.path() icon=IconName::Plus>
                            {t!(hospital_platform.add)}
                        </LinkButton>
                    }
                }
            />
            <Loaded resource=hospitals shape=SkeletonShape::Rows view=|page| view! { <List page /> } />
        </div>
    }
    .into_any()
}

#[component]
fn List(page: Page<Hospital>) -> impl IntoView {
    if page.items.is_empty() {
        return view! { <EmptyState icon=IconName::Hospital text=t!(hospital_platform.none) /> }.into_any();
    }
    let columns = vec![
        Column::new(t!(common.name)),
        Column::new(t!(hospital_setup.city)),
        Column::new(t!(hospital_setup.zone)),
        Column::new(t!(hospital_setup.currency)),
    ];
    let next = page
        .next_cursor
        .map_or_else(String::new, |cursor| href(&HospitalPage::Platform.path(), &[("cursor", &cursor)]));
    let rows: Vec<_> = page
        .items
        .into_iter()
        .map(|hospital| {
            view! {
                <TableRow>
                    <RowHead label=t!(common.name)>
                        <a href=HospitalPage::PlatformHospital(hospital.id).path()>{hospital.name}</a>
                    </RowHead>
                    <Cell label=t!(hospital_setup.city)>{hospital.city}</Cell>
                    <Cell label=t!(hospital_setup.zone)>{hospital.time_zone}</Cell>
                    <Cell label=t!(hospital_setup.currency)>{hospital.currency}</Cell>
                </TableRow>
            }
        })
        .collect();
    view! {
        <Table caption=t!(hospital_frame.platform) columns hide_caption=true dense=true>
            {rows}
        </Table>
        <Pagination next />
    }
    .into_any()
}

/// A hospital that does not exist yet.
#[component]
pub fn NewHospitalPage() -> impl IntoView {
    let form = use_form_state::<AddHospital>();
    view! {
        <Title text=t!(hospital_platform.new_title) />
        <div class="page page-narrow">
            <PageHeader title=t!(hospital_platform.new_title) back=HospitalPage::Platform.path() />
            <Form state=form>
                <HospitalFields form=*form first=SaveHospital::default() />
            </Form>
        </div>
    }
    .into_any()
}

/// A hospital, and the invitation of somebody who runs it.
#[component]
pub fn PlatformHospitalPage(
    /// Which hospital.
    id: HospitalId,
) -> impl IntoView {
    let data = Reading::new(|| (), move |()| hospital_settings(id));
    view! {
        <div class="page page-narrow stack">
            <Loaded resource=data view=move |data: Hospital| view! { <Facts data /> } />
            <Saved />
            <FreshInvitation />
            <InviteAdmin hospital=id />
        </div>
    }
    .into_any()
}

#[component]
fn Facts(data: Hospital) -> impl IntoView {
    view! {
        <Title text=data.name.clone() />
        <PageHeader title=data.name back=HospitalPage::Platform.path() />
        <SummaryList>
            <SummaryRow label=t!(find.address)>{data.address} ", " {data.city}</SummaryRow>
            <SummaryRow label=t!(common.phone)>{data.phone}</SummaryRow>
            <SummaryRow label=t!(hospital_setup.zone)>{data.time_zone}</SummaryRow>
            <SummaryRow label=t!(hospital_setup.currency)>{data.currency}</SummaryRow>
        </SummaryList>
        <p>
            <LinkButton href=format!("/hospitals/{}", data.id) kind=ButtonKind::Secondary icon=IconName::Globe>
                {t!(hospital_doctors.public_page)}
            </LinkButton>
        </p>
    }
    .into_any()
}
