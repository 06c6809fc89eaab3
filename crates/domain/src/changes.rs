//! Changing many visits at once: a plan that moves or cancels them, made in one transaction, and undone by one button as long as
//! nobody has been told.
//!
//! Which times are free is [`crate::slots`]' business, and what moving and cancelling mean is [`crate::appointments`]'.

mod rules;

use async_trait::async_trait;
use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    error::Result,
    ids::{AppointmentId, DoctorId, HospitalId, MassChangeId, PatientId},
    money::Money,
    time::Moment,
};

pub use rules::{
    GRACE_SECONDS, MOST_VISITS, Options, PROPOSALS, SHEET_DAYS, TOLD_AT_ONCE_HOURS, UNDO_MINUTES, Wish,
    is_imminent, propose, told_at, undo_until,
};

/// What is to become of one visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum PlannedChange {
    /// It stays as it is.
    Keep,
    /// It is called off.
    Cancel,
    /// It is put on another time, with its doctor or another one of the hospital.
    Move {
        /// With whom.
        doctor_id: DoctorId,
        /// When: RFC 3339 with an offset, or wall time of the hospital.
        start: String,
    },
}

/// One visit of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanItem {
    /// Which visit.
    pub appointment_id: AppointmentId,
    /// The version that was read.
    pub version: i64,
    /// What is to become of it.
    pub change: PlannedChange,
}

/// A plan for visits of one doctor. Nothing happens until it is confirmed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanChanges {
    /// Why, for the history of each visit; up to 300 characters. Needed where something is called off.
    #[serde(default)]
    pub reason: Option<String>,
    /// The visits, 200 at most.
    pub items: Vec<PlanItem>,
}

/// Visits of a doctor that can be changed together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeSheet {
    /// Whose visits.
    pub doctor_id: DoctorId,
    /// Her name.
    pub doctor_name: String,
    /// IANA zone of the offsets.
    pub time_zone: String,
    /// The first date.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: civil::Date,
    /// The last date.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: civil::Date,
    /// The visits, by begin.
    pub visits: Vec<ChangeableVisit>,
    /// Whether there are more than can be changed at once.
    pub more: bool,
}

/// A visit that can be moved or called off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeableVisit {
    /// Its id.
    pub id: AppointmentId,
    /// Its version.
    pub version: i64,
    /// When it begins.
    pub start: Moment,
    /// When it ends.
    pub end: Moment,
    /// Whose it is.
    pub patient_id: PatientId,
    /// Her name.
    pub patient_name: String,
    /// When she was born: two patients may have one name.
    pub birth_date: civil::Date,
    /// What was booked.
    pub visit_type_name: String,
    /// The price as it was booked.
    pub price: Money,
    /// Whether it begins so soon that the patient is told at once, and no ten minutes are left to undo it.
    pub told_at_once: bool,
    /// Whether it stands by the doctor's hours as they are now.
    pub stands: bool,
    /// Free times for it, the nearest first; none of them is proposed for another visit as well.
    pub proposals: Vec<Proposal>,
}

/// A free time for a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// With whom.
    pub doctor_id: DoctorId,
    /// Her name.
    pub doctor_name: String,
    /// When.
    pub start: Moment,
}

/// Where a change of many visits stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// It is a plan; nothing has happened.
    Planned,
    /// It was made, and nobody has been told: one button undoes it.
    Undoable,
    /// The patients are told.
    Told,
    /// It was undone.
    Undone,
}

/// What a plan does with a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is put on another time.
    Move,
    /// It is called off.
    Cancel,
}

impl ChangeKind {
    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Move => "move",
            Self::Cancel => "cancel",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Move, Self::Cancel].into_iter().find(|kind| kind.code() == code)
    }
}

/// What undoing has made of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UndoOutcome {
    /// It is back where it was.
    Back,
    /// It was left: somebody has changed it since, or taken back the ticket with which it was booked.
    ChangedSince,
    /// It was left: somebody else has its old time.
    TimeTaken,
    /// It was left: the patient has another visit at its old time, or has used its ticket for another.
    PatientBusy,
    /// It was left: its patient was told at once, because it begins soon.
    ToldAlready,
    /// It was left: its old time is over.
    Past,
}

