//! Cases of the slot engine, and the law that offering and validating agree.

use jiff::{Timestamp, civil::date, tz::TimeZone};
use proptest::prelude::*;

use super::*;
use crate::{
    availability::TimeWindow,
    hospitals::Modality,
    time::{Moment, parse_time},
};

pub(super) fn window(start: &str, end: &str) -> TimeWindow {
    TimeWindow { start: parse_time(start).unwrap(), end: parse_time(end).unwrap() }
}

pub(super) fn every_day(zone: &str, start: &str, end: &str, cadence: i64) -> Schedule {
    Schedule {
        zone: TimeZone::get(zone).unwrap(),
        weekly: (1..=7).map(|weekday| WeeklyWindow::new(weekday, window(start, end))).collect(),
        exceptions: Vec::new(),
        openings: Vec::new(),
        away: Busy::default(),
        closed: Busy::default(),
        rules: BookingRules {
            cadence_minutes: cadence,
            notice_minutes: 0,
            horizon_days: 365,
            most_a_day: None,
        },
    }
}

/// A visit of the first kind, in person.
pub(super) fn shape(minutes: i64, before: i64, after: i64) -> Shape {
    Shape { kind: kind(1, Modality::InPerson), minutes, before, after }
}

pub(super) fn kind(number: u128, modality: Modality) -> Kind {
    Kind { visit_type: VisitTypeId(uuid::Uuid::from_u128(number)), modality }
}

pub(super) fn question<'a>(schedule: &'a Schedule, busy: &'a Busy, minutes: i64, now: &str) -> Question<'a> {
    Question {
        schedule,
        shape: shape(minutes, 0, 0),
        busy,
        now: now.parse().unwrap(),
        besides: Besides::default(),
    }
}

/// The wall clock of each offered start, as `HH:MM+offset`.
pub(super) fn walls(question: &Question<'_>, day: jiff::civil::Date) -> Vec<String> {
    offer(question, day, day)
        .into_iter()
        .map(|ms| {
            Moment::in_zone(Timestamp::from_millisecond(ms).unwrap(), &question.schedule.zone).to_string()
                [11..]
                .to_owned()
        })
        .collect()
}

#[test]
fn a_ticket_opens_the_days_beyond_the_horizon_and_closes_none() {
    let mut schedule = every_day("Europe/Berlin", "09:00", "10:00", 30);
    schedule.rules.horizon_days = 7;
    let busy = Busy::default();
    let (today, far) = (date(2026, 11, 23), date(2027, 1, 20));
    let q = question(&schedule, &busy, 30, "2026-11-23T05:00:00Z");
    let begin = Timestamp::from_millisecond(offer(&q, today, far)[0]).unwrap();
    assert!(offer(&q, far, far).is_empty());
    let opened = schedule.offered_until(today, far);
    let q = Question { schedule: &opened, ..q };
    assert_eq!(offer(&q, far, far).len(), 2);
    assert!(offer(&q, plus_days(far, 1), plus_days(far, 1)).is_empty());
    let nearer = Question { schedule: &schedule.offered_until(today, today), ..q };
    assert_eq!(last_date(&nearer), plus_days(today, 7), "a ticket for tomorrow closes nothing");
    assert_eq!(check(&q, begin), Ok(()));
}

#[test]
fn a_gap_is_skipped_and_never_shifted() {
    let schedule = every_day("Europe/Berlin", "01:00", "04:00", 30);
    let busy = Busy::default();
    let q = question(&schedule, &busy, 30, "2027-03-01T00:00:00Z");
    assert_eq!(
        walls(&q, date(2027, 3, 28)),
        ["01:00:00+01:00", "01:30:00+01:00", "03:00:00+02:00", "03:30:00+02:00"]
    );
}

#[test]
fn an_overlap_is_offered_once_at_its_first_occurrence() {
    let schedule = every_day("Europe/Berlin", "01:30", "03:30", 30);
    let busy = Busy::default();
    let q = question(&schedule, &busy, 30, "2027-10-01T00:00:00Z");
    assert_eq!(
        walls(&q, date(2027, 10, 31)),
        ["01:30:00+02:00", "02:00:00+02:00", "02:30:00+02:00", "03:00:00+01:00"]
    );
}

#[test]
fn half_hour_changes_are_kept() {
    let schedule = every_day("Australia/Lord_Howe", "01:30", "03:00", 30);
    let busy = Busy::default();
    let q = question(&schedule, &busy, 30, "2027-09-01T00:00:00Z");
    assert_eq!(walls(&q, date(2027, 10, 3)), ["01:30:00+10:30", "02:30:00+11:00"]);
}

