//! How often an address is read: each reading stands in the audit, and whoever has the address could fill it.
//!
//! Unknown addresses are not counted: they are refused before anything is written.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{Error as Refusal, ids::AccountId, time::MINUTE};

use crate::error::Result;

const HOUR: i64 = 60 * MINUTE;
/// Most readings of a calendar within an hour: a phone, a tablet and a computer that ask every few minutes.
const PER_HOUR: u32 = 60;

/// The counts of the running hour, in this process.
#[derive(Default)]
pub(super) struct Readings(Mutex<Hour>);

#[derive(Default)]
struct Hour {
    number: i64,
    counts: HashMap<AccountId, u32>,
}

impl Readings {
    /// Counts a reading, or says how long to wait.
    pub(super) fn count(&self, account: AccountId, now: i64) -> Result<()> {
        let mut hour = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.div_euclid(HOUR);
        if hour.number != number {
            *hour = Hour { number, counts: HashMap::new() };
        }
        let count = hour.counts.entry(account).or_default();
        if *count >= PER_HOUR {
            let left = (HOUR - now.rem_euclid(HOUR)).div_euclid(1000) + 1;
            return Err(Refusal::TooMany { retry_after: u32::try_from(left).unwrap_or(3600) }.into());
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn whoever_reads_all_the_time_waits_and_nobody_else() {
        let readings = Readings::default();
        let (loud, quiet) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let now = 7 * HOUR + 59 * MINUTE;
        assert_eq!((0..100).filter(|_| readings.count(loud, now).is_ok()).count(), 60);
        let refused = readings.count(loud, now).err().map(domain::Error::from);
        assert_eq!(refused, Some(Refusal::TooMany { retry_after: 61 }));
        assert!(readings.count(quiet, now).is_ok());
        assert!(readings.count(loud, now + MINUTE).is_ok());
    }
}
