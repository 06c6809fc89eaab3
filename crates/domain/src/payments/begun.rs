//! How many payments an account may begin that it does not pay: the house asks the provider about each of them for days.
//!
//! A time that is held has one payment, however often it is tried, so only who holds one time after the other begins another.

use crate::{
    error::{Error, Result},
    time::MINUTE,
};

/// They are counted for so long.
pub const COUNTED: i64 = 60 * MINUTE;
/// Most payments that an account begins within that time, for all for whom it acts, and has not paid. Who lets times run out does not get
/// there: four at once, for a quarter of an hour each and with a minute between, are sixteen in an hour.
pub const UNPAID: i64 = 20;

/// What an account has begun within [`COUNTED`] and not paid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Begun {
    /// How many.
    pub unpaid: i64,
    /// When the first of them was begun, in epoch milliseconds.
    pub first_at: Option<i64>,
}

/// Whether an account may begin one more payment.
pub fn may_begin(begun: Begun, now: i64) -> Result<()> {
    if begun.unpaid < UNPAID {
        return Ok(());
    }
    let left = begun.first_at.map_or(COUNTED, |at| at + COUNTED - now).max(1);
    let seconds = (left + 999) / 1000;
    Err(Error::TooMany { retry_after: u32::try_from(seconds).unwrap_or(3600) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appointments::{COOL_DOWN_SECONDS, HOLD_MINUTES, LIVE_HOLDS_BY_ACCOUNT};

    #[test]
    fn who_begins_and_does_not_pay_waits_until_the_first_is_an_hour_old() {
        let begun = |unpaid| Begun { unpaid, first_at: Some(10 * MINUTE) };
        assert_eq!(may_begin(Begun::default(), 0), Ok(()));
        assert_eq!(may_begin(begun(19), 30 * MINUTE), Ok(()));
        assert_eq!(may_begin(begun(20), 30 * MINUTE), Err(Error::TooMany { retry_after: 40 * 60 }));
        assert_eq!(may_begin(begun(21), 70 * MINUTE - 1), Err(Error::TooMany { retry_after: 1 }));
    }

    #[test]
    fn who_lets_every_time_run_out_may_still_begin_another() {
        let apart = HOLD_MINUTES * MINUTE + COOL_DOWN_SECONDS * 1000;
        let rounds = (COUNTED + apart - 1) / apart;
        assert!(rounds * LIVE_HOLDS_BY_ACCOUNT < UNPAID, "{rounds}");
    }
}
