//! When a doctor works, and the free times that follow from it.
//!
//! The arithmetic is in [`crate::slots`]; here stand the shapes and the operations.

mod dated;
mod impact;

use async_trait::async_trait;
use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    error::Result,
    hospitals::Modality,
    ids::{AbsenceId, ClosureId, DoctorId, HospitalId, OpeningId, VisitTypeId},
    time::{Moment, RequestedStart, monday_of},
};

pub use dated::{Absence, AbsenceKind, AddAbsence, AddClosure, AddExtraHours, Closure, ExtraHours};
pub use impact::{ChangeHours, CloseHospital, HitKind, HitVisit, HoursChange, HoursImpact, PREVIEW_WEEKS};

/// A window of wall time. An end before the start lies on the next day. From midnight to midnight is a whole day; no other window ends
/// when it begins.
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

/// A window that repeats every week, or every few.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WeeklyWindow {
    /// ISO weekday: 1 is Monday, 7 is Sunday.
    pub weekday: i8,
    /// The window.
    #[serde(flatten)]
    pub window: TimeWindow,
    /// The first date on which it holds; it has always held when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_from: Option<civil::Date>,
    /// The last date on which it holds; it goes on when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<civil::Date>,
    /// It holds in every such week (1 to 8), counted from the week of `valid_from`, which is needed unless it is 1.
    #[serde(default = "every_week")]
    pub every_weeks: i32,
    /// Whether patients come or call then; either when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<Modality>,
    /// What is booked then; everything the doctor offers when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visit_types: Vec<VisitTypeId>,
}

/// The longest rhythm of a window, in weeks.
pub const MOST_WEEKS: i32 = 8;

fn every_week() -> i32 {
    1
}

impl WeeklyWindow {
    /// A window of every week, for everything.
    pub fn new(weekday: i8, window: TimeWindow) -> Self {
        let (valid_from, valid_to, modality) = (None, None, None);
        Self { weekday, window, valid_from, valid_to, every_weeks: 1, modality, visit_types: Vec::new() }
    }

    /// Whether it holds in every week, for everything.
    pub fn is_plain(&self) -> bool {
        *self == Self::new(self.weekday, self.window)
    }

    /// Whether it holds on a date.
    pub fn holds_on(&self, date: civil::Date) -> bool {
        date.weekday().to_monday_one_offset() == self.weekday
            && self.valid_from.is_none_or(|from| from <= date)
            && self.valid_to.is_none_or(|to| date <= to)
            && self.is_its_week(date)
    }

    fn is_its_week(&self, date: civil::Date) -> bool {
        let Some(from) = self.valid_from.filter(|_| self.every_weeks > 1) else { return true };
        let days = monday_of(from).until(monday_of(date)).map_or(0, |span| span.get_days());
        days / 7 % self.every_weeks == 0
    }

    /// Whether such a visit is booked in it.
    pub fn takes(&self, kind: Kind) -> bool {
        self.modality.is_none_or(|modality| modality == kind.modality)
            && (self.visit_types.is_empty() || self.visit_types.contains(&kind.visit_type))
    }
}

/// What a visit is, where hours ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// What is booked.
    pub visit_type: VisitTypeId,
    /// Whether the patient comes or calls.
    pub modality: Modality,
}

/// A date on which the weekly hours do not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DateException {
    /// The date in the hospital's zone.
    pub date: civil::Date,
    /// The windows of that date instead, five at most; none means closed.
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
    /// Most visits that begin on one day of the hospital's calendar, held times included (1 to 200); no limit when absent.
    #[serde(default)]
    pub most_a_day: Option<i64>,
}

impl BookingRules {
    /// Whether a day takes fewer visits than by other rules.
    #[must_use]
    pub fn takes_fewer_than(self, other: Self) -> bool {
        self.most_a_day.is_some_and(|most| other.most_a_day.is_none_or(|before| most < before))
    }
}

/// How large a limit of visits a day can be.
pub const MOST_A_DAY: std::ops::RangeInclusive<i64> = 1..=200;

impl Default for BookingRules {
    fn default() -> Self {
        Self { cadence_minutes: 15, notice_minutes: 60, horizon_days: 90, most_a_day: None }
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
    /// Hours that are there once, from today on.
    pub extra: Vec<ExtraHours>,
    /// When she is away, as far as it is not over.
    pub absences: Vec<Absence>,
    /// How times are offered.
    pub rules: BookingRules,
    /// The version of week and rules, to be given back with a change of them.
    pub version: i64,
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
    /// The version that was read; when absent, whatever stands there is replaced.
    #[serde(default)]
    pub version: Option<i64>,
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
    /// How many more patients may come then; only where several may come to one time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places_left: Option<i64>,
}

/// Which times are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotQuery {
    /// With whom.
    pub doctor_id: DoctorId,
    /// What.
    pub visit_type_id: VisitTypeId,
    /// First local date on which hours begin; today when absent. Times belong to that date, those after midnight, too.
    pub from: Option<civil::Date>,
    /// Last such date; six days after `from` when absent, at most 62 after it. Its hours may reach into the next date.
    pub to: Option<civil::Date>,
}

