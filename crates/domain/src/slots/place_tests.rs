//! Limits per day, and rooms and devices: what they take away, and that offering and validating agree about it.

use jiff::{Timestamp, civil::date, tz::TimeZone};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    tests::{every_day, kind, question, shape},
    *,
};
use crate::{hospitals::Modality, ids::ResourceId, time::MINUTE};

const NOW: &str = "2026-11-01T00:00:00Z";
const HOUR: i64 = 60 * MINUTE;

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

fn first() -> VisitTypeId {
    kind(1, Modality::InPerson).visit_type
}

fn second() -> VisitTypeId {
    kind(2, Modality::InPerson).visit_type
}

fn room(number: u128) -> ResourceId {
    ResourceId(Uuid::from_u128(number))
}

fn taken(from: &str, to: &str) -> Busy {
    Busy::new(vec![Span { start: at(from), end: at(to) }])
}

fn pool(name: &str, resources: Vec<(ResourceId, Busy)>) -> Pool {
    Pool { name: name.into(), resources }
}

#[test]
fn a_full_day_is_full_by_the_clock_of_the_hospital_and_other_days_are_not() {
    // In Auckland the evening of the 23rd in UTC is the 24th.
    let schedule = every_day("Pacific/Auckland", "08:00", "18:00", 60);
    let visits = [(at("2026-11-23T20:00:00Z"), first()), (at("2026-11-23T22:00:00Z"), second())];
    let limits = Limits { all: Some(2), of_kind: None };
    let full = FullDays::of(&schedule.zone, limits, first(), visits);
    let busy = Busy::default();
    let q = Question {
        besides: Besides { full: Some(&full), ..Besides::default() },
        ..question(&schedule, &busy, 30, NOW)
    };
    assert_eq!(offer(&q, date(2026, 11, 24), date(2026, 11, 24)), Vec::<i64>::new());
    assert_eq!(offer(&q, date(2026, 11, 23), date(2026, 11, 23)).len(), 10);
    assert_eq!(offer(&q, date(2026, 11, 25), date(2026, 11, 25)).len(), 10);
    let start = Timestamp::from_millisecond(at("2026-11-24T01:00:00Z")).unwrap();
    assert_eq!(check(&q, start), Err(Refusal::DayFull));
    assert!(!Refusal::DayFull.is_taken() && Refusal::DayFull.is_full());
}

#[test]
fn a_limit_of_one_kind_leaves_the_day_to_the_others() {
    let schedule = every_day("Europe/Berlin", "09:00", "12:00", 60);
    let visits = [
        (at("2026-11-24T08:00:00Z"), first()),
        (at("2026-11-24T08:30:00Z"), first()),
        (at("2026-11-24T09:00:00Z"), second()),
    ];
    let limits = Limits { all: Some(4), of_kind: Some(2) };
    let busy = Busy::default();
    let start = Timestamp::from_millisecond(at("2026-11-24T10:00:00Z")).unwrap();
    for (visit_type, expected) in [(first(), Err(Refusal::KindFull)), (second(), Ok(()))] {
        let full = FullDays::of(&schedule.zone, limits, visit_type, visits);
        let q = Question {
            besides: Besides { full: Some(&full), ..Besides::default() },
            ..question(&schedule, &busy, 30, NOW)
        };
        assert_eq!(check(&q, start), expected);
    }
    let free = FullDays::of(&schedule.zone, Limits { of_kind: None, ..limits }, first(), visits);
    let q = Question {
        besides: Besides { full: Some(&free), ..Besides::default() },
        ..question(&schedule, &busy, 30, NOW)
    };
    assert_eq!(check(&q, start), Ok(()));
}

#[test]
fn the_day_on_which_the_clocks_change_is_one_day() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    assert_eq!(day_of(&zone, date(2027, 3, 28)).end - day_of(&zone, date(2027, 3, 28)).start, 23 * HOUR);
    assert_eq!(day_of(&zone, date(2027, 10, 31)).end - day_of(&zone, date(2027, 10, 31)).start, 25 * HOUR);
}

