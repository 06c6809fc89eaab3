//! Whether what is booked still stands when hours change, and how much free time a change takes away.
//!
//! It has no rule of its own: everything is asked of [`super::check`] and [`super::offer`].

use jiff::{Timestamp, civil::Date};

use super::{Besides, Busy, Question, Refusal, Schedule, Shape, check, offer};
use crate::{
    availability::BookingRules,
    time::{MINUTE, Span},
};

impl Busy {
    /// The same time and one span more.
    #[must_use]
    pub fn with(&self, span: Span) -> Self {
        Self::new(self.0.iter().copied().chain([span]).collect())
    }

    /// The time of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self::new(self.0.iter().chain(&other.0).copied().collect())
    }

    /// How many whole minutes it is.
    pub fn minutes(&self) -> i64 {
        self.0.iter().map(|span| (span.end - span.start) / MINUTE).sum()
    }
}

/// The hours as somebody who has booked is owed them: how far ahead one has to book is no longer asked.
#[must_use]
pub fn as_agreed(schedule: &Schedule) -> Schedule {
    let rules = BookingRules { notice_minutes: 0, horizon_days: 1, ..schedule.rules };
    Schedule { rules, ..schedule.clone() }
}

/// Whether a visit that is booked stands by hours that [`as_agreed`] gave. Other visits are not in its way, and neither is the cadence:
/// it says where visits begin, and not when somebody is there.
pub fn stands(agreed: &Schedule, shape: Shape, start: i64) -> Result<(), Refusal> {
    let instant = Timestamp::from_millisecond;
    let (Ok(at), Ok(just_before)) = (instant(start), instant(start - 1)) else { return Err(Refusal::TooFar) };
    let busy = Busy::default();
    // What else has to be free is the visit's already.
    let besides = Besides::default();
    match check(&Question { schedule: agreed, shape, busy: &busy, now: just_before, besides }, at) {
        Err(Refusal::OffGrid) => Ok(()),
        verdict => verdict,
    }
}

/// Why a visit no longer stands when hours that [`as_agreed`] gave become others. What did not stand before for the same reason was
/// looked at then: hours that change elsewhere do not name it again.
pub fn unseated(before: &Schedule, after: &Schedule, shape: Shape, start: i64) -> Option<Refusal> {
    let refusal = stands(after, shape, start).err()?;
    (stands(before, shape, start) != Err(refusal)).then_some(refusal)
}

/// All time in which a visit of any of these shapes could be booked now, from one date to another. Rooms and devices are not asked: they
/// are the same whatever the hours are. Limits of a day are not asked either, though a change of hours may bring another: a limit takes
/// away none of a day's times before it is reached, and all of them then, so it is no matter of minutes.
pub fn open_time(
    schedule: &Schedule,
    shapes: &[Shape],
    busy: &Busy,
    now: Timestamp,
    (from, to): (Date, Date),
) -> Busy {
    let spans = shapes.iter().flat_map(|shape| {
        let besides = Besides::default();
        let starts = offer(&Question { schedule, shape: *shape, busy, now, besides }, from, to);
        starts.into_iter().map(|start| shape.visit(start))
    });
    Busy::new(spans.collect())
}

#[cfg(test)]
mod tests {
    use jiff::{civil::date, tz::TimeZone};
    use uuid::Uuid;

    use super::*;
    use crate::{
        availability::{Kind, TimeWindow, WeeklyWindow},
        hospitals::Modality,
        slots::span_between,
    };

    fn window(from: i8, to: i8) -> TimeWindow {
        TimeWindow { start: jiff::civil::time(from, 0, 0, 0), end: jiff::civil::time(to, 0, 0, 0) }
    }

    /// Every day from nine to twelve, with much notice and a near horizon.
    fn schedule() -> Schedule {
        Schedule {
            zone: TimeZone::get("Europe/Berlin").unwrap(),
            weekly: (1..=7).map(|day| WeeklyWindow::new(day, window(9, 12))).collect(),
            exceptions: Vec::new(),
            openings: Vec::new(),
            away: Busy::default(),
            closed: Busy::default(),
            rules: BookingRules {
                cadence_minutes: 30,
                notice_minutes: 10_000,
                horizon_days: 1,
                most_a_day: None,
            },
        }
    }

    fn shape(minutes: i64) -> Shape {
        let kind = Kind { visit_type: Uuid::from_u128(1).into(), modality: Modality::InPerson };
        Shape { kind, minutes, before: 10, after: 10 }
    }

    fn at(schedule: &Schedule, day: i8, hour: i8, minute: i8) -> i64 {
        let local = date(2026, 12, day).at(hour, minute, 0, 0);
        local.to_zoned(schedule.zone.clone()).unwrap().timestamp().as_millisecond()
    }

    #[test]
    fn what_is_booked_stands_whatever_notice_horizon_and_cadence_say() {
        let now = as_agreed(&schedule());
        for (hour, minute, expected) in [
            (9, 0, Ok(())),
            (9, 10, Ok(())),
            (11, 30, Ok(())),
            (11, 45, Err(Refusal::DoesNotFit)),
            (13, 0, Err(Refusal::OutsideHours)),
        ] {
            assert_eq!(stands(&now, shape(30), at(&now, 21, hour, minute)), expected, "{hour}:{minute}");
        }
    }

    #[test]
    fn an_absence_unseats_what_it_touches_and_nothing_else() {
        let before = as_agreed(&schedule());
        let day = |hour| date(2026, 12, 21).at(hour, 0, 0, 0);
        let away = before.away.with(span_between(&before.zone, day(10), day(11)).unwrap());
        let after = Schedule { away, ..before.clone() };
        for (hour, minute, expected) in [
            (9, 30, None),
            (9, 45, Some(Refusal::Away)),
            (10, 30, Some(Refusal::Away)),
            (11, 0, None),
            // It did not stand before either.
            (13, 0, None),
        ] {
            let start = at(&before, 21, hour, minute);
            assert_eq!(unseated(&before, &after, shape(30), start), expected, "{hour}:{minute}");
        }
        // Closing the house is another reason, and names what the absence has named before.
        let closed = span_between(&before.zone, day(0), date(2026, 12, 22).at(0, 0, 0, 0)).unwrap();
        let closed = Schedule { closed: after.closed.with(closed), ..after.clone() };
        let start = at(&before, 21, 10, 30);
        assert_eq!(unseated(&after, &closed, shape(30), start), Some(Refusal::HospitalClosed));
    }

    #[test]
    fn open_time_counts_each_minute_once() {
        let rules =
            BookingRules { cadence_minutes: 30, notice_minutes: 0, horizon_days: 30, most_a_day: None };
        let schedule = Schedule { rules, ..schedule() };
        let now = Timestamp::from_millisecond(at(&schedule, 20, 20, 0)).unwrap();
        let day = date(2026, 12, 21);
        let shapes = [shape(30), shape(60)];
        let open = |busy: &Busy| open_time(&schedule, &shapes, busy, now, (day, day)).minutes();
        assert_eq!(open(&Busy::default()), 180);
        // A visit from ten to half past keeps ten minutes before and after it free, and takes both halves of an hour beside it.
        let start = at(&schedule, 21, 10, 0);
        assert_eq!(open(&Busy::new(vec![shape(30).block(start)])), 90);
        assert_eq!(
            Busy::default().with(Span::minutes(0, 5)).and(&Busy::new(vec![Span::minutes(0, 9)])).minutes(),
            9
        );
    }
}
