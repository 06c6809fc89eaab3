//! Appointments: booking a visit and moving it through its life.
//!
//! Which times are free is [`crate::slots`]' business; who may do what is [`crate::access`]'.

mod boards;
mod holds;
mod lead;
mod rules;
mod status;

use async_trait::async_trait;
use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    availability::Slots,
    error::Result,
    hospitals::Modality,
    ids::{AppointmentId, DoctorId, HospitalId, PatientId, VisitTypeId},
    money::Money,
    page::{Page, PageQuery},
    queues::Arrival,
    time::Moment,
};

pub use boards::{DayBoard, DoctorDay, DoctorWeek, GroupKind};
pub use holds::{
    COOL_DOWN_SECONDS, HOLD_EXTENSION_MINUTES, HOLD_MINUTES, Holding, IN_VAIN_HOLDS, IN_VAIN_MINUTES,
    IN_VAIN_SPAN_MINUTES, InVain, LIVE_HOLDS, LIVE_HOLDS_BY_ACCOUNT, LONGEST_HOLD_MINUTES, alive, extended,
    hold_until, may_hold, standing,
};
pub use lead::{Hand, Lead, Put};
pub use rules::{
    Ahead, LATE_CANCEL_HOURS, MOVES_OF_ONE_VISIT, Situation, VISITS_IN_ALL, VISITS_IN_ALL_BY_ACCOUNT,
    VISITS_WITH_ONE_DOCTOR, VISITS_WITH_ONE_DOCTOR_BY_ACCOUNT, around, may_book_one_more, may_move_once_more,
};
pub use status::{Initiator, Move, NO_SHOW_GRACE_MINUTES, Status};

/// Books a visit.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BookAppointment {
    /// With whom.
    pub doctor_id: DoctorId,
    /// What.
    pub visit_type_id: VisitTypeId,
    /// When: RFC 3339 with an offset, or a wall time (`2026-11-24T10:00`) in the hospital's zone.
    pub start: String,
    /// For whom; a patient's own account may leave it out.
    #[serde(default)]
    pub patient_id: Option<PatientId>,
    /// What it is about, in the patient's words; at most 500 characters.
    #[serde(default)]
    pub reason: Option<String>,
    /// What it costs as far as the caller was told, in minor units: for another price nothing is booked (`price_changed`).
    #[serde(default)]
    pub price_minor: Option<i64>,
}

/// Moves an appointment on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MoveAppointment {
    /// Why; at most 300 characters. The patient can read it.
    #[serde(default)]
    pub reason: Option<String>,
    /// The version that the caller has seen; a newer one refuses the move.
    #[serde(default)]
    pub version: Option<i64>,
}

/// Puts a visit on another time. Its id, visit type and price stay.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RescheduleAppointment {
    /// When: RFC 3339 with an offset, or a wall time (`2026-11-24T10:00`) in the hospital's zone.
    pub start: String,
    /// With another doctor of the hospital who offers the visit type; only members of the hospital may choose one.
    #[serde(default)]
    pub doctor_id: Option<DoctorId>,
    /// Why; at most 300 characters. The patient can read it.
    #[serde(default)]
    pub reason: Option<String>,
    /// The version that the caller has seen; a newer one refuses the move.
    #[serde(default)]
    pub version: Option<i64>,
}

/// Which times are wanted for a visit that is to be put on another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimesQuery {
    /// With another doctor of the hospital.
    pub doctor_id: Option<DoctorId>,
    /// From hours on that begin on this local date; from the visit's own when absent.
    pub from: Option<civil::Date>,
    /// To hours that begin on this local date, included; six days later when absent.
    pub to: Option<civil::Date>,
}