impl UndoOutcome {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Back, Self::ChangedSince, Self::TimeTaken, Self::PatientBusy, Self::ToldAlready, Self::Past];

    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Back => "back",
            Self::ChangedSince => "changed_since",
            Self::TimeTaken => "time_taken",
            Self::PatientBusy => "patient_busy",
            Self::ToldAlready => "told_already",
            Self::Past => "past",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// A change of many visits: a plan, or what was made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MassChange {
    /// Its id.
    pub id: MassChangeId,
    /// Where.
    pub hospital_id: HospitalId,
    /// Whose visits.
    pub doctor_id: DoctorId,
    /// Her name.
    pub doctor_name: String,
    /// Where it stands.
    pub state: ChangeState,
    /// Why.
    pub reason: Option<String>,
    /// When it was planned.
    pub planned_at: Moment,
    /// Who has planned it, and made it.
    pub by: String,
    /// When it was made.
    pub made_at: Option<Moment>,
    /// Until when it can be undone.
    pub undo_until: Option<Moment>,
    /// When it was undone.
    pub undone_at: Option<Moment>,
    /// Who has undone it.
    pub undone_by: Option<String>,
    /// How many visits are moved.
    pub moved: i64,
    /// How many are called off.
    pub cancelled: i64,
    /// How many undoing has left as they were, each for a reason of its own.
    pub left: i64,
    /// The visits, by begin; in a list of changes they are left out.
    pub items: Vec<MassChangeItem>,
}

/// One visit of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MassChangeItem {
    /// Its number in the plan, from 0: a refusal of `items.N` is about the visit with the position N.
    pub position: i64,
    /// Which visit.
    pub appointment_id: AppointmentId,
    /// Whose it is.
    pub patient_id: PatientId,
    /// Her name.
    pub patient_name: String,
    /// When she was born: two patients may have one name.
    pub birth_date: civil::Date,
    /// What was booked.
    pub visit_type_name: String,
    /// What is done with it.
    pub kind: ChangeKind,
    /// When it began before.
    pub from: Moment,
    /// When it begins now, where it is moved.
    pub to: Option<Moment>,
    /// With whom it is now, where it is moved.
    pub to_doctor_id: Option<DoctorId>,
    /// Her name, where that is another doctor.
    pub to_doctor_name: Option<String>,
    /// The price as it was booked.
    pub price: Money,
    /// When its patient is told, or was; none while it is a plan.
    pub told_at: Option<Moment>,
    /// Whether she is told at once, because it begins soon.
    pub told_at_once: bool,
    /// What undoing has made of it.
    pub outcome: Option<UndoOutcome>,
}

/// Operations on many visits at once.
#[async_trait]
pub trait Changes: Send + Sync {
    /// Visits of a doctor from one date to another that can be moved or called off, with free times for each. The desk and administrators
    /// of the hospital, and the doctor. *Errors*: `NotFound`, `Invalid` (`to`: `range_order`, `range_too_long`).
    async fn sheet(
        &self,
        call: &Call,
        doctor: DoctorId,
        from: civil::Date,
        to: civil::Date,
    ) -> Result<ChangeSheet>;

    /// Writes a plan down; nothing happens to the visits. Those who may see the sheet.
    /// *Errors*: `NotFound`; `Invalid` (`items`: `nothing_chosen`, `too_many_items`; `items.N`: `visit_unknown`, `visit_twice`,
    /// `visit_changed`, `visit_unchangeable`; `items.N.start`: `time_invalid`; `items.N.doctor_id`: `doctor_unknown`; `reason`: `required`, `too_long`).
    async fn plan(&self, call: &Call, doctor: DoctorId, command: PlanChanges) -> Result<MassChange>;

    /// A plan, or a change that was made. Those who may see the sheet of its doctor. *Errors*: `NotFound`.
    async fn get(&self, call: &Call, id: MassChangeId) -> Result<MassChange>;

    /// Does what is planned, in one transaction: all of it or nothing. Nobody is told for ten minutes, except of visits that begin within
    /// hours. Those who may see it. *Errors*: `NotFound`; `Conflict` (`already_done`); `Invalid` (`items.N`: `visit_changed`,
    /// `slot_taken`, `slot_day_full`, `slot_kind_full`, or the rule of the engine that takes the time away).
    async fn confirm(&self, call: &Call, id: MassChangeId) -> Result<MassChange>;

    /// Puts everything back, in one transaction, as long as nobody has been told. What somebody has changed meanwhile, or whose time is
    /// somebody else's, is left and says so. Those who may see it. *Errors*: `NotFound`, `Conflict` (`too_late`, `already_done`).
    async fn undo(&self, call: &Call, id: MassChangeId) -> Result<MassChange>;

    /// The changes of a hospital in the last weeks, the latest first, without their visits: those that the caller may see one by one.
    /// Members of the hospital.
    async fn recent(&self, call: &Call, hospital: HospitalId) -> Result<Vec<MassChange>>;
}
