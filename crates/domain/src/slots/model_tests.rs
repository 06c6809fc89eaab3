//! The engine against a slow model of it, over random schedules in many zones, around changes of the clocks.
//!
//! The model reads the wall minute by minute, writes out each day, asks each rule of each time in turn, and remembers nothing.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time, date},
    tz::TimeZone,
};
use proptest::prelude::*;

use super::{
    tests::{ZONES, every_day, shape, window},
    *,
};

/// Each instant at which the wall shows a minute for the first time, by what it shows.
fn wall(zone: &TimeZone, from: Date, to: Date) -> BTreeMap<DateTime, i64> {
    let instant = |date: Date| date.to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond();
    let mut shown = BTreeMap::new();
    let mut at = instant(plus_days(from, -2));
    while at < instant(plus_days(to, 3)) {
        shown.entry(zone.to_datetime(Timestamp::from_millisecond(at).unwrap())).or_insert(at);
        at += MINUTE;
    }
    shown
}

/// The hours of a date.
fn hours(schedule: &Schedule, kind: Kind, day: Date) -> Vec<TimeWindow> {
    let exception = schedule.exceptions.iter().find(|exception| exception.date == day);
    let weekly = schedule.weekly.iter().filter(|rule| rule.holds_on(day) && rule.takes(kind));
    let opened = schedule.openings.iter().filter(|opening| opening.date == day);
    let usual: Vec<_> = match exception {
        Some(exception) => exception.windows.clone(),
        None => weekly.map(|rule| rule.window).collect(),
    };
    usual.into_iter().chain(opened.map(|opening| opening.window)).collect()
}

/// Every time at which a visit could begin if nothing were taken, with what the rules say of it.
fn model(q: &Question<'_>, from: Date, to: Date) -> BTreeMap<i64, Result<(), Refusal>> {
    let (zone, rules) = (&q.schedule.zone, q.schedule.rules);
    let today = zone.to_datetime(q.now).date();
    let (now, wall) = (q.now.as_millisecond(), wall(zone, from, to));
    let touches = |busy: &Busy, span: Span| busy.0.iter().any(|taken| taken.overlaps(span));
    let verdict = |start| {
        let (visit, block) = (q.shape.visit(start), q.shape.block(start));
        let rules = [
            (start <= now, Refusal::Past),
            (start < now + rules.notice_minutes * MINUTE, Refusal::TooSoon),
            (touches(&q.schedule.closed, visit), Refusal::HospitalClosed),
            (touches(&q.schedule.away, visit), Refusal::Away),
            (touches(q.busy, visit), Refusal::Taken),
            (touches(q.busy, block), Refusal::TooClose),
        ];
        rules.into_iter().find(|(broken, _)| *broken).map_or(Ok(()), |(_, refusal)| Err(refusal))
    };
    let mut found = BTreeMap::new();
    let mut day = from;
    while day <= to {
        let asked = plus_days(today, -1) <= day && i64::from((day - today).get_days()) <= rules.horizon_days;
        for hours in hours(q.schedule, q.shape.kind, day).into_iter().filter(|_| asked) {
            let comes = day.to_datetime(hours.start);
            let goes = if hours.end <= hours.start { plus_days(day, 1) } else { day }.to_datetime(hours.end);
            // Whoever comes at a time that the clocks skip comes when they show a later one.
            let reached = |local| *wall.range(local..).map(|(_, at)| at).min().unwrap();
            let (begin, end) = (reached(comes), reached(goes));
            for (shown, at) in wall.range(comes..goes) {
                let minute = shown.duration_since(day.to_datetime(Time::midnight())).as_mins();
                let within = begin <= *at && q.shape.visit(*at).end <= end;
                if within && minute % rules.cadence_minutes == 0 {
                    found.insert(*at, verdict(*at));
                }
            }
        }
        day = plus_days(day, 1);
    }
    found
}

