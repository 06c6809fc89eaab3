//! The starts that a schedule allows on one local date, before anything is known about booked time or now.
//!
//! Gaps are skipped, never shifted; where clocks go back, a wall time counts once, at its first occurrence.

use jiff::{
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, Offset, TimeZone},
};

use super::{Schedule, Shape};
use crate::{
    availability::{Kind, TimeWindow},
    ids::VisitTypeId,
    time::{Span, plus_days},
};

/// Calls `found` with each start of a date, in the order of its windows.
pub(super) fn of_day(schedule: &Schedule, shape: Shape, day: Date, mut found: impl FnMut(i64)) {
    let cadence = schedule.rules.cadence_minutes.max(1);
    each_window(schedule, day, Some(shape.kind), |window| {
        let Some(bounds) = bounds(&schedule.zone, day, window) else { return };
        let (first, last) = minutes(window);
        let mut minute = first + (cadence - first % cadence) % cadence;
        let plain = plain_offset(&schedule.zone, day, first, last);
        while minute < last {
            let start = match plain {
                Some(offset) => at_offset(day, minute, offset),
                None => at_minute(day, minute)
                    .and_then(|local| first_instant(&schedule.zone, local))
                    .map(jiff::Timestamp::as_millisecond),
            };
            if let Some(start) = start {
                let visit = shape.visit(start);
                if bounds.start <= visit.start && visit.end <= bounds.end {
                    found(start);
                }
            }
            minute += cadence;
        }
    });
}

/// The windows of a date as spans of instants: those for a kind of visit, or all.
pub(super) fn windows_of(schedule: &Schedule, day: Date, kind: Option<Kind>) -> impl Iterator<Item = Span> {
    let mut spans = Vec::new();
    each_window(schedule, day, kind, |window| spans.extend(bounds(&schedule.zone, day, window)));
    spans.into_iter()
}

/// The first instant at which clocks show a wall time; none in a gap.
pub(super) fn first_instant(zone: &TimeZone, local: DateTime) -> Option<jiff::Timestamp> {
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
    let weekly = schedule.weekly.iter().filter(|rule| rule.holds_on(day));
    weekly.filter(|rule| kind.is_none_or(|kind| rule.takes(kind))).for_each(|rule| visit(rule.window));
}

/// Start and end in minutes since the midnight that the window's day begins with.
fn minutes(window: TimeWindow) -> (i64, i64) {
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
    let instant = |minute| reached(zone, at_minute(day, minute)?).map(jiff::Timestamp::as_millisecond);
    Some(Span { start: instant(first)?, end: instant(last)? })
}

/// When clocks first show a wall time or a later one: whoever comes at half past two comes when they jump from two to three.
pub(super) fn reached(zone: &TimeZone, local: DateTime) -> Option<jiff::Timestamp> {
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

/// The offset that holds through a window, or none when the clocks may change in it: then each start is looked up.
fn plain_offset(zone: &TimeZone, day: Date, first: i64, last: i64) -> Option<Offset> {
    let sure = |minute| match zone.to_ambiguous_timestamp(at_minute(day, minute)?).offset() {
        AmbiguousOffset::Unambiguous { offset } => Some(offset),
        AmbiguousOffset::Gap { .. } | AmbiguousOffset::Fold { .. } => None,
    };
    let offset = sure(first)?;
    // Two changes that cancel each other within a day have not happened since zone records began.
    (offset == sure(last)?).then_some(offset)
}

fn at_offset(day: Date, minute: i64, offset: Offset) -> Option<i64> {
    offset.to_timestamp(at_minute(day, minute)?).ok().map(jiff::Timestamp::as_millisecond)
}