/// Why a time can be booked, or why not: what the engine that offers times says of one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Explanation {
    /// IANA zone of the offsets.
    pub time_zone: String,
    /// The time that was asked about; none when the clocks skip that wall time.
    pub start: Option<Moment>,
    /// The key of the rule that takes it away; none when it can be booked.
    pub rule: Option<String>,
    /// What the visit needs and is not free then, as the hospital calls it; none where that is not the rule.
    #[serde(default)]
    pub lacking: Option<String>,
    /// How long the visit takes, in minutes.
    pub minutes: i64,
    /// When the doctor works on that date.
    pub hours: Vec<Slot>,
    /// The earliest start that the notice allows.
    pub earliest: Moment,
    /// The last date that can be booked.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub last_date: civil::Date,
    /// Free times near to it, or the next ones where there is none near.
    pub alternatives: Vec<Moment>,
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

    /// Why a time can be booked, or why not. Anybody; it tells nothing of whose the time is. *Errors*: `NotFound`.
    async fn explain(
        &self,
        doctor: DoctorId,
        visit_type: VisitTypeId,
        start: RequestedStart,
    ) -> Result<Explanation>;

    /// A doctor's hours. Administrators of the hospital, and the doctor.
    async fn working_hours(&self, call: &Call, doctor: DoctorId) -> Result<WorkingHours>;

    /// Replaces the week. Administrators of the hospital, and the doctor. Booked visits stay.
    /// *Errors*: `Invalid` (`weekly`: `too_many_windows`; its windows: `weekday_unknown`, `range_order`, `weeks_out_of_range`,
    /// `weeks_need_a_beginning`, `hours_order`, `hours_overlap`, `visit_type_unknown`; `rules`: `minutes_out_of_range`,
    /// `days_out_of_range`, `number_out_of_range`), `Conflict(StaleVersion)`.
    async fn set_working_hours(
        &self,
        call: &Call,
        doctor: DoctorId,
        command: SetWorkingHours,
    ) -> Result<WorkingHours>;

    /// Sets what holds on one date. Administrators of the hospital, and the doctor. Booked visits stay.
    /// *Errors*: `Invalid` (`date`: `date_past`, `date_too_far`; `windows`: `too_many_windows` from the sixth on, `hours_order`,
    /// `hours_overlap`; `note`: `too_long`, `control_characters`).
    async fn set_exception(
        &self,
        call: &Call,
        doctor: DoctorId,
        exception: DateException,
    ) -> Result<WorkingHours>;

    /// Lets the week hold again on a date. Administrators of the hospital, and the doctor. *Errors*: `NotFound` where it held.
    async fn remove_exception(
        &self,
        call: &Call,
        doctor: DoctorId,
        date: civil::Date,
    ) -> Result<WorkingHours>;

    /// Says that a doctor is away; booked visits stay. Administrators of the hospital, and the doctor.
    /// *Errors*: `Invalid` (`to`: `range_order`, `range_too_long`, `date_past`; `from`: `date_too_far`, `too_many_items`).
    async fn add_absence(&self, call: &Call, doctor: DoctorId, command: AddAbsence) -> Result<WorkingHours>;

    /// Takes it back. Administrators of the hospital, and the doctor. *Errors*: `NotFound`.
    async fn remove_absence(&self, call: &Call, doctor: DoctorId, id: AbsenceId) -> Result<WorkingHours>;

    /// Adds hours once. Administrators of the hospital, and the doctor.
    /// *Errors*: `Invalid` (`date`: `date_past`, `date_too_far`, `too_many_items`; `windows`: `hours_required`, `too_many_windows`,
    /// `hours_order`, `hours_overlap`; `visit_types`: `visit_type_unknown`).
    async fn add_extra(&self, call: &Call, doctor: DoctorId, command: AddExtraHours) -> Result<WorkingHours>;

    /// Takes them away; booked visits stay. Administrators of the hospital, and the doctor. *Errors*: `NotFound`.
    async fn remove_extra(&self, call: &Call, doctor: DoctorId, id: OpeningId) -> Result<WorkingHours>;

    /// What a change of a doctor's hours would do, before it is saved: which booked visits would no longer stand, and what it costs.
    /// Nothing is changed. Administrators of the hospital, and the doctor. *Errors*: those of saving it, and `NotFound` for hours that
    /// are not there.
    async fn preview_hours(&self, call: &Call, doctor: DoctorId, change: HoursChange) -> Result<HoursImpact>;

    /// Saves a change of hours as it was looked at. Administrators of the hospital, and the doctor. Booked visits stay.
    /// *Errors*: as [`Availability::preview_hours`]; `Conflict` (`visits_hit`: nobody has looked, and visits would no longer stand;
    /// `stale_version`: hours or visits are others than those that were looked at).
    async fn change_hours(&self, call: &Call, doctor: DoctorId, command: ChangeHours)
    -> Result<WorkingHours>;

    /// As [`Availability::preview_hours`] for closing a hospital, of all its doctors. Its administrators.
    async fn preview_closure(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: AddClosure,
    ) -> Result<HoursImpact>;

    /// As [`Availability::change_hours`] for closing a hospital. Its administrators.
    async fn close_hospital(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: CloseHospital,
    ) -> Result<Vec<Closure>>;

    /// Dates on which a hospital is closed, as far as they are not over. Its administrators.
    async fn closures(&self, call: &Call, hospital: HospitalId) -> Result<Vec<Closure>>;

    /// Closes a hospital; booked visits stay. Its administrators.
    /// *Errors*: `Invalid` (`to`: `range_order`, `range_too_long`, `date_past`; `from`: `date_too_far`, `too_many_items`).
    async fn add_closure(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: AddClosure,
    ) -> Result<Vec<Closure>>;

    /// Opens it again. Its administrators. *Errors*: `NotFound`.
    async fn remove_closure(&self, call: &Call, hospital: HospitalId, id: ClosureId) -> Result<Vec<Closure>>;
}
