//! The decision: what somebody wants to do with which object, and whether that is allowed.
//!
//! [`decide`] is pure and total, denies by default, and has no wildcard arm: a new action does not compile until
//! somebody has said who may do it. It loads nothing.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

use super::{Acting, Action, Actor, Facts, Membership, Principal, Role};
use crate::{
    error::{Error, Result},
    family::Permission,
    ids::DoctorId,
};

/// Why something is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// It is the account's own.
    OwnAccount,
    /// The account owns the patient.
    OwnPatient,
    /// The account acts for the patient, and was given this.
    Helper,
    /// The account is the doctor.
    OwnDoctor,
    /// The account is a doctor who treats the patient.
    CareRelation,
    /// The account is a doctor who has declared an emergency.
    Emergency,
    /// The account's role at the hospital.
    Role(Role),
    /// The account runs the platform.
    Platform,
}

impl Grant {
    /// The code in the audit.
    pub fn code(self) -> &'static str {
        match self {
            Self::OwnAccount => "own_account",
            Self::OwnPatient => "own_patient",
            Self::Helper => "helper",
            Self::OwnDoctor => "own_doctor",
            Self::CareRelation => "care_relation",
            Self::Emergency => "emergency",
            Self::Role(role) => role.code(),
            Self::Platform => "platform",
        }
    }
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

impl Denial {
    /// The refusal that tells no more than the caller may know.
    pub fn refusal(self) -> Error {
        match self {
            Self::Anonymous => Error::Unauthenticated,
            Self::Foreign => Error::NotFound,
            Self::NotWithThisRole => Error::Forbidden,
        }
    }
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
        Action::ManagePlatform => platform(principal, facts),
        Action::ReadOwnAccount
        | Action::ManageCalendar
        | Action::ReadCalendar
        | Action::ManageSignIns
        | Action::EndSignIns
        | Action::ManageCredentials
        | Action::ManagePasskeys
        | Action::ManageFamily => own_account(principal, facts),
        Action::ManageHospital
        | Action::ManageMembers
        | Action::ChangeMembers
        | Action::SetStaffPolicy
        | Action::ManageDoctors
        | Action::ReadAudit
        | Action::ExportAudit => staff(principal, facts, admins),
        Action::InviteMember => match first_administrator(principal, facts) {
            Some(decision) => decision,
            None => staff(principal, facts, admins),
        },
        Action::ManageHours => staff(principal, facts, admins_and_the_doctor),
        Action::ReadStaffPages | Action::ReadSchedule | Action::ReadPatients | Action::ReadWall => {
            staff(principal, facts, |membership, _| match membership.role {
                Role::HospitalAdmin | Role::Doctor | Role::Desk => true,
            })
        }
        // Whoever runs a visit says when the next one should be.
        Action::RunAppointment | Action::OfferFollowUp => clinical(principal, facts, false),
        Action::ChangeManyVisits => staff(principal, facts, the_desk_and_the_doctor),
        // Money is the desk's: what somebody has paid is no part of how she is treated.
        Action::ReadPayments => staff(principal, facts, |membership, _| counts_money(membership.role)),
        Action::TakePayment => money(principal, facts, counts_money),
        Action::RefundPayment => money(principal, facts, |role| role == Role::HospitalAdmin),
        Action::ReadBill => match patients(principal, facts, |acting| pays(acting) || books(acting)) {
            Some(grant) => Decision::Allow(grant),
            None => money(principal, facts, counts_money),
        },
        Action::JoinWaitlist | Action::LeaveWaitlist => match patients(principal, facts, books) {
            Some(grant) => Decision::Allow(grant),
            // The line is kept by the desk, as money is; a doctor sees who waits for her, and moves nobody in it.
            None => money(principal, facts, counts_money),
        },
        // Whom the desk has before its eyes it receives itself.
        Action::AnswerOffer | Action::CheckInOneself => only(patients(principal, facts, books)),
        Action::ReadWaitlist => match patients(principal, facts, |acting| books(acting) || reads(acting)) {
            Some(grant) => Decision::Allow(grant),
            None => in_line(principal, facts),
        },
        Action::PayVisit => only(patients(principal, facts, pays)),
        Action::DeclareEmergency => staff(principal, facts, doctors),
        Action::ReadPatientAudit | Action::AskAboutAccess => {
            only(patients(principal, facts, sees_who_looked))
        }
        Action::ManageHelpers | Action::EndHelp => only(patients(principal, facts, |acting| acting.guards)),
        // One's own record goes to nobody.
        Action::HandOverPatient => only(
            patients(principal, facts, |acting| acting.hands_over).filter(|grant| *grant == Grant::Helper),
        ),
        Action::BookAppointment | Action::CancelAppointment | Action::RescheduleAppointment => {
            match patients(principal, facts, books) {
                Some(grant) => Decision::Allow(grant),
                None => clinical(principal, facts, false),
            }
        }
        Action::ReadPatient => match patients(principal, facts, reads) {
            Some(grant) => Decision::Allow(grant),
            None => clinical(principal, facts, true),
        },
        Action::ReadAppointment | Action::ReadFollowUp => {
            match patients(principal, facts, |acting| books(acting) || reads(acting)) {
                Some(grant) => Decision::Allow(grant),
                None => clinical(principal, facts, true),
            }
        }
    }
}

