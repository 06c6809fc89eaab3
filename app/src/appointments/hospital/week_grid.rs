//! A week as a grid: a column per day, a row per quarter of an hour, working hours shaded, a line for now.
//! Places are classes, because the content security policy forbids inline styles; five minutes beside a quarter are margins.
//! Cancelled visits are left out: their time is free. Visits that several have together lie in one block, which unfolds.
//! Keys go from visit to visit and carry one to another time, and so does a pointer (`carry`). Without a script the visits are links.

use domain::appointments::{Appointment, DoctorDay, DoctorWeek};
use domain::availability::Slot;
use domain::ids::{DoctorId, HospitalId};
use jiff::civil::Date;
use leptos::prelude::*;

use super::carry::{Carry, Where};
use super::clock::{frame_around, minute, minute_now, minutes_of};
use super::hands::{Around, Hands, event_id, use_hands};
use super::parts::{hours, spoken, tone};
use crate::i18n::{Audience, date_medium, status_text, time_of_minutes, weekday_short};
use crate::portal::hospital::Section;
use crate::portal::use_now;
use crate::t;

/// Where a span stands in its column.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    /// The quarter of the day it begins in.
    row: u16,
    /// How many quarters it touches.
    span: u16,
    /// Thirds of a quarter that it begins later.
    after: u16,
    /// Thirds of a quarter that it ends earlier.
    before: u16,
}

impl Place {
    fn of(start: u16, end: u16) -> Self {
        let start = start.min(24 * 60 - 5);
        let end = end.clamp(start + 5, 24 * 60);
        let (row, last) = (start / 15, end.div_ceil(15));
        Self { row, span: (last - row).clamp(1, 32), after: start % 15 / 5, before: (last * 15 - end) / 5 }
    }

    fn class(&self, day: usize) -> String {
        let place = format!("at r{} s{} c{}", self.row, self.span, day + 1);
        let after = if self.after > 0 { format!(" after-{}", self.after) } else { String::new() };
        let before = if self.before > 0 { format!(" before-{}", self.before) } else { String::new() };
        place + &after + &before
    }
}

/// See the module.
#[component]
pub fn WeekGrid(
    /// Where.
    hospital: HospitalId,
    /// Whose week.
    doctor: DoctorId,
    /// The week.
    week: DoctorWeek,
    /// What is carried in it.
    carry: Carry,
    /// The links to other weeks.
    around: Around,
) -> impl IntoView {
    let standing = |day: &DoctorDay| {
        let visits = day.appointments.iter().filter(|visit| visit.status.occupies());
        visits.map(|visit| minutes_of(visit.start, visit.end)).collect::<Vec<_>>()
    };
    let open = |day: &DoctorDay| {
        day.hours.iter().map(|(start, end)| (minute(*start), minute(*end))).collect::<Vec<_>>()
    };
    let spans = week.days.iter().flat_map(|day| [standing(day), open(day)].concat());
    let (from, until) = frame_around(spans);
    // The style sheet knows first hours from 5 to 10.
    let first_hour = if from < 5 * 60 { 0 } else { (from / 60).min(10) };
    let today = week.now.date();
    let heads: Vec<_> = week
        .days
        .iter()
        .enumerate()
        .map(|(index, day)| {
            let words = format!("{} {}", weekday_short(day.date.weekday()), day.date.day());
            let current = (day.date == today).then_some("date");
            view! { <div class=format!("calendar-head c{}", index + 1) aria-current=current>{words}</div> }
        })
        .collect();
    let hours: Vec<_> = (first_hour..=until / 60).map(|hour| hour_line(hour, until / 60)).collect();
    let hands = use_hands(Where { hospital, doctor, monday: week.monday }, &week, carry, around);
    let days: Vec<_> =
        week.days.iter().enumerate().map(|(index, day)| column(hospital, index, day, &hands)).collect();
    let now = now_line(&week, (first_hour * 60, until));
    let marks = marks(week.monday, carry);
    view! {
        <div
            class=format!("calendar calendar-from-{first_hour}")
            class:calendar-carrying=move || carry.visit.with(Option::is_some)
            role="group"
            tabindex="0"
            aria-label=t!(hospital_calendar.grid_label)
            aria-describedby="calendar-keys"
            on:keydown=move |event| hands.key(&event)
            on:pointermove=move |event| hands.pull(&event)
            on:pointerup=move |event| hands.drop(&event)
            on:pointerleave=move |_| hands.leave()
        >
            {heads}
            {hours}
            {days}
            {marks}
            {now}
        </div>
        {move || {
            let words = carry.trouble.get().filter(|_| carry.visit.with(Option::is_none))?;
            Some(view! { <p class="calendar-trouble">{words}</p> })
        }}
        <p class="small muted calendar-keys" id="calendar-keys">
            {t!(hospital_calendar.keys)}
        </p>
    }
    .into_any()
}