/// A booked visit, as those see it who may: the patient gets the same type. What is for the hospital alone belongs into
/// [`PatientFile`] or a type of its own, or is absent for everybody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the visit")]
pub struct Appointment {
    /// Its id.
    pub id: AppointmentId,
    /// What people quote on the telephone.
    pub reference: String,
    /// Where it stands.
    pub status: Status,
    /// Begin, with the hospital's offset.
    pub start: Moment,
    /// End.
    pub end: Moment,
    /// IANA zone of the hospital.
    pub time_zone: String,
    /// With whom.
    pub doctor_id: DoctorId,
    /// Her name.
    pub doctor_name: String,
    /// Where.
    pub hospital_id: HospitalId,
    /// Its name.
    pub hospital_name: String,
    /// Its address.
    pub hospital_address: String,
    /// Its telephone.
    pub hospital_phone: String,
    /// For whom.
    pub patient_id: PatientId,
    /// The patient's name.
    pub patient_name: String,
    /// When the patient was born, for the hospital's members: two patients may have one name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<civil::Date>,
    /// What.
    pub visit_type_id: VisitTypeId,
    /// Its name when it was booked.
    pub visit_type_name: String,
    /// In person or by video.
    pub modality: Modality,
    /// Length.
    pub minutes: i64,
    /// Price agreed when it was booked.
    pub price: Money,
    /// What it is about, in the patient's words.
    pub reason: Option<String>,
    /// Who cancelled it.
    pub cancelled_by: Option<Initiator>,
    /// Whether the patient's side cancelled it late. A move at the last minute counts, and what the hospital has moved is never late.
    pub cancelled_late: bool,
    /// Until when the time is held, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Moment>,
    /// Whether the hold can still be made longer.
    #[serde(default)]
    pub extendable: bool,
    /// Her number of the hospital's day, once she has come: as long as that day lasts, and over midnight while she is in the house.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<i64>,
    /// How she came, once she has; the first time, if she has gone and come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Arrival>,
    /// Whether the caller may say now that the patient is here.
    #[serde(default)]
    pub can_say_here: bool,
    /// Grows with every change.
    pub version: i64,
    /// What the caller may do with it and is offered now: `arrive`, `check-in` and `start` on the day of the visit or within twelve hours of
    /// its begin. On other days the API does them all the same.
    pub moves: Vec<Move>,
    /// Whether the caller may put it on another time now.
    pub reschedulable: bool,
}

/// One step of an appointment's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryEntry {
    /// Number of the step, from 1.
    pub seq: i64,
    /// Status before; none at booking.
    pub from: Option<Status>,
    /// Status after.
    pub to: Status,
    /// When the visit is to begin from this step on, where the step has set that: at booking, and when it was put on another time.
    pub start: Option<Moment>,
    /// With whom it is from this step on, where the step has set the time.
    pub doctor: Option<String>,
    /// When.
    pub at: Moment,
    /// Name of the account that did it; none where it was the house itself, such as at the end of a hold.
    pub by: Option<String>,
    /// Why. The patient reads it too.
    pub reason: Option<String>,
}

/// Which appointments are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentQuery {
    /// Of this hospital (for its members).
    pub hospital_id: Option<HospitalId>,
    /// Of this doctor.
    pub doctor_id: Option<DoctorId>,
    /// Of this patient.
    pub patient_id: Option<PatientId>,
    /// From this local date on.
    pub from: Option<civil::Date>,
    /// To this local date, included.
    pub to: Option<civil::Date>,
    /// Upcoming, past, or all.
    pub period: Period,
    /// Which part.
    #[serde(flatten)]
    pub page: PageQuery,
}

/// Which side of now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// All, by begin.
    #[default]
    All,
    /// Not yet over and not cancelled, soonest first.
    Upcoming,
    /// Over or cancelled, latest first.
    Past,
}

/// A patient as a hospital knows her.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatientCard {
    /// Who.
    pub id: PatientId,
    /// Name.
    pub full_name: String,
    /// Date of birth.
    pub birth_date: civil::Date,
    /// Visits at this hospital.
    pub visits: i64,
    /// The last visit that has begun.
    pub last_visit: Option<Moment>,
    /// The next one.
    pub next_visit: Option<Moment>,
}

/// A patient with her visits at one hospital.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatientFile {
    /// Who.
    pub patient: PatientCard,
    /// Visits here, latest first.
    pub appointments: Vec<Appointment>,
}

/// Operations on appointments.
#[async_trait]
pub trait Appointments: Send + Sync {
    /// Books a visit. The patient's side; for patients who are known at the hospital, its desk, administrators, and doctors who treat them.
    /// *Errors*: `NotFound` (doctor, visit type), `EmailUnverified`, `Invalid` (`start`: the rule that refuses the time; `visit_type_id`:
    /// `follow_up_required`; `price_minor`: `price_changed`; `patient_id`, `reason`),
    /// `Conflict(SlotTaken | DayFull | KindFull)` with alternatives, `Conflict(PatientOverlap | TooManyVisits | KeyReused)`,
    /// `Conflict(PayFirst)` where a patient has to hold the time and pay first.
    async fn book(&self, call: &Call, command: BookAppointment) -> Result<Appointment>;

