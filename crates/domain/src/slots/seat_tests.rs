//! Group visits: a time is offered while a seat is left, and nothing else may touch it.

use jiff::{Timestamp, civil::date};
use proptest::prelude::*;

use super::{
    tests::{every_day, question, shape},
    *,
};
use crate::{ids::ResourceId, time::MINUTE};

const NOW: &str = "2026-11-01T00:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn ms(text: &str) -> i64 {
    at(text).as_millisecond()
}

const NINE: &str = "2026-11-24T08:00:00Z";
const TEN: &str = "2026-11-24T09:00:00Z";

#[test]
fn a_group_takes_as_many_as_it_has_seats_and_no_more() {
    let schedule = every_day("Europe/Berlin", "09:00", "12:00", 30);
    let busy = Busy::default();
    for taken in 0..=4 {
        let seats = Seats::of(3, (1..=taken).map(|number| (ms(TEN), number)));
        let asked = Question {
            besides: Besides { seats: Some(&seats), ..Besides::default() },
            ..question(&schedule, &busy, 30, NOW)
        };
        let expected = if taken < 3 { Ok(()) } else { Err(Refusal::GroupFull) };
        assert_eq!(check(&asked, at(TEN)), expected, "{taken} come");
        let offered = offer(&asked, date(2026, 11, 24), date(2026, 11, 24));
        assert_eq!(offered.contains(&ms(TEN)), taken < 3);
        assert_eq!(seats.left(ms(TEN)), (3 - taken).max(0));
        assert_eq!(seats.left(ms(NINE)), 3, "nobody comes at nine");
    }
    assert!(Refusal::GroupFull.is_taken() && !Refusal::GroupFull.is_full());
}

#[test]
fn the_smallest_seat_that_nobody_has_is_next() {
    for (taken, expected) in [(vec![], 1), (vec![1], 2), (vec![2], 1), (vec![1, 3], 2), (vec![2, 1, 4], 3)] {
        let seats = Seats::of(5, taken.iter().map(|number| (0, *number)));
        assert_eq!(seats.next(0, &[]), expected, "{taken:?}");
    }
    // What a hold keeps that has ended is taken last.
    let seats = Seats::of(3, [(0, 1)]);
    assert_eq!((seats.next(0, &[1, 2]), seats.next(0, &[1, 2, 3])), (3, 2));
}

#[test]
fn a_group_is_joined_at_its_begin_and_at_no_other_time() {
    let schedule = every_day("Europe/Berlin", "09:00", "12:00", 15);
    let busy = Busy::default();
    let seats = Seats::of(8, [(ms(TEN), 1)]);
    let asked = Question {
        shape: shape(30, 0, 15),
        besides: Besides { seats: Some(&seats), ..Besides::default() },
        ..question(&schedule, &busy, 30, NOW)
    };
    for (start, expected) in [
        ("2026-11-24T08:15:00Z", Ok(())),
        ("2026-11-24T08:30:00Z", Err(Refusal::TooClose)),
        ("2026-11-24T08:45:00Z", Err(Refusal::Taken)),
        (TEN, Ok(())),
        ("2026-11-24T09:15:00Z", Err(Refusal::Taken)),
        ("2026-11-24T09:45:00Z", Ok(())),
    ] {
        assert_eq!(check(&asked, at(start)), expected, "{start}");
    }
}

#[test]
fn what_is_no_group_of_the_kind_takes_its_time_alone() {
    let schedule = every_day("Europe/Berlin", "09:00", "12:00", 30);
    let busy = Busy::new(vec![Span { start: ms(TEN), end: ms(TEN) + 30 * MINUTE }]);
    let seats = Seats::of(8, []);
    let asked = Question {
        besides: Besides { seats: Some(&seats), ..Besides::default() },
        ..question(&schedule, &busy, 30, NOW)
    };
    assert_eq!(check(&asked, at(TEN)), Err(Refusal::Taken));
    assert_eq!(restorable(&asked, ms(TEN)), Err(Refusal::Taken));
    assert_eq!(restorable(&asked, ms(NINE)), Ok(()));
}

