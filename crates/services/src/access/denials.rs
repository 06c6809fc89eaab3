//! How many denials of one account are noted: enough to see what it tried, not enough to fill the disk by trying.
//!
//! Every denial is a refusal all the same.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::ids::AccountId;

/// Denials that are noted within a minute. People come to a handful; the rest of a flood says nothing new.
const PER_MINUTE: u32 = 30;
/// Accounts that are remembered at once.
const ACCOUNTS: usize = 10_000;

/// The counts of the running minute.
#[derive(Default)]
pub(crate) struct Denials(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    number: i64,
    counts: HashMap<AccountId, u32>,
}

impl Denials {
    /// Counts a denial; `false` when the account has had its share of this minute.
    pub(crate) fn is_worth_noting(&self, account: AccountId, now: i64) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.div_euclid(60_000);
        if minute.number != number {
            *minute = Minute { number, counts: HashMap::new() };
        }
        if minute.counts.len() >= ACCOUNTS && !minute.counts.contains_key(&account) {
            return false;
        }
        let count = minute.counts.entry(account).or_default();
        *count += 1;
        if *count == PER_MINUTE + 1 {
            tracing::warn!(%account, "an account is denied so often that not every time is noted");
        }
        *count <= PER_MINUTE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_flood_is_noted_in_part_and_others_in_full() {
        let denials = Denials::default();
        let (loud, quiet) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let noted = (0..1000).filter(|_| denials.is_worth_noting(loud, 5)).count();
        assert_eq!(noted, 30);
        assert!(denials.is_worth_noting(quiet, 5));
        assert!(denials.is_worth_noting(loud, 60_005));
    }
}