/// The free times of a carried visit, and the one that is chosen.
fn marks(monday: Date, carry: Carry) -> impl IntoView + use<> {
    move || {
        let slots = carry.slots.get()?;
        let chosen = carry.chosen.get();
        let column = |slot: &Slot| usize::try_from(slot.start.date().since(monday).ok()?.get_days()).ok();
        let marks = slots.iter().enumerate().filter_map(|(index, slot)| {
            let (start, end) = minutes_of(slot.start, slot.end);
            // As far as the next one begins, so that a pointer finds each.
            let next = slots.get(index + 1).filter(|next| next.start.date() == slot.start.date());
            let end = next.map_or(end, |next| end.min(minutes_of(next.start, next.end).0.max(start + 5)));
            let place = Place::of(start, end).class(column(slot)?);
            Some(view! { <div class=format!("calendar-free {place}") data-slot=index aria-hidden="true"></div> })
        });
        let target = chosen.and_then(|slot| {
            let (start, end) = minutes_of(slot.start, slot.end);
            let place = Place::of(start, end).class(column(&slot)?);
            Some(view! {
                <div class=format!("calendar-target {place}") aria-hidden="true">
                    {hours(slot.start, slot.end)}
                </div>
            })
        });
        Some((marks.collect::<Vec<_>>(), target))
    }
}

/// The last hour is written too, with a little room beneath it.
fn hour_line(hour: u16, last: u16) -> impl IntoView {
    let (row, span) = (hour * 4, if hour == last { 1 } else { 4 });
    view! {
        <div class=format!("calendar-hour at r{row} s{span}") aria-hidden="true">
            {time_of_minutes(hour * 60)}
        </div>
        <div class=format!("calendar-line at r{row} s{span}") aria-hidden="true"></div>
    }
    .into_any()
}

fn column(hospital: HospitalId, index: usize, day: &DoctorDay, hands: &Hands) -> impl IntoView + use<> {
    let mut open = Vec::new();
    for (start, end) in &day.hours {
        // A class lasts eight hours at most.
        let (mut start, end) = (minute(*start), minute(*end).max(minute(*start)));
        while start < end {
            let stop = end.min(start + 8 * 60 - start % 15);
            open.push(Place::of(start, stop).class(index));
            start = stop;
        }
    }
    let open: Vec<_> = open
        .into_iter()
        .map(|class| view! { <div class=format!("calendar-open {class}") aria-hidden="true"></div> })
        .collect();
    let visits: Vec<_> = together(&day.appointments)
        .into_iter()
        .map(|visits| match visits.as_slice() {
            [visit] => event(hospital, &place_of(index, visit), visit, hands).into_any(),
            several => group(hospital, index, several, hands).into_any(),
        })
        .collect();
    view! {
        {open}
        {visits}
    }
    .into_any()
}

/// Visits that take their time, those of one kind and one time together; the first of them says where they stand.
fn together(visits: &[Appointment]) -> Vec<Vec<&Appointment>> {
    let mut blocks: Vec<Vec<&Appointment>> = Vec::new();
    for visit in visits.iter().filter(|visit| visit.status.occupies()) {
        let like =
            |other: &Appointment| (other.start, other.visit_type_id) == (visit.start, visit.visit_type_id);
        match blocks.iter_mut().find(|block| block.first().is_some_and(|other| like(other))) {
            Some(block) => block.push(visit),
            None => blocks.push(vec![visit]),
        }
    }
    blocks
}

