//! Visits as a grid: columns beside each other, a row per quarter of an hour, working hours shaded, a line for now.
//! The columns are the days of a doctor's week, or the doctors of a hospital's day; each is a grid of its own, so there may be any
//! number. Places are classes, because the content security policy forbids inline styles; five minutes beside a quarter are margins.
//! Cancelled visits are left out: their time is free. Visits that several have or may have together lie in one block, which unfolds.
//! Keys go from visit to visit; where visits can be carried (`carry`), keys and a pointer do that too. Without a script they are links.

use domain::appointments::{Appointment, DoctorDay, GroupKind};
use domain::ids::HospitalId;
use domain::time::Moment;
use jiff::civil::Date;
use leptos::prelude::*;

use super::carry::{Carry, Where};
use super::clock::{frame_around, minute, minute_now, minutes_of};
use super::hands::{Around, Hands, event_id, use_hands};
use super::legend::{Legend, in_view};
use super::parts::{hours, spoken, tone};
use crate::i18n::{Audience, date_medium, status_text, time_of_minutes, weekday_short};
use crate::portal::hospital::{Section, href};
use crate::portal::use_now;
use crate::t;
use crate::ui::{Icon, status_look};

/// What stands beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// The days of a doctor.
    Days,
    /// The doctors of a day.
    Doctors,
}

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

    fn class(&self) -> String {
        let place = format!("at r{} s{}", self.row, self.span);
        let after = if self.after > 0 { format!(" after-{}", self.after) } else { String::new() };
        let before = if self.before > 0 { format!(" before-{}", self.before) } else { String::new() };
        place + &after + &before
    }
}

/// What all columns share.
#[derive(Clone, Copy)]
struct Drawing {
    hospital: HospitalId,
    columns: Columns,
    /// Now on the hospital's wall, when it was read.
    now: Moment,
    /// The minutes of the day that are shown.
    frame: (u16, u16),
    hands: Hands,
}

/// See the module.
#[component]
pub fn VisitGrid(
    /// Where.
    hospital: HospitalId,
    /// What the columns are.
    columns: Columns,
    /// The hours and visits of each column.
    days: Vec<DoctorDay>,
    /// Now on the hospital's wall.
    now: Moment,
    /// The links to other weeks or days.
    around: Around,
    /// What carries visits, and in which week; nothing where they stay where they are.
    carrying: Option<(Where, Carry)>,
) -> impl IntoView {
    let standing = |day: &DoctorDay| {
        let visits = day.appointments.iter().filter(|visit| visit.status.occupies());
        visits.map(|visit| minutes_of(visit.start, visit.end)).collect::<Vec<_>>()
    };
    let open = |day: &DoctorDay| {
        day.hours.iter().map(|(start, end)| (minute(*start), minute(*end))).collect::<Vec<_>>()
    };
    let (from, until) = frame_around(days.iter().flat_map(|day| [standing(day), open(day)].concat()));
    // The style sheet knows first hours from 5 to 10.
    let first_hour = if from < 5 * 60 { 0 } else { (from / 60).min(10) };
    let hours: Vec<_> =
        (first_hour..=(until / 60).min(23)).map(|hour| hour_label(hour, until / 60)).collect();
    let hands = use_hands(&days, carrying, around);
    let drawing = Drawing { hospital, columns, now, frame: (first_hour * 60, until), hands };
    let drawn: Vec<_> = days.iter().enumerate().map(|(index, day)| column(&drawing, index, day)).collect();
    let (label, keys, of_doctors) = match columns {
        Columns::Days => (t!(hospital_calendar.grid_label), t!(hospital_calendar.keys), ""),
        Columns::Doctors => {
            (t!(hospital_calendar.day_grid_label), t!(hospital_calendar.day_keys), " calendar-doctors")
        }
    };
    let trouble = hands.carry().map(|carry| {
        move || {
            let words = carry.trouble.get().filter(|_| carry.visit.with(Option::is_none))?;
            Some(view! { <p class="calendar-trouble">{words}</p> })
        }
    });
    view! {
        <div
            class=format!("calendar calendar-from-{first_hour}{of_doctors}")
            class:calendar-carrying=move || hands.carry().is_some_and(|carry| carry.visit.with(Option::is_some))
            role="group"
            tabindex="0"
            aria-label=label
            aria-describedby="calendar-keys"
            on:keydown=move |event| hands.key(&event)
            on:pointermove=move |event| hands.pull(&event)
            on:pointerleave=move |_| hands.leave()
        >
            <div class="calendar-hours" aria-hidden="true">
                {hours}
            </div>
            {drawn}
        </div>
        {trouble}
        <Legend states=in_view(&days) />
        <p class="small muted calendar-keys" id="calendar-keys">
            {keys}
        </p>
    }
    .into_any()
}

