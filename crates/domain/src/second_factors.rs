//! The second factor: codes of an app on the phone, and recovery codes for when the phone is gone.
//!
//! Passwords are in `credentials` and `accounts`; how a code is checked is the services' business.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{access::Call, error::Result};

/// How the second factor of an account stands.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactor {
    /// Since when signing in asks for a code; absent while it does not.
    pub since: Option<Timestamp>,
    /// Recovery codes that are not used yet.
    pub recovery_left: u32,
    /// What the phone needs, while a code of it has not been given yet; a quarter of an hour at most.
    pub enrolment: Option<Enrolment>,
    /// The recovery codes, in the first ten minutes after they were made. Nobody sees them later.
    pub recovery_codes: Vec<String>,
}

/// What an app on the phone needs to make codes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Enrolment {
    /// The secret in base 32, in groups of four, for whoever types it.
    pub secret: String,
    /// The same as an address that such apps open (`otpauth://`).
    pub uri: String,
    /// The address as a QR code: how many squares a side has.
    pub qr_size: u32,
    /// The dark squares, as the path of an SVG picture with that many units a side.
    pub qr_path: String,
}

/// Begins to turn the second factor on.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginSecondFactor {
    /// The account's password.
    pub password: String,
}

/// Turns the second factor on: the phone makes the right codes.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmSecondFactor {
    /// Six digits from the app.
    pub code: String,
}

/// Changes or ends what only somebody with both factors may.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProveBoth {
    /// The account's password.
    pub password: String,
    /// Six digits from the app, or a recovery code.
    pub code: String,
}

/// Operations on the caller's second factor. Each answers how it stands then.
#[async_trait]
pub trait SecondFactors: Send + Sync {
    /// How it stands. *Errors*: `Unauthenticated`.
    async fn second_factor(&self, call: &Call) -> Result<SecondFactor>;

    /// Makes a secret for the phone; signing in does not ask for a code yet. A second time makes another secret.
    /// *Errors*: `Unauthenticated`, `Invalid` (the password), `Conflict` when it is on already.
    async fn begin(&self, call: &Call, command: BeginSecondFactor) -> Result<SecondFactor>;

    /// Turns it on, makes recovery codes, ends all other sign-ins and writes a mail.
    /// *Errors*: `Unauthenticated`, `Invalid` (the code), `NotFound` when nothing was begun or it took too long.
    async fn confirm(&self, call: &Call, command: ConfirmSecondFactor) -> Result<SecondFactor>;

    /// Replaces all recovery codes. *Errors*: `Unauthenticated`, `Invalid`, `NotFound` when it is off.
    async fn renew_recovery_codes(&self, call: &Call, command: ProveBoth) -> Result<SecondFactor>;

    /// Turns it off, ends all other sign-ins and writes a mail. *Errors*: `Unauthenticated`, `Invalid`, `NotFound` when it is off.
    async fn turn_off(&self, call: &Call, command: ProveBoth) -> Result<SecondFactor>;
}
