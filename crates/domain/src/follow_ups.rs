//! Follow-ups: a doctor, or the desk for her, says when she would like to see a patient again; the patient chooses a time within that.
//!
//! What she is given is a ticket: one visit of one kind within some days. Which times are free is [`crate::slots`]' business.

use async_trait::async_trait;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    appointments::Appointment,
    error::{Findings, Result},
    hospitals::Modality,
    ids::{AppointmentId, DoctorId, FollowUpId, HospitalId, PatientId, VisitTypeId},
    money::Money,
    time::{Moment, plus_days},
};

/// How far ahead a ticket may reach, in days: three years. Longer rounds are not common; in Germany the check-up and the co-test for cancer
/// of the cervix come every third year from 35 on (Gemeinsamer Bundesausschuss: Gesundheitsuntersuchungs-Richtlinie, and Richtlinie für
/// organisierte Krebsfrüherkennungsprogramme).
pub const FURTHEST_DAYS: i64 = 3 * 365 + 1;
/// Longest note to the patient, in characters.
pub const NOTE_MAX: usize = 200;

/// In what a doctor counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Days.
    Days,
    /// Weeks of seven days.
    Weeks,
}

impl Unit {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Weeks, Self::Days];

    /// How many days one is.
    pub fn days(self) -> i64 {
        match self {
            Self::Days => 1,
            Self::Weeks => 7,
        }
    }

    /// The rule that a number of them breaks which is too small or too large.
    fn out_of_range(self) -> &'static str {
        match self {
            Self::Days => "follow_up_days_out_of_range",
            Self::Weeks => "follow_up_weeks_out_of_range",
        }
    }

    /// The code on the wire and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Weeks => "weeks",
        }
    }

    /// Reads a code; refuses with `unknown_value`.
    pub fn parse(code: &str) -> std::result::Result<Self, &'static str> {
        Self::ALL.into_iter().find(|unit| unit.code() == code).ok_or("unknown_value")
    }
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FollowUpStatus {
    /// A visit can be booked with it.
    Open,
    /// A visit is booked with it, or a time is held until it is paid for.
    Booked,
    /// Its last day is over, and nothing was booked.
    Expired,
    /// The hospital has taken it back.
    Withdrawn,
}

/// What the standing of a ticket follows from; nothing of it is stored as a state of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether it was taken back.
    pub withdrawn: bool,
    /// Whether a visit of it takes time: booked, held and not run out, or over.
    pub visit: bool,
    /// The last date on which the visit may be.
    pub until: Date,
    /// Today on the hospital's clocks.
    pub today: Date,
}

impl Standing {
    /// Where the ticket stands. A visit that is called off gives it back, as long as it is good.
    pub fn status(self) -> FollowUpStatus {
        match self {
            Self { visit: true, .. } => FollowUpStatus::Booked,
            Self { withdrawn: true, .. } => FollowUpStatus::Withdrawn,
            Self { until, today, .. } if until < today => FollowUpStatus::Expired,
            Self { .. } => FollowUpStatus::Open,
        }
    }
}

/// Asks a patient back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferFollowUp {
    /// For what; whether that is in person or by video, the visit type says.
    pub visit_type_id: VisitTypeId,
    /// With whom; any doctor of the hospital who offers the visit type when absent.
    #[serde(default)]
    pub doctor_id: Option<DoctorId>,
    /// After so many days or weeks from today at the earliest: from 0 to 1,096 days or 156 weeks.
    pub earliest: i64,
    /// After so many at the latest, 1 or more and as far ahead; then the ticket ends.
    pub latest: i64,
    /// Days or weeks.
    pub unit: Unit,
    /// What the patient reads beside it, such as "please come without breakfast"; at most [`NOTE_MAX`] characters. Helpers read it, too,
    /// so it says nothing of her health.
    #[serde(default)]
    pub note: Option<String>,
}

/// The first and the last date of what was said, counted from today; or the rules that it breaks:
/// `follow_up_days_out_of_range` or, where weeks are counted, `follow_up_weeks_out_of_range`; `range_order`.
pub fn window(
    findings: &mut Findings,
    today: Date,
    (earliest, latest): (i64, i64),
    unit: Unit,
) -> (Date, Date) {
    let furthest = FURTHEST_DAYS / unit.days();
    let known = 0..=furthest;
    findings.require(known.contains(&earliest), "earliest", unit.out_of_range());
    findings.require((1..=furthest).contains(&latest), "latest", unit.out_of_range());
    findings.require(latest >= earliest, "latest", "range_order");
    let date = |count: i64| {
        let days = count.clamp(0, furthest) * unit.days();
        plus_days(today, i32::try_from(days).unwrap_or(0))
    };
    (date(earliest), date(latest))
}

