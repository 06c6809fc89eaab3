//! Free follow-up visits: what a visit that was paid for opens, for how long, and which visit is free in it.
//!
//! One rule says whether a visit is free, for the page that shows the price and for the transaction that books. Dates are those of the
//! hospital's clocks. The terms are kept with the paid visit when it is booked, so that nobody is held to other terms than were shown.

use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::{
    error::Findings,
    ids::{AppointmentId, PatientId, VisitTypeId},
    time::plus_days,
};

/// The most free visits that one paid visit opens.
pub const FREE_VISITS: std::ops::RangeInclusive<i64> = 1..=20;
/// For how many days it may open them.
pub const FREE_DAYS: std::ops::RangeInclusive<i64> = 1..=366;
/// The most visit types that can be free in it.
const MOST_TYPES: usize = 50;

/// What a paid visit of a type opens: free visits with the same doctor. Without visit types, nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowUpRule {
    /// How many visits are free.
    pub visits: i64,
    /// Until how many days after the paid visit they may begin.
    pub days: i64,
    /// Visits of these types are free.
    pub visit_type_ids: Vec<VisitTypeId>,
    /// Grows with each change; 0 where there never was one.
    pub version: i64,
}

/// Changes the rule of a visit type, for visits that are booked from now on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetFollowUpRule {
    /// How many visits are free, 1 to 20; not looked at without visit types.
    #[serde(default)]
    pub visits: i64,
    /// For how many days, 1 to 366; not looked at without visit types.
    #[serde(default)]
    pub days: i64,
    /// Which visit types of the hospital are free; none takes the rule back.
    #[serde(default)]
    pub visit_type_ids: Vec<VisitTypeId>,
    /// The version that was seen; without it nothing is compared.
    #[serde(default)]
    pub version: Option<i64>,
}

impl SetFollowUpRule {
    /// The rule, in order and each type once. *Errors*: `Invalid` (`visits`, `days`, `visit_type_ids`).
    pub fn check(mut self) -> crate::Result<Self> {
        self.visit_type_ids.sort_unstable_by_key(|id| id.0);
        self.visit_type_ids.dedup();
        if self.visit_type_ids.is_empty() {
            return Ok(Self { visits: 0, days: 0, ..self });
        }
        let mut findings = Findings::new();
        findings.require(FREE_VISITS.contains(&self.visits), "visits", "free_visits_out_of_range");
        findings.require(FREE_DAYS.contains(&self.days), "days", "free_days_out_of_range");
        findings.require(self.visit_type_ids.len() <= MOST_TYPES, "visit_type_ids", "out_of_range");
        findings.finish()?;
        Ok(self)
    }
}

/// What a paid visit has opened, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowUpWindow {
    /// The paid visit.
    pub appointment_id: AppointmentId,
    /// Whose it is.
    pub patient_id: PatientId,
    /// The day of the paid visit.
    pub visit_on: civil::Date,
    /// The last day on which a free visit may begin.
    pub until: civil::Date,
    /// How many visits it opens.
    pub visits: i64,
    /// How many of them are left.
    pub left: i64,
    /// Visits of these types are free.
    pub visit_type_ids: Vec<VisitTypeId>,
    /// Whether none of these can be booked by patients who have not been asked to come again.
    pub only_when_asked: bool,
}

impl FollowUpWindow {
    /// The last day of what a visit on a day opens.
    pub fn ends(visit_on: civil::Date, days: i64) -> civil::Date {
        plus_days(visit_on, i32::try_from(days).unwrap_or(i32::MAX))
    }

    /// Whether a visit of a type on a day is free: one is left, and it is on a later day than the paid visit, and not too late.
    pub fn covers(&self, visit_type: VisitTypeId, on: civil::Date) -> bool {
        self.left > 0 && self.has_day(on) && self.visit_type_ids.contains(&visit_type)
    }

    /// Whether a day lies in it.
    pub fn has_day(&self, on: civil::Date) -> bool {
        self.visit_on < on && on <= self.until
    }

