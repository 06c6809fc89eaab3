//! One visit as the hospital sees it: what was agreed, where it stands, how it came there, and what can be done.
//! It changes by itself when somebody else moves it on.

use domain::appointments::{Appointment, HistoryEntry};
use domain::hospitals::Modality;
use domain::ids::{AppointmentId, HospitalId};
use leptos::prelude::*;
use leptos_meta::Title;

use super::moves::PageMoves;
use super::parts::{DeskBadge, PatientLink, date_and_hours};
use crate::appointments::admin_forms::MoveVisit;
use crate::appointments::api::{Visit, read_visit};
use crate::appointments::parts::moved_text;
use crate::follow_ups::hospital::FollowUpPanel;
use crate::form::{FormState, use_form_state};
use crate::i18n::{date_at_time, duration, price_or_free, status_text};
use crate::live::use_live;
use crate::payments::hospital::BillPanel;
use crate::portal::Loaded;
use crate::portal::hospital::{Section, href};
use crate::reading::Reading;
use crate::resources::hospital::VisitResources;
use crate::series::others::OthersOfSeries;
use crate::t;
use crate::ui::{Badge, FormErrors, PageHeader, SummaryList, SummaryRow, Tone};

/// See the module.
#[component]
pub fn VisitPage(
    /// Where.
    hospital: HospitalId,
    /// Which visit.
    id: AppointmentId,
) -> impl IntoView {
    let form = use_form_state::<MoveVisit>();
    let live = use_live();
    let file = Reading::new(move || (live.version(), form.answered().get()), move |_| read_visit(id));
    view! {
        <div class="page">
            <Loaded resource=file view=move |file: Visit| view! { <Content hospital file form /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Content(hospital: HospitalId, file: Visit, form: FormState<MoveVisit>) -> impl IntoView {
    let Visit { appointment: visit, history } = file;
    let back = href(&Section::Today.at(hospital), &[("date", &visit.start.date().to_string())]);
    let title = visit.patient_name.clone();
    let (id, version, doctor) = (visit.id, visit.version, visit.doctor_name.clone());
    view! {
        <Title text=title.clone() />
        <PageHeader title eyebrow=t!(hospital_visit.eyebrow, reference = visit.reference) lead=date_and_hours(&visit) back />
        <FormErrors problems=form.problems() />
        <div class="with-aside">
            <div class="stack">
                <div class="cluster">
                    <DeskBadge status=visit.status />
                    {visit
                        .cancelled_late
                        .then(|| view! { <Badge tone=Tone::Warning>{t!(hospital_visit.cancelled_late)}</Badge> })}
                </div>
                <PageMoves form hospital visit=visit.clone() />
                <Facts hospital visit=visit.clone() />
                <OthersOfSeries id version hospital=Some(hospital) />
                <VisitResources id version />
                <BillPanel hospital id doctor version />
                <FollowUpPanel hospital visit />
            </div>
            <History history />
        </div>
    }
    .into_any()
}

#[component]
fn Facts(hospital: HospitalId, visit: Appointment) -> impl IntoView {
    let place = match visit.modality {
        Modality::InPerson => t!(hospital_visit.in_person),
        Modality::Video => t!(hospital_visit.by_video),
    };
    let minutes = u32::try_from(visit.minutes).unwrap_or(0);
    let reason = visit.reason.clone().map(|reason| {
        view! {
            <SummaryRow label=t!(hospital_visit.reason)>
                <span class="as-typed" dir="auto">
                    {reason}
                </span>
            </SummaryRow>
        }
    });
    let week = href(
        &Section::Calendar(Some(visit.doctor_id)).at(hospital),
        &[("week", &visit.start.date().to_string())],
    );
    let price = price_or_free(visit.price.amount_minor, &visit.price.currency);
    let kind = format!("{}, {}", visit.visit_type_name, duration(minutes));
    let (doctor, zone) = (visit.doctor_name.clone(), visit.time_zone.clone());
    view! {
        <SummaryList>
            <SummaryRow label=t!(hospital_visit.patient)>
                <PatientLink hospital visit />
            </SummaryRow>
            <SummaryRow label=t!(hospital_visit.doctor)>
                <a href=week>
                    <bdi translate="no">{doctor}</bdi>
                </a>
            </SummaryRow>
            <SummaryRow label=t!(hospital_visit.kind)>{kind}</SummaryRow>
            <SummaryRow label=t!(hospital_visit.place)>{place}</SummaryRow>
            <SummaryRow label=t!(hospital_visit.price)>
                <span class="money">{price}</span>
            </SummaryRow>
            <SummaryRow label=t!(hospital_visit.zone)>{zone}</SummaryRow>
            {reason}
        </SummaryList>
    }
    .into_any()
}

#[component]
fn History(history: Vec<HistoryEntry>) -> impl IntoView {
    let steps: Vec<_> = history
        .into_iter()
        .map(|step| {
            let at = date_at_time(step.at.date(), step.at.local().time());
            let status = moved_text(&step)
                .unwrap_or_else(|| status_text(step.to.code(), crate::i18n::Audience::Staff).to_owned());
            view! {
                <li>
                    <strong>{status}</strong>
                    <span class="muted small">
                        <span class="time">{at}</span>
                        {step.by.map(|by| view! { ", " <bdi translate="no">{by}</bdi> })}
                    </span>
                    {step.reason.map(|reason| view! { <span class="as-typed" dir="auto">{reason}</span> })}
                </li>
            }
        })
        .collect();
    view! {
        <section class="history" aria-labelledby="history">
            <h2 class="section-title" id="history">
                {t!(hospital_visit.history)}
            </h2>
            <ol class="history-steps">{steps}</ol>
        </section>
    }
    .into_any()
}
