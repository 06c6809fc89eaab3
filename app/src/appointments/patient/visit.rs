//! `/appointments/{id}`: one visit, its proof after booking, and its history.
//! Staff who come here see it too; what they do with it is in the other portal.

use domain::appointments::{Appointment, HistoryEntry, Move, Status};
use domain::hospitals::Modality;
use domain::ids::{AppointmentId, PatientId};
use leptos::prelude::*;
use leptos_meta::Title;

use super::home::{ComeAnyway, Prepare};
use crate::appointments::api::{Visit, read_visit};
use crate::appointments::parts::{RelativeDay, VisitDayLine, Whereabouts, moved_text, when_text};
use crate::doctors::parts::{PhoneLink, money};
use crate::family::acting::{ActingBanner, FOR, name_of};
use crate::form::{FormState, use_form_state};
use crate::i18n::{Audience, date_at_time, status_text};
use crate::live::use_live;
use crate::payments::patient::{BillSection, HeldNotice};
use crate::portal::hospital::href;
use crate::portal::{Loaded, PrintButton, use_query};
use crate::queues::api::IAmHere;
use crate::queues::patient::on_the_day;
use crate::reading::Reading;
use crate::series::api::ALL;
use crate::series::others::OthersOfSeries;
use crate::t;
use crate::ui::{
    ButtonKind, ButtonRow, Done, IconName, LinkButton, PageHeader, Panel, StatusBadge, SummaryList,
    SummaryRow,
};

/// See the module.
#[component]
pub fn VisitPage(
    /// Which.
    id: AppointmentId,
) -> impl IntoView {
    let live = use_live();
    let map = use_query();
    let here = use_form_state::<IAmHere>();
    let found =
        Reading::new(move || (id, live.version(), here.accepted().get()), |(id, _, _)| read_visit(id));
    let told = move |name: &str| map.with_untracked(|map| Told::of(map.get(name)));
    view! {
        <Title text=t!(patient.visit_title) />
        <Loaded
            resource=found
            view=move |found: Visit| page(found, told("booked"), [told("cancelled"), told("moved")], here)
        />
    }
}

fn page(
    found: Visit,
    booked: Told,
    [cancelled, moved]: [Told; 2],
    here: FormState<IAmHere>,
) -> impl IntoView {
    let visit = found.appointment;
    let upcoming = visit.moves.contains(&Move::Cancel);
    let (id, version) = (visit.id, visit.version);
    let is_held = visit.status.is_held();
    let video = visit.modality == Modality::Video;
    let pay = is_held.then(|| view! { <HeldNotice visit=visit.clone() /> });
    let head = if booked != Told::Nothing && upcoming {
        booked_panel(&visit, booked).into_any()
    } else {
        let title = match name_of(visit.patient_id) {
            Some(name) => t!(family.visit_with, name = name, doctor = visit.doctor_name),
            None => t!(patient.visit_with, doctor = visit.doctor_name),
        };
        let back = back(visit.patient_id);
        // An address can be kept, or written by anybody: it is said only where it is so.
        let told = match (cancelled, moved) {
            (Told::OfAll, _) if visit.status == Status::Cancelled => Some(t!(series.were_cancelled)),
            (Told::OfOne, _) if visit.status == Status::Cancelled => Some(t!(patient.was_cancelled)),
            (_, Told::OfOne) if upcoming => Some(t!(patient.was_moved)),
            _ => None,
        };
        let notice = told.map(|words| view! { <Done words /> });
        view! {
            <PageHeader title back />
            {notice}
            <p>
                <StatusBadge status=visit.status.code() />
            </p>
            <ComeAnyway visit=visit.clone() />
        }
        .into_any()
    };
    let prepare = upcoming.then(|| view! { <Prepare visit=visit.clone() top=true /> });
    // A day that is called off needs no counting down.
    let happens = !matches!(visit.status, Status::Cancelled | Status::Expired);
    let relative = happens.then(|| view! { " " <RelativeDay moment=visit.start /> });
    let line = happens.then(|| view! { <VisitDayLine visit=visit.clone() /> });
    view! {
        <ActingBanner patient=visit.patient_id />
        <div class="page page-narrow stack">
            {head}
            <p class="next-visit-when">
                <time datetime=visit.start.to_string()>{when_text(&visit)}</time>
                {relative}
            </p>
            {line}
            {on_the_day(&visit, here)}
            {pay}
            <Facts visit=visit.clone() />
            {(!is_held).then(|| view! { <BillSection id doctor=visit.doctor_name.clone() version upcoming video /> })}
            {(!is_held).then(|| view! { <OthersOfSeries id version hospital=None /> })}
            {upcoming.then(|| view! { <PrintButton label=t!(patient.print) hint=t!(patient.print_hint) /> })}
            {prepare}
            <Actions visit=visit.clone() upcoming=upcoming />
            <History entries=found.history />
        </div>
    }
}

/// The list that the visit is in.
fn back(patient: PatientId) -> String {
    let id = name_of(patient).map(|_| patient.to_string()).unwrap_or_default();
    href("/appointments", &[(FOR, &id)])
}

/// What was just done, as the address tells it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Nothing,
    OfOne,
    /// Of this visit and the later ones of its series.
    OfAll,
}

impl Told {
    fn of(word: Option<&str>) -> Self {
        match word {
            None => Self::Nothing,
            Some(ALL) => Self::OfAll,
            Some(_) => Self::OfOne,
        }
    }
}