/// The last hour is written too, with a little room beneath it.
fn hour_label(hour: u16, last: u16) -> impl IntoView {
    let (row, span) = (hour * 4, if hour == last { 1 } else { 4 });
    view! { <div class=format!("calendar-hour at r{row} s{span}")>{time_of_minutes(hour * 60)}</div> }
        .into_any()
}

fn column(drawing: &Drawing, index: usize, day: &DoctorDay) -> impl IntoView + use<> {
    let Drawing { hospital, columns, now, frame, hands } = *drawing;
    let mut open = Vec::new();
    for (start, end) in &day.hours {
        // A class lasts eight hours at most.
        let (mut start, end) = (minute(*start), minute(*end).max(minute(*start)));
        while start < end {
            let stop = end.min(start + 8 * 60 - start % 15);
            open.push(Place::of(start, stop).class());
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
            [visit] if !may_be_joined(&day.groups, visit) => {
                event(drawing, &place_of(visit), visit).into_any()
            }
            several => group(drawing, &day.groups, several).into_any(),
        })
        .collect();
    let marks = hands.carry().map(|carry| marks(day.date, carry));
    let line = (day.date == now.date()).then(|| now_line(day.date, now, frame));
    let heading = format!("calendar-column-{index}");
    // Beside each other, doctors all have the same day, and the page says which.
    let current = (columns == Columns::Days && day.date == now.date()).then_some("date");
    view! {
        <div class="calendar-column" role="group" aria-labelledby=heading.clone()>
            <div class="calendar-head" id=heading.clone() aria-current=current>
                {head(hospital, columns, day)}
            </div>
            {open}
            {visits}
            {marks}
            {line}
        </div>
    }
    .into_any()
}

