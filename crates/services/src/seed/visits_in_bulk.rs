//! When the visits of one doctor in bulk were: ten years back, or as many as her visits fill; twenty working days ahead. Pure.
//!
//! Who has them, and how they are stored, is in `bulk`.

use domain::time::plus_days;
use jiff::{
    Timestamp,
    civil::{Date, Weekday, time},
    tz::TimeZone,
};

/// Visits of fifteen minutes that fit into a day of eight hours.
const PER_DAY: usize = 32;
/// Booked of those on each of the next working days: 60 %.
const FULL: usize = 19;
/// How many working days ahead are filled.
const DAYS_AHEAD: usize = 20;
/// Visits ahead of now.
pub(super) const FUTURE: usize = FULL * DAYS_AHEAD;
/// Working days in ten years.
const DAYS_BACK: usize = 2_600;
const DAY_MS: i64 = 86_400_000;

/// A visit as it stands.
#[derive(Debug, Clone)]
pub(super) struct Booked {
    pub(super) starts_at: i64,
    pub(super) local_start: String,
    pub(super) created_at: i64,
    pub(super) status: &'static str,
    pub(super) version: i64,
}

/// All visits of a doctor, earliest first.
pub(super) fn of_doctor(
    now: Timestamp,
    zone: &str,
    doctor: usize,
    past: usize,
    future: bool,
) -> anyhow::Result<Vec<Booked>> {
    let zone = TimeZone::get(zone)?;
    let today = now.to_zoned(zone.clone()).date();
    // A quarter of a million visits are thirty years of full days.
    let days_back = DAYS_BACK.max(past.div_ceil(PER_DAY));
    let back = working_days(today, -1, days_back);
    let mut visits = Vec::with_capacity(past + FUTURE);
    for number in 0..past {
        // Spread evenly; the days with more than one have them at different times.
        let day = number * days_back / past;
        let turn = number - (day * past).div_ceil(days_back);
        let Some(date) = back.get(day) else { continue };
        let (starts_at, local_start) = begin(&zone, *date, (day + doctor + turn * 5) % PER_DAY)?;
        let (status, version) = past_status(number + doctor);
        visits.push(Booked { starts_at, local_start, created_at: starts_at - 14 * DAY_MS, status, version });
    }
    let ahead = if future { DAYS_AHEAD } else { 0 };
    for (day, date) in working_days(today, 1, ahead).into_iter().enumerate() {
        for turn in 0..FULL {
            let (starts_at, local_start) = begin(&zone, date, (day + doctor + turn * 5) % PER_DAY)?;
            let (status, version) = if turn % 4 == 0 { ("confirmed", 2) } else { ("booked", 1) };
            let created_at = now.as_millisecond() - 3 * DAY_MS;
            visits.push(Booked { starts_at, local_start, created_at, status, version });
        }
    }
    visits.sort_by_key(|visit| visit.starts_at);
    Ok(visits)
}

/// Days from Monday to Friday, nearest first, today not among them.
fn working_days(today: Date, step: i32, count: usize) -> Vec<Date> {
    let days = (1..).map(|number| plus_days(today, step * number));
    days.filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)).take(count).collect()
}

/// Instant and wall time of the n-th quarter of an hour of 08:00 to 12:00 and 13:00 to 17:00.
fn begin(zone: &TimeZone, date: Date, quarter: usize) -> anyhow::Result<(i64, String)> {
    let minutes = i8::try_from(quarter % 4)? * 15;
    let hour = i8::try_from(quarter / 4)?;
    let local = date.to_datetime(time(if hour < 4 { 8 } else { 9 } + hour, minutes, 0, 0));
    Ok((local.to_zoned(zone.clone())?.timestamp().as_millisecond(), local.to_string()))
}

fn past_status(number: usize) -> (&'static str, i64) {
    match number {
        n if n % 17 == 0 => ("cancelled", 2),
        n if n % 29 == 0 => ("no-show", 3),
        _ => ("completed", 3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_asked_for_and_never_two_at_a_time() {
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        for past in [0, 1, 40, 2_120, 25_000, 250_000] {
            let visits = of_doctor(now, "Europe/Berlin", 7, past, true).unwrap();
            assert_eq!(visits.len(), past + FUTURE);
            assert!(visits.is_sorted_by(|a, b| a.starts_at < b.starts_at), "{past}");
            assert_eq!(visits.iter().filter(|v| v.starts_at > now.as_millisecond()).count(), FUTURE);
        }
    }
}
