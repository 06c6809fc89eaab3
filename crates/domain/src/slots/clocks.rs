//! The clocks of a zone between two changes, where a wall time becomes an instant by one subtraction.
//!
//! Around a change nothing is said here: there each wall time is looked up in the zone.

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{Offset, TimeZone},
};

use super::candidates::first_instant;

/// A zone, with the stretch between two changes of its clocks that was last asked for.
pub(super) struct Clocks<'a> {
    zone: &'a TimeZone,
    stretch: Option<Stretch>,
}

/// The wall times that clocks show once and by one offset. All are milliseconds; a wall time is counted as if it were UTC.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// The first of them.
    from: i64,
    /// The first one after them.
    until: i64,
    /// What they are ahead of UTC.
    offset: i64,
}

impl<'a> Clocks<'a> {
    pub(super) fn of(zone: &'a TimeZone) -> Self {
        Self { zone, stretch: None }
    }

    /// What the clocks are ahead of UTC, where one stretch holds all wall times from the first to the last.
    pub(super) fn offset(&mut self, first: i64, last: i64) -> Option<i64> {
        let holds = |stretch: &Stretch| stretch.from <= first && last < stretch.until;
        if !self.stretch.as_ref().is_some_and(holds) {
            self.stretch = Stretch::around(self.zone, first);
        }
        self.stretch.filter(holds).map(|stretch| stretch.offset)
    }
}

/// A wall time as it is counted here.
pub(super) fn counted(wall: DateTime) -> Option<i64> {
    Offset::UTC.to_timestamp(wall).ok().map(Timestamp::as_millisecond)
}

impl Stretch {
    /// The one that holds a wall time, or begins or ends near it.
    fn around(zone: &TimeZone, wall: i64) -> Option<Self> {
        let wall = Offset::UTC.to_datetime(Timestamp::from_millisecond(wall).ok()?);
        let at = first_instant(zone, wall)?.as_millisecond();
        let instant = |at| Timestamp::from_millisecond(at).ok();
        let ahead = |offset: Offset| i64::from(offset.seconds()) * 1000;
        let offset = ahead(zone.to_offset(instant(at)?));
        // Where clocks go back, what they show twice is in neither stretch; where they go forward, what they skip is not.
        // A change belongs to what comes after it.
        let from = match zone.preceding(instant(at + 1)?).next() {
            Some(change) => {
                let at = change.timestamp().as_millisecond();
                at + offset.max(ahead(zone.to_offset(instant(at - 1)?)))
            }
            None => Timestamp::MIN.as_millisecond() + offset,
        };
        let until = match zone.following(instant(at)?).next() {
            Some(change) => change.timestamp().as_millisecond() + offset.min(ahead(change.offset())),
            None => Timestamp::MAX.as_millisecond() + offset,
        };
        Some(Self { from, until, offset })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn an_offset_is_told_only_where_no_change_is_near() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let mut clocks = Clocks::of(&zone);
        let (spring, autumn) = (date(2027, 3, 28), date(2027, 10, 31));
        // One after the other, forwards and back: what was learnt of one stretch is not believed of another.
        for (day, from, to, expected) in [
            (spring, (3, 0), (4, 0), Some(2)),
            (spring, (1, 0), (1, 59), Some(1)),
            (spring, (1, 0), (2, 0), None),
            (spring, (2, 0), (2, 30), None),
            (spring, (2, 30), (3, 0), None),
            (spring, (1, 0), (3, 0), None),
            (autumn, (1, 0), (1, 59), Some(2)),
            (autumn, (1, 0), (2, 0), None),
            (autumn, (2, 0), (2, 59), None),
            (autumn, (3, 0), (4, 0), Some(1)),
            (autumn, (0, 0), (4, 0), None),
        ] {
            let wall = |(hour, minute)| counted(day.at(hour, minute, 0, 0)).unwrap();
            let found = clocks.offset(wall(from), wall(to));
            assert_eq!(found, expected.map(|hours| hours * HOUR), "{day} {from:?} {to:?}");
        }
        assert_eq!(Clocks::of(&TimeZone::UTC).offset(0, 24 * HOUR), Some(0));
    }
}
