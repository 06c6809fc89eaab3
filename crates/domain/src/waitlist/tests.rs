//! Which times suit a wish, and when and for how long something is offered.

use jiff::civil::{date, time};

use super::*;
use crate::{
    error::{Conflict, Error, Findings},
    time::MINUTE,
};

fn findings(
    from: civil::Date,
    until: civil::Date,
    weekdays: &[i8],
    last: Option<civil::Date>,
) -> Vec<String> {
    let mut found = Findings::new();
    check(&mut found, (from, until), weekdays, date(2026, 11, 23), last);
    match found.finish() {
        Ok(()) => Vec::new(),
        Err(Error::Invalid { fields }) => {
            fields.into_iter().map(|broken| format!("{}: {}", broken.field, broken.rule)).collect()
        }
        Err(other) => vec![other.to_string()],
    }
}

#[test]
fn a_wish_is_for_ninety_days_at_most_and_for_days_to_come() {
    let (today, last) = (date(2026, 11, 23), date(2027, 2, 21));
    assert!(findings(today, last, &[1, 7], None).is_empty());
    assert_eq!(findings(today, last.tomorrow().unwrap(), &[], None), ["until: range_too_long"]);
    assert_eq!(findings(today.yesterday().unwrap(), today, &[], None), ["from: date_past"]);
    assert_eq!(findings(today.tomorrow().unwrap(), today, &[], None), ["until: range_order"]);
    assert_eq!(findings(date(2028, 1, 1), date(2028, 1, 2), &[], None), ["from: date_too_far"]);
    for weekdays in [&[0][..], &[8], &[-1], &[1, 2, 3, 4, 5, 6, 7, 1]] {
        assert_eq!(findings(today, last, weekdays, None), ["weekdays: weekday_unknown"], "{weekdays:?}");
    }
    assert!(findings(today, today, &[], Some(today)).is_empty());
    assert_eq!(findings(today, today.tomorrow().unwrap(), &[], Some(today)), ["until: date_too_late"]);
}

#[test]
fn what_suits_lies_in_the_span_on_a_day_and_in_a_part_of_it() {
    let (monday, friday) = (date(2026, 11, 23), date(2026, 11, 27));
    let any = Wanted::new(monday, friday, &[], &[]);
    assert!(any.suits(monday.at(0, 0, 0, 0)) && any.suits(friday.at(23, 59, 0, 0)));
    assert!(!any.suits(monday.yesterday().unwrap().at(12, 0, 0, 0)));
    assert!(!any.suits(friday.tomorrow().unwrap().at(12, 0, 0, 0)));
    let narrow = Wanted::new(monday, friday, &[1, 5], &[DayPart::Morning, DayPart::Evening]);
    assert!(narrow.suits(monday.at(11, 59, 0, 0)) && narrow.suits(friday.at(17, 0, 0, 0)));
    assert!(!narrow.suits(monday.at(12, 0, 0, 0)) && !narrow.suits(monday.at(16, 59, 0, 0)));
    assert!(!narrow.suits(date(2026, 11, 25).at(9, 0, 0, 0)));
    assert_eq!(
        (narrow.weekdays(), narrow.day_parts()),
        (vec![1, 5], vec![DayPart::Morning, DayPart::Evening])
    );
    let (weekdays, parts) = narrow.bits();
    assert_eq!((weekdays, parts), (0b001_0001, 0b101));
    assert_eq!(Wanted::stored(monday, friday, weekdays, parts), Some(narrow));
    assert_eq!(Wanted::stored(monday, friday, -1, 0), None);
    assert_eq!(Wanted::stored(monday, friday, 0, 256), None);
}

#[test]
fn an_offer_leaves_time_to_answer_and_to_come() {
    assert_eq!(offer_until(0, 600 * MINUTE), Some(15 * MINUTE));
    assert_eq!(offer_until(0, 40 * MINUTE), Some(10 * MINUTE));
    assert_eq!(offer_until(0, 35 * MINUTE), Some(5 * MINUTE));
    assert_eq!(offer_until(0, 35 * MINUTE - 1), None);
}

#[test]
fn nobody_is_woken() {
    let quiet = |hour, minute| is_quiet(time(hour, minute, 0, 0));
    assert!(quiet(21, 0) && quiet(0, 0) && quiet(7, 59));
    assert!(!quiet(8, 0) && !quiet(20, 59));
}

#[test]
fn a_patient_waits_in_five_lines_at_most() {
    assert_eq!(may_wait_once_more(4, 9), Ok(()));
    assert_eq!(may_wait_once_more(5, 5), Err(Error::conflict(Conflict::TooManyEntries)));
    assert_eq!(may_wait_once_more(0, 10), Err(Error::conflict(Conflict::TooManyEntries)));
}

#[test]
fn an_account_is_offered_two_times_at_once_at_most() {
    assert!(may_be_offered_one_more(0) && may_be_offered_one_more(1));
    assert!(!may_be_offered_one_more(2));
}

#[test]
fn codes_read_back() {
    for status in EntryStatus::ALL {
        assert_eq!(EntryStatus::parse(status.code()), Some(status));
        assert_eq!(status.is_open(), matches!(status, EntryStatus::Waiting | EntryStatus::Offered));
    }
    for part in DayPart::ALL {
        assert_eq!(DayPart::parse(part.code()), Ok(part));
    }
    assert_eq!((EntryStatus::parse("gone"), DayPart::parse("night")), (None, Err("unknown_value")));
    let outcomes = [
        (OfferOutcome::Open, "open"),
        (OfferOutcome::Taken, "taken"),
        (OfferOutcome::Declined, "declined"),
        (OfferOutcome::Lapsed, "lapsed"),
        (OfferOutcome::Lost, "lost"),
    ];
    for (outcome, code) in outcomes {
        assert_eq!(outcome.code(), code);
    }
}
