//! What holds when: windows with a beginning, an end and a rhythm, for some visits only; openings, absence, closing.

use jiff::{
    Timestamp,
    civil::{Date, date},
};
use proptest::prelude::*;

use super::{
    tests::{every_day, kind, question, shape, walls, window},
    *,
};
use crate::hospitals::Modality::{InPerson, Video};

const NOW: &str = "2026-11-01T00:00:00Z";

fn rule(weekday: i8, start: &str, end: &str) -> WeeklyWindow {
    WeeklyWindow::new(weekday, window(start, end))
}

fn schedule(weekly: Vec<WeeklyWindow>) -> Schedule {
    Schedule { weekly, ..every_day("Europe/Berlin", "09:00", "10:00", 30) }
}

/// The dates on which anything is offered.
fn dates(schedule: &Schedule, from: Date, to: Date) -> Vec<String> {
    let busy = Busy::default();
    let offered = offer(&question(schedule, &busy, 30, NOW), from, to);
    let mut dates: Vec<_> = offered
        .into_iter()
        .map(|ms| Timestamp::from_millisecond(ms).unwrap().to_zoned(schedule.zone.clone()).date().to_string())
        .collect();
    dates.dedup();
    dates
}

#[test]
fn a_window_holds_from_its_first_date_to_its_last() {
    let mut one = rule(2, "09:00", "10:00");
    one.valid_from = Some(date(2026, 11, 24));
    one.valid_to = Some(date(2026, 12, 8));
    let found = dates(&schedule(vec![one]), date(2026, 11, 1), date(2027, 1, 31));
    assert_eq!(found, ["2026-11-24", "2026-12-01", "2026-12-08"]);
}

#[test]
fn a_rhythm_counts_weeks_from_its_beginning_over_new_year_and_changes_of_clocks() {
    let mut one = rule(3, "09:00", "10:00");
    one.every_weeks = 3;
    // A Sunday: its week is the one that begins on the Monday before, and that Wednesday is over.
    one.valid_from = Some(date(2026, 12, 6));
    let found = dates(&schedule(vec![one]), date(2026, 12, 1), date(2027, 4, 30));
    let wanted: Vec<_> = (1..8).map(|turn| plus_days(date(2026, 12, 2), 21 * turn).to_string()).collect();
    assert_eq!(found, wanted);
}

#[test]
fn a_window_for_some_visits_is_for_no_others_and_says_so() {
    let mut calls = rule(2, "09:00", "10:00");
    calls.modality = Some(Video);
    let mut one = rule(2, "10:00", "11:00");
    one.visit_types = vec![kind(2, InPerson).visit_type];
    let schedule = schedule(vec![calls, one]);
    let busy = Busy::default();
    let day = date(2026, 11, 24);
    let asked =
        |kind| Question { shape: Shape { kind, ..shape(30, 0, 0) }, ..question(&schedule, &busy, 30, NOW) };
    assert_eq!(walls(&asked(kind(1, Video)), day), ["09:00:00+01:00", "09:30:00+01:00"]);
    assert_eq!(walls(&asked(kind(2, InPerson)), day), ["10:00:00+01:00", "10:30:00+01:00"]);
    assert_eq!(walls(&asked(kind(2, Video)), day).len(), 4);
    assert!(walls(&asked(kind(1, InPerson)), day).is_empty());
    let nine = "2026-11-24T09:00:00+01:00".parse().unwrap();
    assert_eq!(check(&asked(kind(1, InPerson)), nine), Err(Refusal::OtherVisits));
    assert_eq!(hours_on(&schedule, day, Some(kind(1, Video))).len(), 1);
    assert_eq!(hours_on(&schedule, day, None).len(), 2);
}

#[test]
fn what_is_opened_once_is_there_besides() {
    let mut schedule = schedule(vec![rule(2, "09:00", "10:00")]);
    let day = date(2026, 11, 24);
    schedule.openings.push(Opening { date: day, window: window("18:00", "19:00"), visit_types: vec![] });
    schedule.openings.push(Opening {
        date: day,
        window: window("20:00", "20:30"),
        visit_types: vec![kind(2, InPerson).visit_type],
    });
    let busy = Busy::default();
    let evening = ["09:00:00+01:00", "09:30:00+01:00", "18:00:00+01:00", "18:30:00+01:00"];
    assert_eq!(walls(&question(&schedule, &busy, 30, NOW), day), evening);
    // It stays when the date itself is another one than usual.
    schedule.exceptions.push(DateException { date: day, windows: vec![], note: String::new() });
    assert_eq!(walls(&question(&schedule, &busy, 30, NOW), day), evening[2..]);
}

