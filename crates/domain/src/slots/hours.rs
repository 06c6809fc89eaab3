//! Whether hours that somebody typed make sense: order, overlap, and windows that reach over midnight.
//!
//! It says nothing about zones.

use jiff::civil::Date;

use super::candidates;
use crate::{
    availability::{MOST_WEEKS, TimeWindow, WeeklyWindow},
    time::{monday_of, plus_days},
};

const DAY: i64 = 24 * 60;

/// Checks a week: `weekday_unknown`, `hours_order`, `range_order` (it ends before it begins), `weeks_out_of_range`,
/// `weeks_need_a_beginning`, `hours_overlap`, with the index of the second window of the pair. Windows that never hold in the same
/// week may lie on each other.
pub fn check_weekly(weekly: &[WeeklyWindow]) -> Result<(), (usize, &'static str)> {
    let mut spans = Vec::with_capacity(weekly.len());
    for (index, entry) in weekly.iter().enumerate() {
        let rule = |ok: bool, rule| if ok { Ok(()) } else { Err((index, rule)) };
        rule((1..=7).contains(&entry.weekday), "weekday_unknown")?;
        rule(entry.valid_to.is_none_or(|to| entry.valid_from.is_none_or(|from| from <= to)), "range_order")?;
        rule((1..=MOST_WEEKS).contains(&entry.every_weeks), "weeks_out_of_range")?;
        rule(entry.every_weeks == 1 || entry.valid_from.is_some(), "weeks_need_a_beginning")?;
        let (start, end) = minutes(entry.window).ok_or((index, "hours_order"))?;
        let midnight = i64::from(entry.weekday - 1) * DAY;
        spans.push((index, midnight + start, midnight + end));
    }
    // Sunday night reaches into Monday: look at the week before and the one after as well.
    overlap(&spans, 7 * DAY, |one, other, weeks| match (weekly.get(one), weekly.get(other)) {
        (Some(one), Some(other)) => may_meet(one, other, weeks),
        _ => true,
    })
}

/// Whether the second window ever holds so many weeks after the first.
fn may_meet(one: &WeeklyWindow, other: &WeeklyWindow, weeks: i64) -> bool {
    // A night reaches into the date after it. Only dates of a window's own weekday count.
    let never = |first: &WeeklyWindow, then: &WeeklyWindow| match (last_date(first), first_date(then)) {
        (Some(to), Some(from)) => plus_days(to, i32::from(first.window.end <= first.window.start)) < from,
        _ => false,
    };
    if never(one, other) || never(other, one) {
        return false;
    }
    let (Some(here), Some(there)) = (one.valid_from, other.valid_from) else { return true };
    // Two rhythms meet in weeks whose distance is a multiple of what both share.
    (weeks_between(here, there) - weeks) % i64::from(common_divisor(one.every_weeks, other.every_weeks)) == 0
}

/// The first date on which a window can hold, if it has a beginning.
pub fn first_date(window: &WeeklyWindow) -> Option<Date> {
    let from = window.valid_from?;
    let ahead = i32::from(window.weekday) - i32::from(from.weekday().to_monday_one_offset());
    Some(plus_days(from, ahead.rem_euclid(7)))
}

/// The last date on which it can hold, if it has an end.
fn last_date(window: &WeeklyWindow) -> Option<Date> {
    let to = window.valid_to?;
    let back = i32::from(to.weekday().to_monday_one_offset()) - i32::from(window.weekday);
    Some(plus_days(to, -back.rem_euclid(7)))
}

fn weeks_between(one: Date, other: Date) -> i64 {
    i64::from(monday_of(one).until(monday_of(other)).map_or(0, |span| span.get_days()) / 7)
}

fn common_divisor(a: i32, b: i32) -> i32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// Checks the windows of one date: `hours_order`, `hours_overlap`.
pub fn check_windows(windows: &[TimeWindow]) -> Result<(), (usize, &'static str)> {
    let mut spans = Vec::with_capacity(windows.len());
    for (index, window) in windows.iter().enumerate() {
        let (start, end) = minutes(*window).ok_or((index, "hours_order"))?;
        spans.push((index, start, end));
    }
    overlap(&spans, 2 * DAY, |_, _, _| true)
}

fn overlap(
    spans: &[(usize, i64, i64)],
    week: i64,
    may_meet: impl Fn(usize, usize, i64) -> bool,
) -> Result<(), (usize, &'static str)> {
    for (at, &(first, start, end)) in spans.iter().enumerate() {
        for &(index, other_start, other_end) in spans.iter().skip(at + 1) {
            for weeks in [-1, 0, 1] {
                let shift = weeks * week;
                if start < other_end + shift && other_start + shift < end && may_meet(first, index, weeks) {
                    return Err((index, "hours_overlap"));
                }
            }
        }
    }
    Ok(())
}

/// Start and end in minutes. What ends when it begins is a whole day at midnight; at any other time somebody has mistyped.
fn minutes(window: TimeWindow) -> Option<(i64, i64)> {
    let (start, end) = candidates::minutes(window);
    (end - start < DAY || start == 0).then_some((start, end))
}
