//! What somebody waits for, in words, for both portals.

use domain::waitlist::DayPart;
use jiff::civil::{Date, Weekday};

use crate::i18n::{date_medium, dates, weekday_name};
use crate::t;
use crate::ui::Choice;

/// "Mon, Tue: mornings", or that any time will do.
pub(super) fn suits(weekdays: &[i8], parts: &[DayPart]) -> String {
    let days: Vec<_> = weekdays.iter().filter_map(|day| weekday(*day)).map(weekday_name).collect();
    let parts: Vec<_> = parts.iter().map(|part| part_name(*part)).collect();
    match (days.is_empty(), parts.is_empty()) {
        (true, true) => t!(waiting.any_time).to_owned(),
        (true, false) => parts.join(", "),
        (false, true) => days.join(", "),
        (false, false) => format!("{}: {}", days.join(", "), parts.join(", ")),
    }
}

/// The days for which somebody waits.
pub(super) fn span(from: Date, until: Date) -> String {
    dates(from, until, date_medium)
}

/// The days of the week as boxes.
pub(super) fn day_choices() -> Vec<Choice> {
    (1..=7).filter_map(|day| Some(Choice::new(day.to_string(), weekday_name(weekday(day)?)))).collect()
}

/// The parts of a day as boxes.
pub(super) fn part_choices() -> Vec<Choice> {
    DayPart::ALL.map(|part| Choice::new(part.code(), part_name(part))).into()
}

fn weekday(day: i8) -> Option<Weekday> {
    Weekday::from_monday_one_offset(day).ok()
}

fn part_name(part: DayPart) -> &'static str {
    match part {
        DayPart::Morning => t!(waiting.morning),
        DayPart::Afternoon => t!(waiting.afternoon),
        DayPart::Evening => t!(waiting.evening),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_suits_is_said_shortly() {
        assert_eq!(suits(&[], &[]), t!(waiting.any_time));
        assert_eq!(suits(&[1, 3], &[]), "Monday, Wednesday");
        assert_eq!(suits(&[5], &[DayPart::Morning]), format!("Friday: {}", t!(waiting.morning)));
        assert_eq!(day_choices().len(), 7);
    }
}