/// Books the visit of a ticket.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BookFollowUp {
    /// When: RFC 3339 with an offset, or a wall time (`2026-11-24T10:00`) in the hospital's zone.
    pub start: String,
    /// With whom, where the ticket leaves that open.
    #[serde(default)]
    pub doctor_id: Option<DoctorId>,
    /// What it is about, in the patient's words; at most 500 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A ticket, as those see it who may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowUp {
    /// Its id.
    pub id: FollowUpId,
    /// Where it stands.
    pub status: FollowUpStatus,
    /// Who is asked back.
    pub patient_id: PatientId,
    /// Her name.
    pub patient_name: String,
    /// Where.
    pub hospital_id: HospitalId,
    /// Its name.
    pub hospital_name: String,
    /// IANA zone of the hospital.
    pub time_zone: String,
    /// The visit at which she was asked back.
    pub visit_id: AppointmentId,
    /// The doctor of that visit, who would like to see her again.
    pub asked_by_id: DoctorId,
    /// Her name.
    pub asked_by_name: String,
    /// With whom it can be booked; any doctor who offers the visit type when none.
    pub doctor_id: Option<DoctorId>,
    /// Her name.
    pub doctor_name: Option<String>,
    /// What.
    pub visit_type_id: VisitTypeId,
    /// Its name.
    pub visit_type_name: String,
    /// In person or by video.
    pub modality: Modality,
    /// Length.
    pub minutes: i64,
    /// Price, as it is today.
    pub price: Money,
    /// The first local date.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The last one; then the ticket ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: Date,
    /// What the patient is to know.
    pub note: Option<String>,
    /// When she was asked back.
    pub asked_at: Moment,
    /// The visit that was booked with it.
    pub booked_id: Option<AppointmentId>,
    /// When that begins.
    pub booked_start: Option<Moment>,
    /// Whether the caller may book with it now.
    pub bookable: bool,
    /// Whether the caller may take it back now.
    pub withdrawable: bool,
    /// Grows with every change.
    pub version: i64,
}

/// A free time that a ticket allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowUpTime {
    /// With whom.
    pub doctor_id: DoctorId,
    /// Her name.
    pub doctor_name: String,
    /// Begin.
    pub start: Moment,
    /// End.
    pub end: Moment,
    /// How many more patients may come then; only where several may come to one time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places_left: Option<i64>,
}

/// Free times that a ticket allows, a week at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowUpTimes {
    /// IANA zone of all times.
    pub time_zone: String,
    /// The first date that was looked at.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The last one.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: Date,
    /// The free times, earliest first.
    pub items: Vec<FollowUpTime>,
    /// From which date one looks on; none when the ticket ends before.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub next: Option<Date>,
}

/// Operations on follow-ups.
#[async_trait]
pub trait FollowUps: Send + Sync {
    /// Asks the patient of a visit back; those who mind her get a letter. Who may run the visit: the desk, administrators, and doctors who
    /// treat her. The request may have an idempotency key.
    /// *Errors*: `NotFound`, `Invalid` (`visit_type_id`, `doctor_id`, `earliest`, `latest`, `note`), `Conflict(WrongStatus)` where the time
    /// of the visit is only held or was called off, `Conflict(KeyReused)`.
    async fn offer(&self, call: &Call, visit: AppointmentId, command: OfferFollowUp) -> Result<FollowUp>;

    /// The tickets that came of a visit, latest first. Who may see the visit. *Errors*: `NotFound`.
    async fn of_visit(&self, call: &Call, visit: AppointmentId) -> Result<Vec<FollowUp>>;

    /// Open tickets of the caller's patients that she may see, and those booked whose visit is to come; those that end first come first.
    async fn own(&self, call: &Call) -> Result<Vec<FollowUp>>;

    /// A ticket. Its patient's side, and members of the hospital as for the visit that it came of. *Errors*: `NotFound`.
    async fn get(&self, call: &Call, id: FollowUpId) -> Result<FollowUp>;

