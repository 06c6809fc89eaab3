//! The slot engine: from hours, exceptions and booked time to the times that may be booked. Pure; no clock, no I/O.
//!
//! Offering and validating are one function: [`offer`] lists every candidate that [`judge`] lets through, and [`check`]
//! finds its start among the same candidates and asks the same judge.

mod at_once;
mod candidates;
mod hours;
mod limits;
mod pools;
mod refusal;
mod seats;
mod standing;

#[cfg(test)]
mod clock_tests;
#[cfg(test)]
mod place_tests;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod seat_tests;
#[cfg(test)]
mod tests;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    availability::{BookingRules, DateException, Kind, TimeWindow, WeeklyWindow},
    ids::VisitTypeId,
    time::{MINUTE, Span, plus_days},
};

pub use at_once::at_once;
pub use hours::check_weekly;
pub use hours::check_windows;
pub use hours::first_date as first_date_of;
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
        self.first_within(span).is_some()
    }

    /// The first taken time that shares an instant with a span.
    pub fn first_within(&self, span: Span) -> Option<Span> {
        let first = self.0.partition_point(|taken| taken.end <= span.start);
        self.0.get(first).copied().filter(|taken| taken.overlaps(span))
    }
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
    if question.schedule.closed.overlaps(visit) {
        return Err(Refusal::HospitalClosed);
    }
    let begins = |windows: Vec<Span>| {
        windows
            .into_iter()
            .filter(|window| window.start <= visit.start && visit.start < window.end)
            .map(|window| visit.end <= window.end)
            .max()
    };
    let around = |kind| hours_around(question.schedule, local.date(), kind);
    let works = begins(around(None)).is_some();
    // That she is away is said of her hours only: strangers learn nothing of her nights.
    if works && question.schedule.away.overlaps(visit) {
        return Err(Refusal::Away);
    }
    Err(match begins(around(Some(question.shape.kind))) {
        Some(true) => Refusal::OffGrid,
        Some(false) => Refusal::DoesNotFit,
        None if works => Refusal::OtherVisits,
        None if is_closed(question.schedule, local.date()) => Refusal::Closed,
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

/// The hours of a date and of the one before it, which may reach over midnight.
fn hours_around(schedule: &Schedule, date: Date, kind: Option<Kind>) -> Vec<Span> {
    let days = [plus_days(date, -1), date].into_iter();
    days.flat_map(|day| candidates::windows_of(schedule, day, kind)).collect()
}

/// Why nobody is there for a visit that lies within the doctor's hours: what is closed for all comes before what is hers.
fn absent(question: &Question<'_>, visit: Span) -> Result<(), Refusal> {
    if question.schedule.closed.overlaps(visit) {
        return Err(Refusal::HospitalClosed);
    }
    if question.schedule.away.overlaps(visit) {
        return Err(Refusal::Away);
    }
    Ok(())
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

/// What decides about a candidate: past, notice, closing, absence, taken time, seats, limits, rooms and devices. [`offer`] and [`check`] both end here.
fn judge(question: &Question<'_>, start: i64) -> Result<(), Refusal> {
    let now = question.now.as_millisecond();
    if start <= now {
        return Err(Refusal::Past);
    }
    if start < earliest(question) {
        return Err(Refusal::TooSoon);
    }
    absent(question, question.shape.visit(start))?;
    let joins = unoccupied(question, start)?;
    if let Some(full) = question.besides.full {
        full.judge(start)?;
    }
    furnished(question, start, joins)
}

/// Whether a visit that stood somewhere can stand there again: hours and limits of a day are not asked, for they were then.
pub fn restorable(question: &Question<'_>, start: i64) -> Result<(), Refusal> {
    let joins = unoccupied(question, start)?;
    furnished(question, start, joins)
}

/// Whether the doctor has room for it; `true` where that is a seat of a group that stands already.
fn unoccupied(question: &Question<'_>, start: i64) -> Result<bool, Refusal> {
    if question.busy.overlaps(question.shape.block(start)) {
        let whole = question.busy.overlaps(question.shape.visit(start));
        return Err(if whole { Refusal::Taken } else { Refusal::TooClose });
    }
    question.besides.seats.map_or(Ok(false), |seats| seats.judge(question.shape, start))
}

/// Whether rooms and devices are free; whoever joins a group comes to those that it has.
fn furnished(question: &Question<'_>, start: i64, joins: bool) -> Result<(), Refusal> {
    match question.besides.pools {
        Some(pools) if !joins && pools.assign(question.shape.block(start)).is_err() => {
            Err(Refusal::NoResource)
        }
        Some(_) | None => Ok(()),
    }
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