#[test]
fn nobody_is_there_while_the_doctor_is_away_or_the_hospital_closed() {
    let mut schedule = schedule(vec![rule(2, "09:00", "12:00"), rule(3, "09:00", "10:00")]);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let span = |from: &str, to: &str| Span { start: at(from).as_millisecond(), end: at(to).as_millisecond() };
    schedule.away = Busy::new(vec![
        span("2026-11-24T10:15:00+01:00", "2026-11-24T11:00:00+01:00"),
        span("2026-11-28T00:00:00+01:00", "2026-11-29T00:00:00+01:00"),
    ]);
    schedule.closed = Busy::new(vec![span("2026-11-25T00:00:00+01:00", "2026-11-26T00:00:00+01:00")]);
    schedule.openings.push(Opening {
        date: date(2026, 11, 25),
        window: window("18:00", "19:00"),
        visit_types: vec![],
    });
    let busy = Busy::default();
    let q = question(&schedule, &busy, 30, NOW);
    // A visit may end when she leaves and begin when she is back.
    assert_eq!(
        walls(&q, date(2026, 11, 24)),
        ["09:00:00+01:00", "09:30:00+01:00", "11:00:00+01:00", "11:30:00+01:00"]
    );
    assert!(walls(&q, date(2026, 11, 25)).is_empty(), "not even what was opened");
    for (start, expected) in [
        ("2026-11-24T10:00:00+01:00", Refusal::Away),
        ("2026-11-24T10:20:00+01:00", Refusal::Away),
        ("2026-11-25T09:00:00+01:00", Refusal::HospitalClosed),
        ("2026-11-25T15:00:00+01:00", Refusal::HospitalClosed),
        // Nobody learns when she is away outside her hours.
        ("2026-11-28T03:00:00+01:00", Refusal::OutsideHours),
    ] {
        assert_eq!(check(&q, at(start)), Err(expected), "{start}");
    }
}

#[test]
fn windows_that_never_meet_may_lie_on_each_other() {
    let with = |weekday, start, end, from: Option<Date>, to: Option<Date>, every| WeeklyWindow {
        valid_from: from,
        valid_to: to,
        every_weeks: every,
        ..rule(weekday, start, end)
    };
    let monday = date(2026, 11, 23);
    let next = plus_days(monday, 7);
    let old_and_new = [
        with(1, "09:00", "12:00", None, Some(monday), 1),
        with(1, "10:00", "15:00", Some(plus_days(monday, 1)), None, 1),
    ];
    assert_eq!(check_weekly(&old_and_new), Ok(()));
    let in_turn =
        [with(1, "09:00", "12:00", Some(monday), None, 2), with(1, "09:00", "12:00", Some(next), None, 2)];
    assert_eq!(check_weekly(&in_turn), Ok(()));
    let night = with(3, "22:00", "02:00", None, Some(date(2026, 12, 6)), 1);
    let longer = with(3, "22:00", "03:00", Some(date(2026, 12, 7)), None, 1);
    assert_eq!(check_weekly(&[night, longer]), Ok(()), "only Wednesdays count");
    let every_third = [in_turn[0].clone(), with(1, "11:00", "13:00", Some(next), None, 3)];
    assert_eq!(check_weekly(&every_third), Err((1, "hours_overlap")));
    for (bad, expected) in [
        (with(1, "09:00", "12:00", Some(next), Some(monday), 1), "range_order"),
        (with(1, "09:00", "12:00", Some(next), None, 9), "weeks_out_of_range"),
        (with(1, "09:00", "12:00", Some(next), None, 0), "weeks_out_of_range"),
        (with(1, "09:00", "12:00", None, None, 2), "weeks_need_a_beginning"),
    ] {
        assert_eq!(check_weekly(&[bad]), Err((0, expected)));
    }
}

