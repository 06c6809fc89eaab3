//! Asks before a visit is cancelled, or a patient is marked as not come or as gone: what follows, and why.
//! The rules of when that is possible are behind the services.

use domain::appointments::{Appointment, Move, NO_SHOW_GRACE_MINUTES};
use domain::ids::{AppointmentId, HospitalId};
use jiff::SignedDuration;
use leptos::prelude::*;
use leptos_meta::Title;

use super::parts::{Born, date_and_hours};
use crate::appointments::admin_forms::EndVisit;
use crate::appointments::api::{Visit, read_visit};
use crate::appointments::cancel_form::CancelForm;
use crate::form::{FormState, use_form_state};
use crate::i18n::{date_long, time};
use crate::payments::hospital::ComesBack;
use crate::portal::Loaded;
use crate::portal::hospital::Section;
use crate::reading::Reading;
use crate::t;
use crate::ui::{LinkButton, Notice, NoticeKind, PageHeader, SummaryList, SummaryRow};

/// See the module.
#[component]
pub fn MovingPage(
    /// Where.
    hospital: HospitalId,
    /// Which visit.
    id: AppointmentId,
    /// Cancelling, or marking as not come or as gone.
    step: Move,
) -> impl IntoView {
    let form = use_form_state::<EndVisit>();
    let file = Reading::new(|| (), move |()| read_visit(id));
    let title = match step {
        Move::NoShow => t!(hospital_visit.no_show_title),
        Move::LeaveUnseen => t!(hospital_visit.left_title),
        _ => t!(hospital_visit.cancel_title),
    };
    view! {
        <Title text=title />
        <div class="page page-narrow">
            <Loaded
                resource=file
                view=move |file: Visit| view! { <Question hospital visit=file.appointment step title form /> }
            />
        </div>
    }
    .into_any()
}

/// Why a visit cannot be moved now: for a patient who is not late yet, from when on.
fn why_not(visit: &Appointment, step: Move) -> String {
    // Its status allows the step, so only the hour is missing.
    if visit.status.after(step).is_none() || step != Move::NoShow {
        return t!(hospital_visit.not_now).to_owned();
    }
    let from = visit.start.local().saturating_add(SignedDuration::from_mins(NO_SHOW_GRACE_MINUTES));
    t!(hospital_visit.no_show_later, date = date_long(from.date()), time = time(from.time()))
}

#[component]
fn Question(
    hospital: HospitalId,
    visit: Appointment,
    step: Move,
    title: &'static str,
    form: FormState<EndVisit>,
) -> impl IntoView {
    let back = Section::Visit(visit.id).at(hospital);
    let (keep, leave) = (back.clone(), back.clone());
    let allowed = visit.moves.contains(&step);
    let (words, action) = match step {
        Move::NoShow => (t!(hospital_visit.no_show_text), t!(hospital_visit.no_show_action)),
        Move::LeaveUnseen => (t!(hospital_visit.left_text), t!(hospital_visit.left_action)),
        _ => (t!(hospital_visit.cancel_text), t!(hospital_visit.cancel_action)),
    };
    let hidden = vec![
        ("hospital", hospital.to_string()),
        ("id", visit.id.to_string()),
        ("step", step.code().to_owned()),
        ("version", visit.version.to_string()),
    ];
    // Of a visit that was missed or left nothing goes back by itself.
    let money = (allowed && step == Move::Cancel)
        .then(|| view! { <ComesBack id=visit.id patient=visit.patient_id /> });
    let question = if allowed {
        view! {
            <p>{words}</p>
            {money}
            <CancelForm
                state=form
                hidden
                action
                keep=t!(hospital_visit.keep)
                back=keep
                why=(t!(hospital_visit.why), t!(hospital_visit.why_hint))
            />
        }
        .into_any()
    } else {
        let reason = why_not(&visit, step);
        view! {
            <Notice kind=NoticeKind::Info>
                <p>{reason}</p>
            </Notice>
            <p>
                <LinkButton href=leave>{t!(hospital_visit.to_visit)}</LinkButton>
            </p>
        }
        .into_any()
    };
    let when = date_and_hours(&visit);
    let (patient, born, doctor) = (visit.patient_name, visit.birth_date, visit.doctor_name);
    view! {
        <PageHeader title back />
        <div class="stack form">
            <SummaryList>
                <SummaryRow label=t!(hospital_visit.patient)>
                    <bdi translate="no">{patient}</bdi>
                    <Born date=born />
                </SummaryRow>
                <SummaryRow label=t!(hospital_visit.doctor)>
                    <bdi translate="no">{doctor}</bdi>
                </SummaryRow>
                <SummaryRow label=t!(hospital_visit.when)>{when}</SummaryRow>
            </SummaryList>
            {question}
        </div>
    }
    .into_any()
}
