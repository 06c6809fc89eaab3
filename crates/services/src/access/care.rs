//! Whom a member sees at a hospital: everybody, or, for a doctor, those whom she treats.
//!
//! It is the same rule as `domain::access::decide`, in the form that lists need; a test holds the two together.

use domain::{
    Call,
    access::Role,
    ids::{AccountId, DoctorId, HospitalId},
};

use crate::error::Result;

/// A visit of the last 366 days makes a doctor one who treats the patient, and so does any visit to come.
///
/// How long is this house's choice, no rule from elsewhere: with a year and a day, leap years included, whoever comes once a year for a
/// check-up does not lose her doctor shortly before the next one.
pub(crate) const CARE_MS: i64 = 366 * 24 * 60 * 60 * 1000;

/// What of a hospital's patients and visits a member sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sight {
    /// Only patients whom this doctor treats, and her own visits.
    pub(crate) doctor: Option<DoctorId>,
    /// Since when a visit counts.
    pub(crate) since: i64,
    /// And patients for whom this account has declared an emergency
    pub(crate) account: AccountId,
    /// that lasts at this instant.
    pub(crate) now: i64,
}

impl Sight {
    /// Of whoever asks, at a hospital whose schedule the guard lets her see.
    pub(crate) fn of(call: &Call, hospital: HospitalId, now: i64) -> Result<Self> {
        let principal = call.actor.signed_in()?;
        let doctor = principal.membership(hospital).and_then(|membership| match membership.role {
            Role::Doctor => membership.doctor_id,
            Role::Desk | Role::HospitalAdmin => None,
        });
        Ok(Self { doctor, since: now - CARE_MS, account: principal.account_id, now })
    }
}
