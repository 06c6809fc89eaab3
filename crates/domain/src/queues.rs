//! The desk's queue: who is expected today, who has come, who is with the doctor and who is done; walk-ins; the wall of the waiting room.
//!
//! Which moves there are is [`crate::appointments`]' business; which time a walk-in gets is decided by [`crate::slots`].

mod rules;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    appointments::{Appointment, Status},
    error::Result,
    hospitals::VisitType,
    ids::{AppointmentId, DoctorId, HospitalId, PatientId, VisitTypeId},
    time::Moment,
};

pub use rules::{
    CheckIn, LATE_AFTER_MINUTES, LONG_WAIT_MINUTES, SELF_CHECK_IN_HOURS, late_by, may_check_in, stays, waited,
};

/// How somebody came who has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Arrival {
    /// The desk has received her.
    Desk,
    /// She has said so herself, on her own page.
    Own,
    /// She came without a time, and the desk took her in.
    WalkIn,
}

impl Arrival {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Desk, Self::Own, Self::WalkIn];

    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Own => "own",
            Self::WalkIn => "walk-in",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|arrival| arrival.code() == code)
    }
}

/// A column of the queue, in the order in which a patient goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum QueueColumn {
    /// She has a time today and has not come yet.
    Expected,
    /// She is in the house and waits.
    Arrived,
    /// She is with the doctor.
    InRoom,
    /// She was seen, or has gone, or did not come.
    Done,
}

impl QueueColumn {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Expected, Self::Arrived, Self::InRoom, Self::Done];

    /// Where a visit stands in the queue; nowhere, if it is only held or was called off.
    pub fn of(status: Status) -> Option<Self> {
        match status {
            Status::Booked | Status::Confirmed => Some(Self::Expected),
            Status::Arrived | Status::CheckedIn => Some(Self::Arrived),
            Status::InProgress => Some(Self::InRoom),
            Status::Completed | Status::NoShow | Status::LeftUnseen => Some(Self::Done),
            Status::Held | Status::PendingPayment | Status::Cancelled | Status::Expired => None,
        }
    }
}

/// A visit in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueVisit {
    /// The visit, with the number that was given for it.
    pub appointment: Appointment,
    /// Where it stands.
    pub column: QueueColumn,
    /// When she came, the last time that she did.
    pub arrived_at: Option<Moment>,
    /// When she was called in.
    pub called_at: Option<Moment>,
    /// Whole minutes that she has waited, or had waited when she was called in.
    pub waited_minutes: Option<i64>,
    /// Whole minutes since she should have come, where she is expected and late.
    pub late_minutes: Option<i64>,
}

/// The queue of a hospital's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueBoard {
    /// The local date: today.
    pub date: civil::Date,
    /// Now on the hospital's wall.
    pub now: Moment,
    /// IANA zone.
    pub time_zone: String,
    /// Doctors with visits today whom the caller may see, by name, whether they are asked for or not.
    pub doctors: Vec<QueueDoctor>,
    /// The visits: of each column in the order in which the desk needs them.
    pub visits: Vec<QueueVisit>,
}

/// A doctor of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueDoctor {
    /// Who.
    pub id: DoctorId,
    /// Her name.
    pub name: String,
}

/// Takes in somebody who stands at the desk without a time.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WalkIn {
    /// A patient whom the hospital knows; absent where she is written in.
    #[serde(default)]
    pub patient_id: Option<PatientId>,
    /// A patient whom it does not know yet.
    #[serde(default)]
    pub newcomer: Option<NewPatient>,
    /// With whom; whoever is free first when absent.
    #[serde(default)]
    pub doctor_id: Option<DoctorId>,
    /// What; the shortest that the doctor offers when absent.
    #[serde(default)]
    pub visit_type_id: Option<VisitTypeId>,
    /// What it is about, in the patient's words; at most 500 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Somebody whom the desk writes in. She has no account; one of her own can come later.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPatient {
    /// Name, at most 200 characters.
    pub full_name: String,
    /// Date of birth, ISO 8601: two people may have one name.
    pub birth_date: String,
}

/// A doctor who may see somebody without a time today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WalkInDoctor {
    /// Who.
    pub id: DoctorId,
    /// Her name.
    pub name: String,
    /// When she is free next, for the shortest visit that she offers; none when she is not any more today.
    pub next: Option<Moment>,
    /// What she offers, the shortest first.
    pub visit_types: Vec<VisitType>,
}

/// Says that a patient is here.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SayHere {
    /// The version that the caller has seen; a newer one refuses it.
    #[serde(default)]
    pub version: Option<i64>,
}

/// What a hospital has decided about its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct QueueSettings {
    /// Whether a patient may say on her own page that she is here.
    pub self_check_in: bool,
}

