//! The audit as people read it: a patient sees who looked at her record and asks; a hospital searches and answers.
//!
//! Writing it is the guard's business, in the services; nobody else can.

use async_trait::async_trait;
use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    error::Result,
    ids::{AccountId, HospitalId, PatientId},
    page::{Page, PageQuery},
};

/// The place of an entry: its chain and its number there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditPlace {
    /// The chain.
    pub chain: String,
    /// The number, from 1.
    pub seq: i64,
}

/// An entry: who did what to whose data, and why it was allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    /// Where it stands.
    pub place: AuditPlace,
    /// When.
    pub at: Timestamp,
    /// The account, if it still exists.
    pub account_id: Option<AccountId>,
    /// Its name.
    pub who: Option<String>,
    /// What: the code of an [`crate::access::Action`].
    pub action: String,
    /// `allowed` or `denied`.
    pub outcome: String,
    /// Why it was allowed: the code of a [`crate::access::Grant`].
    pub basis: String,
    /// Purpose of use after HL7 v3: `TREAT`, `PATRQT`, `FAMRQT`, `HOPERAT`, `BTG`.
    pub purpose: String,
    /// In whose name.
    pub hospital_id: Option<HospitalId>,
    /// Its name.
    pub hospital: Option<String>,
    /// Kind of the object.
    pub entity: String,
    /// Its id.
    pub entity_id: Option<uuid::Uuid>,
    /// Patients whom it is about; empty where the reader is one of them, because the others are nobody else's business.
    pub patients: Vec<PatientId>,
    /// Network address; for the hospital only.
    pub address: Option<String>,
    /// What the client calls itself; for the hospital only.
    pub device: Option<String>,
    /// What was given as the reason, in an emergency.
    pub reason: Option<String>,
    /// What the patient has asked about it.
    pub question: Option<String>,
    /// What the hospital has answered.
    pub answer: Option<String>,
}

/// Asks a hospital about an access.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskAboutAccess {
    /// Chain of the entry.
    pub chain: String,
    /// Its number.
    pub seq: i64,
    /// What the patient wants to know; at most 500 characters.
    pub question: String,
}

/// Answers what a patient has asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerQuestion {
    /// Chain of the entry.
    pub chain: String,
    /// Its number.
    pub seq: i64,
    /// Of which patient, where the entry is about several.
    pub patient_id: PatientId,
    /// The answer; at most 1000 characters. The patient reads it.
    pub answer: String,
}

/// A question that a patient has asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessQuestion {
    /// About which entry.
    pub event: AuditEvent,
    /// Who asks.
    pub patient_id: PatientId,
    /// Her name.
    pub patient_name: String,
    /// What.
    pub question: String,
    /// When.
    pub asked_at: Timestamp,
    /// The answer.
    pub answer: Option<String>,
}

/// An emergency in which somebody looked at a patient's record, as the patient reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyAccess {
    /// Whose record.
    pub patient_id: PatientId,
    /// Name of who declared it.
    pub declared_by: String,
    /// In the name of which hospital.
    pub hospital_id: HospitalId,
    /// Its name.
    pub hospital: String,
    /// Why.
    pub reason: String,
    /// When.
    pub declared_at: Timestamp,
}

/// For how many days a patient is told of an emergency on her first page.
pub const EMERGENCY_NEWS_DAYS: i64 = 14;

/// What a hospital searches its audit for. Dates are local.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuery {
    /// From this date on; a week ago if none is given.
    pub from: Option<civil::Date>,
    /// To this date, included; today if none is given.
    pub to: Option<civil::Date>,
    /// Only this action: a code.
    pub action: Option<String>,
    /// Only by this account.
    pub account_id: Option<AccountId>,
    /// Only about this patient.
    pub patient_id: Option<PatientId>,
    /// Only what was denied.
    pub denied: bool,
    /// Which part.
    #[serde(flatten)]
    pub page: PageQuery,
}

/// Most entries of one export; of more, nothing is given but the advice to choose fewer days.
pub const EXPORT_MAX: usize = 20_000;

/// Operations on the audit.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Who looked at a patient's record, latest first. Her own account, and who acts for her and may know all of her record.
    /// *Errors*: `NotFound`.
    async fn of_patient(&self, call: &Call, patient: PatientId, page: PageQuery) -> Result<Page<AuditEvent>>;

    /// Asks the hospital about an access; once for each. Whoever sees it.
    /// *Errors*: `NotFound`, `Invalid` (`question`), `Conflict(AlreadyDone)`, `TooMany`.
    async fn ask(&self, call: &Call, patient: PatientId, command: AskAboutAccess) -> Result<()>;

    /// Emergencies about a patient in the last [`EMERGENCY_NEWS_DAYS`] days, latest first. Whoever sees who looked.
    /// *Errors*: `NotFound`.
    async fn emergencies_about(&self, call: &Call, patient: PatientId) -> Result<Vec<EmergencyAccess>>;

    /// The audit of a hospital, latest first. Its administrators. *Errors*: `NotFound`, `Invalid`.
    async fn search(&self, call: &Call, hospital: HospitalId, query: AuditQuery) -> Result<Page<AuditEvent>>;

    /// The same, and whether all that it finds, on this page and on others, is more than `most` entries. *Errors*: `NotFound`, `Invalid`.
    async fn search_sized(
        &self,
        call: &Call,
        hospital: HospitalId,
        query: AuditQuery,
        most: usize,
    ) -> Result<(Page<AuditEvent>, bool)>;

    /// What a search finds in one piece, for a file; its administrators. *Errors*: `too_many_entries` for more than [`EXPORT_MAX`].
    async fn export(&self, call: &Call, hospital: HospitalId, query: AuditQuery) -> Result<Vec<AuditEvent>>;

    /// What patients have asked: without an answer first. Administrators of the hospital.
    async fn questions(&self, call: &Call, hospital: HospitalId) -> Result<Vec<AccessQuestion>>;

    /// Answers a question; once. Administrators of the hospital. *Errors*: `NotFound`, `Invalid` (`answer`).
    async fn answer(&self, call: &Call, hospital: HospitalId, command: AnswerQuestion) -> Result<()>;
}
