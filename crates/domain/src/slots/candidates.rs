//! The starts that a schedule allows on one local date, before anything is known about booked time or now.
//!
//! Gaps are skipped, never shifted; where clocks go back, a wall time counts once, at its first occurrence.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};

use super::{
    Schedule, Shape,
    clocks::{Clocks, counted},
};
use crate::{
    availability::{Kind, TimeWindow, WeeklyWindow},
    ids::VisitTypeId,
    time::{MINUTE, Span, plus_days},
};

/// A day of wall time, whatever the clocks do.
const DAY: i64 = 24 * 60 * MINUTE;

/// For how many starts room is made before they are found.
const MOST_ROOM: usize = 4096;

/// Calls `found` with each start from one date to another, both included, in the order of the windows of each date.
pub(super) fn of_days(
    schedule: &Schedule,
    shape: Shape,
    (from, to): (Date, Date),
    mut found: impl FnMut(i64),
) {
    let cadence = schedule.rules.cadence_minutes.max(1);
    let mut clocks = Clocks::of(&schedule.zone);
    let mut next = Some(from);
    let Some(mut midnight) = counted(from.to_datetime(Time::midnight())) else { return };
    while let Some(day) = next.filter(|day| *day <= to) {
        each_window(schedule, day, Some(shape.kind), |window| {
            let (first, last) = minutes(window);
            let offset = clocks.offset(midnight + first * MINUTE, midnight + last * MINUTE);
            let instant = |minute| match offset {
                Some(offset) => Some(midnight + minute * MINUTE - offset),
                None => first_instant(&schedule.zone, at_minute(day, minute)?).map(Timestamp::as_millisecond),
            };
            let bounds = match offset {
                Some(offset) => Some(Span::minutes(midnight + first * MINUTE - offset, last - first)),
                None => bounds(&schedule.zone, day, window),
            };
            let Some(bounds) = bounds else { return };
            let mut minute = first + (cadence - first % cadence) % cadence;
            while minute < last {
                let start = instant(minute);
                let fits = |visit: Span| bounds.start <= visit.start && visit.end <= bounds.end;
                if let Some(start) = start.filter(|start| fits(shape.visit(*start))) {
                    found(start);
                }
                minute += cadence;
            }
        });
        next = day.tomorrow().ok();
        midnight += DAY;
    }
}

/// How many starts the week has from one date to another, about: so room for them is made at once, where it is not for years.
pub(super) fn about(schedule: &Schedule, (from, to): (Date, Date)) -> usize {
    let cadence = schedule.rules.cadence_minutes.max(1);
    let starts = |rule: &WeeklyWindow| {
        let (first, last) = minutes(rule.window);
        (last - first) / cadence
    };
    let week: i64 = schedule.weekly.iter().map(starts).sum();
    let days = i64::from((to - from).get_days()) + 1;
    usize::try_from(week * days / 7 + 1).unwrap_or(0).min(MOST_ROOM)
}

/// The windows of a date as spans of instants: those for a kind of visit, or all.
pub(super) fn windows_of(schedule: &Schedule, day: Date, kind: Option<Kind>) -> impl Iterator<Item = Span> {
    let mut spans = Vec::new();
    each_window(schedule, day, kind, |window| spans.extend(bounds(&schedule.zone, day, window)));
    spans.into_iter()
}

/// The first instant at which clocks show a wall time; none in a gap.
pub(super) fn first_instant(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    let offset = match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset,
        AmbiguousOffset::Fold { before, .. } => before,
        AmbiguousOffset::Gap { .. } => return None,
    };
    offset.to_timestamp(local).ok()
}

fn each_window(schedule: &Schedule, day: Date, kind: Option<Kind>, mut visit: impl FnMut(TimeWindow)) {
    let opened = schedule.openings.iter().filter(|opening| opening.date == day);
    let wanted =
        |types: &[VisitTypeId]| types.is_empty() || kind.is_none_or(|kind| types.contains(&kind.visit_type));
    opened.filter(|opening| wanted(&opening.visit_types)).for_each(|opening| visit(opening.window));
    if let Some(exception) = schedule.exceptions.iter().find(|e| e.date == day) {
        exception.windows.iter().copied().for_each(visit);
        return;
    }
    // Most windows are of another weekday, and finding out which one a date is takes a division.
    let weekday = day.weekday().to_monday_one_offset();
    let weekly = schedule.weekly.iter().filter(|rule| rule.weekday == weekday && rule.holds_on(day));
    weekly.filter(|rule| kind.is_none_or(|kind| rule.takes(kind))).for_each(|rule| visit(rule.window));
}

/// Start and end in minutes since the midnight that the window's day begins with: what does not end after it begins ends on the next day.
pub(super) fn minutes(window: TimeWindow) -> (i64, i64) {
    let first = minute_of(window.start);
    let last = minute_of(window.end);
    (first, if last <= first { last + 24 * 60 } else { last })
}

fn minute_of(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

/// A window's instants.
fn bounds(zone: &TimeZone, day: Date, window: TimeWindow) -> Option<Span> {
    let (first, last) = minutes(window);
    let instant = |minute| reached(zone, at_minute(day, minute)?).map(Timestamp::as_millisecond);
    Some(Span { start: instant(first)?, end: instant(last)? })
}

/// When clocks first show a wall time or a later one: whoever comes at half past two comes when they jump from two to three.
pub(super) fn reached(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    let AmbiguousOffset::Gap { after, .. } = zone.to_ambiguous_timestamp(local).offset() else {
        return first_instant(zone, local);
    };
    // By the later offset the time lies before the jump.
    let before_it = after.to_timestamp(local).ok()?;
    zone.following(before_it).next().map(|jump| jump.timestamp())
}

fn at_minute(day: Date, minute: i64) -> Option<DateTime> {
    let day = if minute >= 24 * 60 { plus_days(day, 1) } else { day };
    let of_day = minute % (24 * 60);
    let time = Time::new(i8::try_from(of_day / 60).ok()?, i8::try_from(of_day % 60).ok()?, 0, 0).ok()?;
    Some(day.to_datetime(time))
}
