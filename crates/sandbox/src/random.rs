//! Chance: names for what is made here, and another order for a list.
//! The one place that asks the system for randomness.

use ring::{
    error::Unspecified,
    rand::{SecureRandom, SystemRandom},
};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Letters and digits of a name, as Razorpay has them.
const LENGTH: usize = 14;

/// A prefix and fourteen letters and digits.
pub(crate) fn id(prefix: &str) -> Result<String, Unspecified> {
    let mut id = prefix.to_owned();
    while id.len() < prefix.len() + LENGTH {
        let mut bytes = [0; 2 * LENGTH];
        SystemRandom::new().fill(&mut bytes)?;
        let missing = prefix.len() + LENGTH - id.len();
        // From 248 on, the first letters of the alphabet would come more often than the others.
        let fair =
            bytes.into_iter().filter(|byte| *byte < 248).map(|byte| usize::from(byte) % ALPHABET.len());
        id.extend(fair.filter_map(|at| ALPHABET.get(at)).take(missing).copied().map(char::from));
    }
    Ok(id)
}

/// Puts a list into an order of chance.
pub(crate) fn shuffle<T>(list: &mut [T]) -> Result<(), Unspecified> {
    for last in (1..list.len()).rev() {
        let mut bytes = [0; 4];
        SystemRandom::new().fill(&mut bytes)?;
        let number = usize::try_from(u32::from_le_bytes(bytes)).unwrap_or_default();
        list.swap(last, number % (last + 1));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_fourteen_letters_and_digits_and_do_not_repeat() {
        let ids: BTreeSet<String> = (0..500).map(|_| id("pay_").unwrap()).collect();
        assert_eq!(ids.len(), 500);
        for id in ids {
            let letters = id.strip_prefix("pay_").unwrap();
            assert!(
                letters.len() == 14 && letters.chars().all(|letter| letter.is_ascii_alphanumeric()),
                "{id}"
            );
        }
    }

    #[test]
    fn a_shuffled_list_has_what_it_had() {
        let mut list: Vec<u32> = (0..100).collect();
        shuffle(&mut list).unwrap();
        assert_ne!(list, (0..100).collect::<Vec<_>>());
        list.sort_unstable();
        assert_eq!(list, (0..100).collect::<Vec<_>>());
    }
}
