//! The slot engine: from hours, exceptions and booked time to the times that may be booked. Pure; no clock, no I/O.
//!
//! Offering and validating are one function: [`offer`] lists every candidate that the judge lets through, and [`check`]
//! finds its start among the same candidates and asks the same judge.

mod at_once;
mod busy;
mod candidates;
mod clocks;
mod hours;
mod judge;
mod limits;
mod pools;
mod refusal;
mod seats;
mod standing;

#[cfg(test)]
mod clock_tests;
#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod place_tests;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod seat_tests;
#[cfg(test)]
mod tests;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use judge::Judge;

use crate::{
    availability::{BookingRules, DateException, Kind, TimeWindow, WeeklyWindow},
    ids::VisitTypeId,
    time::{MINUTE, Span, plus_days},
};

pub use at_once::at_once;
pub use busy::Busy;
pub use hours::check_weekly;
pub use hours::check_windows;
pub use hours::first_date as first_date_of;
pub use judge::restorable;
pub use limits::{FullDays, Limits, day_of};
pub use pools::{Pool, Pools};
pub use refusal::Refusal;
pub use seats::Seats;
pub use standing::{as_agreed, open_time, stands, unseated};

/// When a doctor works and how her times are offered.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Zone of all wall times.
    pub zone: TimeZone,
    /// The week.
    pub weekly: Vec<WeeklyWindow>,
    /// Dates on which the week does not hold.
    pub exceptions: Vec<DateException>,
    /// Windows that are there besides, once.
    pub openings: Vec<Opening>,
    /// When the doctor is away, whatever her hours say.
    pub away: Busy,
    /// When the whole hospital is closed.
    pub closed: Busy,
    /// Cadence, notice, horizon.
    pub rules: BookingRules,
}

impl Schedule {
    /// The same hours, offered until a date at least: whoever was asked back looks as far as she was asked, whatever the horizon.
    #[must_use]
    pub fn offered_until(&self, today: Date, until: Date) -> Self {
        let days = i64::from((until - today).get_days());
        let rules = BookingRules { horizon_days: self.rules.horizon_days.max(days), ..self.rules };
        Self { rules, ..self.clone() }
    }
}

/// What a visit takes from the day, in minutes, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// What it is.
    pub kind: Kind,
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

/// A window that is there once, besides what the week and its exceptions say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The date on which it begins.
    pub date: Date,
    /// The window.
    pub window: TimeWindow,
    /// What is booked then; everything the doctor offers when empty.
    pub visit_types: Vec<VisitTypeId>,
}

/// Everything that decides whether a start may be booked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The doctor's hours.
    pub schedule: &'a Schedule,
    /// The visit.
    pub shape: Shape,
    /// The doctor's taken time, buffers included, but for groups that the visit may join.
    pub busy: &'a Busy,
    /// Now.
    pub now: Timestamp,
    /// What else has to be free.
    pub besides: Besides<'a>,
}

/// What is asked besides the doctor's own time; nothing where there are no groups, no limits and no needs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Besides<'a> {
    /// Groups of the kind that stand already, where several may come to one time.
    pub seats: Option<&'a Seats>,
    /// Days that take no more visits.
    pub full: Option<&'a FullDays>,
    /// Rooms and devices.
    pub pools: Option<&'a Pools>,
}

