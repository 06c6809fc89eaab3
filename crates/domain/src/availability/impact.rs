//! What a change of hours would do, before it is saved: which visits it hits, and what it costs.
//!
//! Whether a visit stands is [`crate::slots`]' business.

use jiff::civil;
use serde::{Deserialize, Serialize};

use super::{AddAbsence, AddClosure, DateException, SetWorkingHours};
use crate::{
    ids::{AppointmentId, DoctorId, OpeningId, PatientId, VisitTypeId},
    money::Money,
    slots::{Busy, Opening, Schedule, span_between},
    time::{Moment, plus_days},
};

/// So many weeks from today on are looked at for free time that a change takes away.
pub const PREVIEW_WEEKS: i32 = 8;

/// A change of a doctor's hours that can be looked at before it is saved.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HoursChange {
    /// Another week, or other rules.
    Week(SetWorkingHours),
    /// What holds on one date instead of the week.
    Date(DateException),
    /// The week holds again on a date.
    UsualDate {
        /// The date in the hospital's zone.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        date: civil::Date,
    },
    /// She is away.
    Absence(AddAbsence),
    /// Hours that are there once are taken away.
    RemoveExtra {
        /// Which.
        id: OpeningId,
    },
}

impl HoursChange {
    /// The hours that it makes of others; `extra` is what [`HoursChange::RemoveExtra`] takes away.
    #[must_use]
    pub fn applied(&self, to: &Schedule, extra: Option<&Opening>) -> Schedule {
        let mut after = to.clone();
        match self {
            Self::Week(week) => {
                after.weekly.clone_from(&week.weekly);
                after.rules = week.rules.unwrap_or(after.rules);
            }
            Self::Date(exception) => {
                after.exceptions.retain(|other| other.date != exception.date);
                after.exceptions.push(exception.clone());
            }
            Self::UsualDate { date } => after.exceptions.retain(|other| other.date != *date),
            Self::Absence(absence) => after.away = away(&after.away, to, absence.from, absence.to),
            Self::RemoveExtra { .. } => {
                let place = after.openings.iter().position(|opening| Some(opening) == extra);
                if let Some(place) = place {
                    after.openings.remove(place);
                }
            }
        }
        after
    }
}

impl AddClosure {
    /// The hours of a doctor of the hospital when it is closed.
    #[must_use]
    pub fn applied(&self, to: &Schedule) -> Schedule {
        let midnight = |date: civil::Date| date.to_datetime(civil::Time::midnight());
        let closed = away(&to.closed, to, midnight(self.from), midnight(plus_days(self.to, 1)));
        Schedule { closed, ..to.clone() }
    }
}

/// Time in which nobody is there, and some more of it.
fn away(now: &Busy, schedule: &Schedule, from: civil::DateTime, to: civil::DateTime) -> Busy {
    span_between(&schedule.zone, from, to).map_or_else(|| now.clone(), |span| now.with(span))
}

/// A change of a doctor's hours, and what somebody has seen of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeHours {
    /// The change.
    pub change: HoursChange,
    /// What the preview has called itself; without it nothing is saved that hits a visit.
    #[serde(default)]
    pub seen: Option<String>,
}

/// A hospital's closing, and what somebody has seen of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CloseHospital {
    /// The dates.
    pub closure: AddClosure,
    /// What the preview has called itself; without it nothing is saved that hits a visit.
    #[serde(default)]
    pub seen: Option<String>,
}

/// What keeps a time that would no longer be one of the doctor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HitKind {
    /// A booked visit.
    Visit,
    /// A time that somebody is about to book.
    Hold,
    /// A time that is offered to somebody who waits.
    Offer,
}

/// What would no longer stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HitVisit {
    /// What it is.
    pub kind: HitKind,
    /// Its id.
    pub id: AppointmentId,
    /// When it begins.
    pub start: Moment,
    /// When it ends.
    pub end: Moment,
    /// With whom.
    pub doctor_id: DoctorId,
    /// Her name.
    pub doctor_name: String,
    /// Whose it is.
    pub patient_id: PatientId,
    /// Her name.
    pub patient_name: String,
    /// When she was born: two patients may have one name.
    pub birth_date: civil::Date,
    /// What was booked.
    pub visit_type_id: VisitTypeId,
    /// Its name as it was booked.
    pub visit_type_name: String,
    /// The price as it was booked.
    pub price: Money,
    /// Why it would no longer stand: the key of the engine's rule.
    pub rule: String,
    /// The version of the visit.
    pub version: i64,
}

