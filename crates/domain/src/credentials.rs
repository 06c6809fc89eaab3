//! Credentials: confirming an address, and changing or replacing what an account signs in with.
//!
//! Signing up and in is in `accounts`; where an account is signed in is in `sign_ins`. How a mail is sent is not here.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    access::{Call, Principal},
    error::Result,
};

/// What the link of a mail is for. A link is good for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// Confirms the address of a new account, or the new address of an old one.
    Confirm,
    /// Sets a new password.
    Reset,
    /// Takes the account back: the address that the mail went to, no password, and nothing set up since 72 hours before it.
    Undo,
}

/// What a link that has not ended says. Reading it uses nothing up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The address that it is about.
    pub email: String,
    /// Whether whoever asks is signed in with the link's account, so that no password is needed.
    pub own: bool,
    /// The page of this site to which it leads back; empty where there is none.
    pub next: String,
}

/// Confirms an address.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VerifyEmail {
    /// The secret of the link.
    pub token: String,
    /// The account's password; not needed by whoever is signed in with the account.
    #[serde(default)]
    pub password: String,
}

/// Asks for the confirming mail once more.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResendVerification {
    /// The page to which the link leads back: a path of this site.
    #[serde(default)]
    pub next: String,
}

/// Asks for a mail that lets one choose a new password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ForgotPassword {
    /// Address of the account.
    pub email: String,
}

/// Chooses a new password with the link of a mail.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The secret of the link.
    pub token: String,
    /// At least 15 characters.
    pub password: String,
}

/// Replaces the password.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password until now.
    pub current_password: String,
    /// At least 15 characters.
    pub new_password: String,
    /// Whether all other sign-ins of the account end.
    #[serde(default = "yes")]
    pub end_others: bool,
}

/// Asks for another address to sign in with; it counts once the link of the mail to it is used.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeEmail {
    /// The new address.
    pub email: String,
    /// The account's password.
    pub password: String,
}

/// Takes the account back: the address that the mail went to, no password, and nothing set up since 72 hours before it.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UndoEmail {
    /// The secret of the link.
    pub token: String,
}

fn yes() -> bool {
    true
}

/// Operations on credentials. None of them tells whether an address has an account.
#[async_trait]
pub trait Credentials: Send + Sync {
    /// What a link says. Whoever holds its secret. *Errors*: `NotFound` when it has ended, was used, or is for something else.
    async fn link(&self, call: &Call, purpose: LinkPurpose, token: &str) -> Result<Link>;

    /// Confirms an address. Whoever holds the link's secret and is signed in with the account or knows its password.
    /// *Errors*: `NotFound`, `Invalid` (the password).
    async fn verify_email(&self, call: &Call, command: VerifyEmail) -> Result<Principal>;

    /// Sends the confirming mail again, a few times an hour at most; the answer is the same. *Errors*: `Unauthenticated`.
    async fn resend_verification(&self, call: &Call, command: ResendVerification) -> Result<()>;

    /// Sends a mail with a link for a new password, or one that says that there is no account. Anybody. *Errors*: `Invalid`.
    async fn forgot_password(&self, command: ForgotPassword) -> Result<()>;

    /// Sets a new password and ends all sign-ins of the account. Whoever holds the link's secret. Answers the marks that the
    /// browser keeps from now on, as after signing in: whoever has come by the mail waits for no stranger's tries. Where a
    /// code is asked for, it is the code that brings a new one.
    /// *Errors*: `NotFound`, `Invalid`.
    async fn reset_password(&self, command: ResetPassword, marks: &str) -> Result<String>;

    /// Replaces the password of the caller. *Errors*: `Unauthenticated`, `Invalid`.
    async fn change_password(&self, call: &Call, command: ChangePassword) -> Result<()>;

    /// Writes to the new address; it replaces the caller's once it is confirmed. *Errors*: `Unauthenticated`, `Invalid`.
    async fn change_email(&self, call: &Call, command: ChangeEmail) -> Result<()>;

    /// Gives an account its former address back, ends all its sign-ins, and mails a link for a new password.
    /// Whoever holds the link's secret. *Errors*: `NotFound`.
    async fn undo_email(&self, command: UndoEmail) -> Result<()>;
}
