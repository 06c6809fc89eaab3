//! Tokens whose signature was found right. Checking one takes longer than all else that a request does before the database is asked,
//! and the same token comes with every request for ten minutes.
//!
//! Only the signature is remembered: whether the token's time is now and whether it has ended is looked at each time.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

use super::jwt::Claims;

/// From this size on, those whose time is over are let go.
const MANY: usize = 10_000;

/// What the tokens say, by the hash of their whole text.
#[derive(Default)]
pub(super) struct Seen {
    tokens: Mutex<HashMap<[u8; 32], Claims>>,
}

impl Seen {
    pub(super) fn claims(&self, token: &str) -> Option<Claims> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(&name(token)).cloned()
    }

    /// Notes a token whose signature is right. Instants are epoch seconds.
    pub(super) fn note(&self, token: &str, claims: &Claims, now: i64) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= MANY {
            tokens.retain(|_, claims| claims.holds_at(now));
            if tokens.len() >= MANY {
                tokens.clear();
            }
        }
        tokens.insert(name(token), claims.clone());
    }
}

fn name(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn claims(number: u128) -> Claims {
        Claims::new(Uuid::from_u128(number), Uuid::nil(), Uuid::nil(), false, 1_000, 1_600)
    }

    #[test]
    fn a_token_is_known_by_every_byte_of_it() {
        let seen = Seen::default();
        seen.note("a.b.c", &claims(1), 1_000);
        assert_eq!(seen.claims("a.b.c"), Some(claims(1)));
        assert_eq!(seen.claims("a.b.d"), None);
        assert_eq!(seen.claims("a.b.c "), None);
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let seen = Seen::default();
        for number in 0..MANY as u128 {
            seen.note(&number.to_string(), &claims(number), 1_000);
        }
        seen.note("later", &claims(7), 9_000);
        assert_eq!(seen.claims("0"), None, "its time is over");
        assert_eq!(seen.claims("later"), Some(claims(7)));
    }
}