#[test]
fn a_time_needs_one_of_each_pool_for_the_visit_and_what_is_kept_free_around_it() {
    let schedule = every_day("Europe/Berlin", "09:00", "12:00", 60);
    let busy = Busy::default();
    let pools = Pools(vec![
        pool(
            "Ultrasound room",
            vec![
                (room(1), taken("2026-11-24T08:00:00Z", "2026-11-24T11:00:00Z")),
                (room(2), taken("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z")),
            ],
        ),
        pool("Ultrasound machine", vec![(room(3), Busy::default())]),
    ]);
    let start = |text: &str| Timestamp::from_millisecond(at(text)).unwrap();
    let asked = Question {
        shape: shape(30, 0, 0),
        besides: Besides { pools: Some(&pools), ..Besides::default() },
        ..question(&schedule, &busy, 30, NOW)
    };
    assert_eq!(check(&asked, start("2026-11-24T08:00:00Z")), Ok(()));
    assert_eq!(check(&asked, start("2026-11-24T09:00:00Z")), Err(Refusal::NoResource));
    let block = asked.shape.block(at("2026-11-24T08:00:00Z"));
    assert_eq!(pools.assign(block), Ok(vec![room(2), room(3)]));
    let at_nine = asked.shape.block(at("2026-11-24T09:00:00Z"));
    assert_eq!(pools.lacking(at_nine), Some("Ultrasound room"));
    let prepared = Question { shape: shape(30, 0, 45), ..asked };
    assert_eq!(check(&prepared, start("2026-11-24T08:00:00Z")), Err(Refusal::NoResource));
    assert!(Refusal::NoResource.is_taken());
}

#[test]
fn one_resource_meets_one_need_and_the_choice_is_made_over() {
    let free = |numbers: &[u128]| numbers.iter().map(|id| (room(*id), Busy::default())).collect::<Vec<_>>();
    let block = Span { start: 0, end: 1 };
    // The first need would take 1, which the second one cannot do without.
    let pools = Pools(vec![pool("one", free(&[1, 2])), pool("other", free(&[1]))]);
    assert_eq!(pools.assign(block), Ok(vec![room(2), room(1)]));
    let pools = Pools(vec![pool("one", free(&[1])), pool("other", free(&[1]))]);
    assert_eq!((pools.assign(block), pools.lacking(block)), (Err(1), Some("other")));
    assert_eq!(Pools(vec![pool("nothing", Vec::new())]).assign(block), Err(0));
    assert_eq!(Pools::default().assign(block), Ok(Vec::new()));
}

proptest! {
    /// What is offered can be assigned and lies on no full day, and each time is judged as it is offered.
    #[test]
    fn offered_is_exactly_what_is_validated(
        visits in proptest::collection::vec((0_i64..72, proptest::bool::ANY), 0..12),
        rooms in proptest::collection::vec(proptest::collection::vec((0_i64..72, 1_i64..5), 0..6), 1..4),
        all in proptest::option::of(1_i64..6),
        of_kind in proptest::option::of(1_i64..4),
    ) {
        let schedule = every_day("Europe/Berlin", "08:00", "20:00", 30);
        let from = at("2026-11-23T23:00:00Z");
        let visits: Vec<_> =
            visits.into_iter().map(|(hour, one)| (from + hour * HOUR, if one { first() } else { second() })).collect();
        let busy = Busy::new(visits.iter().map(|(start, _)| Span { start: *start, end: start + HOUR / 2 }).collect());
        let full = FullDays::of(&schedule.zone, Limits { all, of_kind }, first(), visits.clone());
        let spans = |taken: Vec<(i64, i64)>| {
            Busy::new(taken.into_iter().map(|(hour, long)| Span { start: from + hour * HOUR, end: from + (hour + long) * HOUR }).collect())
        };
        let resources = rooms.into_iter().zip(1_u128..).map(|(taken, number)| (room(number), spans(taken))).collect();
        let pools = Pools(vec![pool("room", resources)]);
        let q = Question {
            besides: Besides { full: Some(&full), pools: Some(&pools), ..Besides::default() },
            ..question(&schedule, &busy, 30, NOW)
        };
        let (first_day, last_day) = (date(2026, 11, 24), date(2026, 11, 26));
        let offered = offer(&q, first_day, last_day);
        let mut start = day_of(&schedule.zone, first_day).start;
        while start < day_of(&schedule.zone, last_day).end {
            let verdict = check(&q, Timestamp::from_millisecond(start).unwrap());
            prop_assert_eq!(verdict.is_ok(), offered.contains(&start), "{} {:?}", start, verdict);
            if verdict.is_ok() {
                prop_assert!(pools.assign(q.shape.block(start)).is_ok());
                let date = Timestamp::from_millisecond(start).unwrap().to_zoned(schedule.zone.clone()).date();
                let span = day_of(&schedule.zone, date);
                let on_day = visits.iter().filter(|(at, _)| span.start <= *at && *at < span.end);
                let count = i64::try_from(on_day.count()).unwrap();
                prop_assert!(all.is_none_or(|most| count < most));
            }
            start += HOUR / 4;
        }
    }
}
