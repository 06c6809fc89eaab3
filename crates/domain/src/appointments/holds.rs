//! Holding a time until something is done: for how long, how often longer, and how many at once.
//!
//! That a hold has ended is never written anywhere first: whoever reads compares its end with the clock.

use super::Status;
use crate::{
    error::{Conflict, Error, Result},
    time::MINUTE,
};

/// How long a time is held.
pub const HOLD_MINUTES: i64 = 15;
/// How much longer it is held when somebody asks for that, once.
pub const HOLD_EXTENSION_MINUTES: i64 = 5;
/// Holds that a patient may have at one moment, with different doctors or on different days.
pub const LIVE_HOLDS: i64 = 2;
/// Holds that one account may have at one moment for all for whom it acts.
pub const LIVE_HOLDS_BY_ACCOUNT: i64 = 4;
/// Seconds after a hold has run out before the patient may hold another time: others come in between.
pub const COOL_DOWN_SECONDS: i64 = 60;
/// The longest that a time is held.
pub const LONGEST_HOLD_MINUTES: i64 = HOLD_MINUTES + HOLD_EXTENSION_MINUTES;
/// A hold that came to nothing, because it ran out or was let go, counts for so long from when it began.
pub const IN_VAIN_SPAN_MINUTES: i64 = 60;
/// Once holds of an account, for whomever it acts, have kept times of one doctor on one day in vain for longer than this, which is as long
/// as one hold that was made longer, it waits. So nobody keeps a time by holding it again and again: for twenty minutes of each hour it is
/// there for others. Whoever changes her mind after a minute may do so many times, and whoever could not pay in time has another try.
pub const IN_VAIN_MINUTES: i64 = LONGEST_HOLD_MINUTES;
/// So many holds of an account may come to nothing within that span, with whichever doctor: each leaves a row, and nobody who looks for a
/// time needs more.
pub const IN_VAIN_HOLDS: usize = 20;

/// What the rules look at when a patient wants to hold a time by herself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Holding {
    /// Her holds that have not ended.
    pub live: i64,
    /// Those of them with this doctor on this day.
    pub same_doctor_and_day: i64,
    /// Holds that the account has for whomever it acts, and that have not ended.
    pub by_account: i64,
    /// When her last hold ran out, in epoch milliseconds.
    pub ran_out_at: Option<i64>,
}

/// A hold of an account, for whomever it acts, that has ended and was not booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InVain {
    /// When it began, in epoch milliseconds.
    pub began_at: i64,
    /// When it ended.
    pub ended_at: i64,
    /// Whether it kept a time of the doctor and the day that are wanted now.
    pub here: bool,
}

/// Whether a patient may hold one more time by herself, after those of the account that came to nothing lately, in the order in which they
/// began. For staff there is no such rule. What is offered to somebody who waits is no hold of her own, and none that she has let run out.
pub fn may_hold(holding: Holding, in_vain: &[InVain], now: i64) -> Result<()> {
    let many = holding.live >= LIVE_HOLDS || holding.by_account >= LIVE_HOLDS_BY_ACCOUNT;
    if many || holding.same_doctor_and_day > 0 {
        return Err(Error::conflict(Conflict::TooManyHolds));
    }
    let cooled = holding.ran_out_at.map(|at| at + COOL_DOWN_SECONDS * 1000);
    let until = cooled.max(again_at(in_vain)).unwrap_or(i64::MIN);
    if now < until {
        let seconds = (until - now + 999) / 1000;
        return Err(Error::TooMany { retry_after: u32::try_from(seconds).unwrap_or(1) });
    }
    Ok(())
}

/// When holds that came to nothing are no longer too many; none if they are not.
fn again_at(in_vain: &[InVain]) -> Option<i64> {
    let too_much = |holds: &[InVain]| holds.len() >= IN_VAIN_HOLDS || kept(holds) > IN_VAIN_MINUTES * MINUTE;
    // The last ones that are too much: when the first of them no longer counts, what is left is not.
    let from_here = (0..in_vain.len()).rev().find_map(|at| in_vain.get(at..).filter(|holds| too_much(holds)));
    from_here?.first().map(|hold| hold.began_at + IN_VAIN_SPAN_MINUTES * MINUTE)
}

