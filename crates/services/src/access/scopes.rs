//! Guarded things that are no rows: the platform, an account, a hospital, a doctor, a patient as a hospital knows her.
//!
//! Guarded rows stand beside their SQL.

use domain::{
    Call, Error as Refusal,
    access::{Action, Decision, Facts, Grant, Role, decide},
    coding::is_sensitive,
    ids::{AccountId, DoctorId, HospitalId, PatientId},
};
use uuid::Uuid;

use super::{Authorized, Resource};
use crate::{directory::Entry, error::Result};

/// The platform.
#[derive(Clone, Copy)]
pub(crate) struct OfPlatform;

/// The caller's own account.
#[derive(Clone, Copy)]
pub(crate) struct OfAccount(AccountId);

/// A hospital.
#[derive(Clone, Copy)]
pub(crate) struct OfHospital(pub(crate) HospitalId);

/// A place among a hospital's members.
#[derive(Clone, Copy)]
pub(crate) struct OfSeat {
    /// Where.
    pub(crate) hospital: HospitalId,
    /// As what.
    pub(crate) role: Role,
    /// Whether the hospital has nobody yet who administers it.
    pub(crate) leaderless: bool,
}

/// A doctor.
#[derive(Clone, Copy)]
pub(crate) struct OfDoctor {
    hospital: HospitalId,
    doctor: DoctorId,
}

/// A patient; with the hospital in whose name somebody asks, where she is known.
#[derive(Clone, Copy)]
pub(crate) struct OfPatient {
    /// Who.
    pub(crate) patient: PatientId,
    /// In whose name.
    pub(crate) hospital: Option<HospitalId>,
}

impl OfAccount {
    /// The account of whoever asks.
    pub(crate) fn own(call: &Call) -> Result<Self> {
        Ok(Self(call.actor.signed_in()?.account_id))
    }

    /// Which account.
    pub(crate) fn id(self) -> AccountId {
        self.0
    }
}

impl OfDoctor {
    /// A doctor whom the directory knows.
    pub(crate) fn of(entry: &Entry) -> Self {
        Self { hospital: entry.hospital.id, doctor: entry.id }
    }

    /// Who.
    pub(crate) fn id(self) -> DoctorId {
        self.doctor
    }
}

impl<A> Authorized<A, OfPatient> {
    /// A helper begins nothing with a doctor that she could not go on with: the action is what she has to be able to do afterwards.
    pub(crate) fn visible_afterwards(&self, call: &Call, entry: &Entry, action: Action) -> Result<()> {
        let facts = Facts::Appointment {
            hospital: entry.hospital.id,
            doctor: entry.id,
            patient: self.object().patient,
            in_care: false,
            sensitive: is_sensitive(&entry.specialties),
        };
        match (self.grant(), decide(&call.actor, action, &facts)) {
            (Grant::Helper, Decision::Deny(_)) => Err(Refusal::invalid("patient_id", "kept_private").into()),
            _ => Ok(()),
        }
    }
}

impl Resource for OfPlatform {
    fn facts(&self) -> Facts {
        Facts::Platform
    }

    fn entity(&self) -> (&'static str, Option<Uuid>) {
        ("platform", None)
    }
}

impl Resource for OfAccount {
    fn facts(&self) -> Facts {
        Facts::Account(self.0)
    }

    fn entity(&self) -> (&'static str, Option<Uuid>) {
        ("account", Some(self.0.0))
    }
}

impl Resource for OfHospital {
    fn facts(&self) -> Facts {
        Facts::Hospital(self.0)
    }

    fn entity(&self) -> (&'static str, Option<Uuid>) {
        ("hospital", Some(self.0.0))
    }
}

impl Resource for OfSeat {
    fn facts(&self) -> Facts {
        Facts::Seat { hospital: self.hospital, role: self.role, leaderless: self.leaderless }
    }

    fn entity(&self) -> (&'static str, Option<Uuid>) {
        ("membership", None)
    }
}

impl Resource for OfDoctor {
    fn facts(&self) -> Facts {
        Facts::Doctor { hospital: self.hospital, doctor: self.doctor }
    }

    fn entity(&self) -> (&'static str, Option<Uuid>) {
        ("doctor", Some(self.doctor.0))
    }
}

impl Resource for OfPatient {
    fn facts(&self) -> Facts {
        Facts::Patient { patient: self.patient, hospital: self.hospital, in_care: false }
    }

    fn entity(&self) -> (&'static str, Option<Uuid>) {
        ("patient", Some(self.patient.0))
    }
}
