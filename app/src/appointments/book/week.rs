//! The free times of a week: a set of choices per day, within it morning, afternoon and evening.
//! All of them are one question: one time can be chosen.

use domain::availability::Slot;
use domain::time::Moment;
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
    /// The one that is chosen.
    chosen: RwSignal<String>,
) -> impl IntoView {
    let days: Vec<_> = by_day(slots).into_iter().map(|(date, times)| day(date, times, chosen)).collect();
    view! { <div class="week-grid">{days}</div> }
}

/// Neighbours of one local date together.
fn by_day(slots: Vec<Slot>) -> Vec<(Date, Vec<Moment>)> {
    let mut days: Vec<(Date, Vec<Moment>)> = Vec::new();
    for slot in slots {
        let date = slot.start.date();
        match days.last_mut() {
            Some((last, times)) if *last == date => times.push(slot.start),
            _ => days.push((date, vec![slot.start])),
        }
    }
    days
}

/// Morning ends at noon, the afternoon at five.
fn part_of(start: Moment) -> usize {
    match start.local().hour() {
        ..12 => 0,
        12..17 => 1,
        _ => 2,
    }
}

fn day(date: Date, times: Vec<Moment>, chosen: RwSignal<String>) -> impl IntoView {
    let legend =
        t!(booking.day_legend, date = date_long(date), times = t!(booking.times, count = times.len()));
    let parts: Vec<_> = [t!(calendar.morning), t!(calendar.afternoon), t!(calendar.evening)]
        .into_iter()
        .enumerate()
        .filter_map(|(part, name)| {
            let chips: Vec<_> = times
                .iter()
                .filter(|start| part_of(**start) == part)
                .map(|start| view! { <TimeChoice start=*start chosen required=true /> })
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
            <legend class="field-label">{legend}</legend>
            {parts}
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(text: &str) -> Slot {
        let start = text.parse().unwrap();
        Slot { start, end: start }
    }

    #[test]
    fn times_are_grouped_by_the_clinics_day() {
        let days = by_day(vec![
            slot("2026-11-24T09:00:00+13:00"),
            slot("2026-11-24T17:30:00+13:00"),
            slot("2026-11-25T08:00:00+13:00"),
        ]);
        let counts: Vec<usize> = days.iter().map(|(_, times)| times.len()).collect();
        assert_eq!(counts, [2, 1]);
        assert_eq!(part_of("2026-11-24T12:00:00+13:00".parse().unwrap()), 1);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn every_day_is_one_group_and_all_of_them_one_question() {
        let owner = Owner::new();
        let slots = vec![slot("2026-11-24T09:00:00+01:00"), slot("2026-11-24T17:30:00+01:00")];
        let html =
            owner.with(|| view! { <WeekGrid slots=slots chosen=RwSignal::new(String::new()) /> }.to_html());
        assert!(html.contains("Tuesday 24 November, 2 times"), "{html}");
        assert!(html.contains(t!(calendar.morning)) && html.contains(t!(calendar.evening)));
        assert!(!html.contains(t!(calendar.afternoon)));
        assert_eq!(html.matches("name=\"start\"").count(), 2);
    }
}