/// For how long holds have kept times here, in milliseconds. Of two beside each other what they have in common counts once: siblings who
/// hold two times at once keep them no longer than one child her one.
fn kept(holds: &[InVain]) -> i64 {
    let (mut kept, mut until) = (0, i64::MIN);
    for hold in holds.iter().filter(|hold| hold.here) {
        // That a hold has ended may be noted late.
        let end = hold.ended_at.min(hold.began_at + LONGEST_HOLD_MINUTES * MINUTE);
        kept += (end - hold.began_at.max(until)).max(0);
        until = until.max(end);
    }
    kept
}

/// The end of a hold that begins now: it never outlives the begin of the visit.
pub fn hold_until(now: i64, starts_at: i64) -> i64 {
    (now + HOLD_MINUTES * MINUTE).min(starts_at)
}

/// The end of a hold that is made longer, or the refusal.
pub fn extended(status: Status, until: Option<i64>, already: bool, starts_at: i64, now: i64) -> Result<i64> {
    let until = alive(status, until, now)?;
    if already {
        return Err(Error::conflict(Conflict::AlreadyDone));
    }
    Ok((until + HOLD_EXTENSION_MINUTES * MINUTE).min(starts_at))
}

/// The end of a hold that has not ended, or the refusal.
pub fn alive(status: Status, until: Option<i64>, now: i64) -> Result<i64> {
    match (status.is_held(), until) {
        (true, Some(until)) if now < until => Ok(until),
        (true, _) => Err(Error::conflict(Conflict::HoldEnded)),
        (false, _) if status == Status::Expired => Err(Error::conflict(Conflict::HoldEnded)),
        (false, _) => Err(Error::conflict(Conflict::WrongStatus)),
    }
}

