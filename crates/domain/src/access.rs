//! Who asks: accounts, memberships and the call that carries them.
//!
//! What they may do is decided in [`policy`]; loading what the decision looks at is the services' business.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

mod action;
mod facts;
mod listed;
mod policy;
mod trace;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    family::{Permissions, Relation},
    ids::{AccountId, DoctorId, HospitalId, MembershipId, PatientId, SignInId},
};

pub use action::Action;
pub use facts::Facts;
use listed::all_of;
pub use policy::{Decision, Denial, Grant, decide, require};
pub use trace::{Origin, Trace};

/// One request to an operation: who asks, and the key under which a repeated request is the same request.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who asks.
    pub actor: Actor,
    /// `Idempotency-Key` of the request, if it has one.
    pub idempotency_key: Option<String>,
    /// Through which sign-in the request came, if somebody is signed in.
    pub sign_in: Option<SignInId>,
    /// When the password or a code was last given in this session of a browser; for programs it is looked up.
    pub proven_at: Option<jiff::Timestamp>,
    /// From where it came, for the audit.
    pub origin: Origin,
    /// What was decided on the way.
    pub trace: Trace,
}

impl Call {
    /// A request without an idempotency key.
    pub fn by(actor: Actor) -> Self {
        Self {
            actor,
            idempotency_key: None,
            sign_in: None,
            proven_at: None,
            origin: Origin::default(),
            trace: Trace::default(),
        }
    }

    /// The same, by somebody who gave her password or a code at this instant.
    #[must_use]
    pub fn proven(self, at: jiff::Timestamp) -> Self {
        Self { proven_at: Some(at), ..self }
    }

    /// A request of nobody in particular.
    pub fn anonymous() -> Self {
        Self::by(Actor::Anonymous)
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    /// Nobody is signed in.
    Anonymous,
    /// A signed-in account.
    Account(Box<Principal>),
}

/// A signed-in account with everything that gives it rights. Only active memberships are in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Principal {
    /// The account.
    pub account_id: AccountId,
    /// Name for greeting.
    pub full_name: String,
    /// Address that it signs in with.
    pub email: String,
    /// Whether the address was confirmed. Several accounts may claim an address; one at most has confirmed it.
    pub verified: bool,
    /// Patients that the account owns.
    pub patients: Vec<PatientId>,
    /// Patients for whom it acts, with what it may do for them today.
    #[serde(default)]
    pub acting: Vec<Acting>,
    /// Active memberships.
    pub memberships: Vec<Membership>,
    /// Memberships that give no right: the hospital asks its staff for a second factor, and the account has none yet.
    #[serde(default)]
    pub held_back: Vec<Membership>,
    /// Runs the platform: creates hospitals, sees nothing clinical.
    pub platform_admin: bool,
    /// Would run the platform, and has no right to before this sign-in has shown a second factor.
    #[serde(default)]
    pub platform_held_back: bool,
    /// Patients whom the account may see in an emergency that it has declared, while that lasts.
    #[serde(default)]
    pub emergencies: Vec<Emergency>,
    /// How often the password was replaced: a sign-in that checked an older one begins no session. It never leaves the server.
    #[serde(skip)]
    pub session_epoch: i64,
}

/// A patient for whom the account acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acting {
    /// Whom.
    pub patient_id: PatientId,
    /// Her name, for the banner that says so on every page.
    pub full_name: String,
    /// What the account holder is to her.
    pub relation: Relation,
    /// What may be done for her today.
    pub permissions: Permissions,
    /// Whether the account has the care of her as of a small child, and so chooses who else looks after her.
    pub guards: bool,
    /// Whether the account can give her an account of her own.
    pub hands_over: bool,
}

/// An emergency that a doctor has declared to see a patient whom she does not treat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Emergency {
    /// In whose name.
    pub hospital_id: HospitalId,
    /// Whom.
    pub patient_id: PatientId,
}

/// An active membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Membership {
    /// Its id.
    pub id: MembershipId,
    /// The hospital.
    pub hospital_id: HospitalId,
    /// Name of the hospital, for the portal's frame.
    pub hospital_name: String,
    /// What the member is there.
    pub role: Role,
    /// The doctor whom the account is there, if any.
    pub doctor_id: Option<DoctorId>,
}

/// What a member of a hospital is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Treats patients.
    Doctor,
    /// Runs the front desk.
    Desk,
    /// Administers the hospital.
    HospitalAdmin,
}

// In the order in which somebody who invites is asked.
all_of! { Role: Desk, Doctor, HospitalAdmin }

impl Role {
    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Doctor => "doctor",
            Self::Desk => "desk",
            Self::HospitalAdmin => "hospital_admin",
        }
    }

    /// Reads a code; refuses with `role_unknown`.
    pub fn parse(code: &str) -> std::result::Result<Self, &'static str> {
        match code {
            "doctor" => Ok(Self::Doctor),
            "desk" => Ok(Self::Desk),
            "hospital_admin" => Ok(Self::HospitalAdmin),
            _ => Err("role_unknown"),
        }
    }
}

impl Actor {
    /// The account, if anybody is signed in.
    pub fn principal(&self) -> Option<&Principal> {
        match self {
            Self::Anonymous => None,
            Self::Account(principal) => Some(principal),
        }
    }

    /// The account, or the refusal that asks for signing in.
    pub fn signed_in(&self) -> Result<&Principal> {
        self.principal().ok_or(Error::Unauthenticated)
    }

    /// The account's id, if anybody is signed in.
    pub fn account_id(&self) -> Option<AccountId> {
        self.principal().map(|p| p.account_id)
    }
}

impl Principal {
    /// The membership at a hospital.
    pub fn membership(&self, hospital: HospitalId) -> Option<&Membership> {
        self.memberships.iter().find(|m| m.hospital_id == hospital)
    }

    /// A patient for whom the account acts.
    pub fn acts_for(&self, patient: PatientId) -> Option<&Acting> {
        self.acting.iter().find(|acting| acting.patient_id == patient)
    }

    /// Whether a patient is the account's own, or one for whom it acts, whatever it may do for her.
    pub fn minds(&self, patient: PatientId) -> bool {
        self.patients.contains(&patient) || self.acts_for(patient).is_some()
    }

    /// Whether the hospital portal has anything for this account.
    pub fn is_staff(&self) -> bool {
        !self.memberships.is_empty() || self.platform_admin
    }

    /// Whether the account works anywhere, with rights or before it has them: what is kept of it lasts as long as for staff.
    pub fn is_employed(&self) -> bool {
        self.is_staff() || self.platform_held_back || !self.held_back.is_empty()
    }
}

#[cfg(test)]
mod helper_tests;
#[cfg(test)]
mod tests;