/// What stands above a column: the day, or the doctor with the way to her week.
fn head(hospital: HospitalId, columns: Columns, day: &DoctorDay) -> AnyView {
    match columns {
        Columns::Days => format!("{} {}", weekday_short(day.date.weekday()), day.date.day()).into_any(),
        Columns::Doctors => {
            let week = Section::Calendar(Some(day.doctor_id)).at(hospital);
            let week = href(&week, &[("week", &day.date.to_string())]);
            view! {
                <a href=week>
                    <bdi translate="no">{day.doctor_name.clone()}</bdi>
                </a>
            }
            .into_any()
        }
    }
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

/// Whether others may come together with it: then it is a group, though nobody else has come to it yet.
fn may_be_joined(kinds: &[GroupKind], visit: &Appointment) -> bool {
    kinds.iter().any(|kind| kind.visit_type_id == visit.visit_type_id && kind.capacity > 1)
}

fn place_of(visit: &Appointment) -> String {
    let (start, end) = minutes_of(visit.start, visit.end);
    Place::of(start, end).class()
}

/// Those who come, or may come, at one time: how many there are of how many places, and each with a link of her own.
fn group(drawing: &Drawing, kinds: &[GroupKind], visits: &[&Appointment]) -> impl IntoView + use<> {
    let place = visits.first().map(|visit| place_of(visit)).unwrap_or_default();
    let begins = visits.first().map(|visit| time_of_minutes(minutes_of(visit.start, visit.end).0));
    let begins = begins.unwrap_or_default();
    let (many, spoken) = how_many(kinds, visits, &begins);
    let visits: Vec<_> = visits.iter().map(|visit| event(drawing, "", visit)).collect();
    view! {
        <div class=format!("calendar-group {place}") role="group" aria-label=spoken>
            <p class="calendar-group-head" aria-hidden="true">
                <span class="time">{begins}</span>
                " · "
                {many}
            </p>
            {visits}
        </div>
    }
    .into_any()
}

/// How many come together, as it is seen and as it is read out. Places are left out where nobody can say how many there are, or where
/// there are fewer by now than were booked.
fn how_many(kinds: &[GroupKind], visits: &[&Appointment], begins: &str) -> (String, String) {
    let count = visits.len();
    let kind = kinds.iter().find(|kind| visits.iter().all(|visit| visit.visit_type_id == kind.visit_type_id));
    if let Some(kind) = kind.filter(|kind| usize::from(kind.capacity) >= count) {
        let places = kind.capacity;
        return (
            t!(hospital_calendar.together_of, taken = count, places = places),
            t!(hospital_calendar.together_of_spoken, time = begins, taken = count, places = places),
        );
    }
    let many = t!(hospital_calendar.together, count = count);
    let spoken = t!(hospital_calendar.together_spoken, time = begins, many = many);
    (many, spoken)
}

fn event(drawing: &Drawing, place: &str, visit: &Appointment) -> impl IntoView + use<> {
    let Drawing { hospital, columns, hands, .. } = *drawing;
    let (start, end) = minutes_of(visit.start, visit.end);
    // What is seen comes first in the link's name, so that a person who says what she sees opens it.
    let status = status_text(visit.status.code(), Audience::Staff);
    let rest = match columns {
        Columns::Days => t!(
            hospital_calendar.visit_rest,
            date = date_medium(visit.start.date()),
            hours = hours(visit.start, visit.end),
            kind = visit.visit_type_name,
            status = status
        ),
        Columns::Doctors => t!(
            hospital_calendar.visit_rest_with,
            doctor = visit.doctor_name,
            hours = hours(visit.start, visit.end),
            kind = visit.visit_type_name,
            status = status
        ),
    };
    let room = match end - start {
        0..20 => " calendar-visit-short",
        20..25 => " calendar-visit-tight",
        25..45 => "",
        _ => " calendar-visit-long",
    };
    let id = visit.id;
    let (_, icon) = status_look(visit.status.code());
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
            <Icon name=icon />
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

/// The free times that a carried visit has on a day, and the one that is chosen.
fn marks(date: Date, carry: Carry) -> impl IntoView + use<> {
    move || {
        let slots = carry.slots.get()?;
        let chosen = carry.chosen.get().filter(|slot| slot.start.date() == date);
        let here = slots.iter().enumerate().filter(|(_, slot)| slot.start.date() == date);
        let marks = here.map(|(index, slot)| {
            let (start, end) = minutes_of(slot.start, slot.end);
            // As far as the next one begins, so that a pointer finds each.
            let next = slots.get(index + 1).filter(|next| next.start.date() == date);
            let end = next.map_or(end, |next| end.min(minutes_of(next.start, next.end).0.max(start + 5)));
            let place = Place::of(start, end).class();
            view! { <div class=format!("calendar-free {place}") data-slot=index aria-hidden="true"></div> }
        });
        let target = chosen.map(|slot| {
            let (start, end) = minutes_of(slot.start, slot.end);
            let place = Place::of(start, end).class();
            view! {
                <div class=format!("calendar-target {place}") aria-hidden="true">
                    {hours(slot.start, slot.end)}
                </div>
            }
        });
        Some((marks.collect::<Vec<_>>(), target))
    }
}

/// Where now is, while it is one of the hours that are shown.
fn now_line(date: Date, read_at: Moment, (from, until): (u16, u16)) -> impl IntoView + use<> {
    let clock = use_now();
    move || {
        let minute = minute_now(date, read_at, clock.get()).filter(|now| (from..until).contains(now))?;
        let place = Place::of(minute, minute + 5).class();
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
        assert_eq!(Place::of(23 * 60 + 58, 24 * 60).class(), "at r95 s1 after-2");
        assert_eq!(Place::of(0, 24 * 60).span, 32);
    }
}