    /// The free times of the first week, from a date on, that has any. Who may see the ticket; none of one that is not open.
    /// *Errors*: `NotFound`.
    async fn times(&self, call: &Call, id: FollowUpId, from: Option<Date>) -> Result<FollowUpTimes>;

    /// Books the visit and uses up the ticket, in one step. Who may book for the patient. Where a patient has to pay first, the time is
    /// held in the answer (`pending-payment`), and hers once it is paid for.
    /// *Errors*: as `Appointments::book`, `Conflict(TicketOver)`, `Invalid` (`start`: `slot_outside_ticket`, `doctor_id`).
    async fn book(&self, call: &Call, id: FollowUpId, command: BookFollowUp) -> Result<Appointment>;

    /// Takes a ticket back. Who may give one. *Errors*: `NotFound`, `Conflict(TicketOver)` when it is used, ended or taken back.
    async fn withdraw(&self, call: &Call, id: FollowUpId) -> Result<FollowUp>;
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::error::Error;

    fn rules(counts: (i64, i64), unit: Unit) -> Vec<String> {
        let mut found = Findings::new();
        window(&mut found, date(2026, 11, 23), counts, unit);
        match found.finish() {
            Ok(()) => Vec::new(),
            Err(Error::Invalid { fields }) => {
                fields.into_iter().map(|broken| format!("{}: {}", broken.field, broken.rule)).collect()
            }
            Err(other) => vec![other.to_string()],
        }
    }

    #[test]
    fn two_to_three_weeks_are_fourteen_to_twenty_one_days() {
        let mut found = Findings::new();
        let weeks = window(&mut found, date(2026, 11, 23), (2, 3), Unit::Weeks);
        assert_eq!(weeks, (date(2026, 12, 7), date(2026, 12, 14)));
        assert_eq!(weeks, window(&mut found, date(2026, 11, 23), (14, 21), Unit::Days));
        assert_eq!(found.finish(), Ok(()));
    }

    #[test]
    fn a_ticket_is_for_days_to_come_and_not_for_ever() {
        assert!(rules((0, 1), Unit::Days).is_empty());
        assert!(rules((0, 1_096), Unit::Days).is_empty());
        assert!(rules((156, 156), Unit::Weeks).is_empty());
        assert_eq!(rules((3, 2), Unit::Weeks), ["latest: range_order"]);
        assert_eq!(rules((-1, 2), Unit::Weeks), ["earliest: follow_up_weeks_out_of_range"]);
        assert_eq!(rules((0, 0), Unit::Days), ["latest: follow_up_days_out_of_range"]);
        assert_eq!(rules((1, 1_097), Unit::Days), ["latest: follow_up_days_out_of_range"]);
        assert_eq!(rules((1, 157), Unit::Weeks), ["latest: follow_up_weeks_out_of_range"]);
        assert_eq!(rules((i64::MAX, i64::MAX), Unit::Weeks).len(), 2);
    }

    #[test]
    fn a_check_in_three_years_can_be_asked_for_today() {
        for (today, then) in [
            (date(2026, 11, 23), date(2029, 11, 23)),
            (date(2025, 2, 28), date(2028, 2, 28)),
            (date(2024, 2, 29), date(2027, 3, 1)),
        ] {
            let mut found = Findings::new();
            let (_, until) = window(&mut found, today, (0, FURTHEST_DAYS), Unit::Days);
            assert!(then <= until, "{until}");
            assert_eq!(found.finish(), Ok(()));
        }
    }

    #[test]
    fn a_visit_uses_a_ticket_up_and_its_last_day_is_still_good() {
        let open =
            Standing { withdrawn: false, visit: false, until: date(2026, 12, 14), today: date(2026, 12, 14) };
        assert_eq!(open.status(), FollowUpStatus::Open);
        assert_eq!(Standing { today: date(2026, 12, 15), ..open }.status(), FollowUpStatus::Expired);
        assert_eq!(Standing { withdrawn: true, ..open }.status(), FollowUpStatus::Withdrawn);
        let booked = Standing { visit: true, today: date(2027, 1, 1), ..open };
        assert_eq!(booked.status(), FollowUpStatus::Booked);
    }

    #[test]
    fn units_are_read_as_they_are_written() {
        for unit in Unit::ALL {
            assert_eq!(Unit::parse(unit.code()), Ok(unit));
        }
        assert_eq!(Unit::parse("months"), Err("unknown_value"));
    }
}
