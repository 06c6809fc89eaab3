//! Whether hours that somebody typed make sense: order, overlap, and windows that reach over midnight.
//!
//! It says nothing about dates or zones.

use jiff::civil::Time;

use crate::availability::{TimeWindow, WeeklyWindow};

const DAY: i64 = 24 * 60;

/// Checks a week: `weekday_unknown`, `hours_order`, `hours_overlap`, with the index of the second window of the pair.
pub fn check_weekly(weekly: &[WeeklyWindow]) -> Result<(), (usize, &'static str)> {
    let mut spans = Vec::with_capacity(weekly.len());
    for (index, entry) in weekly.iter().enumerate() {
        if !(1..=7).contains(&entry.weekday) {
            return Err((index, "weekday_unknown"));
        }
        let (start, end) = minutes(entry.window).ok_or((index, "hours_order"))?;
        let midnight = i64::from(entry.weekday - 1) * DAY;
        spans.push((index, midnight + start, midnight + end));
    }
    // Sunday night reaches into Monday: look at the week twice.
    overlap(&spans, 7 * DAY)
}

/// Checks the windows of one date: `hours_order`, `hours_overlap`.
pub fn check_windows(windows: &[TimeWindow]) -> Result<(), (usize, &'static str)> {
    let mut spans = Vec::with_capacity(windows.len());
    for (index, window) in windows.iter().enumerate() {
        let (start, end) = minutes(*window).ok_or((index, "hours_order"))?;
        spans.push((index, start, end));
    }
    overlap(&spans, 2 * DAY)
}

fn overlap(spans: &[(usize, i64, i64)], week: i64) -> Result<(), (usize, &'static str)> {
    for (at, &(_, start, end)) in spans.iter().enumerate() {
        for &(index, other_start, other_end) in spans.iter().skip(at + 1) {
            for shift in [-week, 0, week] {
                if start < other_end + shift && other_start + shift < end {
                    return Err((index, "hours_overlap"));
                }
            }
        }
    }
    Ok(())
}

/// Start and end in minutes; none for an empty window.
fn minutes(window: TimeWindow) -> Option<(i64, i64)> {
    let of = |t: Time| i64::from(t.hour()) * 60 + i64::from(t.minute());
    let (start, end) = (of(window.start), of(window.end));
    if start == end && start != 0 {
        return None;
    }
    Some((start, if end <= start { end + DAY } else { end }))
}
