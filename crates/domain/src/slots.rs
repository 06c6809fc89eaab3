//! The slot engine: from hours, exceptions and booked time to the times that may be booked. Pure; no clock, no I/O.
//!
//! Offering and validating are one function: [`offer`] lists every candidate that [`judge`] lets through, and [`check`]
//! finds its start among the same candidates and asks the same judge.

mod candidates;
mod hours;

#[cfg(test)]
mod clock_tests;
#[cfg(test)]
mod tests;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    availability::{BookingRules, DateException, WeeklyWindow},
    time::{MINUTE, Span, plus_days},
};

pub use hours::check_weekly;
pub use hours::check_windows;

/// When a doctor works and how her times are offered.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Zone of all wall times.
    pub zone: TimeZone,
    /// The week.
    pub weekly: Vec<WeeklyWindow>,
    /// Dates on which the week does not hold.
    pub exceptions: Vec<DateException>,
    /// Cadence, notice, horizon.
    pub rules: BookingRules,
}

/// What a visit takes from the day, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The visit.
    pub minutes: i64,
    /// Free before it.
    pub before: i64,
    /// Free after it.
    pub after: i64,
}

impl Shape {
    /// The visit itself.
    pub fn visit(self, start: i64) -> Span {
        Span::minutes(start, self.minutes)
    }

    /// The visit with its buffers: what it blocks.
    pub fn block(self, start: i64) -> Span {
        Span { start: start - self.before * MINUTE, end: start + (self.minutes + self.after) * MINUTE }
    }
}

/// Time that is taken: sorted and merged, so that one search finds any overlap.
#[derive(Debug, Clone, Default)]
pub struct Busy(Vec<Span>);

impl Busy {
    /// Sorts and merges.
    pub fn new(mut spans: Vec<Span>) -> Self {
        spans.sort_unstable();
        spans.dedup_by(|next, kept| {
            let joined = next.start <= kept.end;
            if joined {
                kept.end = kept.end.max(next.end);
            }
            joined
        });
        Self(spans)
    }

    /// Whether a span shares an instant with taken time.
    pub fn overlaps(&self, span: Span) -> bool {
        let first = self.0.partition_point(|taken| taken.end <= span.start);
        self.0.get(first).is_some_and(|taken| taken.overlaps(span))
    }
}

/// Everything that decides whether a start may be booked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The doctor's hours.
    pub schedule: &'a Schedule,
    /// The visit.
    pub shape: Shape,
    /// The doctor's taken time, buffers included.
    pub busy: &'a Busy,
    /// Now.
    pub now: Timestamp,
}

/// Why a start may not be booked. The codes are message keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is over.
    Past,
    /// It is nearer than the notice.
    TooSoon,
    /// It is beyond the horizon.
    TooFar,
    /// The doctor does not work then.
    OutsideHours,
    /// The doctor works then, but visits do not begin at that minute.
    OffGrid,
    /// The clocks skip that wall time.
    InGap,
    /// Somebody has it.
    Taken,
}

impl Refusal {
    /// The rule's key.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Past => "slot_past",
            Self::TooSoon => "slot_too_soon",
            Self::TooFar => "slot_too_far",
            Self::OutsideHours => "slot_outside_hours",
            Self::OffGrid => "slot_off_grid",
            Self::InGap => "slot_in_gap",
            Self::Taken => "slot_taken",
        }
    }
}

/// All starts that may be booked from one local date to another, both included, earliest first.
pub fn offer(question: &Question<'_>, from: Date, to: Date) -> Vec<i64> {
    let last = to.min(last_date(question));
    let mut day = from.max(first_date(question));
    let mut starts = Vec::new();
    while day <= last {
        candidates::of_day(question.schedule, question.shape, day, |start| {
            if judge(question, start).is_ok() {
                starts.push(start);
            }
        });
        if day == Date::MAX {
            break;
        }
        day = plus_days(day, 1);
    }
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// Whether one start may be booked: it must be a candidate of its day, and the judge must let it through.
pub fn check(question: &Question<'_>, start: Timestamp) -> Result<(), Refusal> {
    let start = start.as_millisecond();
    if start <= question.now.as_millisecond() {
        return Err(Refusal::Past);
    }
    let local = Timestamp::from_millisecond(start)
        .map_err(|_| Refusal::TooFar)?
        .to_zoned(question.schedule.zone.clone())
        .datetime();
    if local.date() > last_date(question) {
        return Err(Refusal::TooFar);
    }
    let mut found = false;
    // A window that began yesterday may reach over midnight.
    for day in [plus_days(local.date(), -1), local.date()] {
        candidates::of_day(question.schedule, question.shape, day, |candidate| found |= candidate == start);
    }
    if found {
        return judge(question, start);
    }
    let visit = question.shape.visit(start);
    let works = [plus_days(local.date(), -1), local.date()].into_iter().any(|day| {
        candidates::windows_of(question.schedule, day).any(|w| w.start <= visit.start && visit.end <= w.end)
    });
    Err(if works { Refusal::OffGrid } else { Refusal::OutsideHours })
}

/// What decides about a candidate: past, notice, horizon, taken time. [`offer`] and [`check`] both end here.
fn judge(question: &Question<'_>, start: i64) -> Result<(), Refusal> {
    let now = question.now.as_millisecond();
    if start <= now {
        return Err(Refusal::Past);
    }
    if start < now + question.schedule.rules.notice_minutes * MINUTE {
        return Err(Refusal::TooSoon);
    }
    if question.busy.overlaps(question.shape.block(start)) {
        return Err(Refusal::Taken);
    }
    Ok(())
}

/// The instant of a wall time: the first of two where clocks go back, none where they skip it.
pub fn instant_of(zone: &TimeZone, local: jiff::civil::DateTime) -> Result<Timestamp, Refusal> {
    candidates::first_instant(zone, local).ok_or(Refusal::InGap)
}

fn today(question: &Question<'_>) -> Date {
    question.now.to_zoned(question.schedule.zone.clone()).date()
}

fn first_date(question: &Question<'_>) -> Date {
    // Yesterday's window may reach into today.
    plus_days(today(question), -1)
}

fn last_date(question: &Question<'_>) -> Date {
    plus_days(today(question), i32::try_from(question.schedule.rules.horizon_days).unwrap_or(i32::MAX))
}
