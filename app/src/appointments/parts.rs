//! Pieces that show a visit: when and where, the card of a list, the visit on its day.
//! They read nothing; they are given what they show.

use domain::appointments::{Appointment, HistoryEntry};
use domain::hospitals::Modality;
use domain::time::Moment;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use leptos::prelude::*;

use crate::doctors::parts::{modality_icon, modality_text};
use crate::i18n::{address, date_at_time, date_full, relative_day, time, time_range};
use crate::portal::use_now;
use crate::t;
use crate::ui::{DayLine, DayMark, Icon, StatusBadge};

/// Now on the same wall clock as another moment.
#[must_use]
pub fn now_beside(moment: Moment, now: Timestamp) -> Option<Moment> {
    let wall = moment.local().to_zoned(TimeZone::UTC).ok()?.timestamp();
    let seconds = wall.as_second() - moment.at().as_second();
    let offset = Offset::from_seconds(i32::try_from(seconds).ok()?).ok()?;
    Some(Moment::new(now, offset))
}

/// "Tuesday 24 November 2026, 10:00 to 10:20"
#[must_use]
pub fn when_text(visit: &Appointment) -> String {
    let (start, end) = (visit.start.local(), visit.end.local());
    format!("{}, {}", date_full(start.date()), time_range(start.time(), end.time()))
}

/// "Moved to 24 November 2026 at 10:00, with Dr. Hannah Vogt", where a step of a visit's history has put it elsewhere.
#[must_use]
pub fn moved_text(step: &HistoryEntry) -> Option<String> {
    step.from?;
    let start = step.start?.local();
    let when = date_at_time(start.date(), start.time());
    Some(match &step.doctor {
        Some(doctor) => t!(booking.moved_to_with, when = when, doctor = doctor),
        None => t!(booking.moved_to, when = when),
    })
}

/// "tomorrow", once it is known what today is.
#[component]
pub fn RelativeDay(
    /// The moment that is told.
    moment: Moment,
) -> impl IntoView {
    let now = use_now();
    move || {
        let today = now.get().and_then(|now| now_beside(moment, now))?;
        Some(view! { <span class="relative-day">{relative_day(moment.date(), today.date())}</span> })
    }
}

/// The visit on the ribbon of its day.
#[component]
pub fn VisitDayLine(
    /// The visit.
    visit: Appointment,
) -> impl IntoView {
    let now = use_now();
    let (start, end) = (visit.start, visit.end);
    let minute = |moment: Moment| u16::try_from(moment.minute_of_day()).unwrap_or(0);
    let first = minute(start);
    let last = if end.date() == start.date() { minute(end) } else { 24 * 60 };
    let label = time_range(start.local().time(), end.local().time());
    let mark = Signal::derive(move || {
        let today = now_beside(start, now.get()?)?;
        (today.date() == start.date()).then(|| minute(today))
    });
    view! {
        <DayLine
            summary=when_text(&visit)
            marks=vec![DayMark::new(first, last, label)]
            from=first.saturating_sub(180).min(7 * 60)
            until=(last + 60).clamp(20 * 60, 24 * 60)
            now=mark
            hide_summary=true
        />
    }
}

/// Where a visit happens: the address, or that it is by video.
#[component]
pub fn Whereabouts(
    /// The visit.
    visit: Appointment,
) -> impl IntoView {
    let words = match visit.modality {
        Modality::InPerson => format!("{}, {}", visit.hospital_name, address(&visit.hospital_address)),
        Modality::Video => format!("{}, {}", modality_text(visit.modality), visit.hospital_name),
    };
    view! {
        <p class="fact">
            <Icon name=modality_icon(visit.modality) />
            <span dir="auto">{words}</span>
        </p>
    }
}

/// A visit in a list.
#[component]
pub fn VisitItem(
    /// The visit.
    visit: Appointment,
) -> impl IntoView {
    let start = visit.start.local();
    view! {
        <article class="card card-link visit-item">
            <p class="visit-item-when">
                <a class="card-cover" href=format!("/appointments/{}", visit.id)>
                    <time datetime=visit.start.to_string()>
                        {date_full(start.date())} ", " {time(start.time())}
                    </time>
                </a>
            </p>
            <p>
                <bdi translate="no">{visit.doctor_name.clone()}</bdi>
                ", "
                {visit.visit_type_name.clone()}
            </p>
            <Whereabouts visit=visit.clone() />
            <StatusBadge status=visit.status.code() />
        </article>
    }
}

#[cfg(test)]
mod tests {
    use super::now_beside;

    #[test]
    fn now_is_told_by_the_clinics_clock() {
        let visit = "2026-11-24T10:00:00+05:30".parse().unwrap();
        let now = "2026-11-23T20:00:00Z".parse().unwrap();
        assert_eq!(now_beside(visit, now).unwrap().to_string(), "2026-11-24T01:30:00+05:30");
    }
}
