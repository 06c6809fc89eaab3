//! The next moment for somebody who stands at the desk: what is published does not bind the desk, what is taken does.

use super::{Question, Refusal, judge::furnished};
use crate::time::MINUTE;

/// The first whole minute from now on at which the doctor could see somebody, so that the visit is over by an end. Her hours, the steps
/// in which times are offered, notice, and how many visits her day takes do not matter: the desk sees who is in the house. That the
/// hospital is closed, that she is away, other visits with what is kept free around them, and rooms and devices do. A group of the same kind
/// that begins soon and has a seat left is waited for.
pub fn at_once(question: &Question<'_>, end: i64) -> Result<i64, Refusal> {
    let Question { schedule, shape, busy, now, besides } = *question;
    let minute =
        |at: i64| at.div_euclid(MINUTE) * MINUTE + if at.rem_euclid(MINUTE) > 0 { MINUTE } else { 0 };
    let joins = |start| besides.seats.is_some_and(|seats| seats.stands(start));
    let mut start = minute(now.as_millisecond());
    let mut refusal = Refusal::TooFar;
    // Each turn goes past one span that is in the way, and there are only so many before the end.
    loop {
        let visit = shape.visit(start);
        if visit.end > end {
            return Err(refusal);
        }
        let (until, why) = if let Some(closed) = schedule.closed.first_within(visit) {
            (closed.end, Refusal::HospitalClosed)
        } else if let Some(away) = schedule.away.first_within(visit) {
            (away.end, Refusal::Away)
        } else if let Some(taken) = busy.first_within(shape.block(start)) {
            (taken.end + shape.before * MINUTE, Refusal::Taken)
        } else if let Some(wait) = besides.seats.and_then(|seats| seats.wait(shape, start)) {
            wait
        } else if furnished(question, start, joins(start)).is_err() {
            // What comes free when depends on all pools together.
            (start + MINUTE, Refusal::NoResource)
        } else {
            return Ok(start);
        };
        (start, refusal) = (minute(until), why);
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::TimeZone};
    use uuid::Uuid;

    use super::super::{Besides, Busy, Pool, Pools, Schedule, Shape};
    use super::*;
    use crate::{
        availability::{BookingRules, Kind},
        hospitals::Modality,
        ids::VisitTypeId,
        time::Span,
    };

    const DAY: i64 = 24 * 60 * MINUTE;

    fn span(from: i64, to: i64) -> Span {
        Span { start: from * MINUTE, end: to * MINUTE }
    }

    fn shape(minutes: i64, before: i64, after: i64) -> Shape {
        let kind = Kind { visit_type: VisitTypeId(Uuid::from_u128(1)), modality: Modality::InPerson };
        Shape { kind, minutes, before, after }
    }

    /// A doctor without any hours.
    fn schedule() -> Schedule {
        Schedule {
            zone: TimeZone::UTC,
            weekly: Vec::new(),
            exceptions: Vec::new(),
            openings: Vec::new(),
            away: Busy::default(),
            closed: Busy::default(),
            rules: BookingRules {
                cadence_minutes: 60,
                notice_minutes: 600,
                horizon_days: 1,
                most_a_day: None,
            },
        }
    }

    fn asks(schedule: &Schedule, shape: Shape, taken: &[Span], now: i64) -> Result<i64, Refusal> {
        let (busy, now) = (Busy::new(taken.to_vec()), Timestamp::from_millisecond(now).unwrap());
        at_once(&Question { schedule, shape, busy: &busy, now, besides: Besides::default() }, DAY)
            .map(|start| start / MINUTE)
    }

    #[test]
    fn it_is_the_next_whole_minute_whatever_is_published() {
        let schedule = schedule();
        assert_eq!(asks(&schedule, shape(20, 0, 0), &[], 0), Ok(0));
        assert_eq!(asks(&schedule, shape(20, 0, 0), &[], 1), Ok(1));
        assert_eq!(asks(&schedule, shape(20, 0, 0), &[], 10 * MINUTE + 59_999), Ok(11));
    }

    #[test]
    fn it_waits_for_other_visits_and_for_what_is_kept_free() {
        let schedule = schedule();
        let taken = [span(0, 30), span(45, 60)];
        assert_eq!(asks(&schedule, shape(20, 0, 0), &taken, 0), Ok(60));
        assert_eq!(asks(&schedule, shape(15, 0, 0), &taken, 0), Ok(30));
        assert_eq!(asks(&schedule, shape(10, 5, 5), &taken, 0), Ok(65));
        assert_eq!(asks(&schedule, shape(5, 5, 5), &taken, 0), Ok(35));
    }

    #[test]
    fn nobody_is_seen_where_nobody_is() {
        let closed = Schedule { closed: Busy::new(vec![span(0, 100)]), ..schedule() };
        assert_eq!(asks(&closed, shape(20, 10, 0), &[], 0), Ok(100));
        let away = Schedule { away: Busy::new(vec![span(10, 50)]), ..schedule() };
        assert_eq!(asks(&away, shape(10, 0, 0), &[], 0), Ok(0));
        assert_eq!(asks(&away, shape(11, 0, 0), &[], 0), Ok(50));
        let all_day = Schedule { away: Busy::new(vec![span(0, 24 * 60)]), ..schedule() };
        assert_eq!(asks(&all_day, shape(20, 0, 0), &[], 0), Err(Refusal::Away));
    }

    #[test]
    fn it_waits_for_a_room() {
        let (schedule, shape) = (schedule(), shape(20, 0, 0));
        let room = |number| crate::ids::ResourceId(Uuid::from_u128(number));
        let taken = |spans: &[Span]| Busy::new(spans.to_vec());
        let pool = Pool {
            name: "Ultrasound room".to_owned(),
            resources: vec![(room(1), taken(&[span(0, 60)])), (room(2), taken(&[span(10, 45)]))],
        };
        let (pools, busy) = (Pools(vec![pool]), Busy::default());
        let besides = Besides { pools: Some(&pools), ..Besides::default() };
        let question =
            Question { schedule: &schedule, shape, busy: &busy, now: Timestamp::UNIX_EPOCH, besides };
        assert_eq!(at_once(&question, DAY), Ok(45 * MINUTE));
        assert_eq!(at_once(&question, 60 * MINUTE), Err(Refusal::NoResource));
    }

    #[test]
    fn it_is_over_before_the_day_is() {
        let schedule = schedule();
        assert_eq!(asks(&schedule, shape(20, 0, 0), &[], DAY - 20 * MINUTE), Ok(24 * 60 - 20));
        assert_eq!(asks(&schedule, shape(20, 0, 0), &[], DAY - 20 * MINUTE + 1), Err(Refusal::TooFar));
        let full = [span(0, 24 * 60)];
        assert_eq!(asks(&schedule, shape(20, 0, 0), &full, 0), Err(Refusal::Taken));
    }

    #[test]
    fn what_it_finds_is_always_free() {
        // Every pattern of ten quarters of an hour, taken or not.
        let schedule = schedule();
        for pattern in 0..1024_u32 {
            let taken: Vec<Span> = (0..10)
                .filter(|quarter| pattern & (1 << quarter) != 0)
                .map(|quarter| span(quarter * 15, quarter * 15 + 15))
                .collect();
            let shape = shape(20, 5, 5);
            let found = asks(&schedule, shape, &taken, 0).unwrap();
            let busy = Busy::new(taken);
            assert!(!busy.overlaps(shape.block(found * MINUTE)), "{pattern:b}");
            let earlier = (0..found).find(|minute| !busy.overlaps(shape.block(minute * MINUTE)));
            assert_eq!(earlier, None, "{pattern:b}");
        }
    }
}
