//! Accounts: signing up, signing in, and becoming a member of a hospital.
//!
//! An account is what signs in; it is not a patient. Cookies and headers belong to the edges.

use async_trait::async_trait;
use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

use crate::{
    access::{Call, Principal, Role},
    error::Result,
    family::Permissions,
    ids::{AccountId, DoctorId, HospitalId, InvitationId, MembershipId, PasskeyId, PatientId},
};

/// Signs a patient up: an account, and the patient who is its owner.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterPatient {
    /// Address to sign in with.
    pub email: String,
    /// At least 15 characters.
    pub password: String,
    /// Full name, in one field, as the person writes it.
    pub full_name: String,
    /// ISO date.
    pub birth_date: String,
    /// The page to which the link of the confirming mail leads back: a path of this site.
    #[serde(default)]
    pub next: String,
}

/// An address and a password.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Address of the account.
    pub email: String,
    /// Its password.
    pub password: String,
}

/// Somebody who has shown who she is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The account with its rights as they are now.
    pub principal: Principal,
    /// What the browser keeps for a year and shows at the next sign-in, so that strangers who try passwords do not slow it down.
    /// It opens nothing.
    pub marks: String,
    /// The passkey that it was, if it was one: the browser's session keeps which.
    pub passkey: Option<PasskeyId>,
}

/// What follows on an account's password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing: that was all.
    In(Box<Entry>),
    /// The account asks for a code; nobody is signed in yet.
    Code(Passed),
}

/// Whose password was right, and as of which epoch: a new password meanwhile ends the sign-in that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// Whose it was.
    pub account: AccountId,
    /// The epoch of the account before the password was checked.
    pub epoch: i64,
}

/// What a hospital asks of its staff when they sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StaffPolicy {
    /// Whether members have no right at the hospital until they have a second factor.
    pub second_factor: bool,
}

/// A fresh account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registered {
    /// The account.
    pub account_id: AccountId,
    /// The patient whom it owns.
    pub patient_id: PatientId,
    /// The address in its compared form.
    pub email: String,
    /// The name as given.
    pub full_name: String,
}

/// A patient whom an account owns or acts for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnPatient {
    /// The patient.
    pub id: PatientId,
    /// Name.
    pub full_name: String,
    /// Date of birth.
    pub birth_date: civil::Date,
    /// `self`, or the relation in which the account acts for the patient.
    pub relation: String,
    /// What the account may do for the patient today: all, if it is the account's own.
    pub permissions: Permissions,
}

/// Invites somebody to a hospital.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InviteMember {
    /// The hospital.
    pub hospital_id: HospitalId,
    /// Whom.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Which doctor the person is; required for the role `doctor`, refused for others.
    #[serde(default)]
    pub doctor_id: Option<DoctorId>,
}

/// An open invitation. The token is in it only in the answer to [`Accounts::invite`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The hospital.
    pub hospital_id: HospitalId,
    /// Name of the hospital.
    pub hospital_name: String,
    /// Whom.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// Whether the address has an account, which then has to sign in to accept. Told to whoever holds the link only; elsewhere `false`.
    pub has_account: bool,
    /// The secret of the link; only when it was just made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// Accepts an invitation: as the signed-in account with that address, or by making one.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// The secret of the link.
    pub token: String,
    /// Name for a new account; ignored when signed in.
    #[serde(default)]
    pub full_name: String,
    /// Password for a new account; ignored when signed in.
    #[serde(default)]
    pub password: String,
}

/// A member of a hospital, as its administrator sees one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// The membership.
    pub id: MembershipId,
    /// Name of the account.
    pub full_name: String,
    /// Address of the account.
    pub email: String,
    /// Role.
    pub role: Role,
    /// `active` or `suspended`.
    pub state: MemberState,
    /// Who has let her in last, by an invitation or by ending a suspension: the address, because names are anybody's to choose; the
    /// name of whoever is no member. Nobody knows of the first members.
    pub let_in_by: Option<String>,
    /// When that was: when the invitation was made, or the suspension ended.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub let_in_at: Option<jiff::Timestamp>,
}