/// A date near a change of the clocks, or any where they do not change.
fn day_near_a_change(zone: &TimeZone, number: usize, days: i32) -> Date {
    let begin: Timestamp = "2015-01-01T00:00:00Z".parse().unwrap();
    let changes: Vec<_> = zone.following(begin).take(40).map(|change| change.timestamp()).collect();
    let change = changes.get(number % changes.len().max(1)).map(|at| zone.to_datetime(*at).date());
    plus_days(change.unwrap_or(date(2026, 11, 24)), days)
}

/// A window by when it begins and how long it is.
fn lasting((start, length): (i64, i64)) -> TimeWindow {
    let at = |minute: i64| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    window(&at(start), &at(start + length))
}

fn some_window() -> impl Strategy<Value = TimeWindow> {
    // Round times fall on the changes, crooked ones do not; most changes are at night.
    prop_oneof![
        (0i64..10, 1i64..=8).prop_map(|(start, length)| lasting((start * 30, length * 30))),
        (0i64..48, 1i64..=48).prop_map(|(start, length)| lasting((start * 30, length * 30))),
        (0i64..1440, 1i64..=1440).prop_map(lasting),
    ]
}

/// A weekday, most often the one on which most zones change their clocks.
fn some_weekday() -> impl Strategy<Value = i8> {
    prop_oneof![1i8..=7, Just(7)]
}

/// Taken time in minutes after a beginning: how long after, and how long.
fn some_time(most: usize) -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0i64..8_000, 1i64..400), 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// What is offered is what the model lets through, and of the rest the rule is named that the model names first.
    #[test]
    fn offers_and_refusals_are_those_of_a_model_that_knows_no_short_cut(
        (zone, number, ahead) in (prop::sample::select(ZONES), any::<usize>(), 0i32..5),
        weekly in prop::collection::vec((some_weekday(), some_window()), 0..12),
        exceptions in prop::collection::vec((0i32..5, prop::collection::vec(some_window(), 0..3)), 0..3),
        openings in prop::collection::vec((0i32..5, some_window()), 0..3),
        (busy, away, closed) in (some_time(40), some_time(4), some_time(2)),
        (cadence, minutes, before, after) in (5i64..90, 5i64..120, 0i64..30, 0i64..30),
        (asked, notice, horizon) in (-2_000i64..6_000, 0i64..2_000, 1i64..8),
    ) {
        let mut schedule = every_day(zone, "00:00", "00:00", cadence);
        let from = day_near_a_change(&schedule.zone, number, -ahead);
        let to = plus_days(from, 4);
        schedule.weekly = weekly.into_iter().map(|(day, window)| WeeklyWindow::new(day, window)).collect();
        schedule.exceptions = exceptions
            .into_iter()
            .map(|(day, windows)| DateException { date: plus_days(from, day), windows, note: String::new() })
            .collect();
        schedule.openings = openings
            .into_iter()
            .map(|(day, window)| Opening { date: plus_days(from, day), window, visit_types: Vec::new() })
            .collect();
        let begins = from.to_zoned(schedule.zone.clone()).unwrap().timestamp().as_millisecond();
        let spans = |spans: Vec<(i64, i64)>| {
            Busy::new(spans.into_iter().map(|(m, length)| Span::minutes(begins + m * MINUTE, length)).collect())
        };
        (schedule.away, schedule.closed) = (spans(away), spans(closed));
        (schedule.rules.notice_minutes, schedule.rules.horizon_days) = (notice, horizon);
        let now = Timestamp::from_millisecond(begins + asked * MINUTE).unwrap();
        let (busy, shape) = (spans(busy), shape(minutes, before, after));
        let q = Question { schedule: &schedule, shape, busy: &busy, now, besides: Besides::default() };

        let model = model(&q, from, to);
        let free: Vec<_> = model.iter().filter(|(_, verdict)| verdict.is_ok()).map(|(at, _)| *at).collect();
        prop_assert_eq!(offer(&q, from, to), free);
        for (at, verdict) in model {
            let at = Timestamp::from_millisecond(at).unwrap();
            prop_assert_eq!(check(&q, at), verdict, "{}", at);
        }
    }
}
