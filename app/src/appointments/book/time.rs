//! `/book/{doctor}/time`: one week of free times, a set of choices per day.
//! An empty week says when the next time is; the week that is shown is in the address.

use domain::doctors::Doctor;
use domain::hospitals::VisitType;
use domain::ids::{DoctorId, VisitTypeId};
use domain::time::{Moment, monday_of, plus_days};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::{Form as RouteForm, Redirect};

use super::seen::{Lost, Seen, use_seen};
use super::week::WeekGrid;
use super::{Answers, step_names};
use crate::appointments::api::{FreeWeek, read_free_week};
use crate::appointments::time_choice::use_choice;
use crate::appointments::why_not::{Answer, Asked, WhyNot, use_answer};
use crate::doctors::api::read_doctor;
use crate::doctors::parts::modality_text;
use crate::family::acting::{bookable, keep};
use crate::i18n::{date_full, date_long, duration, time};
use crate::live::{use_live, watch_times};
use crate::portal::{Loaded, use_query, without_nameless};
use crate::reading::Reading;
use crate::server::AppError;
use crate::t;
use crate::ui::{Button, EmptyState, IconName, LinkButton, PageHeader, Pagination, SkeletonShape, Steps};

/// The times of the visit type that was chosen.
type Times = Reading<FreeWeek>;

/// See the module.
#[component]
pub fn TimeStep(
    /// With whom.
    doctor: DoctorId,
) -> impl IntoView {
    let map = use_query();
    let live = use_live();
    watch_times(move || Some(doctor));
    let answers = Memo::new(move |_| map.with(Answers::from_query));
    let week = Memo::new(move |_| map.with(|map| map.get("week").and_then(|day| day.parse::<Date>().ok())));
    let found = Reading::new(move || doctor, read_doctor);
    let why = Memo::new(move |_| map.with(Asked::from_query));
    let answer = use_answer(move || Some((doctor, answers.get().visit_type?)), why);
    let times: Times = Reading::new(
        move || (answers.get().visit_type, week.get(), live.version()),
        move |(kind, week, _)| times(doctor, kind, week),
    );
    view! {
        <Title text=t!(booking.time_title) />
        <Loaded
            resource=found
            view=move |doctor: Doctor| {
                let answers = answers.get();
                match answers.visit_type_of(&doctor) {
                    // What is not said, or not hers, is asked first.
                    None => view! { <Redirect path=answers.href(doctor.card.id, "reason") /> }.into_any(),
                    Some(kind) if answers.visit_type.is_none() => {
                        let answers = Answers { visit_type: Some(kind.id), ..answers };
                        view! { <Redirect path=answers.href(doctor.card.id, "time") /> }.into_any()
                    }
                    Some(kind) => page(&doctor, &answers, &kind, times, (why.get(), answer)).into_any(),
                }
            }
        />
    }
}

/// While nothing is chosen there is nothing to ask for, and the page leads to the step before.
async fn times(
    doctor: DoctorId,
    kind: Option<VisitTypeId>,
    week: Option<Date>,
) -> Result<FreeWeek, AppError> {
    match kind {
        Some(kind) => read_free_week(doctor, kind, week).await,
        None => Err(AppError::Malformed),
    }
}

fn page(
    doctor: &Doctor,
    answers: &Answers,
    kind: &VisitType,
    times: Times,
    (why, answer): (Asked, Answer),
) -> impl IntoView {
    let card = &doctor.card;
    let facts =
        format!("{}, {}, {}", kind.name, modality_text(kind.modality), duration(u32::from(kind.minutes)));
    let lead = if answers.start.is_some() { t!(booking.time_change_lead) } else { t!(booking.time_lead) };
    let (id, answers) = (card.id, answers.clone());
    let chosen = use_choice(|| answers.start.map(|start| start.to_string()).unwrap_or_default());
    let seen = use_seen(chosen);
    let wait = keep(&format!("/book/{id}/wait?visit_type={}", kind.id));
    let mut hidden = vec![("visit_type", kind.id.to_string())];
    hidden.extend(answers.patient.map(|id| ("patient", id.to_string())));
    let wanted = answers.clone();
    let take = Callback::new(move |start: Moment| {
        Answers { start: Some(start), ..wanted.clone() }.href(id, next_step(&wanted))
    });
    view! {
        <div class="page stack">
            <Steps labels=step_names() current=2 />
            <PageHeader title=t!(booking.time_title) eyebrow=card.name.clone() lead=lead back=keep(&format!("/book/{id}/reason")) />
            <p class="muted">{facts}</p>
            <Loaded
                resource=times
                part=true
                shape=SkeletonShape::Rows
                view=move |week: FreeWeek| choose(id, &answers, chosen, seen, week)
            />
            <WhyNot action=format!("/book/{id}/time") hidden asked=why answer take />
            <p>
                {t!(waiting.none_suits)} " "
                <a href=wait>{t!(waiting.to_join)}</a>
            </p>
        </div>
    }
}

/// What is asked once the time is chosen.
fn next_step(answers: &Answers) -> &'static str {
    if bookable() > 1 && answers.patient.is_none() { "patient" } else { "review" }
}

fn choose(
    doctor: DoctorId,
    answers: &Answers,
    chosen: RwSignal<String>,
    seen: Seen,
    week: FreeWeek,
) -> AnyView {
    let Some(earliest) = week.earliest else {
        return view! {
            <EmptyState icon=IconName::Calendar text=t!(booking.nothing_free)>
                <LinkButton href=keep("/doctors")>{t!(booking.other_doctor)}</LinkButton>
            </EmptyState>
        }
        .into_any();
    };
    let kind = answers.visit_type.map(|id| id.to_string()).unwrap_or_default();
    let base = format!("/book/{doctor}/time?visit_type={kind}");
    let at = move |monday: Date| keep(&format!("{base}&week={monday}"));
    let first = monday_of(earliest.start.date());
    let previous = if week.monday > first { at(plus_days(week.monday, -7)) } else { String::new() };
    let heading =
        t!(booking.week_of, start = date_long(week.monday), end = date_full(plus_days(week.monday, 6)));
    let links = view! {
        <Pagination
            previous=previous
            previous_label=t!(booking.earlier)
            next=at(plus_days(week.monday, 7))
            next_label=t!(booking.later)
        />
    };
    let taken = seen.taken(week.monday, &week.items);
    let body = if week.items.is_empty() {
        let next = week.next.unwrap_or(earliest).start;
        let there = at(monday_of(next.date()));
        let words =
            t!(booking.next_available, date = date_full(next.date()), time = time(next.local().time()));
        view! {
            <EmptyState icon=IconName::Calendar text=t!(booking.week_empty)>
                <LinkButton href=there>{words}</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else {
        let step = next_step(answers);
        let patient =
            answers.patient.map(|id| view! { <input type="hidden" name="patient" value=id.to_string() /> });
        view! {
            <RouteForm method="get" action=format!("/book/{doctor}/{step}") on_form_data=without_nameless() attr:class="form">
                <input type="hidden" name="visit_type" value=kind />
                {patient}
                <WeekGrid slots=week.items taken chosen=chosen />
                <div class="sticky-action">
                    <Button>{t!(common.continue_on)}</Button>
                </div>
            </RouteForm>
        }
        .into_any()
    };
    view! {
        <h2 class="section-title">{heading}</h2>
        <p class="small muted">{t!(booking.zone, zone = week.time_zone)}</p>
        <Lost seen />
        {body}
        {links}
    }
    .into_any()
}
