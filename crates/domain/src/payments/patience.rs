//! When a provider is asked next about a payment, if nobody tells anything before.
//!
//! Banks reserve money up to days after somebody has gone away, so what is open is looked at for five days; what the house itself has
//! asked for is looked at until its end is known. What somebody has told of is looked at before all that, however much is due.
//!
//! Money that is to go back is asked for without an end, since what a provider has against it may pass: a dispute, an account that is
//! empty. It is asked for more and more seldom, and people are told.

use super::flow::PaymentState;
use crate::time::MINUTE;

const SECOND: i64 = 1000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// After the beginning of an open payment, then every hour.
const OPEN: [i64; 3] = [MINUTE, 5 * MINUTE, 15 * MINUTE];
/// After the house has asked for something, then every hour.
const UNDER_WAY: [i64; 5] = [10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE];
/// Money that is to go back is looked at again after this part of the time that it has taken by then.
const PART: i64 = 24;
/// Money that was to go back so long ago, and of which the provider knows nothing, is shown to people.
pub const OVERDUE: i64 = DAY;
/// For so long an open payment is looked at.
const OPEN_FOR: i64 = 5 * DAY;
/// For so long after the end of a hold nobody else is given its time before the house knows whether it was paid for.
pub const ASKING: i64 = 2 * MINUTE;
/// How soon a provider that did not answer is asked again meanwhile.
pub const SOON: i64 = 10 * SECOND;

/// Who comes back from the provider makes the house ask at once, and for so long nobody who comes back with the same does so again: the
/// address of a return can be asked for as often as somebody likes.
pub const BETWEEN_RETURNS: i64 = 5 * SECOND;
/// For so long whoever asks for the way to the provider's page again is given the one that she was given: it is the same one.
pub const BETWEEN_WAYS: i64 = 5 * SECOND;

/// Which of the payments that are due are looked at first. Nobody who has paid waits for those that somebody else has begun and left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Somebody has told that there is something to see, or wants it to be looked at.
    Told,
    /// Its end is still to come.
    Awaited,
    /// It is over, and is looked at in case that money comes all the same.
    Over,
}

impl Urgency {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Told, Self::Awaited, Self::Over];

    /// The code in the database: the more urgent, the smaller.
    pub fn code(self) -> i64 {
        match self {
            Self::Told => 0,
            Self::Awaited => 1,
            Self::Over => 2,
        }
    }

    /// That of the next look, if nobody tells anything before.
    pub fn of(state: PaymentState) -> Self {
        match state {
            PaymentState::Open | PaymentState::Capturing | PaymentState::Captured | PaymentState::Undoing => {
                Self::Awaited
            }
            PaymentState::Voided | PaymentState::Lost | PaymentState::Closed => Self::Over,
        }
    }
}

/// When to look next, in epoch milliseconds; none when there is nothing left to learn.
pub fn next_look(now: i64, begun_at: i64, looks: i64, under_way: bool) -> Option<i64> {
    let wait = wait(if under_way { &UNDER_WAY } else { &OPEN }, looks);
    (under_way || now - begun_at < OPEN_FOR).then_some(now + wait)
}

fn wait(waits: &[i64], looks: i64) -> i64 {
    usize::try_from(looks).ok().and_then(|at| waits.get(at)).copied().unwrap_or(HOUR)
}

/// When to look again at money that was to go back at an instant: for a day as at whatever the house has asked for, then more and more
/// seldom, and at least once a day.
pub fn next_look_at_refund(now: i64, asked_at: i64, looks: i64) -> i64 {
    let waited = now - asked_at;
    let more = if waited > OVERDUE { waited / PART } else { 0 };
    now + wait(&UNDER_WAY, looks).max(more).min(DAY)
}

/// When to look again at a closed payment for which nothing can be paid any more, as the provider says: seldom, and for as long as at any
/// other, in case that it was mistaken.
pub fn next_look_at_ended(now: i64, begun_at: i64) -> Option<i64> {
    (now - begun_at < OPEN_FOR).then_some(now + DAY)
}

/// When to look again after trouble with an open payment whose hold has ended: soon, since others wait for that time, and for no longer
/// than [`ASKING`] in all. None afterwards: then [`next_after_tries`] says when.
pub fn next_try(now: i64, ended_at: i64) -> Option<i64> {
    let until = ended_at + ASKING;
    (now < until).then_some(until.min(now + SOON))
}

/// When to look again after those tries: as ever, but no sooner than in a minute, since the time may be given to others now.
pub fn next_after_tries(now: i64, begun_at: i64, looks: i64) -> Option<i64> {
    next_look(now, begun_at, looks, true).map(|at| at.max(now + MINUTE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_payment_is_looked_at_for_five_days() {
        assert_eq!(next_look(0, 0, 0, false), Some(MINUTE));
        assert_eq!(next_look(0, 0, 2, false), Some(15 * MINUTE));
        assert_eq!(next_look(DAY, 0, 9, false), Some(DAY + HOUR));
        assert_eq!(next_look(5 * DAY, 0, 99, false), None);
    }

    #[test]
    fn who_did_not_answer_is_asked_again_soon_while_others_wait_and_not_for_long() {
        assert_eq!(next_try(0, 0), Some(SOON));
        assert_eq!(next_try(MINUTE, 0), Some(MINUTE + SOON));
        assert_eq!(next_try(ASKING - 1, 0), Some(ASKING));
        assert_eq!(next_try(ASKING, 0), None);
        assert_eq!(next_after_tries(ASKING, 0, 0), Some(ASKING + MINUTE));
        assert_eq!(next_after_tries(ASKING, 0, 4), Some(ASKING + 15 * MINUTE));
    }

    #[test]
    fn what_nobody_can_pay_any_more_is_looked_at_once_a_day_for_as_long() {
        assert_eq!(next_look_at_ended(0, 0), Some(DAY));
        assert_eq!(next_look_at_ended(4 * DAY, 0), Some(5 * DAY));
        assert_eq!(next_look_at_ended(5 * DAY, 0), None);
    }

    #[test]
    fn what_is_over_comes_after_what_is_awaited_and_that_after_what_somebody_has_told_of() {
        let codes = Urgency::ALL.map(Urgency::code);
        assert_eq!(codes, [0, 1, 2]);
        let over: Vec<_> =
            PaymentState::ALL.into_iter().filter(|state| Urgency::of(*state) == Urgency::Over).collect();
        assert_eq!(over, [PaymentState::Voided, PaymentState::Lost, PaymentState::Closed]);
        assert!(PaymentState::ALL.into_iter().all(|state| Urgency::of(state) != Urgency::Told));
    }

    #[test]
    fn money_that_does_not_go_back_is_asked_for_more_and_more_seldom_and_at_least_once_a_day() {
        assert_eq!(next_look_at_refund(0, 0, 0), 10 * SECOND);
        assert_eq!(next_look_at_refund(DAY, 0, 9), DAY + HOUR);
        assert_eq!(next_look_at_refund(3 * DAY, 0, 0), 3 * DAY + 3 * HOUR);
        assert_eq!(next_look_at_refund(24 * DAY, 0, 99), 25 * DAY);
        assert_eq!(next_look_at_refund(900 * DAY, 0, 99), 901 * DAY);
    }

    #[test]
    fn what_was_asked_for_is_looked_at_to_its_end() {
        assert_eq!(next_look(0, 0, 0, true), Some(10 * SECOND));
        assert_eq!(next_look(90 * DAY, 0, 999, true), Some(90 * DAY + HOUR));
    }
}