fn place_of(index: usize, visit: &Appointment) -> String {
    let (start, end) = minutes_of(visit.start, visit.end);
    Place::of(start, end).class(index)
}

/// Several patients at one time: how many there are, and each with a link of her own.
fn group(
    hospital: HospitalId,
    index: usize,
    visits: &[&Appointment],
    hands: &Hands,
) -> impl IntoView + use<> {
    let place = visits.first().map(|visit| place_of(index, visit)).unwrap_or_default();
    let begins = visits.first().map(|visit| time_of_minutes(minutes_of(visit.start, visit.end).0));
    let many = t!(hospital_calendar.together, count = visits.len());
    let visits: Vec<_> = visits.iter().map(|visit| event(hospital, "", visit, hands)).collect();
    view! {
        <div class=format!("calendar-group {place}")>
            <p class="calendar-group-head" aria-hidden="true">
                <span class="time">{begins}</span>
                " · "
                {many}
            </p>
            {visits}
        </div>
    }
}

fn event(hospital: HospitalId, place: &str, visit: &Appointment, hands: &Hands) -> impl IntoView + use<> {
    let hands = *hands;
    let (start, end) = minutes_of(visit.start, visit.end);
    // What is seen comes first in the link's name, so that a person who says what she sees opens it.
    let status = status_text(visit.status.code(), Audience::Staff);
    let rest = t!(
        hospital_calendar.visit_rest,
        date = date_medium(visit.start.date()),
        hours = hours(visit.start, visit.end),
        kind = visit.visit_type_name,
        status = status
    );
    let room = match end - start {
        0..25 => " calendar-visit-short",
        25..45 => "",
        _ => " calendar-visit-long",
    };
    let id = visit.id;
    view! {
        <a
            class=format!("calendar-visit calendar-visit-{}{room} {place}", tone(visit.status).name())
            class:calendar-visit-carried=move || hands.carries(id)
            id=event_id(id)
            href=Section::Visit(visit.id).at(hospital)
            title=spoken(visit)
            draggable="false"
            tabindex=move || hands.tab_stop(id)
            on:focus=move |_| hands.stand_on(id)
            on:pointerdown=move |event| hands.press(&event, id)
            on:click=move |event| hands.click(&event)
        >
            <span class="time">{time_of_minutes(start)}</span>
            " "
            <bdi translate="no">{visit.patient_name.clone()}</bdi>
            <span class="calendar-visit-more" aria-hidden="true">
                {hours(visit.start, visit.end)} " · " {visit.visit_type_name.clone()} " · " {status.to_owned()}
            </span>
            <span class="visually-hidden">{rest}</span>
        </a>
    }
    .into_any()
}

/// Where now is, while it is one of the hours that are shown.
fn now_line(week: &DoctorWeek, (from, until): (u16, u16)) -> impl IntoView + use<> {
    let (clock, read_at) = (use_now(), week.now);
    let today = week
        .days
        .iter()
        .enumerate()
        .find(|(_, day)| day.date == read_at.date())
        .map(|(index, day)| (index, day.date));
    move || {
        let (index, date) = today?;
        let minute = minute_now(date, read_at, clock.get()).filter(|now| (from..until).contains(now))?;
        let place = Place::of(minute, minute + 5).class(index);
        Some(view! { <div class=format!("calendar-now {place}") aria-hidden="true"></div> })
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn five_minutes_beside_a_quarter_are_margins() {
        assert_eq!(Place::of(10 * 60, 10 * 60 + 30), Place { row: 40, span: 2, after: 0, before: 0 });
        assert_eq!(Place::of(10 * 60 + 20, 10 * 60 + 40), Place { row: 41, span: 2, after: 1, before: 1 });
        assert_eq!(Place::of(10 * 60 + 40, 11 * 60), Place { row: 42, span: 2, after: 2, before: 0 });
    }

    #[test]
    fn places_stay_within_the_day() {
        assert_eq!(Place::of(23 * 60 + 58, 24 * 60).class(6), "at r95 s1 c7 after-2");
        assert_eq!(Place::of(0, 24 * 60).span, 32);
    }
}