/// Lets an allowed caller through; anybody else gets the refusal that tells nothing.
pub fn require(actor: &Actor, action: Action, facts: &Facts) -> Result<Grant> {
    match decide(actor, action, facts) {
        Decision::Allow(grant) => Ok(grant),
        Decision::Deny(denial) => Err(denial.refusal()),
    }
}

fn platform(principal: &Principal, facts: &Facts) -> Decision {
    match facts {
        Facts::Platform if principal.platform_admin => Decision::Allow(Grant::Platform),
        Facts::Platform
        | Facts::Account(_)
        | Facts::Hospital(_)
        | Facts::Seat { .. }
        | Facts::Doctor { .. }
        | Facts::Appointment { .. }
        | Facts::Patient { .. } => Decision::Deny(Denial::Foreign),
    }
}

/// The platform's administrators give a hospital its first administrator, and nobody else.
fn first_administrator(principal: &Principal, facts: &Facts) -> Option<Decision> {
    match facts {
        Facts::Seat { hospital, role: Role::HospitalAdmin, leaderless }
            if principal.platform_admin && principal.membership(*hospital).is_none() =>
        {
            Some(if *leaderless {
                Decision::Allow(Grant::Platform)
            } else {
                Decision::Deny(Denial::NotWithThisRole)
            })
        }
        Facts::Seat { .. }
        | Facts::Platform
        | Facts::Account(_)
        | Facts::Hospital(_)
        | Facts::Doctor { .. }
        | Facts::Appointment { .. }
        | Facts::Patient { .. } => None,
    }
}

fn own_account(principal: &Principal, facts: &Facts) -> Decision {
    match facts {
        Facts::Account(account) if *account == principal.account_id => Decision::Allow(Grant::OwnAccount),
        Facts::Account(_)
        | Facts::Platform
        | Facts::Hospital(_)
        | Facts::Seat { .. }
        | Facts::Doctor { .. }
        | Facts::Appointment { .. }
        | Facts::Patient { .. } => Decision::Deny(Denial::Foreign),
    }
}

/// The account's own patient, or one for whom it acts, if that was given. What is sensitive has to be given besides.
fn patients(principal: &Principal, facts: &Facts, given: fn(&Acting) -> bool) -> Option<Grant> {
    let patient = facts.patient()?;
    if principal.patients.contains(&patient) {
        return Some(Grant::OwnPatient);
    }
    let acting = principal.acts_for(patient)?;
    let open = !facts.sensitive() || acting.permissions.has(Permission::Sensitive);
    (open && given(acting)).then_some(Grant::Helper)
}

fn books(acting: &Acting) -> bool {
    acting.permissions.has(Permission::Book)
}

fn pays(acting: &Acting) -> bool {
    acting.permissions.has(Permission::Pay)
}

fn counts_money(role: Role) -> bool {
    match role {
        Role::Desk | Role::HospitalAdmin => true,
        Role::Doctor => false,
    }
}

fn reads(acting: &Acting) -> bool {
    acting.permissions.has(Permission::Records)
}

fn sees_who_looked(acting: &Acting) -> bool {
    acting.permissions.sees_who_looked()
}

/// For what only a patient's own side may do.
fn only(grant: Option<Grant>) -> Decision {
    match grant {
        Some(grant) => Decision::Allow(grant),
        None => Decision::Deny(Denial::Foreign),
    }
}

