//! What a wish may say, which times suit it, when something is offered, and for how long.
//!
//! Whether a time is free is not asked here.

use jiff::civil::{Date, DateTime, Time};

use super::DayPart;
use crate::{
    error::{Conflict, Error, Findings, Result},
    time::{MINUTE, plus_days},
};

/// Days from the first that suits to the last, at most.
pub const SPAN_DAYS: i32 = 90;
/// How far ahead the first day may be.
pub const FURTHEST_DAYS: i32 = 366;
/// Lists on which a patient may be at one moment.
pub const OPEN_ENTRIES: i64 = 5;
/// Lists that one account may join at a time for all for whom it acts.
pub const OPEN_ENTRIES_BY_ACCOUNT: i64 = 10;
/// How long an offered time is kept.
pub const OFFER_MINUTES: i64 = 15;
/// So long before the visit begins nothing is kept any more: she has to come there, and who is next does, too.
pub const MARGIN_MINUTES: i64 = 30;
/// A time that could be kept for less than this is not offered: nobody could answer.
pub const LEAST_MINUTES: i64 = 5;
/// After so many offers that nobody has answered, the entry ends: the times were kept from others.
pub const LAPSES: i64 = 3;
/// Times that may be kept at one moment for those whom an account has put in line and for whom it acts: one person can answer two within a
/// quarter of an hour, and two children can come together. A larger family is asked one after the other, and the times in between are for
/// others.
pub const OPEN_OFFERS_BY_ACCOUNT: i64 = 2;
/// For so long a time that somebody has declined or not answered is not offered to her again, though she leaves and joins anew.
pub const ANEW_HOURS: i64 = 24;
/// From this hour on nothing is offered, on the hospital's clocks
pub const QUIET_FROM: i8 = 21;
/// until this hour.
pub const QUIET_UNTIL: i8 = 8;

/// Which times suit somebody who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The first local date.
    pub from: Date,
    /// The last one.
    pub until: Date,
    weekdays: u8,
    day_parts: u8,
}

impl Wanted {
    /// A wish that [`check`] has let through.
    pub fn new(from: Date, until: Date, weekdays: &[i8], day_parts: &[DayPart]) -> Self {
        let weekdays = weekdays.iter().fold(0, |mask, day| mask | weekday_bit(*day));
        let day_parts = day_parts.iter().fold(0, |mask, part| mask | (1 << (*part as u8)));
        Self { from, until, weekdays, day_parts }
    }

    /// A wish as it is stored: days of the week and parts of the day as bits, the lowest for Monday and for the morning.
    pub fn stored(from: Date, until: Date, weekdays: i64, day_parts: i64) -> Option<Self> {
        let weekdays = u8::try_from(weekdays).ok()?;
        let day_parts = u8::try_from(day_parts).ok()?;
        Some(Self { from, until, weekdays, day_parts })
    }

    /// The bits of days of the week and of parts of the day; none for any.
    pub fn bits(&self) -> (i64, i64) {
        (i64::from(self.weekdays), i64::from(self.day_parts))
    }

    /// Days of the week, 1 for Monday to 7 for Sunday; none for any.
    pub fn weekdays(&self) -> Vec<i8> {
        (1..=7).filter(|day| self.weekdays & weekday_bit(*day) != 0).collect()
    }

    /// Parts of the day; none for any.
    pub fn day_parts(&self) -> Vec<DayPart> {
        DayPart::ALL.into_iter().filter(|part| self.day_parts & (1 << (*part as u8)) != 0).collect()
    }

    /// Whether a visit that begins then suits, on the hospital's clocks.
    pub fn suits(&self, local: DateTime) -> bool {
        let in_span = (self.from..=self.until).contains(&local.date());
        let day = weekday_bit(local.date().weekday().to_monday_one_offset());
        let part = 1 << (DayPart::of(local.time()) as u8);
        in_span
            && (self.weekdays == 0 || self.weekdays & day != 0)
            && (self.day_parts == 0 || self.day_parts & part != 0)
    }
}

fn weekday_bit(day: i8) -> u8 {
    if (1..=7).contains(&day) { 1 << (day - 1) } else { 0 }
}

/// Checks the days of a wish: `date_past`, `date_too_far`, `range_order`, `range_too_long`, `weekday_unknown`. `last` is the last date
/// that helps, where there is a visit to be put on an earlier time: `date_too_late`.
pub fn check(
    findings: &mut Findings,
    (from, until): (Date, Date),
    weekdays: &[i8],
    today: Date,
    last: Option<Date>,
) {
    findings.require(from >= today, "from", "date_past");
    findings.require(from <= plus_days(today, FURTHEST_DAYS), "from", "date_too_far");
    findings.require(until >= from, "until", "range_order");
    findings.require(until <= plus_days(from, SPAN_DAYS), "until", "range_too_long");
    findings.require(last.is_none_or(|last| until <= last), "until", "date_too_late");
    let known = weekdays.len() <= 7 && weekdays.iter().all(|day| (1..=7).contains(day));
    findings.require(known, "weekdays", "weekday_unknown");
}

/// Whether a patient on so many lists may join one more, by an account that has joined so many for all for whom it acts. What a hospital
/// does is no account's.
pub fn may_wait_once_more(open: i64, by_account: i64) -> Result<()> {
    if open >= OPEN_ENTRIES || by_account >= OPEN_ENTRIES_BY_ACCOUNT {
        return Err(Error::conflict(Conflict::TooManyEntries));
    }
    Ok(())
}

/// Whether one more time may be kept for somebody whose account has so many offers open for all for whom it acts. Whom a hospital has put
/// in line is no account's.
pub fn may_be_offered_one_more(open_by_account: i64) -> bool {
    open_by_account < OPEN_OFFERS_BY_ACCOUNT
}

/// Until when a time is kept that is offered now; none when that would be too short for an answer.
pub fn offer_until(now: i64, starts_at: i64) -> Option<i64> {
    let until = (now + OFFER_MINUTES * MINUTE).min(starts_at - MARGIN_MINUTES * MINUTE);
    (until >= now + LEAST_MINUTES * MINUTE).then_some(until)
}

/// Whether people are left alone at this time of their hospital's day.
pub fn is_quiet(local: Time) -> bool {
    !(QUIET_UNTIL..QUIET_FROM).contains(&local.hour())
}