/// Windows around a few weeks, as somebody may type them.
fn some_rules() -> impl Strategy<Value = Vec<WeeklyWindow>> {
    let monday = date(2026, 11, 23);
    let one = (1i8..=7, 0i64..48, 1i64..20, 0i32..40, prop::option::of(0i32..60), 1i32..=4).prop_map(
        move |(weekday, start, length, from, lasts, every_weeks)| {
            let at = |half: i64| format!("{:02}:{:02}", half / 2 % 24, half % 2 * 30);
            let valid_from = plus_days(monday, from);
            WeeklyWindow {
                valid_from: Some(valid_from),
                valid_to: lasts.map(|days| plus_days(valid_from, days)),
                every_weeks,
                ..rule(weekday, &at(start), &at(start + length))
            }
        },
    );
    prop::collection::vec(one, 1..5)
}

/// Whether two windows ever lie on each other, found by writing out half a year.
fn ever_meet(rules: &[WeeklyWindow]) -> bool {
    let minutes = |time: jiff::civil::Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
    let mut spans = Vec::new();
    for day in 0..200_i32 {
        let today = plus_days(date(2026, 11, 16), day);
        for rule in rules.iter().filter(|rule| rule.holds_on(today)) {
            let (start, end) = (minutes(rule.window.start), minutes(rule.window.end));
            let midnight = i64::from(day) * 1440;
            spans.push((midnight + start, midnight + if end <= start { end + 1440 } else { end }));
        }
    }
    spans.sort_unstable();
    spans.windows(2).any(|pair| pair[1].0 < pair[0].1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// What is let through never meets, and what goes on for ever and is refused does.
    #[test]
    fn a_week_that_is_let_through_is_one_that_never_meets_itself(rules in some_rules()) {
        let judged = check_weekly(&rules);
        let meets = ever_meet(&rules);
        prop_assert!(judged.is_err() || !meets, "{rules:?}");
        if rules.iter().all(|rule| rule.valid_to.is_none()) {
            prop_assert_eq!(judged.is_err(), meets, "{:?}", rules);
        }
    }

    /// With everything that hours can say, what is offered is what is accepted, minute by minute.
    #[test]
    fn offering_and_validating_agree_on_all_rules(
        mut rules in some_rules(),
        calls in prop::collection::vec(prop::option::of(any::<bool>()), 4),
        types in prop::collection::vec(prop::collection::vec(1u128..4, 0..2), 4),
        away in prop::collection::vec((0i64..10_000, 30i64..2_000), 0..4),
        closed in prop::option::of(0i32..14),
        opened in prop::option::of((0i32..14, 0i64..40)),
        asked in (1u128..4, any::<bool>()),
    ) {
        for ((rule, call), types) in rules.iter_mut().zip(calls).zip(types) {
            rule.modality = call.map(|call| if call { Video } else { InPerson });
            rule.visit_types = types.into_iter().map(|number| kind(number, Video).visit_type).collect();
        }
        let monday = date(2026, 11, 23);
        let mut schedule = schedule(rules);
        let midnight = |day: Date| day.to_zoned(schedule.zone.clone()).unwrap().timestamp().as_millisecond();
        let begins = midnight(monday);
        schedule.away = Busy::new(away.into_iter().map(|(m, l)| Span::minutes(begins + m * MINUTE, l)).collect());
        let closed = closed.map(|day| plus_days(monday, day));
        let span = |day| Span { start: midnight(day), end: midnight(plus_days(day, 1)) };
        schedule.closed = Busy::new(closed.map(span).into_iter().collect());
        schedule.openings = opened
            .map(|(day, half)| Opening {
                date: plus_days(monday, day),
                window: window(&format!("{:02}:{:02}", half / 2, half % 2 * 30), "23:30"),
                visit_types: vec![],
            })
            .into_iter()
            .collect();
        let busy = Busy::default();
        let kind = kind(asked.0, if asked.1 { Video } else { InPerson });
        let q = Question { shape: Shape { kind, ..shape(30, 0, 0) }, ..question(&schedule, &busy, 30, NOW) };
        let last = plus_days(monday, 13);
        let end = midnight(plus_days(last, 1));
        // The night before reaches into the first date, and the last one into the date after it.
        let mut offered = offer(&q, plus_days(monday, -1), last);
        offered.retain(|start| (begins..end).contains(start));
        let mut accepted = Vec::new();
        let mut at = begins;
        while at < end {
            if check(&q, Timestamp::from_millisecond(at).unwrap()).is_ok() {
                accepted.push(at);
            }
            at += 15 * MINUTE;
        }
        prop_assert_eq!(offered, accepted);
    }
}
