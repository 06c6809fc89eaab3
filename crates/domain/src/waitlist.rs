//! The waiting list: who waits for a time with a doctor, and the one time that is offered to her while it is kept for her.
//!
//! Which times are free is [`crate::slots`]' business. An offered time is a hold, see [`crate::appointments`].

mod rules;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    appointments::Appointment,
    error::Result,
    ids::{AppointmentId, DoctorId, HospitalId, PatientId, VisitTypeId, WaitlistEntryId},
    money::Money,
    time::Moment,
};

pub use rules::{
    ANEW_HOURS, FURTHEST_DAYS, LAPSES, LEAST_MINUTES, MARGIN_MINUTES, OFFER_MINUTES, OPEN_ENTRIES,
    OPEN_ENTRIES_BY_ACCOUNT, OPEN_OFFERS_BY_ACCOUNT, QUIET_FROM, QUIET_UNTIL, SPAN_DAYS, Wanted, check,
    is_quiet, may_be_offered_one_more, may_wait_once_more, offer_until,
};

/// Where somebody who waits stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryStatus {
    /// She waits.
    Waiting,
    /// A time is kept for her until she answers, or until the offer ends.
    Offered,
    /// She has a time.
    Taken,
    /// She, or her hospital for her, has left the list.
    Withdrawn,
    /// There is nothing to wait for any more, or nobody has answered.
    Ended,
}

impl EntryStatus {
    /// All of them, in the order of an entry's life.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Offered, Self::Taken, Self::Withdrawn, Self::Ended];

    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Offered => "offered",
            Self::Taken => "taken",
            Self::Withdrawn => "withdrawn",
            Self::Ended => "ended",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether she is in the line.
    pub fn is_open(self) -> bool {
        match self {
            Self::Waiting | Self::Offered => true,
            Self::Taken | Self::Withdrawn | Self::Ended => false,
        }
    }
}

/// What has become of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferOutcome {
    /// It can be answered, as long as its time is held.
    Open,
    /// The time is hers.
    Taken,
    /// She did not want it.
    Declined,
    /// Nobody has answered in time.
    Lapsed,
    /// It was taken away from her: she has another time, or waits no longer.
    Lost,
}

impl OfferOutcome {
    /// The code in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Taken => "taken",
            Self::Declined => "declined",
            Self::Lapsed => "lapsed",
            Self::Lost => "lost",
        }
    }
}

/// A part of the day, on the hospital's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DayPart {
    /// Before twelve.
    Morning,
    /// From twelve to five.
    Afternoon,
    /// From five on.
    Evening,
}

impl DayPart {
    /// All of them, in the order of a day.
    pub const ALL: [Self; 3] = [Self::Morning, Self::Afternoon, Self::Evening];

    /// The code on the wire and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
        }
    }

    /// Reads a code; refuses with `unknown_value`.
    pub fn parse(code: &str) -> std::result::Result<Self, &'static str> {
        Self::ALL.into_iter().find(|part| part.code() == code).ok_or("unknown_value")
    }

    /// The part in which a time lies.
    pub fn of(time: civil::Time) -> Self {
        match time.hour() {
            ..12 => Self::Morning,
            12..17 => Self::Afternoon,
            17.. => Self::Evening,
        }
    }
}

/// Puts a patient on the waiting list of a doctor.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JoinWaitlist {
    /// For a time with whom.
    pub doctor_id: DoctorId,
    /// For what.
    pub visit_type_id: VisitTypeId,
    /// Who waits; a patient's own account may leave it out.
    #[serde(default)]
    pub patient_id: Option<PatientId>,
    /// The patient's visit that is to be put on an earlier time; none when she has none yet.
    #[serde(default)]
    pub appointment_id: Option<AppointmentId>,
    /// The first local date that suits.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: civil::Date,
    /// The last local date that suits, at most [`SPAN_DAYS`] after the first.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: civil::Date,
    /// Days of the week that suit, 1 for Monday to 7 for Sunday; any when empty.
    #[serde(default)]
    pub weekdays: Vec<i8>,
    /// Parts of the day that suit; any when empty.
    #[serde(default)]
    pub day_parts: Vec<DayPart>,
}

/// A time that is kept for somebody who waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitlistOffer {
    /// The hold that keeps it: where it has to be paid for, it is paid for under this id.
    pub appointment_id: AppointmentId,
    /// When the visit would begin.
    pub start: Moment,
    /// When it would end.
    pub end: Moment,
    /// Until when it is kept.
    pub until: Moment,
    /// What it costs; where a visit is moved to it, the price that was agreed for that.
    pub price: Money,
    /// Whether it has to be paid for to become hers.
    pub pays: bool,
}

