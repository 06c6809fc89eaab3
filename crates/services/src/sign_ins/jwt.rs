//! The signed access token (RFC 7519 in the profile of RFC 9068): one algorithm, one shape, nothing optional.
//!
//! Only a token that is spelt exactly as we spell it is read. Which keys there are is the keyring's business.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// Longer texts are none of ours.
const LONGEST: usize = 1024;
const ALGORITHM: &str = "EdDSA";
const TYPE: &str = "at+jwt";
const ISSUER: &str = "caresync";
const AUDIENCE: &str = "caresync-api";
/// What the clocks of two nodes may differ.
const LEEWAY: i64 = 5;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// What a token says. Instants are epoch seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    iss: String,
    aud: String,
    /// The account.
    pub(super) sub: Uuid,
    /// The sign-in.
    pub(super) sid: Uuid,
    /// This token.
    pub(super) jti: Uuid,
    /// Whether the pair was bought with a refresh token, so that its first use has to be noted.
    pub(super) bought: bool,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Claims {
    pub(super) fn new(account: Uuid, sign_in: Uuid, id: Uuid, bought: bool, now: i64, exp: i64) -> Self {
        let (iss, aud) = (ISSUER.to_owned(), AUDIENCE.to_owned());
        Self { iss, aud, sub: account, sid: sign_in, jti: id, bought, iat: now, nbf: now, exp }
    }

    /// Whether it is for us, and its time is now.
    pub(super) fn holds_at(&self, now: i64) -> bool {
        self.iss == ISSUER
            && self.aud == AUDIENCE
            && self.iat <= now + LEEWAY
            && self.nbf <= now + LEEWAY
            && now < self.exp + LEEWAY
            && self.iat < self.exp
    }
}

/// The token's text.
pub(super) fn sign(claims: &Claims, kid: &str, key: &Ed25519KeyPair) -> serde_json::Result<String> {
    let header = Header { alg: ALGORITHM.into(), typ: TYPE.into(), kid: kid.into() };
    let mut text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?);
    text.push('.');
    text.push_str(&URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims)?));
    let signature = key.sign(text.as_bytes());
    text.push('.');
    text.push_str(&URL_SAFE_NO_PAD.encode(signature.as_ref()));
    Ok(text)
}

/// The name of the key that a text claims to be signed with. Nothing else of it may be believed yet.
pub(super) fn named_key(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let header: Header = part(text.split('.').next()?)?;
    (header.alg == ALGORITHM && header.typ == TYPE).then_some(header.kid)
}

/// What the token says, if this key signed it.
pub(super) fn verified(text: &str, public_key: &[u8]) -> Option<Claims> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (_, claims) = signed.split_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    UnparsedPublicKey::new(&ED25519, public_key).verify(signed.as_bytes(), &signature).ok()?;
    part(claims)
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests;
