//! Small pieces that several pages of visits share: names, times, links.
//! None of them reads anything.

use domain::appointments::{Appointment, Status};
use domain::ids::HospitalId;
use domain::time::Moment;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::i18n::{Audience, date_medium, day_month_year_short, status_text, time_range};
use crate::portal::hospital::Section;
use crate::t;
use crate::ui::{Badge, StatusBadge, Tone};

/// A patient's name as a link to the file, and when she was born.
#[component]
pub fn PatientLink(hospital: HospitalId, visit: Appointment) -> impl IntoView {
    view! {
        <a href=Section::Patient(visit.patient_id).at(hospital)>
            <bdi translate="no">{visit.patient_name}</bdi>
        </a>
        <Born date=visit.birth_date />
    }
    .into_any()
}

/// When a patient was born, after her name: two patients may have one name. Nothing where the caller does not read it.
#[component]
pub fn Born(
    /// The date.
    date: Option<Date>,
) -> impl IntoView {
    let words = date.map(|date| t!(hospital_visit.born, date = day_month_year_short(date)));
    words.map(|words| view! { " " <span class="muted born">{words}</span> })
}

/// The same in words, where a line is all there is: "A. Rao, born 24 Nov 1951".
pub fn name_and_born(visit: &Appointment) -> String {
    match visit.birth_date {
        Some(date) => {
            let born = t!(hospital_visit.born, date = day_month_year_short(date));
            t!(hospital_visit.name_and_born, patient = visit.patient_name, born = born)
        }
        None => visit.patient_name.clone(),
    }
}

/// "10:00 to 10:20"
pub fn hours(start: Moment, end: Moment) -> String {
    time_range(start.local().time(), end.local().time())
}

/// "Tue 24 Nov 2026, 10:00 to 10:20"
pub fn date_and_hours(visit: &Appointment) -> String {
    t!(
        hospital_visit.date_and_hours,
        date = date_medium(visit.start.date()),
        hours = hours(visit.start, visit.end)
    )
}

/// All of a visit in one line, for whoever hears it: "10:00 to 10:20, A. Rao, First visit, Arrived".
pub fn spoken(visit: &Appointment) -> String {
    t!(
        hospital_visit.spoken,
        hours = hours(visit.start, visit.end),
        patient = visit.patient_name,
        kind = visit.visit_type_name,
        status = status_text(visit.status.code(), Audience::Staff)
    )
}

/// Where a visit stands; what waits for the hospital stands out.
#[component]
pub fn DeskBadge(status: Status) -> impl IntoView {
    match status {
        Status::Booked => view! {
            <Badge tone=Tone::Warning icon=crate::ui::IconName::Clock>{t!(hospital_today.to_confirm)}</Badge>
        }
        .into_any(),
        other => view! { <StatusBadge status=other.code() audience=Audience::Staff /> }.into_any(),
    }
}

/// The tone of a visit on a line or in a grid.
pub fn tone(status: Status) -> Tone {
    match status {
        Status::Held | Status::PendingPayment | Status::Booked | Status::NoShow | Status::LeftUnseen => {
            Tone::Warning
        }
        Status::Confirmed | Status::Arrived | Status::CheckedIn | Status::InProgress => Tone::Accent,
        Status::Completed => Tone::Positive,
        Status::Cancelled | Status::Expired => Tone::Neutral,
    }
}
