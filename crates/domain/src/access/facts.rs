//! What is known about an object, as far as a decision needs it.
//!
//! Loading it is the services' business; deciding on it is [`super::decide`]'s.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

use super::Role;
use crate::ids::{AccountId, DoctorId, HospitalId, PatientId};

/// What is known about the object, as far as the decision needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facts {
    /// The platform itself.
    Platform,
    /// An account.
    Account(AccountId),
    /// A hospital.
    Hospital(HospitalId),
    /// A place among a hospital's members.
    Seat {
        /// Where.
        hospital: HospitalId,
        /// As what.
        role: Role,
        /// Whether the hospital has nobody yet who administers it.
        leaderless: bool,
    },
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
        /// Whether the doctor who asks, if a doctor asks, treats the patient.
        in_care: bool,
        /// Whether the doctor's specialty says what the visit is about, and that is nobody else's business.
        sensitive: bool,
    },
    /// A patient, as one hospital knows her.
    Patient {
        /// Who.
        patient: PatientId,
        /// The hospital in whose name somebody asks, if she has had a visit there.
        hospital: Option<HospitalId>,
        /// Whether the doctor who asks, if a doctor asks, treats the patient.
        in_care: bool,
    },
}

impl Facts {
    /// The hospital that the object belongs to.
    pub fn hospital(&self) -> Option<HospitalId> {
        match self {
            Self::Hospital(hospital)
            | Self::Seat { hospital, .. }
            | Self::Doctor { hospital, .. }
            | Self::Appointment { hospital, .. } => Some(*hospital),
            Self::Patient { hospital, .. } => *hospital,
            Self::Platform | Self::Account(_) => None,
        }
    }

    /// The patient whom the object is about.
    pub fn patient(&self) -> Option<PatientId> {
        match self {
            Self::Appointment { patient, .. } | Self::Patient { patient, .. } => Some(*patient),
            Self::Platform
            | Self::Account(_)
            | Self::Hospital(_)
            | Self::Seat { .. }
            | Self::Doctor { .. } => None,
        }
    }

    /// The same, once it is known whether the doctor who asks treats the patient.
    #[must_use]
    pub fn cared_for(self, in_care: bool) -> Self {
        match self {
            Self::Appointment { hospital, doctor, patient, sensitive, .. } => {
                Self::Appointment { hospital, doctor, patient, in_care, sensitive }
            }
            Self::Patient { patient, hospital, .. } => Self::Patient { patient, hospital, in_care },
            Self::Platform
            | Self::Account(_)
            | Self::Hospital(_)
            | Self::Seat { .. }
            | Self::Doctor { .. } => self,
        }
    }

    pub(super) fn doctor(&self) -> Option<DoctorId> {
        match self {
            Self::Doctor { doctor, .. } | Self::Appointment { doctor, .. } => Some(*doctor),
            Self::Platform
            | Self::Account(_)
            | Self::Hospital(_)
            | Self::Seat { .. }
            | Self::Patient { .. } => None,
        }
    }

    /// What the object is about that not everybody who helps a patient may know.
    pub(super) fn sensitive(&self) -> bool {
        match self {
            Self::Appointment { sensitive, .. } => *sensitive,
            Self::Platform
            | Self::Account(_)
            | Self::Hospital(_)
            | Self::Seat { .. }
            | Self::Doctor { .. }
            | Self::Patient { .. } => false,
        }
    }

    pub(super) fn in_care(&self) -> bool {
        match self {
            Self::Appointment { in_care, .. } | Self::Patient { in_care, .. } => *in_care,
            Self::Platform
            | Self::Account(_)
            | Self::Hospital(_)
            | Self::Seat { .. }
            | Self::Doctor { .. } => false,
        }
    }
}