/// All starts that may be booked in windows that begin from one local date to another, both included, earliest first: hours over midnight
/// belong to the date on which they begin, so a start may lie on the date after the last.
pub fn offer(question: &Question<'_>, from: Date, to: Date) -> Vec<i64> {
    let days = (from.max(first_date(question)), to.min(last_date(question)));
    let mut starts = Vec::with_capacity(candidates::about(question.schedule, days));
    let mut judge = Judge::of(question);
    candidates::of_days(question.schedule, question.shape, days, |start| {
        if judge.judge(start).is_ok() {
            starts.push(start);
        }
    });
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
    let date = Timestamp::from_millisecond(start)
        .map_err(|_| Refusal::TooFar)?
        .to_zoned(question.schedule.zone.clone())
        .date();
    let last = last_date(question);
    // A window that began yesterday may reach over midnight, that of the horizon's last date into a date which has none of its own.
    let days = (plus_days(date, -1), date.min(last));
    let mut found = false;
    candidates::of_days(question.schedule, question.shape, days, |candidate| found |= candidate == start);
    if found {
        return Judge::of(question).judge(start);
    }
    let visit = question.shape.visit(start);
    let begins = |windows: Vec<Span>| {
        windows
            .into_iter()
            .filter(|window| window.start <= visit.start && visit.start < window.end)
            .map(|window| visit.end <= window.end)
            .max()
    };
    let around = |kind| hours_of(question.schedule, days, kind);
    let works = begins(around(None)).is_some();
    if !works && date > last {
        return Err(Refusal::TooFar);
    }
    if question.schedule.closed.overlaps(visit) {
        return Err(Refusal::HospitalClosed);
    }
    // That she is away is said of her hours only: strangers learn nothing of her nights.
    if works && question.schedule.away.overlaps(visit) {
        return Err(Refusal::Away);
    }
    Err(match begins(around(Some(question.shape.kind))) {
        Some(true) => Refusal::OffGrid,
        Some(false) => Refusal::DoesNotFit,
        None if works => Refusal::OtherVisits,
        None if is_closed(question.schedule, date) => Refusal::Closed,
        None => Refusal::OutsideHours,
    })
}

/// When a doctor sees such visits on a local date, as spans of instants, or any visits; hours over midnight belong to the date on which
/// they begin. Whether she is away then is not asked.
pub fn hours_on(schedule: &Schedule, date: Date, kind: Option<Kind>) -> Vec<Span> {
    let mut hours: Vec<_> = candidates::windows_of(schedule, date, kind).collect();
    hours.sort_unstable();
    hours
}

/// The hours of a date and of the one before it, as far as they are asked for; none where the last is before the first.
fn hours_of(schedule: &Schedule, (first, last): (Date, Date), kind: Option<Kind>) -> Vec<Span> {
    let days = [first, last].into_iter().filter(|day| (first..=last).contains(day));
    days.flat_map(|day| candidates::windows_of(schedule, day, kind)).collect()
}

/// Whether an exception takes a whole date away.
fn is_closed(schedule: &Schedule, date: Date) -> bool {
    schedule.exceptions.iter().any(|exception| exception.date == date && exception.windows.is_empty())
        && !schedule.openings.iter().any(|opening| opening.date == date)
}

/// The starts nearest to one that cannot be had, the earliest first: as many of those offered between two dates as are wanted.
pub fn nearest(question: &Question<'_>, start: Timestamp, from: Date, to: Date, wanted: usize) -> Vec<i64> {
    let start = start.as_millisecond();
    let mut offered = offer(question, from, to);
    // One that is free here and cannot be had for another reason is no way out.
    offered.retain(|other| *other != start);
    offered.sort_by_key(|other| (other.abs_diff(start), *other));
    offered.truncate(wanted);
    offered.sort_unstable();
    offered
}

/// The earliest start that the notice allows.
pub fn earliest(question: &Question<'_>) -> i64 {
    question.now.as_millisecond() + question.schedule.rules.notice_minutes * MINUTE
}

/// The instant of a wall time: the first of two where clocks go back, none where they skip it.
pub fn instant_of(zone: &TimeZone, local: jiff::civil::DateTime) -> Result<Timestamp, Refusal> {
    candidates::first_instant(zone, local).ok_or(Refusal::InGap)
}

/// From one wall time to another, as instants: what the clocks skip begins when they jump. None beyond the end of time.
pub fn span_between(zone: &TimeZone, from: jiff::civil::DateTime, to: jiff::civil::DateTime) -> Option<Span> {
    let instant = |local| candidates::reached(zone, local).map(Timestamp::as_millisecond);
    Some(Span { start: instant(from)?, end: instant(to)? })
}

fn today(question: &Question<'_>) -> Date {
    question.now.to_zoned(question.schedule.zone.clone()).date()
}

fn first_date(question: &Question<'_>) -> Date {
    // Yesterday's window may reach into today.
    plus_days(today(question), -1)
}

/// The last date that the horizon allows.
pub fn last_date(question: &Question<'_>) -> Date {
    plus_days(today(question), i32::try_from(question.schedule.rules.horizon_days).unwrap_or(i32::MAX))
}
