//! Secrets and short references: how they are made, and how they are stored (as hashes).
//!
//! Passwords are not here: they need a slow hash.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::outside::random::Random;

/// Letters and digits that nobody confuses on the telephone (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A secret of 256 bits for a link or a header.
pub(crate) fn token(random: &dyn Random) -> String {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What of a secret is stored.
pub(crate) fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// A name for content, made from the content: safe in a path, the same for the same bytes.
pub(crate) fn content_key(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    URL_SAFE_NO_PAD.encode(digest.get(..18).unwrap_or_default())
}

/// A reference that people can read to each other: two groups of five.
pub(crate) fn reference(random: &dyn Random) -> String {
    let mut bytes = [0; 10];
    random.fill(&mut bytes);
    let mut text = String::with_capacity(11);
    for (at, byte) in bytes.into_iter().enumerate() {
        if at == 5 {
            text.push('-');
        }
        text.push(char::from(ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'0')));
    }
    text
}