#[test]
fn a_window_may_reach_over_midnight() {
    let schedule = every_day("Asia/Kolkata", "23:00", "00:30", 30);
    let busy = Busy::default();
    let q = question(&schedule, &busy, 30, "2026-11-01T00:00:00Z");
    let starts = offer(&q, date(2026, 11, 24), date(2026, 11, 24));
    assert_eq!(starts.len(), 3);
    for start in starts {
        assert_eq!(check(&q, Timestamp::from_millisecond(start).unwrap()), Ok(()));
    }
}

#[test]
fn the_night_of_the_last_date_is_offered_and_validated_to_its_end() {
    let mut schedule = every_day("Europe/Berlin", "22:00", "02:00", 30);
    schedule.rules.horizon_days = 7;
    let busy = Busy::default();
    let q = question(&schedule, &busy, 30, "2026-11-23T10:00:00+01:00");
    let (last, after) = (date(2026, 11, 30), date(2026, 12, 1));
    assert_eq!(last_date(&q), last);
    let offered = offer(&q, last, after);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    assert_eq!(offered.len(), 8);
    assert_eq!(offered.last(), Some(&at("2026-12-01T01:30:00+01:00").as_millisecond()));
    for start in offered {
        assert_eq!(check(&q, Timestamp::from_millisecond(start).unwrap()), Ok(()), "{start}");
    }
    for (start, expected) in [
        // Within that night a refusal says what is wrong with the time, and beyond it that it is too far.
        ("2026-12-01T00:40:00+01:00", Refusal::OffGrid),
        ("2026-12-01T01:45:00+01:00", Refusal::DoesNotFit),
        ("2026-12-01T02:00:00+01:00", Refusal::TooFar),
        ("2026-12-01T22:00:00+01:00", Refusal::TooFar),
        ("2026-12-02T00:30:00+01:00", Refusal::TooFar),
    ] {
        assert_eq!(check(&q, at(start)), Err(expected), "{start}");
    }
}

#[test]
fn the_grid_is_anchored_at_midnight_and_the_visit_ends_within_hours() {
    let schedule = every_day("Europe/Berlin", "09:05", "10:00", 20);
    let busy = Busy::default();
    let q = question(&schedule, &busy, 30, "2026-11-01T00:00:00Z");
    assert_eq!(walls(&q, date(2026, 11, 24)), ["09:20:00+01:00"]);
}

#[test]
fn both_neighbours_buffers_must_fit() {
    let schedule = every_day("Europe/Berlin", "09:00", "12:00", 15);
    let shape = shape(30, 0, 15);
    let taken = instant_of(&schedule.zone, date(2026, 11, 24).at(10, 0, 0, 0)).unwrap().as_millisecond();
    let busy = Busy::new(vec![shape.block(taken)]);
    let q = Question {
        schedule: &schedule,
        shape,
        busy: &busy,
        now: "2026-11-01T00:00:00Z".parse().unwrap(),
        besides: Besides::default(),
    };
    let offered = walls(&q, date(2026, 11, 24));
    assert_eq!(offered[..2], ["09:00:00+01:00", "09:15:00+01:00"]);
    assert_eq!(offered[2], "10:45:00+01:00");
    let at = |text: &str| check(&q, text.parse().unwrap());
    assert_eq!(at("2026-11-24T10:15:00+01:00"), Err(Refusal::Taken));
    assert_eq!(at("2026-11-24T09:30:00+01:00"), Err(Refusal::TooClose));
    // What is offered instead is near, whether before or after.
    let day = date(2026, 11, 24);
    let near = nearest(&q, "2026-11-24T10:00:00+01:00".parse().unwrap(), day, day, 3);
    let near: Vec<_> =
        near.into_iter().map(|ms| Timestamp::from_millisecond(ms).unwrap().to_string()).collect();
    assert_eq!(near, ["2026-11-24T08:00:00Z", "2026-11-24T08:15:00Z", "2026-11-24T09:45:00Z"]);
}