/// Whether a membership yields rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// It does.
    Active,
    /// It does not, until it is made active again.
    Suspended,
}

/// Members and open invitations of a hospital.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Members {
    /// Members by name.
    pub members: Vec<Member>,
    /// Invitations that nobody has accepted yet.
    pub invitations: Vec<Invitation>,
}

/// Operations on accounts.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Makes an account and its own patient, and writes a mail to the address. Anybody, and always with the same answer: an
    /// account whose address is not confirmed shares it with whoever claims it too. *Errors*: `Invalid`.
    async fn register_patient(&self, call: &Call, command: RegisterPatient) -> Result<Registered>;

    /// Checks a password and says who it is, or that a code must follow; `marks` is what the browser has kept of an earlier [`Entry`]. Anybody.
    /// *Errors*: `SignInFailed`, `TooMany` after many wrong tries for the address (a known browser is counted for itself),
    /// `Unavailable` when too many are being checked.
    async fn sign_in(&self, command: SignIn, marks: &str) -> Result<Step>;

    /// What follows where an account's password was shown in another way, such as with the link of a mail.
    async fn step(&self, who: Principal, marks: &str) -> Result<Step>;

    /// Gives the code that a [`Step::Code`] asks for; a code counts once. *Errors*: `Invalid` (the code), `TooMany`,
    /// `NotFound` when the account asks for none any more, or has another password.
    async fn give_code(&self, passed: Passed, code: &str, marks: &str) -> Result<Entry>;

    /// Who an account is now: rights are read anew at every request.
    async fn principal(&self, account: AccountId) -> Result<Option<Principal>>;

    /// The same in a sign-in that was made with a passkey. While the account has that passkey, the sign-in has both factors, and
    /// no membership is held back for want of the second.
    async fn principal_by(&self, account: AccountId, passkey: Option<PasskeyId>)
    -> Result<Option<Principal>>;

    /// Patients whom the caller owns or acts for, the own one first. *Errors*: `Unauthenticated`.
    async fn own_patients(&self, call: &Call) -> Result<Vec<OwnPatient>>;

    /// Invites a member. Administrators of the hospital, and the platform's for a hospital's administrators.
    /// *Errors*: `Invalid`, `NotFound`.
    async fn invite(&self, call: &Call, command: InviteMember) -> Result<Invitation>;

    /// What an invitation says. Whoever holds its secret. *Errors*: `NotFound` when it ended or was used.
    async fn invitation(&self, token: &str) -> Result<Invitation>;

    /// Accepts an invitation. Whoever holds its secret; an address that has an account must be signed in with it.
    /// *Errors*: `NotFound`, `Unauthenticated`, `Forbidden` (signed in as somebody else), `Invalid`.
    async fn accept_invitation(&self, call: &Call, command: AcceptInvitation) -> Result<Principal>;

    /// Takes an open invitation back: from then on its link is worth nothing. Administrators of the hospital.
    /// *Errors*: `NotFound`, also when it ended or was used.
    async fn withdraw_invitation(
        &self,
        call: &Call,
        hospital: HospitalId,
        invitation: InvitationId,
    ) -> Result<()>;

    /// Members and open invitations. Administrators of the hospital.
    async fn members(&self, call: &Call, hospital: HospitalId) -> Result<Members>;

    /// Suspends a member or makes one active again. Administrators of the hospital, not for themselves.
    async fn set_member_state(
        &self,
        call: &Call,
        hospital: HospitalId,
        member: MembershipId,
        state: MemberState,
    ) -> Result<Members>;

    /// What the hospital asks of its staff. Its administrators.
    async fn staff_policy(&self, call: &Call, hospital: HospitalId) -> Result<StaffPolicy>;

    /// Changes that; it holds at once, also for whoever is signed in. Its administrators.
    async fn set_staff_policy(
        &self,
        call: &Call,
        hospital: HospitalId,
        policy: StaffPolicy,
    ) -> Result<StaffPolicy>;
}
