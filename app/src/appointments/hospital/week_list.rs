//! A week day by day: when the doctor works, and her visits by time.
//! Everything that the grid shows is here too, and the cancelled visits besides.

use domain::appointments::{Appointment, DoctorDay, DoctorWeek};
use domain::ids::HospitalId;
use leptos::prelude::*;

use super::clock::minute;
use super::parts::{Born, DeskBadge, hours};
use crate::i18n::{date_long, time_of_minutes};
use crate::portal::hospital::Section;
use crate::t;
use crate::ui::Badge;

/// See the module.
#[component]
pub fn WeekList(
    /// Where.
    hospital: HospitalId,
    /// The week.
    week: DoctorWeek,
) -> impl IntoView {
    let today = week.now.date();
    let days: Vec<_> = week
        .days
        .into_iter()
        .map(|day| {
            let is_today = day.date == today;
            view! { <Day hospital day is_today /> }
        })
        .collect();
    view! { <div class="week-list">{days}</div> }
}

#[component]
fn Day(hospital: HospitalId, day: DoctorDay, is_today: bool) -> impl IntoView {
    let heading = format!("day-{}", day.date);
    let labelled = heading.clone();
    let works = working_hours(&day);
    let empty = day.appointments.is_empty();
    let rows: Vec<_> = day.appointments.into_iter().map(|visit| row(hospital, visit)).collect();
    let list = if empty {
        view! { <p class="muted">{t!(hospital_calendar.no_visits)}</p> }.into_any()
    } else {
        view! { <ol class="visit-rows">{rows}</ol> }.into_any()
    };
    view! {
        <section class="week-list-day" aria-labelledby=labelled>
            <div class="week-list-head">
                <h2 id=heading>{date_long(day.date)}</h2>
                {is_today.then(|| view! { <Badge tone=crate::ui::Tone::Accent>{t!(common.today)}</Badge> })}
                <span class="muted time">{works}</span>
            </div>
            {list}
        </section>
    }
    .into_any()
}

/// "09:00 to 12:30, 14:00 to 18:00"
fn working_hours(day: &DoctorDay) -> String {
    if day.hours.is_empty() {
        return t!(hospital_calendar.not_working).to_owned();
    }
    let spans = day.hours.iter().map(|(start, end)| {
        t!(calendar.time_range, start = time_of_minutes(minute(*start)), end = time_of_minutes(minute(*end)))
    });
    spans.collect::<Vec<_>>().join(", ")
}

fn row(hospital: HospitalId, visit: Appointment) -> impl IntoView {
    let over = visit.status.is_final();
    view! {
        <li class="visit-row" class:visit-over=over>
            <a class="visit-time time" href=Section::Visit(visit.id).at(hospital)>
                <span class="visually-hidden">{t!(hospital_visit.open)} " "</span>
                {hours(visit.start, visit.end)}
            </a>
            <div class="visit-who">
                <bdi translate="no">{visit.patient_name}</bdi>
                <Born date=visit.birth_date />
                <span class="muted">{visit.visit_type_name}</span>
            </div>
            <div class="visit-status">
                <DeskBadge status=visit.status />
            </div>
        </li>
    }
    .into_any()
}
