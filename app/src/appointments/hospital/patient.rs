//! A patient as this hospital knows her: who she is, and her visits here.
//! Nothing of other hospitals is in it, and nothing clinical.

use domain::access::Role;
use domain::appointments::{Appointment, PatientFile};
use domain::ids::{HospitalId, PatientId};
use leptos::prelude::*;
use leptos_meta::Title;

use super::parts::{DeskBadge, hours};
use crate::appointments::admin_api::hospital_patient;
use crate::emergencies::hint::{OpenedInEmergency, opened_in_emergency};
use crate::i18n::{age, date_medium, day_month_year};
use crate::live::use_live;
use crate::portal::hospital::{Section, href};
use crate::portal::{Loaded, use_now, use_viewer};
use crate::reading::Reading;
use crate::t;
use crate::ui::{Cell, Column, EmptyState, IconName, LinkButton, PageHeader, RowHead, Table, TableRow};

/// See the module.
#[component]
pub fn PatientPage(
    /// Which hospital.
    hospital: HospitalId,
    /// Who.
    id: PatientId,
) -> impl IntoView {
    let live = use_live();
    let file = Reading::new(move || live.version(), move |_| hospital_patient(hospital, id));
    view! {
        <div class="page">
            <Loaded resource=file view=move |file: PatientFile| view! { <Content hospital file /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Content(hospital: HospitalId, file: PatientFile) -> impl IntoView {
    let PatientFile { patient, appointments } = file;
    let now = use_now().get_untracked();
    let born = day_month_year(patient.birth_date);
    // A day more or less at midnight is no matter for an age.
    let lead = match now.map(|now| jiff::tz::Offset::UTC.to_datetime(now).date()) {
        Some(today) => t!(hospital_patients.born_age, date = born, age = age(patient.birth_date, today)),
        None => t!(hospital_patients.born_on, date = born),
    };
    let book = href(&Section::Book.at(hospital), &[("patient", &patient.id.to_string())]);
    let back = Section::Patients.at(hospital);
    let id = patient.id;
    let viewer = use_viewer();
    // An emergency lets one look, and do nothing else.
    let acts = !opened_in_emergency(hospital, id);
    let membership = viewer.principal().and_then(|principal| principal.membership(hospital));
    let looked = membership
        .filter(|membership| membership.role == Role::HospitalAdmin)
        .map(|_| href(&Section::Audit.at(hospital), &[("patient", &id.to_string())]));
    view! {
        <Title text=patient.full_name.clone() />
        <PageHeader
            title=patient.full_name
            lead
            back
            actions=move || {
                acts.then(|| {
                    view! {
                        <LinkButton href=book icon=IconName::CalendarPlus>
                            {t!(hospital_patients.book)}
                        </LinkButton>
                    }
                })
            }
        />
        <OpenedInEmergency hospital patient=id />
        <Visits hospital appointments />
        {looked.map(|href| view! { <p><a href=href>{t!(audit.of_patient)}</a></p> })}
    }
    .into_any()
}

#[component]
fn Visits(hospital: HospitalId, appointments: Vec<Appointment>) -> impl IntoView {
    if appointments.is_empty() {
        return view! { <EmptyState icon=IconName::Calendar text=t!(hospital_patients.no_visits) /> }
            .into_any();
    }
    let columns = vec![
        Column::new(t!(hospital_visit.when)),
        Column::new(t!(hospital_visit.doctor)),
        Column::new(t!(hospital_visit.kind)),
        Column::new(t!(hospital_visit.status)),
    ];
    let rows: Vec<_> = appointments
        .into_iter()
        .map(|visit| {
            view! {
                <TableRow>
                    <RowHead label=t!(hospital_visit.when)>
                        <a class="time" href=Section::Visit(visit.id).at(hospital)>
                            {date_medium(visit.start.date())} ", " {hours(visit.start, visit.end)}
                        </a>
                    </RowHead>
                    <Cell label=t!(hospital_visit.doctor)>
                        <bdi translate="no">{visit.doctor_name}</bdi>
                    </Cell>
                    <Cell label=t!(hospital_visit.kind)>{visit.visit_type_name}</Cell>
                    <Cell label=t!(hospital_visit.status)>
                        <DeskBadge status=visit.status />
                    </Cell>
                </TableRow>
            }
        })
        .collect();
    view! {
        <Table caption=t!(hospital_patients.visits_here) columns dense=true>
            {rows}
        </Table>
    }
    .into_any()
}
