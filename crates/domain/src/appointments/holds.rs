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
/// Seconds after the end of a hold before the patient may hold another time: nobody keeps a time by holding it again and again.
pub const COOL_DOWN_SECONDS: i64 = 60;

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

/// Whether a patient may hold one more time by herself. For staff there is no such rule.
pub fn may_hold(holding: Holding, now: i64) -> Result<()> {
    let many = holding.live >= LIVE_HOLDS || holding.by_account >= LIVE_HOLDS_BY_ACCOUNT;
    if many || holding.same_doctor_and_day > 0 {
        return Err(Error::conflict(Conflict::TooManyHolds));
    }
    let until = holding.ran_out_at.map_or(i64::MIN, |at| at + COOL_DOWN_SECONDS * 1000);
    if now < until {
        let seconds = (until - now + 999) / 1000;
        return Err(Error::TooMany { retry_after: u32::try_from(seconds).unwrap_or(1) });
    }
    Ok(())
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
        assert_eq!(may_hold(free, 0), Ok(()));
        assert_eq!(may_hold(Holding { live: 1, ..free }, 0), Ok(()));
        let full = Err(Error::conflict(Conflict::TooManyHolds));
        assert_eq!(may_hold(Holding { live: 2, ..free }, 0), full);
        assert_eq!(may_hold(Holding { live: 1, by_account: 3, ..free }, 0), Ok(()));
        assert_eq!(may_hold(Holding { by_account: 4, ..free }, 0), full);
        assert_eq!(may_hold(Holding { live: 1, same_doctor_and_day: 1, ..free }, 0), full);
    }

    #[test]
    fn whoever_let_a_hold_run_out_waits_a_minute() {
        let ran_out = Holding { ran_out_at: Some(100_000), ..Holding::default() };
        assert_eq!(may_hold(ran_out, 100_001), Err(Error::TooMany { retry_after: 60 }));
        assert_eq!(may_hold(ran_out, 159_999), Err(Error::TooMany { retry_after: 1 }));
        assert_eq!(may_hold(ran_out, 160_000), Ok(()));
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