/// What hangs on the wall of a waiting room: numbers, and nobody's name but the doctors'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WallBoard {
    /// Whose wall it is.
    pub hospital_name: String,
    /// Now on that wall.
    pub now: Moment,
    /// Who is called, the newest first; at most [`CALLED_AT_ONCE`].
    pub called: Vec<CalledNumber>,
    /// Who waits, door by door.
    pub waiting: Vec<WaitingDoor>,
}

/// How many called numbers a wall shows: more than can be read from a chair is noise.
pub const CALLED_AT_ONCE: usize = 6;

/// A number that is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalledNumber {
    /// The number.
    pub number: i64,
    /// Whose door it goes to.
    pub door: String,
}

/// Those who wait before one door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitingDoor {
    /// Whose it is.
    pub door: String,
    /// Their numbers, in the order of their times.
    pub numbers: Vec<i64>,
}

impl WallBoard {
    /// How many wait, before all doors.
    pub fn in_all(&self) -> usize {
        self.waiting.iter().map(|door| door.numbers.len()).sum()
    }
}

/// The private address of a hospital's wall. The address itself is not in it: the house does not know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WallAddress {
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was last read, to the hour; absent while nobody has.
    pub read_at: Option<Timestamp>,
}

/// An address that was just made. Nobody sees it a second time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewWallAddress {
    /// Since when there is one.
    pub wall: WallAddress,
    /// What the screen in the waiting room opens: whoever has it needs no password.
    pub address: String,
}

/// Changes on a wall: that there was one, and nothing of what.
#[async_trait]
pub trait WallFeed: Send {
    /// Waits for the next change; `false` when there will be no more.
    async fn next(&mut self) -> bool;
}

/// Operations on the queue.
#[async_trait]
pub trait Queues: Send + Sync {
    /// The queue of today, of one doctor or of all, and whoever was in the house at midnight and is so still. Members of the hospital, of
    /// visits those that they may read.
    /// *Errors*: `NotFound`.
    async fn board(&self, call: &Call, hospital: HospitalId, doctor: Option<DoctorId>) -> Result<QueueBoard>;

    /// Doctors with the time from which each could see somebody without one: first who is free first, at last by name who is not any more
    /// today. Members of the hospital.
    async fn walk_in_doctors(&self, call: &Call, hospital: HospitalId) -> Result<Vec<WalkInDoctor>>;

    /// Books the next moment at which the doctor is free today, whatever her published hours and notice say, and receives the patient at
    /// once, with a number. Who may book for her; new patients are written in by the desk and administrators.
    /// *Errors*: `NotFound`, `Invalid` (`patient_id`, `full_name`, `birth_date`, `doctor_id`, `reason`),
    /// `Conflict(NoTimeToday | KeyReused)`.
    async fn walk_in(&self, call: &Call, hospital: HospitalId, command: WalkIn) -> Result<Appointment>;

    /// Receives a patient who says on her own page that she is here. Her own side, as far as it may book, from
    /// [`SELF_CHECK_IN_HOURS`] before the time to its end. *Errors*: `NotFound`,
    /// `Conflict(AskAtDesk | NotYetHere | WrongStatus | StaleVersion)`.
    async fn say_here(&self, call: &Call, id: AppointmentId, command: SayHere) -> Result<Appointment>;

    /// What a hospital has decided. Anybody. *Errors*: `NotFound`.
    async fn settings(&self, hospital: HospitalId) -> Result<QueueSettings>;

    /// Changes it. Administrators of the hospital.
    async fn set_settings(
        &self,
        call: &Call,
        hospital: HospitalId,
        settings: QueueSettings,
    ) -> Result<QueueSettings>;

    /// The wall. Members of the hospital.
    async fn wall(&self, call: &Call, hospital: HospitalId) -> Result<WallBoard>;

    /// Since when the wall has a private address. Administrators of the hospital. *Errors*: `NotFound` while it has none.
    async fn wall_address(&self, call: &Call, hospital: HospitalId) -> Result<WallAddress>;

    /// Makes one; the one before is dead from then on. Administrators of the hospital.
    async fn make_wall_address(&self, call: &Call, hospital: HospitalId) -> Result<NewWallAddress>;

    /// Ends it at once. Administrators of the hospital. *Errors*: `NotFound`.
    async fn end_wall_address(&self, call: &Call, hospital: HospitalId) -> Result<()>;

    /// The wall behind a private address. Whoever has its secret. *Errors*: `NotFound` for one that was never made or has ended.
    async fn read_wall(&self, secret: &str) -> Result<WallBoard>;

    /// Changes of that wall, as they happen. As [`Queues::read_wall`].
    async fn follow_wall(&self, secret: &str) -> Result<Box<dyn WallFeed>>;
}