#[test]
fn whoever_joins_a_group_needs_no_room_of_her_own_and_counts_for_the_day() {
    let schedule = every_day("Europe/Berlin", "09:00", "12:00", 30);
    let busy = Busy::default();
    let block = shape(30, 0, 0).block(ms(TEN));
    let room = ResourceId(uuid::Uuid::from_u128(9));
    let pools =
        Pools(vec![Pool { name: "Hall".to_owned(), resources: vec![(room, Busy::new(vec![block]))] }]);
    let (joined, first) = (Seats::of(2, [(ms(TEN), 1)]), Seats::of(2, []));
    let kind = shape(30, 0, 0).kind.visit_type;
    let full = FullDays::of(&schedule.zone, Limits { all: None, of_kind: Some(1) }, kind, [(ms(TEN), kind)]);
    for (seats, full, expected) in [
        (&joined, None, Ok(())),
        (&first, None, Err(Refusal::NoResource)),
        (&joined, Some(&full), Err(Refusal::KindFull)),
    ] {
        let asked = Question {
            besides: Besides { seats: Some(seats), full, pools: Some(&pools) },
            ..question(&schedule, &busy, 30, NOW)
        };
        assert_eq!(check(&asked, at(TEN)), expected);
    }
}

#[test]
fn the_desk_waits_for_a_group_that_has_a_seat_left() {
    let schedule = every_day("Europe/Berlin", "09:00", "12:00", 30);
    let busy = Busy::default();
    let end = ms("2026-11-24T23:00:00Z");
    for (capacity, expected) in [(2, ms(TEN)), (1, ms(TEN) + 30 * MINUTE)] {
        let seats = Seats::of(capacity, [(ms(TEN), 1)]);
        let asked = Question {
            besides: Besides { seats: Some(&seats), ..Besides::default() },
            ..question(&schedule, &busy, 30, "2026-11-24T08:50:00Z")
        };
        assert_eq!(at_once(&asked, end), Ok(expected), "{capacity}");
    }
    // Where there is time before it, nobody has to wait for others.
    let seats = Seats::of(2, [(ms(TEN), 1)]);
    let asked = Question {
        besides: Besides { seats: Some(&seats), ..Besides::default() },
        ..question(&schedule, &busy, 30, "2026-11-24T08:20:00Z")
    };
    assert_eq!(at_once(&asked, end), Ok(ms("2026-11-24T08:20:00Z")));
}

proptest! {
    /// However many come when: what is offered is what is validated, and it is free or has a seat left.
    #[test]
    fn a_time_with_a_seat_left_is_offered_exactly(
        capacity in 1_i64..5,
        groups in proptest::collection::btree_map(0_i64..8, 1_i64..6, 0..6),
    ) {
        let schedule = every_day("Europe/Berlin", "09:00", "13:00", 15);
        let busy = Busy::default();
        let begin = |half: i64| ms(NINE) + half * 30 * MINUTE;
        let seats = Seats::of(capacity, groups.iter().flat_map(|(half, many)| (1..=*many).map(move |number| (begin(*half), number))));
        let asked = Question { besides: Besides { seats: Some(&seats), ..Besides::default() }, ..question(&schedule, &busy, 30, NOW) };
        let offered = offer(&asked, date(2026, 11, 24), date(2026, 11, 24));
        for quarter in 0..15 {
            let start = ms(NINE) + quarter * 15 * MINUTE;
            let touches = |half: &i64| begin(*half) != start && (begin(*half) - start).abs() < 30 * MINUTE;
            let full = (0..8).any(|half| begin(half) == start && groups.get(&half).is_some_and(|many| *many >= capacity));
            let free = !full && !groups.keys().any(touches);
            prop_assert_eq!(offered.contains(&start), free, "{}", quarter);
            let verdict = check(&asked, Timestamp::from_millisecond(start).unwrap());
            prop_assert_eq!(verdict.is_ok(), free);
            prop_assert_eq!(restorable(&asked, start).is_ok(), free);
            if free {
                prop_assert!((1..=capacity).contains(&seats.next(start, &[])));
            }
        }
    }
}