    /// The one of several that a visit uses: that which ends first, and of two the older one.
    pub fn choose(
        windows: &[Self],
        patient: PatientId,
        visit_type: VisitTypeId,
        on: civil::Date,
    ) -> Option<&Self> {
        let fits = windows.iter().filter(|it| it.patient_id == patient && it.covers(visit_type, on));
        fits.min_by_key(|it| (it.until, it.visit_on, it.appointment_id.0))
    }
}

/// The paid visit that a free one hangs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowUpOf {
    /// The paid visit.
    pub appointment_id: AppointmentId,
    /// Its day.
    pub visit_on: civil::Date,
    /// The last day on which the free visit may be.
    pub until: civil::Date,
}

/// Whose free follow-up visits are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpQuery {
    /// Of this patient; the caller's own without one.
    pub patient_id: Option<PatientId>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> civil::Date {
        text.parse().unwrap()
    }

    fn kind(number: u128) -> VisitTypeId {
        VisitTypeId(Uuid::from_u128(number))
    }

    fn window(until: &str) -> FollowUpWindow {
        FollowUpWindow {
            appointment_id: AppointmentId(Uuid::from_u128(1)),
            patient_id: PatientId(Uuid::from_u128(2)),
            visit_on: day("2026-05-03"),
            until: day(until),
            visits: 1,
            left: 1,
            visit_type_ids: vec![kind(7)],
            only_when_asked: false,
        }
    }

    #[test]
    fn a_window_has_its_last_day_and_not_the_day_of_the_paid_visit() {
        assert_eq!(FollowUpWindow::ends(day("2026-05-03"), 14), day("2026-05-17"));
        let window = window("2026-05-17");
        for (on, free) in [
            ("2026-05-02", false),
            ("2026-05-03", false),
            ("2026-05-04", true),
            ("2026-05-17", true),
            ("2026-05-18", false),
        ] {
            assert_eq!(window.covers(kind(7), day(on)), free, "{on}");
        }
    }

    #[test]
    fn only_what_it_names_is_free_and_only_while_something_is_left() {
        let mut window = window("2026-05-17");
        assert!(!window.covers(kind(8), day("2026-05-10")));
        window.left = 0;
        assert!(!window.covers(kind(7), day("2026-05-10")));
        assert!(window.has_day(day("2026-05-10")), "a visit that uses it may be moved within it");
    }

    #[test]
    fn what_ends_first_is_used_first() {
        let (late, early) = (window("2026-05-20"), window("2026-05-17"));
        let of = PatientId(Uuid::from_u128(2));
        let both = [late, early.clone()];
        assert_eq!(FollowUpWindow::choose(&both, of, kind(7), day("2026-05-10")), Some(&early));
        assert_eq!(
            FollowUpWindow::choose(&both, of, kind(7), day("2026-05-19")).map(|it| it.until),
            Some(day("2026-05-20"))
        );
        let other = PatientId(Uuid::from_u128(3));
        assert_eq!(FollowUpWindow::choose(&both, other, kind(7), day("2026-05-10")), None);
    }

    #[test]
    fn a_rule_has_bounds_and_each_type_once() {
        let rule = |visits, days, types: &[u128]| SetFollowUpRule {
            visits,
            days,
            visit_type_ids: types.iter().map(|number| kind(*number)).collect(),
            version: None,
        };
        for (visits, days, good) in
            [(1, 1, true), (20, 366, true), (0, 14, false), (21, 14, false), (1, 0, false), (1, 367, false)]
        {
            assert_eq!(rule(visits, days, &[7]).check().is_ok(), good, "{visits} {days}");
        }
        assert_eq!(rule(2, 14, &[9, 7, 9]).check().unwrap().visit_type_ids, [kind(7), kind(9)]);
        let none = rule(99, 14, &[]).check().unwrap();
        assert_eq!(
            (none.visits, none.days),
            (0, 0),
            "without types there is no rule, whatever the numbers say"
        );
    }
}
