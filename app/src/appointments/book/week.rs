//! The free times of a week: a set of choices per day, within it morning, afternoon and evening.
//! All of them are one question: one time can be chosen.

use domain::availability::Slot;
use domain::time::Moment;
use domain::waitlist::DayPart;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::appointments::time_choice::TimeChoice;
use crate::i18n::date_long;
use crate::t;

/// See the module.
#[component]
pub fn WeekGrid(
    /// The free times, earliest first.
    slots: Vec<Slot>,
    /// Times that were free a moment ago: they stay where they were, and cannot be chosen.
    #[prop(optional)]
    taken: Vec<Slot>,
    /// The one that is chosen.
    chosen: RwSignal<String>,
) -> impl IntoView {
    let taken: Vec<Moment> = taken.into_iter().map(|slot| slot.start).collect();
    let left: Vec<(Moment, i64)> =
        slots.iter().filter_map(|slot| slot.places_left.map(|left| (slot.start, left))).collect();
    let mut times: Vec<Moment> =
        slots.into_iter().map(|slot| slot.start).chain(taken.iter().copied()).collect();
    times.sort();
    let days: Vec<_> =
        by_day(times).into_iter().map(|(date, times)| day(date, &times, (&taken, &left), chosen)).collect();
    view! { <div class="week-grid">{days}</div> }
}

/// Neighbours of one local date together.
fn by_day(starts: Vec<Moment>) -> Vec<(Date, Vec<Moment>)> {
    let mut days: Vec<(Date, Vec<Moment>)> = Vec::new();
    for start in starts {
        let date = start.date();
        match days.last_mut() {
            Some((last, times)) if *last == date => times.push(start),
            _ => days.push((date, vec![start])),
        }
    }
    days
}

fn part_of(start: Moment) -> DayPart {
    DayPart::of(start.local().time())
}

/// One day: its times, which of them are taken by now, and how many places are left where several may come.
fn day(
    date: Date,
    times: &[Moment],
    (taken, left): (&[Moment], &[(Moment, i64)]),
    chosen: RwSignal<String>,
) -> impl IntoView + use<> {
    let left_at = |start: &Moment| left.iter().find(|(at, _)| at == start).map(|(_, left)| *left);
    let free = times.iter().filter(|start| !taken.contains(start)).count();
    let (date, count) = (date_long(date), t!(booking.times, count = free));
    let named = [
        (DayPart::Morning, t!(calendar.morning)),
        (DayPart::Afternoon, t!(calendar.afternoon)),
        (DayPart::Evening, t!(calendar.evening)),
    ];
    let parts: Vec<_> = named
        .into_iter()
        .filter_map(|(part, name)| {
            let chips: Vec<_> = times
                .iter()
                .filter(|start| part_of(**start) == part)
                .map(|start| {
                    view! {
                        <TimeChoice
                            start=*start
                            chosen
                            required=true
                            taken=taken.contains(start)
                            left=left_at(start)
                        />
                    }
                })
                .collect();
            (!chips.is_empty()).then(|| {
                view! {
                    <div class="day-part">
                        <h3 class="day-part-name">{name}</h3>
                        <div class="radios radios-chips">{chips}</div>
                    </div>
                }
            })
        })
        .collect();
    view! {
        <fieldset class="week-day">
            <legend class="field-label">
                {date} <span class="visually-hidden">", "</span> <span class="day-count">{count}</span>
            </legend>
            {parts}
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(text: &str) -> Slot {
        let start = text.parse().unwrap();
        Slot { start, end: start, places_left: None }
    }

    #[test]
    fn times_are_grouped_by_the_clinics_day() {
        let days = by_day(vec![
            slot("2026-11-24T09:00:00+13:00").start,
            slot("2026-11-24T17:30:00+13:00").start,
            slot("2026-11-25T08:00:00+13:00").start,
        ]);
        let counts: Vec<usize> = days.iter().map(|(_, times)| times.len()).collect();
        assert_eq!(counts, [2, 1]);
        assert_eq!(part_of("2026-11-24T12:00:00+13:00".parse().unwrap()), DayPart::Afternoon);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn every_day_is_one_group_and_all_of_them_one_question() {
        let owner = Owner::new();
        let slots = vec![slot("2026-11-24T09:00:00+01:00"), slot("2026-11-24T17:30:00+01:00")];
        let html =
            owner.with(|| view! { <WeekGrid slots=slots chosen=RwSignal::new(String::new()) /> }.to_html());
        assert!(html.contains("Tuesday 24 November") && html.contains(">2 times<"), "{html}");
        assert!(html.contains(t!(calendar.morning)) && html.contains(t!(calendar.evening)));
        assert!(!html.contains(t!(calendar.afternoon)));
        assert_eq!(html.matches("name=\"start\"").count(), 2);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn where_several_may_come_it_says_how_many_places_are_left() {
        let owner = Owner::new();
        let group = Slot { places_left: Some(3), ..slot("2026-11-24T09:00:00+01:00") };
        let last = Slot { places_left: Some(1), ..slot("2026-11-24T10:00:00+01:00") };
        let slots = vec![group, last, slot("2026-11-24T11:00:00+01:00")];
        let html = owner.with(|| view! { <WeekGrid slots chosen=RwSignal::new(String::new()) /> }.to_html());
        assert!(html.contains("3 places left") && html.contains("1 place left"), "{html}");
        assert_eq!(html.matches("radio-left").count(), 2, "{html}");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_time_that_was_just_taken_stays_and_cannot_be_chosen() {
        let owner = Owner::new();
        let (slots, taken) =
            (vec![slot("2026-11-24T17:30:00+01:00")], vec![slot("2026-11-24T09:00:00+01:00")]);
        let html =
            owner.with(|| view! { <WeekGrid slots taken chosen=RwSignal::new(String::new()) /> }.to_html());
        assert!(html.contains("Tuesday 24 November") && html.contains(">1 time<"), "{html}");
        assert_eq!(
            (html.matches(" disabled").count(), html.matches(t!(booking.taken)).count()),
            (1, 1),
            "{html}"
        );
    }
}
