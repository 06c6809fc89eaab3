//! Where an account is signed in: tokens of the API, and the list that a person ends sign-ins from.
//!
//! Passwords are checked in `accounts`; cookies and headers belong to the edges.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access::{Call, Principal},
    error::Result,
    ids::{AccountId, SignInId},
};

/// An access token of ten minutes, and the refresh token that buys the next pair.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// Signed (JWT, EdDSA); send it as `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until the access token ends.
    pub expires_in: u32,
    /// Opaque, good for one use; each use buys a new pair.
    pub refresh_token: String,
    /// Seconds until the whole sign-in ends, however often it is refreshed.
    pub refresh_expires_in: u32,
}

/// Trades an address and a password for the first pair of tokens.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct IssueTokens {
    /// Address of the account.
    pub email: String,
    /// Its password.
    pub password: String,
    /// Six digits from the app, or a recovery code, where the account asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Trades a refresh token for a new pair.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefreshTokens {
    /// The refresh token of the last answer.
    pub refresh_token: String,
}

/// Ends the sign-in that a token belongs to (RFC 7009).
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeToken {
    /// An access token or a refresh token.
    pub token: String,
}

/// How somebody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignInKind {
    /// A browser, by cookie.
    Web,
    /// A program, by token.
    Api,
}

/// Why a sign-in ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignInEnd {
    /// The program signed out.
    SignedOut,
    /// The person ended it from the list.
    Ended,
    /// A refresh token came a second time after its successor was in use: somebody else may have it.
    Reuse,
}

/// One place where the account is, or lately was, signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// Its id.
    pub id: SignInId,
    /// Browser or program.
    pub kind: SignInKind,
    /// What the browser or program called itself; empty when it did not say.
    pub device: String,
    /// When it was signed in.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// Whether this very request came through it.
    pub current: bool,
    /// When and why it ended early. Those that were ended because of a reuse stay in the list, as a warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<SignInEnd>,
}

/// What a browser or program calls itself, as it is kept: one short line.
pub fn device(user_agent: &str) -> String {
    user_agent.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned()
}

/// Whom a token stands for, and through which sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The account with its rights as they are now.
    pub principal: Principal,
    /// The sign-in.
    pub sign_in: SignInId,
}

/// Shows anew who one is, before what needs that.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    /// The account's password, or six digits from the app where the account has a second factor.
    pub proof: String,
}

/// Without a use a session of staff ends after so many minutes: their screens stand where others pass by.
pub const STAFF_IDLE_MINUTES: i64 = 15;
/// And everybody else's.
pub const IDLE_MINUTES: i64 = 30;
/// A session ends this long after signing in, whatever happens in between.
pub const SESSION_HOURS: i64 = 12;

/// Under this key a session's data say what the browser called itself; the server writes it, the services list it.
pub const DEVICE_KEY: &str = "device";
/// Under this key they say in which epoch of the account it began.
pub const EPOCH_KEY: &str = "epoch";

/// So long the password or a code lets do what needs a proof.
pub const PROOF_MINUTES: i64 = 5;

/// Operations on sign-ins.
#[async_trait]
pub trait SignIns: Send + Sync {
    /// Checks a password, and a code where the account asks for one, and answers the first pair of tokens. Anybody.
    /// *Errors*: `SignInFailed`, `SecondFactorRequired`, `Invalid` (the code), `TooMany`, `Unavailable`.
    async fn issue(&self, command: IssueTokens, device: &str) -> Result<Tokens>;

    /// Buys the next pair. A token that was used already buys again as long as nobody used what it bought before (the answer was
    /// lost on its way); otherwise the whole sign-in ends and its owner is told. *Errors*: `InvalidGrant`.
    async fn refresh(&self, command: RefreshTokens) -> Result<Tokens>;

    /// Ends the sign-in of a token; a token that nobody knows is no error (RFC 7009).
    async fn revoke(&self, command: RevokeToken) -> Result<()>;

    /// Whom an access token stands for; nobody when it is not ours, has ended, or its sign-in has.
    async fn holder(&self, access_token: &str) -> Result<Option<Holder>>;

    /// Shows anew who the caller is; for five minutes she may then do what needs a proof. Answers since when. A session of a browser
    /// keeps that itself. *Errors*: `Unauthenticated`, `Invalid` (`proof`), `TooMany`.
    async fn prove(&self, call: &Call, command: StepUp) -> Result<Timestamp>;

    /// Seals a text for an account: only `unseal` for the same account opens it.
    fn seal(&self, account: AccountId, text: &str) -> Result<String>;

    /// Opens what was sealed for an account; nothing when it was sealed for another, or changed.
    fn unseal(&self, account: AccountId, sealed: &str) -> Option<String>;

    /// Where the caller is signed in, latest first. *Errors*: `Unauthenticated`.
    async fn list(&self, call: &Call) -> Result<Vec<SignedIn>>;

    /// Ends one of the caller's sign-ins. *Errors*: `Unauthenticated`, `NotFound`.
    async fn end(&self, call: &Call, id: SignInId) -> Result<()>;

    /// Ends all of the caller's sign-ins but the one that asks. *Errors*: `Unauthenticated`.
    async fn end_others(&self, call: &Call) -> Result<()>;
}