/// Where a visit stands now: a hold whose end has passed has ended, whether anybody has noted it or not.
pub fn standing(status: Status, until: Option<i64>, now: i64) -> Status {
    match until {
        Some(until) if status.is_held() && now >= until => Status::Expired,
        Some(_) | None => status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_hoards_times() {
        let free = Holding::default();
        assert_eq!(may_hold(free, &[], 0), Ok(()));
        assert_eq!(may_hold(Holding { live: 1, ..free }, &[], 0), Ok(()));
        let full = Err(Error::conflict(Conflict::TooManyHolds));
        assert_eq!(may_hold(Holding { live: 2, ..free }, &[], 0), full);
        assert_eq!(may_hold(Holding { live: 1, by_account: 3, ..free }, &[], 0), Ok(()));
        assert_eq!(may_hold(Holding { by_account: 4, ..free }, &[], 0), full);
        assert_eq!(may_hold(Holding { live: 1, same_doctor_and_day: 1, ..free }, &[], 0), full);
    }

    #[test]
    fn whoever_let_a_hold_run_out_waits_a_minute() {
        let ran_out = Holding { ran_out_at: Some(100_000), ..Holding::default() };
        assert_eq!(may_hold(ran_out, &[], 100_001), Err(Error::TooMany { retry_after: 60 }));
        assert_eq!(may_hold(ran_out, &[], 159_999), Err(Error::TooMany { retry_after: 1 }));
        assert_eq!(may_hold(ran_out, &[], 160_000), Ok(()));
    }

    fn in_vain(began: i64, minutes: i64, here: bool) -> InVain {
        InVain { began_at: began * MINUTE, ended_at: (began + minutes) * MINUTE, here }
    }

    fn again(in_vain: &[InVain], now: i64) -> Result<()> {
        may_hold(Holding::default(), in_vain, now)
    }

    #[test]
    fn who_keeps_times_of_a_doctors_day_in_vain_waits_until_that_is_an_hour_ago() {
        // Who could not pay in time has another try, though she has made the first one longer.
        assert_eq!(again(&[in_vain(0, 20, true)], 20 * MINUTE), Ok(()));
        let twice = [in_vain(0, 20, true), in_vain(21, 20, true)];
        assert_eq!(again(&twice, 41 * MINUTE), Err(Error::TooMany { retry_after: 19 * 60 }));
        assert_eq!(again(&twice, 60 * MINUTE - 1), Err(Error::TooMany { retry_after: 1 }));
        assert_eq!(again(&twice, 60 * MINUTE), Ok(()));
        // Who keeps it in pieces has kept it, too.
        let pieces = [in_vain(0, 8, true), in_vain(8, 8, true), in_vain(16, 8, true)];
        assert_eq!(again(&pieces, 24 * MINUTE), Err(Error::TooMany { retry_after: 36 * 60 }));
        assert_eq!(again(&pieces, 60 * MINUTE), Ok(()));
    }

    #[test]
    fn who_waits_for_two_reasons_is_told_the_longer_one() {
        let ran_out = Holding { ran_out_at: Some(41 * MINUTE), ..Holding::default() };
        let twice = [in_vain(0, 20, true), in_vain(21, 20, true)];
        assert_eq!(may_hold(ran_out, &twice, 41 * MINUTE), Err(Error::TooMany { retry_after: 19 * 60 }));
        assert_eq!(may_hold(ran_out, &twice[1..], 41 * MINUTE), Err(Error::TooMany { retry_after: 60 }));
    }

    #[test]
    fn times_that_are_kept_beside_each_other_are_kept_once() {
        let siblings = [in_vain(0, 15, true), in_vain(1, 15, true)];
        assert_eq!(again(&siblings, 16 * MINUTE), Ok(()));
        // A short one in between takes nothing away from the long one around it.
        let around = [in_vain(0, 20, true), in_vain(1, 0, true), in_vain(21, 5, true)];
        assert_eq!(again(&around, 26 * MINUTE), Err(Error::TooMany { retry_after: 34 * 60 }));
    }

    #[test]
    fn who_changes_her_mind_holds_another_time() {
        let minutes: Vec<_> = (0..12).map(|began| in_vain(began, 1, true)).collect();
        assert_eq!(again(&minutes, 12 * MINUTE), Ok(()));
        // With another doctor, or on another day, nothing was kept.
        assert_eq!(again(&[in_vain(0, 20, false), in_vain(20, 20, false)], 40 * MINUTE), Ok(()));
    }

    #[test]
    fn that_a_hold_has_ended_is_noted_late_and_counts_as_a_long_one() {
        let late = [in_vain(0, 10_000, true), in_vain(30, 1, true)];
        assert_eq!(again(&late[..1], 50 * MINUTE), Ok(()));
        assert_eq!(again(&late, 31 * MINUTE), Err(Error::TooMany { retry_after: 29 * 60 }));
        assert_eq!(again(&late, 60 * MINUTE), Ok(()));
    }

    #[test]
    fn an_account_holds_in_vain_twenty_times_an_hour_at_most() {
        let mut holds: Vec<_> = (0..19).map(|began| in_vain(began, 0, false)).collect();
        assert_eq!(again(&holds, 20 * MINUTE), Ok(()));
        holds.push(in_vain(19, 0, false));
        assert_eq!(again(&holds, 20 * MINUTE), Err(Error::TooMany { retry_after: 40 * 60 }));
        assert_eq!(again(&holds, 60 * MINUTE), Ok(()));
        holds.push(in_vain(20, 0, false));
        assert_eq!(again(&holds, 60 * MINUTE), Err(Error::TooMany { retry_after: 60 }));
    }

    #[test]
    fn a_hold_ends_on_time_and_never_after_the_visit_has_begun() {
        assert_eq!(hold_until(0, 60 * MINUTE), 15 * MINUTE);
        assert_eq!(hold_until(0, 10 * MINUTE), 10 * MINUTE);
        let until = Some(15 * MINUTE);
        assert_eq!(standing(Status::Held, until, 15 * MINUTE - 1), Status::Held);
        assert_eq!(standing(Status::PendingPayment, until, 15 * MINUTE), Status::Expired);
        assert_eq!(standing(Status::Booked, None, i64::MAX), Status::Booked);
    }

    #[test]
    fn a_hold_is_made_longer_once() {
        let ask = |already, now| extended(Status::Held, Some(15 * MINUTE), already, 60 * MINUTE, now);
        assert_eq!(ask(false, 0), Ok(20 * MINUTE));
        assert_eq!(ask(true, 0), Err(Error::conflict(Conflict::AlreadyDone)));
        assert_eq!(ask(false, 15 * MINUTE), Err(Error::conflict(Conflict::HoldEnded)));
        let booked = extended(Status::Booked, None, false, 60 * MINUTE, 0);
        assert_eq!(booked, Err(Error::conflict(Conflict::WrongStatus)));
    }
}