fn booked_panel(visit: &Appointment, told: Told) -> impl IntoView + use<> {
    let (title, text) = match told {
        Told::OfAll => (t!(series.done_title), t!(series.done_text)),
        Told::OfOne | Told::Nothing => (t!(booking.done_title), t!(booking.done_text)),
    };
    let next = match visit.status {
        Status::Confirmed => t!(booking.next_confirmed),
        _ => t!(booking.next_waiting),
    };
    view! {
        <Panel title reference=visit.reference.clone()>
            <p>{text}</p>
        </Panel>
        <section>
            <h2 class="card-title">{t!(booking.what_next)}</h2>
            <p>{next}</p>
        </section>
    }
}

#[component]
fn Facts(visit: Appointment) -> impl IntoView {
    let place = visit.clone();
    let zone = t!(booking.zone, zone = visit.time_zone);
    let price = money(&visit.price);
    let doctor = format!("/doctors/{}", visit.doctor_id);
    let reason = visit.reason.map(|reason| {
        view! {
            <SummaryRow label=t!(booking.about)>
                <span dir="auto">{reason}</span>
            </SummaryRow>
        }
    });
    view! {
        <SummaryList>
            <SummaryRow label=t!(booking.doctor)>
                <a href=doctor>
                    <bdi translate="no">{visit.doctor_name}</bdi>
                </a>
            </SummaryRow>
            <SummaryRow label=t!(booking.visit)>{visit.visit_type_name}</SummaryRow>
            <SummaryRow label=t!(booking.place)>
                <Whereabouts visit=place />
            </SummaryRow>
            {phone_row(visit.hospital_phone)}
            <SummaryRow label=t!(booking.patient)>
                <bdi translate="no">{visit.patient_name}</bdi>
            </SummaryRow>
            {reason}
            <SummaryRow label=t!(booking.price)>
                <span class="money">{price}</span>
            </SummaryRow>
            <SummaryRow label=t!(ui.reference)>
                <span translate="no">{visit.reference}</span>
            </SummaryRow>
        </SummaryList>
        <p class="small muted">{zone}</p>
    }
}

fn phone_row(phone: String) -> impl IntoView {
    (!phone.is_empty()).then(|| {
        view! {
            <SummaryRow label=t!(common.phone)>
                <PhoneLink number=phone />
            </SummaryRow>
        }
    })
}

#[component]
fn Actions(visit: Appointment, upcoming: bool) -> impl IntoView {
    let cancel = upcoming.then(|| {
        view! {
            <LinkButton href=format!("/appointments/{}/cancel", visit.id) kind=ButtonKind::Secondary icon=IconName::XCircle>
                {t!(patient.cancel_visit)}
            </LinkButton>
        }
    });
    let elsewhere = visit.reschedulable.then(|| {
        view! {
            <LinkButton
                href=format!("/appointments/{}/reschedule", visit.id)
                kind=ButtonKind::Secondary
                icon=IconName::Calendar
            >
                {t!(patient.move_visit)}
            </LinkButton>
        }
    });
    let earlier = visit.reschedulable.then(|| {
        let (kind, id, last) =
            (visit.visit_type_id.to_string(), visit.id.to_string(), visit.start.date().to_string());
        let whom = name_of(visit.patient_id).map(|_| visit.patient_id.to_string()).unwrap_or_default();
        let there = [("visit_type", kind.as_str()), ("visit", &id), ("last", &last), (FOR, &whom)];
        view! {
            <LinkButton
                href=href(&format!("/book/{}/wait", visit.doctor_id), &there)
                kind=ButtonKind::Secondary
                icon=IconName::Clock
            >
                {t!(waiting.want_earlier)}
            </LinkButton>
        }
    });
    let calendar = upcoming.then(|| into_calendar(visit.id));
    let id = name_of(visit.patient_id).map(|_| visit.patient_id.to_string()).unwrap_or_default();
    let again_href = href(&format!("/doctors/{}", visit.doctor_id), &[(FOR, &id)]);
    let again = (!upcoming && !visit.status.is_held()).then(|| {
        view! {
            <LinkButton href=again_href icon=IconName::CalendarPlus>
                {t!(patient.book_again)}
            </LinkButton>
        }
    });
    view! {
        <div class="no-print">
            <ButtonRow>{again} {calendar} {elsewhere} {earlier} {cancel}</ButtonRow>
        </div>
    }
}

/// The visit as a file: the browser gives it to the calendar of the phone or computer.
fn into_calendar(id: AppointmentId) -> impl IntoView {
    view! {
        <LinkButton
            href=format!("/appointments/{id}/visit.ics")
            kind=ButtonKind::Secondary
            icon=IconName::CalendarPlus
            attr:rel="external"
        >
            {t!(patient.add_to_calendar)}
        </LinkButton>
    }
}

#[component]
fn History(entries: Vec<HistoryEntry>) -> impl IntoView {
    let items: Vec<_> = entries
        .into_iter()
        .map(|entry| {
            let at = entry.at.local();
            // What was done, not how it stood then.
            let what = moved_text(&entry).unwrap_or_else(|| match entry.to {
                Status::Booked => t!(patient.history_booked).to_owned(),
                status => status_text(status.code(), Audience::Patient).to_owned(),
            });
            let reason = entry.reason.map(|reason| view! { <span dir="auto" class="muted">{reason}</span> });
            let by = entry.by.map(|by| view! { ", " <bdi translate="no">{by}</bdi> });
            view! {
                <li>
                    <strong>{what}</strong>
                    <span class="muted">{date_at_time(at.date(), at.time())} {by}</span>
                    {reason}
                </li>
            }
        })
        .collect();
    view! {
        <section class="stack-small">
            <h2 class="section-title">{t!(patient.history)}</h2>
            <ol class="history">{items}</ol>
        </section>
    }
}
