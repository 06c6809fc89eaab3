//! Passkeys: keys on a phone, in a computer or on a stick, with which somebody signs in instead of a password and a code.
//!
//! What a browser and such a key say to each other is WebAuthn's; here it passes as text. How it is checked is the services' business.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    accounts::Entry,
    error::Result,
    ids::{ChallengeId, PasskeyId},
    sign_ins::Tokens,
};

/// So many passkeys an account may have.
pub const MOST: u32 = 10;
/// Longest name of a passkey, in characters.
pub const NAME_MAX: usize = 60;

/// One passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Passkey {
    /// Its id.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// Since when it is known.
    pub added_at: Timestamp,
    /// When somebody last signed in with it.
    pub used_at: Option<Timestamp>,
    /// Whether a copy of it is kept elsewhere, such as with the maker of the phone, so that it outlives the device.
    pub backed_up: bool,
}

/// The passkeys of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnPasskeys {
    /// Whether this house takes passkeys at all; without, none can be added or used.
    pub offered: bool,
    /// All of them, the oldest first.
    pub items: Vec<Passkey>,
    /// How many more may be added.
    pub room: u32,
    /// What the browser needs to make one, where that has begun; five minutes at most.
    pub adding: Option<String>,
}

/// What a browser needs to ask for a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyChallenge {
    /// Names it; it is good once, for five minutes.
    pub id: ChallengeId,
    /// The argument of `navigator.credentials.get`, as JSON with base64url for bytes.
    pub options: String,
}

/// Adds the passkey that the browser has made.
#[derive(Clone, Serialize, Deserialize)]
pub struct AddPasskey {
    /// What its owner calls it.
    pub name: String,
    /// What the browser answered, as JSON.
    pub credential: String,
}

/// Calls a passkey something else.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RenamePasskey {
    /// What its owner calls it from now on.
    pub name: String,
}

/// Signs in with a passkey.
#[derive(Clone, Serialize, Deserialize)]
pub struct PasskeySignIn {
    /// The challenge that it answers.
    pub challenge_id: ChallengeId,
    /// What the browser answered, as JSON.
    pub credential: String,
}

/// Operations on passkeys. Where the house takes none, those that need one answer `NotFound`.
#[async_trait]
pub trait Passkeys: Send + Sync {
    /// Whether the house takes passkeys: it was built with them, and has a name that browsers bind them to.
    fn offered(&self) -> bool;

    /// The caller's passkeys. *Errors*: `Unauthenticated`.
    async fn list(&self, call: &Call) -> Result<OwnPasskeys>;

    /// Makes a challenge for a new passkey, and answers how it stands then; a second time makes another one.
    /// *Errors*: `Unauthenticated`, `StepUpRequired`, `Invalid` (`passkeys_full`).
    async fn begin_adding(&self, call: &Call) -> Result<OwnPasskeys>;

    /// Adds the passkey that answers the challenge, and writes a mail. The challenge is used up, whatever comes of it.
    /// *Errors*: `Unauthenticated`, `StepUpRequired`, `Invalid` (the name; `passkey_late`, `passkey_failed`, `passkeys_full`).
    async fn add(&self, call: &Call, command: AddPasskey) -> Result<Passkey>;

    /// Calls a passkey of the caller something else. *Errors*: `Unauthenticated`, `Invalid`, `NotFound`.
    async fn rename(&self, call: &Call, id: PasskeyId, command: RenamePasskey) -> Result<Passkey>;

    /// Takes a passkey away, ends all other sign-ins and writes a mail.
    /// *Errors*: `Unauthenticated`, `StepUpRequired`, `NotFound`.
    async fn remove(&self, call: &Call, id: PasskeyId) -> Result<()>;

    /// Makes a challenge for signing in. It names nobody: which account it is says the passkey. Anybody.
    async fn begin_sign_in(&self) -> Result<PasskeyChallenge>;

    /// Checks what a passkey says and who it is; that counts as both factors. `marks` is what the browser has kept of an earlier
    /// [`Entry`]. Anybody. *Errors*: `Invalid` (`passkey_late`, `passkey_failed`).
    async fn sign_in(&self, command: PasskeySignIn, marks: &str) -> Result<Entry>;

    /// The same for a program: answers its first pair of tokens. *Errors*: as [`Passkeys::sign_in`].
    async fn issue(&self, command: PasskeySignIn, device: &str) -> Result<Tokens>;
}
