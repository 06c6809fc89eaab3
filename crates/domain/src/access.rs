//! Who asks, what they want to do with which object, and the decision.
//!
//! [`decide`] is pure and total, denies by default, and has no wildcard arm: a new action does not compile until
//! somebody has said who may do it. Loading the facts is the services' business.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    ids::{AccountId, DoctorId, HospitalId, MembershipId, PatientId, SignInId},
};

/// One request to an operation: who asks, and the key under which a repeated request is the same request.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who asks.
    pub actor: Actor,
    /// `Idempotency-Key` of the request, if it has one.
    pub idempotency_key: Option<String>,
    /// Through which sign-in the request came, if somebody is signed in.
    pub sign_in: Option<SignInId>,
}

impl Call {
    /// A request without an idempotency key.
    pub fn by(actor: Actor) -> Self {
        Self { actor, idempotency_key: None, sign_in: None }
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
    /// Patients that the account owns or acts for, its own first.
    pub patients: Vec<PatientId>,
    /// Active memberships.
    pub memberships: Vec<Membership>,
    /// Runs the platform: creates hospitals, sees nothing clinical.
    pub platform_admin: bool,
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

    /// Whether the hospital portal has anything for this account.
    pub fn is_staff(&self) -> bool {
        !self.memberships.is_empty() || self.platform_admin
    }
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Create hospitals and see all of them.
    ManagePlatform,
    /// Change a hospital, its departments and visit types.
    ManageHospital,
    /// Invite members and change their state.
    ManageMembers,
    /// Create and change doctors.
    ManageDoctors,
    /// Read and change a doctor's weekly hours and exceptions.
    ManageHours,
    /// See the hospital's day: all doctors, all visits.
    ReadSchedule,
    /// See the list of the hospital's patients.
    ReadPatients,
    /// See who a patient is, and the visits.
    ReadPatient,
    /// Book a visit for a patient.
    BookAppointment,
    /// See an appointment.
    ReadAppointment,
    /// Confirm, receive, complete, or mark as not come.
    RunAppointment,
    /// Cancel an appointment.
    CancelAppointment,
}

/// What is known about the object, as far as the decision needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facts {
    /// The platform itself.
    Platform,
    /// A hospital.
    Hospital(HospitalId),
    /// A doctor of a hospital.
    Doctor {
        /// Where.
        hospital: HospitalId,
        /// Who.
        doctor: DoctorId,
    },
    /// An appointment.
    Appointment {
        /// Where.
        hospital: HospitalId,
        /// With whom.
        doctor: DoctorId,
        /// For whom.
        patient: PatientId,
    },
    /// A patient, as one hospital knows her.
    Patient {
        /// Who.
        patient: PatientId,
        /// The hospital in whose name somebody asks, if she has had a visit there.
        hospital: Option<HospitalId>,
    },
}

/// Why something is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// The account owns the patient or acts for her.
    OwnPatient,
    /// The account is the doctor.
    OwnDoctor,
    /// The account's role at the hospital.
    Role(Role),
    /// The account runs the platform.
    Platform,
}

/// Why something is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// Nobody is signed in.
    Anonymous,
    /// The object is foreign: to the caller it does not exist.
    Foreign,
    /// The caller may see the object, but not do this.
    NotWithThisRole,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes, and why.
    Allow(Grant),
    /// No, and why.
    Deny(Denial),
}

/// Decides whether an actor may do something with an object.
pub fn decide(actor: &Actor, action: Action, facts: &Facts) -> Decision {
    let Some(principal) = actor.principal() else {
        return Decision::Deny(Denial::Anonymous);
    };
    match action {
        Action::ManagePlatform => platform(principal),
        Action::ManageHospital | Action::ManageMembers | Action::ManageDoctors => {
            staff(principal, facts, admins)
        }
        Action::ManageHours => staff(principal, facts, admins_and_the_doctor),
        Action::ReadSchedule | Action::ReadPatients | Action::RunAppointment => {
            staff(principal, facts, everybody)
        }
        Action::ReadPatient
        | Action::BookAppointment
        | Action::ReadAppointment
        | Action::CancelAppointment => match own_patient(principal, facts) {
            Some(grant) => Decision::Allow(grant),
            None => staff(principal, facts, everybody),
        },
    }
}

/// Lets an allowed caller through; anybody else gets the refusal that tells nothing.
pub fn require(actor: &Actor, action: Action, facts: &Facts) -> Result<Grant> {
    match decide(actor, action, facts) {
        Decision::Allow(grant) => Ok(grant),
        Decision::Deny(Denial::Anonymous) => Err(Error::Unauthenticated),
        Decision::Deny(Denial::Foreign) => Err(Error::NotFound),
        Decision::Deny(Denial::NotWithThisRole) => Err(Error::Forbidden),
    }
}

fn platform(principal: &Principal) -> Decision {
    if principal.platform_admin { Decision::Allow(Grant::Platform) } else { Decision::Deny(Denial::Foreign) }
}

fn own_patient(principal: &Principal, facts: &Facts) -> Option<Grant> {
    let patient = match facts {
        Facts::Appointment { patient, .. } | Facts::Patient { patient, .. } => patient,
        Facts::Platform | Facts::Hospital(_) | Facts::Doctor { .. } => return None,
    };
    principal.patients.contains(patient).then_some(Grant::OwnPatient)
}

fn staff(
    principal: &Principal,
    facts: &Facts,
    allows: fn(&Membership, Option<DoctorId>) -> bool,
) -> Decision {
    let (hospital, doctor) = match facts {
        Facts::Hospital(hospital) | Facts::Patient { hospital: Some(hospital), .. } => (*hospital, None),
        Facts::Doctor { hospital, doctor } | Facts::Appointment { hospital, doctor, .. } => {
            (*hospital, Some(*doctor))
        }
        Facts::Platform | Facts::Patient { hospital: None, .. } => return Decision::Deny(Denial::Foreign),
    };
    let Some(membership) = principal.membership(hospital) else {
        return Decision::Deny(Denial::Foreign);
    };
    if !allows(membership, doctor) {
        return Decision::Deny(Denial::NotWithThisRole);
    }
    if doctor.is_some() && membership.doctor_id == doctor {
        Decision::Allow(Grant::OwnDoctor)
    } else {
        Decision::Allow(Grant::Role(membership.role))
    }
}

fn admins(membership: &Membership, _: Option<DoctorId>) -> bool {
    match membership.role {
        Role::HospitalAdmin => true,
        Role::Doctor | Role::Desk => false,
    }
}

fn admins_and_the_doctor(membership: &Membership, doctor: Option<DoctorId>) -> bool {
    admins(membership, doctor) || (doctor.is_some() && membership.doctor_id == doctor)
}

fn everybody(membership: &Membership, _: Option<DoctorId>) -> bool {
    match membership.role {
        Role::HospitalAdmin | Role::Doctor | Role::Desk => true,
    }
}

#[cfg(test)]
mod tests;
