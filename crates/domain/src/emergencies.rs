//! Emergencies ("break glass"): a doctor looks at a patient whom she does not treat, says why, and is looked at herself.
//!
//! What an emergency lets one see is decided in [`crate::access`].

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    error::Result,
    ids::{EmergencyId, HospitalId, PatientId},
    page::{Page, PageQuery},
};

/// How long an emergency lets a doctor look.
pub const EMERGENCY_MINUTES: i64 = 60;
/// The shortest reason: a word is none.
pub const REASON_MIN: usize = 10;

/// Declares an emergency. The patient is named by what is known at the bedside: there is no list to browse.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclareEmergency {
    /// Full name of the patient.
    pub full_name: String,
    /// ISO date.
    pub birth_date: String,
    /// Why the record is needed now; 10 to 500 characters. The patient reads it.
    pub reason: String,
}

/// An emergency that was declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeclaredEmergency {
    /// Its id.
    pub id: EmergencyId,
    /// The hospital in whose name.
    pub hospital_id: HospitalId,
    /// Whom.
    pub patient_id: PatientId,
    /// Her name.
    pub patient_name: String,
    /// Name of who declared it.
    pub declared_by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub declared_at: Timestamp,
    /// Until when it lets one look.
    pub ends_at: Timestamp,
    /// What an administrator has found.
    pub review: Option<EmergencyReview>,
}

/// What an administrator has found about an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmergencyReview {
    /// Whether it was right.
    pub finding: Finding,
    /// What was found, in the administrator's words.
    pub note: Option<String>,
    /// Name of the administrator.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Whether an emergency was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It was.
    Justified,
    /// It was not; what follows is the hospital's business.
    NotJustified,
}

impl Finding {
    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Justified => "justified",
            Self::NotJustified => "not_justified",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Justified, Self::NotJustified].into_iter().find(|finding| finding.code() == code)
    }
}

/// Says what was found about an emergency.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReviewEmergency {
    /// Whether it was right.
    pub finding: Finding,
    /// What was found; at most 500 characters, required when it was not right.
    #[serde(default)]
    pub note: Option<String>,
}

/// Operations on emergencies.
#[async_trait]
pub trait Emergencies: Send + Sync {
    /// Declares an emergency at a hospital. Its doctors. *Errors*: `Invalid` (`full_name`: `patient_unknown` when the
    /// hospital knows no such patient, `several_patients` when it knows more than one).
    async fn declare(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: DeclareEmergency,
    ) -> Result<DeclaredEmergency>;

    /// Emergencies of a hospital: those without a review first, then the latest. Its administrators.
    async fn list(
        &self,
        call: &Call,
        hospital: HospitalId,
        page: PageQuery,
    ) -> Result<Page<DeclaredEmergency>>;

    /// Says what was found; once. Administrators of the hospital, not for their own. *Errors*: `NotFound`,
    /// `Conflict(AlreadyDone)` when it was reviewed already.
    async fn review(
        &self,
        call: &Call,
        hospital: HospitalId,
        id: EmergencyId,
        command: ReviewEmergency,
    ) -> Result<DeclaredEmergency>;
}
