//! Series: the same wall time every week, or every few weeks, booked as one row of visits.
//!
//! Which times are free is [`crate::slots`]' business; each visit is booked as any other, and all of them in one step.

use async_trait::async_trait;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    appointments::Status,
    error::{Findings, Result},
    ids::{AppointmentId, DoctorId, PatientId, SeriesId, VisitTypeId},
    time::{Moment, plus_days},
};

/// Visits of a series at most: a course of physiotherapy is commonly six to twelve.
pub const MOST_VISITS: i64 = 12;
/// Visits of a series at least.
pub const FEWEST_VISITS: i64 = 2;
/// Weeks from one visit to the next at most.
pub const MOST_WEEKS: i64 = 8;

/// The dates of a series that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanSeries {
    /// With whom.
    pub doctor_id: DoctorId,
    /// What; only visit types that allow a series.
    pub visit_type_id: VisitTypeId,
    /// For whom; a patient's own account may leave it out.
    #[serde(default)]
    pub patient_id: Option<PatientId>,
    /// The first visit: RFC 3339 with an offset, or a wall time (`2026-11-24T10:00`) in the hospital's zone.
    pub start: String,
    /// Weeks from one visit to the next, 1 to [`MOST_WEEKS`].
    pub every_weeks: i64,
    /// How many visits, [`FEWEST_VISITS`] to [`MOST_VISITS`].
    pub count: i64,
}

/// Books the chosen times of a series, all or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BookSeries {
    /// With whom.
    pub doctor_id: DoctorId,
    /// What; only visit types that allow a series.
    pub visit_type_id: VisitTypeId,
    /// For whom; a patient's own account may leave it out.
    #[serde(default)]
    pub patient_id: Option<PatientId>,
    /// When, one by one: RFC 3339 with an offset, or wall times in the hospital's zone.
    pub starts: Vec<String>,
    /// What it is about, in the patient's words; at most 500 characters.
    #[serde(default)]
    pub reason: Option<String>,
    /// What one visit of the kind costs, as it was shown; another price by then is refused with `price_changed`. What is free by a visit that
    /// was paid for does not count here.
    #[serde(default)]
    pub price_minor: Option<i64>,
}

/// One date of a series that is wanted, and what stands in its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlannedVisit {
    /// The how manieth it is, from 1.
    pub number: i64,
    /// What the hospital's clocks are to show.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub local: DateTime,
    /// When that is; none where the clocks skip it.
    pub start: Option<Moment>,
    /// Key of the rule that refuses it; none when it can be booked.
    pub rule: Option<String>,
    /// Free times of the same week that are nearest to it, where it cannot be booked.
    pub alternatives: Vec<Moment>,
}

/// The dates of a series that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeriesPlan {
    /// IANA zone of all times.
    pub time_zone: String,
    /// The dates, in order.
    pub visits: Vec<PlannedVisit>,
}

/// A visit of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeriesVisit {
    /// Its id.
    pub id: AppointmentId,
    /// The how manieth it is, from 1; it stays what it was when others are cancelled.
    pub number: i64,
    /// When it begins.
    pub start: Moment,
    /// Where it stands.
    pub status: Status,
    /// Whether the caller may cancel it now.
    pub cancellable: bool,
    /// Whether that would be a late cancellation.
    pub late: bool,
    /// Begins of visits that are not of the series and are cancelled with this one, because they are free by it and would have had to be paid
    /// for. None where the hospital cancels.
    #[serde(default)]
    pub cancels_too: Vec<Moment>,
    /// Grows with every change.
    pub version: i64,
}

/// Visits that were booked as one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisitSeries {
    /// Its id.
    pub id: SeriesId,
    /// How many visits were booked.
    pub total: i64,
    /// Those that the caller may see, in order.
    pub visits: Vec<SeriesVisit>,
}

/// Cancels a visit of a series and all later ones.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CancelSeries {
    /// Why; at most 300 characters. The patient can read it.
    #[serde(default)]
    pub reason: Option<String>,
    /// The version of the first one that the caller has seen; a newer one refuses.
    #[serde(default)]
    pub version: Option<i64>,
}

/// Checks how often and how many: `weeks_out_of_range`, `visits_out_of_range`.
pub fn check(findings: &mut Findings, every_weeks: i64, count: i64) {
    findings.require((1..=MOST_WEEKS).contains(&every_weeks), "every_weeks", "weeks_out_of_range");
    findings.require((FEWEST_VISITS..=MOST_VISITS).contains(&count), "count", "visits_out_of_range");
}

