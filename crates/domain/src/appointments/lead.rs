//! How long before its begin a patient's side gives a time back. Whether that is late, and what goes back of the money, is judged by it.
//!
//! A visit that is called off at the last minute is called off late, wherever it was put in that minute: so the moves before count. What
//! the hospital has moved is no time of hers, and leaving it is never late.

use super::{Initiator, LATE_CANCEL_HOURS};
use crate::time::MINUTE;

/// Whose hand has put a visit on a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// The patient's own side.
    Patient,
    /// The hospital.
    Hospital,
}

impl Hand {
    /// The code in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Hospital => "hospital",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Patient, Self::Hospital].into_iter().find(|hand| hand.code() == code)
    }
}

impl From<Initiator> for Hand {
    fn from(initiator: Initiator) -> Self {
        match initiator {
            Initiator::Patient => Self::Patient,
            Initiator::Provider | Initiator::Organization => Self::Hospital,
        }
    }
}

/// A time on which a visit was put. Instants are epoch milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Put {
    /// When it was to begin from then on.
    pub starts_at: i64,
    /// When that was done.
    pub at: i64,
    /// By whom.
    pub by: Hand,
}

/// How long before its begin a patient's side gives a time back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lead {
    /// The hospital has put the visit there after it was agreed: she owes it nothing.
    NotHerTime,
    /// So many milliseconds; fewer than none when it has begun.
    Of(i64),
}

impl Lead {
    /// Of a visit that begins at an instant and is given back now. `puts` are the times on which it was put, in their order: the first by
    /// booking it, the others by moving it. Where her side has moved it more than once since it was agreed, or since the hospital moved it,
    /// the shortest counts.
    pub fn of(puts: &[Put], starts_at: i64, now: i64) -> Self {
        let mut shortest = Some(i64::MAX);
        for (before, put) in puts.iter().zip(puts.iter().skip(1)) {
            shortest = match (put.by, shortest) {
                (Hand::Hospital, _) => None,
                // To leave what was not her time costs nothing; the one that she has chosen instead is hers.
                (Hand::Patient, None) => Some(i64::MAX),
                (Hand::Patient, Some(shortest)) => Some(shortest.min(before.starts_at - put.at)),
            };
        }
        shortest.map_or(Self::NotHerTime, |shortest| Self::Of(shortest.min(starts_at - now)))
    }

    /// Whether it is as long as so many hours, or needs not be.
    pub fn is_at_least(self, hours: i64) -> bool {
        match self {
            Self::NotHerTime => true,
            Self::Of(lead) => lead >= hours * 60 * MINUTE,
        }
    }

    /// Whether a cancellation is a late one by it.
    pub fn is_late(self) -> bool {
        !self.is_at_least(LATE_CANCEL_HOURS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;

    /// Put on a time in so many hours, at an hour.
    fn put(by: Hand, starts_at: i64, at: i64) -> Put {
        Put { starts_at: starts_at * HOUR, at: at * HOUR, by }
    }

    /// In hours, for a visit that stands where it was put last and is given back at an hour.
    fn lead(puts: &[Put], now: i64) -> Option<i64> {
        let begins = puts.last().map_or(0, |put| put.starts_at);
        match Lead::of(puts, begins, now * HOUR) {
            Lead::NotHerTime => None,
            Lead::Of(lead) => Some(lead / HOUR),
        }
    }

    #[test]
    fn what_was_never_moved_is_judged_by_its_begin() {
        assert_eq!(lead(&[put(Hand::Patient, 100, 0)], 99), Some(1));
        assert_eq!(
            lead(&[put(Hand::Hospital, 100, 0)], 99),
            Some(1),
            "what was agreed is her time, whoever wrote it in"
        );
        assert_eq!(Lead::of(&[], 100 * HOUR, 0), Lead::Of(100 * HOUR));
    }

    #[test]
    fn a_move_at_the_last_minute_is_not_forgotten() {
        use Hand::{Hospital, Patient};
        let booked = put(Patient, 100, 0);
        let cases: &[(&[Put], i64, Option<i64>, &str)] = &[
            (&[put(Patient, 600, 99)], 99, Some(1), "moved far away and given back"),
            (&[put(Patient, 600, 99)], 500, Some(1), "and given back much later"),
            (&[put(Patient, 600, 10)], 590, Some(10), "moved early, given back late"),
            (&[put(Patient, 600, 10)], 20, Some(90), "moved early, given back early"),
            (&[put(Patient, 600, 99), put(Patient, 900, 100)], 100, Some(1), "the shortest of several"),
            (&[put(Patient, 600, 10), put(Patient, 900, 598)], 600, Some(2), "whichever of them it is"),
            (&[put(Hospital, 101, 50)], 100, None, "moved by the hospital to the next hour"),
            (&[put(Patient, 600, 99), put(Hospital, 700, 110)], 699, None, "moved by the hospital since"),
            (
                &[put(Hospital, 52, 50), put(Patient, 300, 51)],
                60,
                Some(240),
                "led away from what was not hers",
            ),
            (&[put(Hospital, 52, 50), put(Patient, 300, 51)], 299, Some(1), "but what she chose is hers"),
            (
                &[put(Hospital, 52, 50), put(Patient, 300, 51), put(Patient, 600, 297)],
                300,
                Some(3),
                "and a move from there counts again",
            ),
        ];
        for (moves, now, expected, why) in cases {
            let puts: Vec<_> = std::iter::once(booked).chain(moves.iter().copied()).collect();
            assert_eq!(lead(&puts, *now), *expected, "{why}");
        }
    }

    #[test]
    fn a_day_before_is_early_enough_and_what_is_not_hers_always_is() {
        assert!(!Lead::Of(DAY).is_late());
        assert!(Lead::Of(DAY - 1).is_late());
        assert!(!Lead::NotHerTime.is_late());
        assert!(Lead::NotHerTime.is_at_least(720) && Lead::Of(2 * HOUR).is_at_least(2));
        assert!(!Lead::Of(-HOUR).is_at_least(0));
    }

    #[test]
    fn codes_read_back() {
        for hand in [Hand::Patient, Hand::Hospital] {
            assert_eq!(Hand::parse(hand.code()), Some(hand));
        }
        assert_eq!(Hand::parse("undo"), None);
        assert_eq!(Hand::from(Initiator::Patient), Hand::Patient);
        assert_eq!(Hand::from(Initiator::Provider), Hand::Hospital);
        assert_eq!(Hand::from(Initiator::Organization), Hand::Hospital);
    }
}