/// What a change of hours would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HoursImpact {
    /// IANA zone of the offsets.
    pub time_zone: String,
    /// What would no longer stand, by begin: booked visits, and times that are held.
    pub hits: Vec<HitVisit>,
    /// How many booked visits.
    pub visits: usize,
    /// Of how many patients.
    pub patients: usize,
    /// What they cost together, as they were booked: one amount for each currency.
    pub booked: Vec<Money>,
    /// Minutes that can be booked now and no longer then, until `until`.
    pub lost_minutes: i64,
    /// Minutes that can be booked then and not now, until `until`.
    pub gained_minutes: i64,
    /// Whether a day would take fewer visits. What that takes away depends on what is booked, and is not among the minutes.
    pub lower_limit: bool,
    /// The last date that free time was looked at.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: civil::Date,
    /// What this preview is called: to be given back with the change, so that what is saved is what was seen.
    pub seen: String,
}

/// The prices of booked visits, one amount for each currency, in the order of their codes.
pub(crate) fn booked(hits: &[HitVisit]) -> Vec<Money> {
    let mut sums = std::collections::BTreeMap::<&str, i64>::new();
    for hit in hits.iter().filter(|hit| hit.kind == HitKind::Visit) {
        *sums.entry(&hit.price.currency).or_default() += hit.price.amount_minor;
    }
    sums.into_iter()
        .map(|(currency, amount_minor)| Money { amount_minor, currency: currency.to_owned() })
        .collect()
}

impl HoursImpact {
    /// Counts what is hit; `lost` and `gained` are minutes until a date, and `lower_limit` says that a day would take fewer visits.
    #[must_use]
    pub fn of(
        time_zone: String,
        mut hits: Vec<HitVisit>,
        (lost, gained, until): (i64, i64, civil::Date),
        lower_limit: bool,
        seen: String,
    ) -> Self {
        hits.sort_by_key(|hit| (hit.start.at(), hit.id));
        let visits = hits.iter().filter(|hit| hit.kind == HitKind::Visit);
        let mut patients: Vec<_> = visits.clone().map(|hit| hit.patient_id).collect();
        patients.sort_unstable();
        patients.dedup();
        Self {
            time_zone,
            visits: visits.count(),
            patients: patients.len(),
            booked: booked(&hits),
            hits,
            lost_minutes: lost,
            gained_minutes: gained,
            lower_limit,
            until,
            seen,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date, tz::Offset};
    use uuid::Uuid;

    use super::*;
    use crate::availability::BookingRules;

    fn hit(kind: HitKind, n: u128, patient: u128, price: (i64, &str)) -> HitVisit {
        let at = |minutes| Moment::new(Timestamp::from_millisecond(minutes * 60_000).unwrap(), Offset::UTC);
        HitVisit {
            kind,
            id: Uuid::from_u128(n).into(),
            start: at(i64::try_from(1000 - n).unwrap()),
            end: at(2000),
            doctor_id: Uuid::from_u128(1).into(),
            doctor_name: String::new(),
            patient_id: Uuid::from_u128(patient).into(),
            patient_name: String::new(),
            birth_date: date(1951, 11, 24),
            visit_type_id: Uuid::from_u128(1).into(),
            visit_type_name: String::new(),
            price: Money { amount_minor: price.0, currency: price.1.to_owned() },
            rule: "slot_away".to_owned(),
            version: 1,
        }
    }

    #[test]
    fn an_impact_counts_visits_people_and_money_by_currency() {
        let hits = vec![
            hit(HitKind::Visit, 1, 7, (5_000, "EUR")),
            hit(HitKind::Visit, 2, 7, (2_500, "EUR")),
            hit(HitKind::Visit, 3, 8, (100, "CHF")),
            // Nobody has booked these yet.
            hit(HitKind::Hold, 4, 9, (9_000, "EUR")),
            hit(HitKind::Offer, 5, 10, (9_000, "USD")),
        ];
        let impact = HoursImpact::of("UTC".into(), hits, (90, 0, date(2026, 12, 1)), false, "s".into());
        assert_eq!((impact.visits, impact.patients, impact.hits.len()), (3, 2, 5));
        let sums: Vec<_> = impact.booked.iter().map(|m| (m.currency.as_str(), m.amount_minor)).collect();
        assert_eq!(sums, [("CHF", 100), ("EUR", 7_500)]);
        // The earliest first, whatever order they came in.
        assert_eq!(impact.hits.first().map(|hit| hit.id), Some(Uuid::from_u128(5).into()));
    }

    #[test]
    fn a_day_takes_fewer_visits_by_a_limit_that_is_new_or_lower() {
        let rules = |most_a_day| BookingRules { most_a_day, ..BookingRules::default() };
        for (before, then, fewer) in [
            (None, None, false),
            (None, Some(200), true),
            (Some(8), Some(7), true),
            (Some(8), Some(8), false),
            (Some(8), Some(9), false),
            (Some(8), None, false),
        ] {
            assert_eq!(rules(then).takes_fewer_than(rules(before)), fewer, "{before:?} {then:?}");
        }
    }
}