/// The wall times of a series. The wall time stays, whatever the clocks do between two dates.
pub fn wall_times(first: DateTime, every_weeks: i64, count: i64) -> Vec<DateTime> {
    let weeks = i32::try_from(every_weeks.clamp(1, MOST_WEEKS)).unwrap_or(1);
    let date = |index: i32| plus_days(first.date(), index * weeks * 7);
    let last = i32::try_from(count.clamp(0, MOST_VISITS)).unwrap_or(0);
    (0..last).map(|index| date(index).to_datetime(first.time())).collect()
}

/// Monday and Sunday of the week of a date: where other times are looked for.
pub fn week_of(date: Date) -> (Date, Date) {
    let monday = crate::time::monday_of(date);
    (monday, plus_days(monday, 6))
}

/// Operations on series.
#[async_trait]
pub trait Series: Send + Sync {
    /// The dates of a series that is wanted, each with what stands in its way. Nothing is kept. Who may book for the patient: whoever may not
    /// know of all her visits is not told of them. *Errors*: `NotFound`, `EmailUnverified`, `Invalid` (`start`, `every_weeks`, `count`,
    /// `patient_id`, `visit_type_id`: `series_not_offered`).
    async fn plan(&self, call: &Call, command: PlanSeries) -> Result<SeriesPlan>;

    /// Books all the times, or none. The request may have an idempotency key. Who may book for the patient.
    /// *Errors*: `NotFound`, `EmailUnverified`, `Invalid` (`starts`: `visits_out_of_range`; `starts.<index>`: the rule that refuses this one,
    /// `slot_taken` and `patient_overlap` among them; `visit_type_id`: `series_not_offered`), `Conflict(TooManyVisits | PayFirst | KeyReused)`.
    async fn book(&self, call: &Call, command: BookSeries) -> Result<VisitSeries>;

    /// The series that a visit belongs to; none when it was booked alone. Who may see the visit. *Errors*: `NotFound`.
    async fn of_visit(&self, call: &Call, visit: AppointmentId) -> Result<Option<VisitSeries>>;

    /// Cancels a visit and all later ones of its series that the caller may cancel now, in one step and each by the rules of any other.
    /// *Errors*: `NotFound`, `Forbidden`, `Conflict(WrongStatus | StaleVersion | TooLate)`, all for the first one.
    async fn cancel_from(
        &self,
        call: &Call,
        visit: AppointmentId,
        command: CancelSeries,
    ) -> Result<VisitSeries>;
}

#[cfg(test)]
mod tests {
    use jiff::{civil::date, tz::TimeZone};

    use super::*;
    use crate::error::{Error, FieldError};

    #[test]
    fn the_wall_time_stays_when_the_clocks_change() {
        let first = date(2026, 10, 20).at(10, 0, 0, 0);
        let times = wall_times(first, 1, 3);
        let days: Vec<_> = times.iter().map(ToString::to_string).collect();
        assert_eq!(days, ["2026-10-20T10:00:00", "2026-10-27T10:00:00", "2026-11-03T10:00:00"]);
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let instants: Vec<_> =
            times.iter().map(|at| at.to_zoned(zone.clone()).unwrap().timestamp().as_second()).collect();
        let week = 7 * 24 * 60 * 60;
        assert_eq!(instants[1] - instants[0], week + 3600, "the clocks went back on the 25th");
        assert_eq!(instants[2] - instants[1], week);
    }

    #[test]
    fn a_series_has_two_to_twelve_visits_and_up_to_eight_weeks_between_them() {
        let rules = |weeks, count| {
            let mut found = Findings::new();
            check(&mut found, weeks, count);
            found.finish()
        };
        let broken =
            |field: &str, rule: &str| Err(Error::Invalid { fields: vec![FieldError::new(field, rule)] });
        for (weeks, count) in [(1, 2), (8, 12)] {
            assert_eq!(rules(weeks, count), Ok(()));
        }
        for weeks in [0, 9, i64::MIN] {
            assert_eq!(rules(weeks, 2), broken("every_weeks", "weeks_out_of_range"), "{weeks}");
        }
        for count in [1, 13, i64::MAX] {
            assert_eq!(rules(1, count), broken("count", "visits_out_of_range"), "{count}");
        }
        assert_eq!(wall_times(date(2026, 1, 1).at(9, 0, 0, 0), 1, i64::MAX).len(), 12);
    }

    #[test]
    fn every_second_week_is_fourteen_days() {
        let times = wall_times(date(2026, 12, 28).at(9, 30, 0, 0), 2, 2);
        assert_eq!(times[1], date(2027, 1, 11).at(9, 30, 0, 0));
        assert_eq!(week_of(date(2026, 12, 31)), (date(2026, 12, 28), date(2027, 1, 3)));
    }
}