    /// Keeps a time for a while, until it is paid for where the visit type asks for that, or until it is booked. Who may book it.
    /// *Errors*: as [`Appointments::book`], `Conflict(TooManyHolds)`, `TooMany` soon after a hold has run out or many came to nothing.
    async fn hold(&self, call: &Call, command: BookAppointment) -> Result<Appointment>;

    /// Keeps it a little longer, once. Who may book it. *Errors*: `NotFound`, `Conflict(HoldEnded | AlreadyDone | WrongStatus)`.
    async fn extend_hold(&self, call: &Call, id: AppointmentId) -> Result<Appointment>;

    /// Books what is held, where nothing is to be paid. Who may book it; what is offered to somebody who waits, her own side alone.
    /// *Errors*: as [`Appointments::extend_hold`], `Conflict(PayFirst)`.
    async fn take_hold(&self, call: &Call, id: AppointmentId) -> Result<Appointment>;

    /// Lets go of what is held. As [`Appointments::take_hold`]. *Errors*: as [`Appointments::extend_hold`].
    async fn release_hold(&self, call: &Call, id: AppointmentId) -> Result<Appointment>;

    /// An appointment. Whoever may read it: the patient's side; the desk, administrators, its doctor, and others who treat the patient or
    /// have declared an emergency. *Errors*: `NotFound`.
    async fn get(&self, call: &Call, id: AppointmentId) -> Result<Appointment>;

    /// Its history. As [`Appointments::get`].
    async fn history(&self, call: &Call, id: AppointmentId) -> Result<Vec<HistoryEntry>>;

    /// Appointments: those of the caller's own patients and of those for whom she acts, or of a hospital for its members; in both, those
    /// that she may read. *Errors*: `NotFound` (the hospital), `Invalid` (`cursor`).
    async fn list(&self, call: &Call, query: AppointmentQuery) -> Result<Page<Appointment>>;

    /// Moves an appointment on. All moves: the desk, administrators, its doctor, and others who treat the patient; cancelling until it begins:
    /// the patient's side, too. *Errors*: `NotFound`, `Forbidden` (who may read it, but not do this), `Invalid` (`reason`),
    /// `Conflict(WrongStatus | StaleVersion | TooEarly | TooLate | KeyReused)`.
    async fn advance(
        &self,
        call: &Call,
        id: AppointmentId,
        to: Move,
        command: MoveAppointment,
    ) -> Result<Appointment>;

    /// Free times on which an appointment can be put, as if it did not exist. Who may put it there; none of a
    /// doctor who does not offer the visit type. *Errors*: `NotFound`, `Forbidden`, `Invalid` (`doctor_id`: of another
    /// hospital; `to`), `Conflict(WrongStatus | TooLate)`.
    async fn times(&self, call: &Call, id: AppointmentId, query: TimesQuery) -> Result<Slots>;

    /// Puts an appointment on another time, in one step: the old time is free when the new one is taken, and kept when it is not.
    /// The patient's side until it begins (a confirmed one is to be confirmed again); the desk, administrators, its doctor, and others who
    /// treat the patient, who may choose another doctor of the hospital. Those who mind her get a letter.
    /// *Errors*: as [`Appointments::book`], `Forbidden`, `Conflict(WrongStatus | StaleVersion | TooLate | TooManyMoves)`.
    async fn reschedule(
        &self,
        call: &Call,
        id: AppointmentId,
        command: RescheduleAppointment,
    ) -> Result<Appointment>;

    /// A day of a hospital. Its members, of visits those that they may read. Today when no date is given.
    async fn day(&self, call: &Call, hospital: HospitalId, date: Option<civil::Date>) -> Result<DayBoard>;

    /// A week of a doctor, from the Monday of the date. Members of the hospital, of visits those that they may read.
    async fn week(&self, call: &Call, doctor: DoctorId, date: Option<civil::Date>) -> Result<DoctorWeek>;

    /// Patients of a hospital by name; `search` is part of a name. Its desk and administrators; a doctor sees those whom she treats, or for
    /// whom she has declared an emergency.
    async fn patients(
        &self,
        call: &Call,
        hospital: HospitalId,
        search: Option<String>,
        page: PageQuery,
    ) -> Result<Page<PatientCard>>;

    /// A patient with the visits at a hospital. Its desk and administrators, and doctors who treat her or have declared an emergency.
    /// *Errors*: `NotFound`, also when the hospital does not know her.
    async fn patient(&self, call: &Call, hospital: HospitalId, patient: PatientId) -> Result<PatientFile>;
}
