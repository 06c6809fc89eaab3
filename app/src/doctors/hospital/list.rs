//! All doctors of a hospital by name, also those who cannot be booked.
//! It is not the patients' search.

use domain::doctors::Doctor;
use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::doctors::admin_api::hospital_doctors;
use crate::i18n::specialty_short;
use crate::portal::Loaded;
use crate::portal::hospital::Section;
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Avatar, AvatarSize, Badge, ButtonKind, Cell, Column, EmptyState, IconName, LinkButton, PageHeader,
    RowHead, SkeletonShape, Table, TableRow, Tone,
};

/// See the module.
#[component]
pub fn DoctorsPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let doctors = Reading::new(|| (), move |()| hospital_doctors(hospital));
    view! {
        <Title text=t!(hospital_frame.doctors) />
        <div class="page">
            <PageHeader
                title=t!(hospital_frame.doctors)
                actions=move || {
                    view! {
                        <LinkButton href=Section::NewDoctor.at(hospital) icon=IconName::Plus>
                            {t!(hospital_doctors.add)}
                        </LinkButton>
                    }
                }
            />
            <Loaded
                resource=doctors
                shape=SkeletonShape::Rows
                view=move |doctors| view! { <List hospital doctors /> }
            />
        </div>
    }
    .into_any()
}

#[component]
fn List(hospital: HospitalId, doctors: Vec<Doctor>) -> impl IntoView {
    if doctors.is_empty() {
        return view! { <EmptyState icon=IconName::Stethoscope text=t!(hospital_doctors.none) /> }.into_any();
    }
    let columns = vec![
        Column::new(t!(common.name)),
        Column::new(t!(hospital_doctors.specialties)),
        Column::new(t!(hospital_doctors.department)),
        Column::new(t!(hospital_doctors.state)),
        Column::hidden(t!(common.actions)),
    ];
    let rows: Vec<_> = doctors.into_iter().map(|doctor| row(hospital, doctor)).collect();
    view! {
        <Table caption=t!(hospital_frame.doctors) columns hide_caption=true dense=true>
            {rows}
        </Table>
    }
    .into_any()
}

fn row(hospital: HospitalId, doctor: Doctor) -> impl IntoView {
    let id = doctor.card.id;
    let name = doctor.card.name.clone();
    let photo = doctor.card.photo.clone().unwrap_or_default();
    let department = doctor.department.clone().unwrap_or_else(|| "–".to_owned());
    let specialties: Vec<_> =
        doctor.card.specialties.iter().map(|code| specialty_short(code).to_owned()).collect();
    let state = if doctor.active {
        view! { <Badge tone=Tone::Positive icon=IconName::Check>{t!(hospital_doctors.active)}</Badge> }
    } else {
        view! { <Badge tone=Tone::Neutral icon=IconName::XCircle>{t!(hospital_doctors.inactive)}</Badge> }
    };
    view! {
        <TableRow>
            <RowHead label=t!(common.name)>
                <a class="person" href=Section::Doctor(id).at(hospital)>
                    <Avatar name=name.clone() photo=photo size=AvatarSize::Small />
                    <bdi translate="no">{name}</bdi>
                </a>
            </RowHead>
            <Cell label=t!(hospital_doctors.specialties)>{specialties.join(", ")}</Cell>
            <Cell label=t!(hospital_doctors.department)>{department}</Cell>
            <Cell label=t!(hospital_doctors.state)>{state}</Cell>
            <Cell>
                <LinkButton href=Section::Hours(id).at(hospital) kind=ButtonKind::Quiet small=true icon=IconName::Clock>
                    {t!(hospital_doctors.hours)} <span class="visually-hidden">": " {doctor.card.name.clone()}</span>
                </LinkButton>
            </Cell>
        </TableRow>
    }
    .into_any()
}