#[test]
fn refusals_name_the_rule() {
    let mut schedule = every_day("Europe/Berlin", "09:00", "12:00", 30);
    schedule.rules =
        BookingRules { cadence_minutes: 30, notice_minutes: 120, horizon_days: 10, most_a_day: None };
    schedule.exceptions.push(DateException {
        date: date(2026, 11, 25),
        windows: vec![],
        note: String::new(),
    });
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let busy = Busy::new(vec![Span::minutes(at("2026-11-24T10:00:00+01:00").as_millisecond(), 30)]);
    let q = question(&schedule, &busy, 30, "2026-11-24T08:30:00+01:00");
    for (start, expected) in [
        ("2026-11-24T07:00:00+01:00", Err(Refusal::Past)),
        ("2026-11-24T09:30:00+01:00", Err(Refusal::TooSoon)),
        ("2026-12-24T10:00:00+01:00", Err(Refusal::TooFar)),
        ("2026-11-24T13:00:00+01:00", Err(Refusal::OutsideHours)),
        ("2026-11-25T10:00:00+01:00", Err(Refusal::Closed)),
        ("2026-11-24T11:40:00+01:00", Err(Refusal::DoesNotFit)),
        ("2026-11-24T12:00:00+01:00", Err(Refusal::OutsideHours)),
        ("2026-11-24T11:10:00+01:00", Err(Refusal::OffGrid)),
        ("2026-11-24T11:00:00.500+01:00", Err(Refusal::OffGrid)),
        ("2026-11-24T11:00:00+01:00", Ok(())),
    ] {
        assert_eq!(check(&q, at(start)), expected, "{start}");
    }
    let q = question(&schedule, &busy, 30, "2026-11-24T06:00:00+01:00");
    assert_eq!(check(&q, at("2026-11-24T10:00:00+01:00")), Err(Refusal::Taken));
    let gap = date(2027, 3, 28).at(2, 30, 0, 0);
    assert_eq!(instant_of(&schedule.zone, gap), Err(Refusal::InGap));
}

#[test]
fn overlapping_hours_are_found_even_over_midnight() {
    let day = |weekday, start, end| WeeklyWindow::new(weekday, window(start, end));
    assert_eq!(check_weekly(&[day(1, "09:00", "12:00"), day(1, "12:00", "15:00")]), Ok(()));
    assert_eq!(
        check_weekly(&[day(1, "09:00", "12:00"), day(1, "11:59", "15:00")]),
        Err((1, "hours_overlap"))
    );
    assert_eq!(
        check_weekly(&[day(1, "00:00", "02:00"), day(7, "22:00", "01:00")]),
        Err((1, "hours_overlap"))
    );
    assert_eq!(check_weekly(&[day(1, "09:00", "09:00")]), Err((0, "hours_order")));
    assert_eq!(check_weekly(&[day(8, "09:00", "10:00")]), Err((0, "weekday_unknown")));
}

pub(super) const ZONES: &[&str] = &[
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/St_Johns",
    "Asia/Tehran",
    "Antarctica/Troll",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// What is offered is accepted, nothing else is, and no offered time is free twice.
    #[test]
    fn offering_and_validating_agree(
        zone in prop::sample::select(ZONES),
        now in 1_420_070_400i64..2_082_758_400,
        start in 0i64..1440, length in 15i64..1440, cadence in 5i64..90,
        minutes in 5i64..120, before in 0i64..30, after in 0i64..30,
        taken in prop::collection::vec((0i64..20_000, 5i64..300), 0..30),
    ) {
        let at = |m: i64| format!("{:02}:{:02}", m / 60 % 24, m % 60);
        let mut schedule = every_day(zone, &at(start), &at(start + length), cadence);
        schedule.rules.notice_minutes = 90;
        let now = Timestamp::from_second(now).unwrap();
        let busy = Busy::new(taken.into_iter().map(|(m, l)| Span::minutes(now.as_millisecond() + m * MINUTE, l)).collect());
        let shape = shape(minutes, before, after);
        let q = Question { schedule: &schedule, shape, busy: &busy, now, besides: Besides::default() };
        let today = now.to_zoned(schedule.zone.clone()).date();
        let offered = offer(&q, today, plus_days(today, 6));
        for pair in offered.windows(2) {
            prop_assert!(pair[0] < pair[1]);
        }
        for &slot in &offered {
            prop_assert_eq!(check(&q, Timestamp::from_millisecond(slot).unwrap()), Ok(()));
            prop_assert!(!busy.overlaps(shape.block(slot)));
            let wrong = Timestamp::from_millisecond(slot + 30_000).unwrap();
            prop_assert!(check(&q, wrong).is_err());
        }
    }
}

#[test]
fn only_a_whole_day_ends_when_it_begins() {
    assert_eq!(check_windows(&[window("00:00", "00:00")]), Ok(()));
    assert_eq!(check_windows(&[window("22:00", "06:00")]), Ok(()));
    assert_eq!(check_windows(&[window("09:00", "09:00")]), Err((0, "hours_order")));
    let (always, busy, day) =
        (every_day("Europe/Berlin", "00:00", "00:00", 60), Busy::default(), date(2026, 11, 24));
    assert_eq!(offer(&question(&always, &busy, 30, "2026-11-01T00:00:00Z"), day, day).len(), 24);
}