/// Somebody on the waiting list, as her own side sees it. Nothing in it is about others but how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitlistEntry {
    /// Its id.
    pub id: WaitlistEntryId,
    /// Where it stands.
    pub status: EntryStatus,
    /// Who waits.
    pub patient_id: PatientId,
    /// Her name.
    pub patient_name: String,
    /// With whom.
    pub doctor_id: DoctorId,
    /// Her name.
    pub doctor_name: String,
    /// Where.
    pub hospital_id: HospitalId,
    /// Its name.
    pub hospital_name: String,
    /// IANA zone of the hospital.
    pub time_zone: String,
    /// What.
    pub visit_type_id: VisitTypeId,
    /// Its name.
    pub visit_type_name: String,
    /// The visit that is to be put on an earlier time.
    pub appointment_id: Option<AppointmentId>,
    /// When that visit begins.
    pub appointment_start: Option<Moment>,
    /// The first local date that suits.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: civil::Date,
    /// The last one.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: civil::Date,
    /// Days of the week that suit, 1 for Monday to 7 for Sunday; any when empty.
    pub weekdays: Vec<i8>,
    /// Parts of the day that suit; any when empty.
    pub day_parts: Vec<DayPart>,
    /// Since when.
    pub joined_at: Moment,
    /// Her place in the line for this doctor and visit type, from 1; none once she waits no longer.
    pub place: Option<i64>,
    /// The time that is kept for her now.
    pub offer: Option<WaitlistOffer>,
    /// How many times of this doctor were offered to anybody in the last seven days, while she waits: whether that is worth it.
    pub offered_lately: i64,
    /// Grows with every change.
    pub version: i64,
}

/// Somebody on a hospital's waiting list, as its desk, its administrators and her doctor see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitingPatient {
    /// Id of the entry.
    pub id: WaitlistEntryId,
    /// Whether she waits or a time is kept for her.
    pub status: EntryStatus,
    /// Who waits.
    pub patient_id: PatientId,
    /// Her name.
    pub patient_name: String,
    /// With whom.
    pub doctor_id: DoctorId,
    /// Her name.
    pub doctor_name: String,
    /// What.
    pub visit_type_id: VisitTypeId,
    /// Its name.
    pub visit_type_name: String,
    /// The visit that is to be put on an earlier time.
    pub appointment_id: Option<AppointmentId>,
    /// When that visit begins.
    pub appointment_start: Option<Moment>,
    /// The first local date that suits.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: civil::Date,
    /// The last one.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: civil::Date,
    /// Days of the week that suit; any when empty.
    pub weekdays: Vec<i8>,
    /// Parts of the day that suit; any when empty.
    pub day_parts: Vec<DayPart>,
    /// Since when.
    pub joined_at: Moment,
    /// Her place in the line for this doctor and visit type, from 1.
    pub place: i64,
    /// The time that is kept for her now.
    pub offer: Option<WaitlistOffer>,
    /// How many offers she has let lapse; after [`LAPSES`] she waits no longer.
    pub lapsed: i64,
}

/// Operations on the waiting list.
#[async_trait]
pub trait Waitlist: Send + Sync {
    /// Puts a patient on the list. Her account, a helper who books for her, and the desk and administrators of the hospital for patients
    /// who are known there. The request may have an idempotency key.
    /// *Errors*: `NotFound` (doctor, visit type, patient, visit), `EmailUnverified`, `Invalid` (`from`, `until`, `weekdays`,
    /// `appointment_id`, `patient_id`), `Conflict(AlreadyWaiting | TooManyEntries | TooManyVisits | KeyReused)`.
    async fn join(&self, call: &Call, command: JoinWaitlist) -> Result<WaitlistEntry>;

    /// Entries of the caller's patients that she may see: those in the line first, then those of the last months that wait no longer.
    async fn own(&self, call: &Call) -> Result<Vec<WaitlistEntry>>;

    /// Everybody in the line at a hospital, those who came first before the others; of one doctor if one is given. Desk and
    /// administrators; a doctor sees her own list. *Errors*: `NotFound`.
    async fn of_hospital(
        &self,
        call: &Call,
        hospital: HospitalId,
        doctor: Option<DoctorId>,
    ) -> Result<Vec<WaitingPatient>>;

    /// Takes the time that is kept for an entry: it is booked, or the entry's visit is put on it. Where it has to be paid for, it is still
    /// held in the answer (`pending-payment`), and hers once it is paid for as any held time is. The patient's own side, as booking.
    /// *Errors*: `NotFound`, `Conflict(HoldEnded)` when nothing is kept for her any more, and as `Appointments::reschedule`.
    async fn accept(&self, call: &Call, id: WaitlistEntryId) -> Result<Appointment>;

    /// Lets the time go to the next; she keeps her place. The patient's own side. *Errors*: as [`Waitlist::accept`].
    async fn decline(&self, call: &Call, id: WaitlistEntryId) -> Result<WaitlistEntry>;

    /// Leaves the list; a time that is kept goes to the next. The patient's own side, the desk and administrators.
    /// *Errors*: `NotFound`, `Conflict(AlreadyDone)` when she waits no longer.
    async fn withdraw(&self, call: &Call, id: WaitlistEntryId) -> Result<WaitlistEntry>;
}
