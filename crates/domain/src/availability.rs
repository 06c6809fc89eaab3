//! When a doctor works, and the free times that follow from it.
//!
//! The arithmetic is in [`crate::slots`]; here stand the shapes and the operations.

use async_trait::async_trait;
use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    error::Result,
    ids::{DoctorId, VisitTypeId},
    time::Moment,
};

/// A window of wall time. An end at or before the start lies on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeWindow {
    /// First minute.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "09:00:00"))]
    pub start: civil::Time,
    /// First minute after it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "12:30:00"))]
    pub end: civil::Time,
}

/// A window that repeats every week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WeeklyWindow {
    /// ISO weekday: 1 is Monday, 7 is Sunday.
    pub weekday: i8,
    /// The window.
    #[serde(flatten)]
    pub window: TimeWindow,
}

/// A date on which the weekly hours do not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DateException {
    /// The date in the hospital's zone.
    pub date: civil::Date,
    /// The windows of that date instead; none means closed.
    pub windows: Vec<TimeWindow>,
    /// Why, for the hospital's eyes only.
    #[serde(default)]
    pub note: String,
}

/// How times are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BookingRules {
    /// Minutes between two offered starts, counted from local midnight (5 to 240).
    pub cadence_minutes: i64,
    /// Minutes between now and the earliest start (0 to 43,200).
    pub notice_minutes: i64,
    /// Days from today to the last date offered (1 to 730).
    pub horizon_days: i64,
}

impl Default for BookingRules {
    fn default() -> Self {
        Self { cadence_minutes: 15, notice_minutes: 60, horizon_days: 90 }
    }
}

/// All that says when a doctor works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkingHours {
    /// Zone in which every wall time here is meant.
    pub time_zone: String,
    /// The week.
    pub weekly: Vec<WeeklyWindow>,
    /// Dates on which the week does not hold, from today on.
    pub exceptions: Vec<DateException>,
    /// How times are offered.
    pub rules: BookingRules,
}

/// Replaces a doctor's week and rules.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetWorkingHours {
    /// The week. Windows must not overlap.
    pub weekly: Vec<WeeklyWindow>,
    /// How times are offered; unchanged when absent.
    #[serde(default)]
    pub rules: Option<BookingRules>,
}

/// Times that may be booked now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Slots {
    /// IANA zone of the offsets.
    pub time_zone: String,
    /// The times, earliest first.
    pub items: Vec<Slot>,
}

/// A time that may be booked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Slot {
    /// When the visit would begin.
    pub start: Moment,
    /// When it would end.
    pub end: Moment,
}

/// Which times are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotQuery {
    /// With whom.
    pub doctor_id: DoctorId,
    /// What.
    pub visit_type_id: VisitTypeId,
    /// First local date; today when absent.
    pub from: Option<civil::Date>,
    /// Last local date; six days after `from` when absent, at most 62 after it.
    pub to: Option<civil::Date>,
}

/// Longest range of one question for free times, in days.
pub const MAX_RANGE_DAYS: i32 = 62;

/// Operations on hours and free times.
#[async_trait]
pub trait Availability: Send + Sync {
    /// Free times. Anybody. *Errors*: `NotFound` (doctor, or visit type not hers), `Invalid` (`range_order`, `range_too_long`).
    async fn slots(&self, query: SlotQuery) -> Result<Slots>;

    /// The first free time on or after a date, for "next availability"; none within the horizon.
    async fn next_free(
        &self,
        doctor: DoctorId,
        visit_type: VisitTypeId,
        from: Option<civil::Date>,
    ) -> Result<Option<Slot>>;

    /// A doctor's hours. Administrators of the hospital, and the doctor.
    async fn working_hours(&self, call: &Call, doctor: DoctorId) -> Result<WorkingHours>;

    /// Replaces the week. Administrators of the hospital, and the doctor. Booked visits stay.
    /// *Errors*: `Invalid` (`weekday_unknown`, `hours_order`, `hours_overlap`, `minutes_out_of_range`).
    async fn set_working_hours(
        &self,
        call: &Call,
        doctor: DoctorId,
        command: SetWorkingHours,
    ) -> Result<WorkingHours>;

    /// Sets what holds on one date. Administrators of the hospital, and the doctor. Booked visits stay.
    async fn set_exception(
        &self,
        call: &Call,
        doctor: DoctorId,
        exception: DateException,
    ) -> Result<WorkingHours>;

    /// Lets the week hold again on a date. Administrators of the hospital, and the doctor.
    async fn remove_exception(
        &self,
        call: &Call,
        doctor: DoctorId,
        date: civil::Date,
    ) -> Result<WorkingHours>;
}