fn staff(
    principal: &Principal,
    facts: &Facts,
    allows: fn(&Membership, Option<DoctorId>) -> bool,
) -> Decision {
    let Some(membership) = facts.hospital().and_then(|hospital| principal.membership(hospital)) else {
        return Decision::Deny(Denial::Foreign);
    };
    let doctor = facts.doctor();
    if !allows(membership, doctor) {
        return Decision::Deny(Denial::NotWithThisRole);
    }
    if doctor.is_some() && membership.doctor_id == doctor {
        Decision::Allow(Grant::OwnDoctor)
    } else {
        Decision::Allow(Grant::Role(membership.role))
    }
}

/// What is about one patient: the desk and the administrators of the hospital, and the doctors who treat her.
/// To any other doctor of the house she does not exist; a declared emergency lets one look, and do nothing else.
fn clinical(principal: &Principal, facts: &Facts, looks: bool) -> Decision {
    let (Some(hospital), Some(patient)) = (facts.hospital(), facts.patient()) else {
        return Decision::Deny(Denial::Foreign);
    };
    let Some(membership) = principal.membership(hospital) else {
        return Decision::Deny(Denial::Foreign);
    };
    match membership.role {
        Role::Desk | Role::HospitalAdmin => Decision::Allow(Grant::Role(membership.role)),
        Role::Doctor => {
            let declared = looks
                && principal.emergencies.iter().any(|e| e.hospital_id == hospital && e.patient_id == patient);
            if facts.doctor().is_some() && membership.doctor_id == facts.doctor() {
                Decision::Allow(Grant::OwnDoctor)
            } else if facts.in_care() {
                Decision::Allow(Grant::CareRelation)
            } else if declared {
                Decision::Allow(Grant::Emergency)
            } else {
                Decision::Deny(Denial::Foreign)
            }
        }
    }
}

/// The line before a hospital, and who stands in it: the desk and administrators, and of the doctors the one for whom somebody waits.
/// That somebody waits for another doctor of the house is none of her business.
fn in_line(principal: &Principal, facts: &Facts) -> Decision {
    match facts {
        Facts::Hospital(_) => staff(principal, facts, |membership, _| match membership.role {
            Role::HospitalAdmin | Role::Doctor | Role::Desk => true,
        }),
        Facts::Appointment { hospital, doctor, .. } => match principal.membership(*hospital) {
            Some(membership) if membership.doctor_id == Some(*doctor) => Decision::Allow(Grant::OwnDoctor),
            Some(_) => money(principal, facts, counts_money),
            None => Decision::Deny(Denial::Foreign),
        },
        Facts::Platform
        | Facts::Account(_)
        | Facts::Seat { .. }
        | Facts::Doctor { .. }
        | Facts::Patient { .. } => Decision::Deny(Denial::Foreign),
    }
}

/// What the desk does for one patient, such as counting what she owes and has paid: those of the hospital's members who count money.
fn money(principal: &Principal, facts: &Facts, allows: fn(Role) -> bool) -> Decision {
    let membership = facts.hospital().and_then(|hospital| principal.membership(hospital));
    let (Some(membership), Some(_)) = (membership, facts.patient()) else {
        return Decision::Deny(Denial::Foreign);
    };
    match membership.role {
        role if allows(role) => Decision::Allow(Grant::Role(role)),
        // To a doctor the bill does not exist, whether she treats the patient or not.
        Role::Doctor => Decision::Deny(Denial::Foreign),
        Role::Desk | Role::HospitalAdmin => Decision::Deny(Denial::NotWithThisRole),
    }
}

fn admins(membership: &Membership, _: Option<DoctorId>) -> bool {
    match membership.role {
        Role::HospitalAdmin => true,
        Role::Doctor | Role::Desk => false,
    }
}

fn admins_and_the_doctor(membership: &Membership, doctor: Option<DoctorId>) -> bool {
    match membership.role {
        Role::HospitalAdmin => true,
        Role::Doctor => doctor.is_some() && membership.doctor_id == doctor,
        Role::Desk => false,
    }
}

/// Whoever keeps a doctor's calendar: the desk and the administrators, and she herself.
fn the_desk_and_the_doctor(membership: &Membership, doctor: Option<DoctorId>) -> bool {
    match membership.role {
        Role::Desk | Role::HospitalAdmin => true,
        Role::Doctor => doctor.is_some() && membership.doctor_id == doctor,
    }
}

fn doctors(membership: &Membership, _: Option<DoctorId>) -> bool {
    match membership.role {
        Role::Doctor => true,
        Role::HospitalAdmin | Role::Desk => false,
    }
}
