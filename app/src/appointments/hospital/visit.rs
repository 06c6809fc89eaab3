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
use crate::follow_ups::hospital::{FollowUpPanel, can_ask_back};
use crate::form::{FormState, use_form_state};
use crate::i18n::{date_at_time, duration, price_or_free, status_text};
use crate::live::{LiveVersion, use_live};
use crate::payments::hospital::BillPanel;
use crate::portal::hospital::{Kept, Section, href};
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
            <Kept resource=file view=move |file| content(hospital, id, file, form, live) />
        </div>
    }
    .into_any()
}

/// Each part is told of a change for itself: the sum under a clerk's hands stays while somebody else moves the visit on.
fn content(
    hospital: HospitalId,
    id: AppointmentId,
    file: Signal<Visit>,
    form: FormState<MoveVisit>,
    live: LiveVersion,
) -> impl IntoView {
    let visit = Memo::new(move |_| file.with(|file| file.appointment.clone()));
    let history = Memo::new(move |_| file.with(|file| file.history.clone()));
    // Money, the other visits of a series and who is asked back change without the visit.
    let version =
        Signal::derive(move || visit.with(|visit| visit.version).wrapping_add(live.version().into()));
    let doctor = Signal::derive(move || visit.with(|visit| visit.doctor_name.clone()));
    let asks = Signal::derive(move || visit.with(can_ask_back));
    view! {
        {move || head(hospital, visit.get())}
        <FormErrors problems=form.problems() />
        <div class="with-aside">
            <div class="stack">
                {move || agreed(hospital, visit.get(), form)}
                <OthersOfSeries id version hospital=Some(hospital) />
                <VisitResources id version />
                <BillPanel hospital id doctor version />
                <FollowUpPanel hospital id asks version />
            </div>
            {move || view! { <History history=history.get() /> }}
        </div>
    }
}

fn head(hospital: HospitalId, visit: Appointment) -> AnyView {
    let back = href(&Section::Today.at(hospital), &[("date", &visit.start.date().to_string())]);
    let lead = date_and_hours(&visit);
    let title = visit.patient_name;
    view! {
        <Title text=title.clone() />
        <PageHeader title eyebrow=t!(hospital_visit.eyebrow, reference = visit.reference) lead back />
    }
    .into_any()
}

/// Where it stands, what can be done, and what was agreed.
fn agreed(hospital: HospitalId, visit: Appointment, form: FormState<MoveVisit>) -> AnyView {
    let late = visit
        .cancelled_late
        .then(|| view! { <Badge tone=Tone::Warning>{t!(hospital_visit.cancelled_late)}</Badge> });
    view! {
        <div class="cluster">
            <DeskBadge status=visit.status />
            {late}
        </div>
        <PageMoves form hospital visit=visit.clone() />
        <Facts hospital visit />
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
