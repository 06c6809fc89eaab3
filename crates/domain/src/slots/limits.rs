//! What a day takes: how many visits in all, and how many of a kind, counted by the local date on which they begin.
//!
//! Whatever occupies the doctor counts, held times too. No person passes a limit silently: who sets it can change it.

use jiff::{civil::Date, tz::TimeZone};

use super::{Busy, Refusal};
use crate::{ids::VisitTypeId, time::Span};

/// How many visits a doctor's day takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// In all; no limit when absent.
    pub all: Option<i64>,
    /// Of the kind that is asked for; no limit when absent.
    pub of_kind: Option<i64>,
}

impl Limits {
    /// Whether there is any.
    pub fn any(self) -> bool {
        self.all.is_some() || self.of_kind.is_some()
    }
}

/// Days on which a limit is reached, as spans of instants: so a time that is judged needs no look at a calendar.
#[derive(Debug, Clone, Default)]
pub struct FullDays {
    all: Busy,
    of_kind: Busy,
}

impl FullDays {
    /// The full days among those on which visits begin: each visit by its begin and what it is.
    pub fn of(
        zone: &TimeZone,
        limits: Limits,
        visit_type: VisitTypeId,
        visits: impl IntoIterator<Item = (i64, VisitTypeId)>,
    ) -> Self {
        let mut counts: std::collections::BTreeMap<Date, (i64, i64)> = std::collections::BTreeMap::new();
        for (start, kind) in visits {
            let Ok(at) = jiff::Timestamp::from_millisecond(start) else { continue };
            let count = counts.entry(at.to_zoned(zone.clone()).date()).or_default();
            count.0 += 1;
            count.1 += i64::from(kind == visit_type);
        }
        let full = |most: Option<i64>, number: fn(&(i64, i64)) -> i64| {
            let reached = counts.iter().filter(|(_, count)| most.is_some_and(|most| number(count) >= most));
            Busy::new(reached.map(|(date, _)| day_of(zone, *date)).collect())
        };
        Self { all: full(limits.all, |count| count.0), of_kind: full(limits.of_kind, |count| count.1) }
    }

    /// Whether a visit may begin then.
    pub(super) fn judge(&self, start: i64) -> Result<(), Refusal> {
        let begin = Span { start, end: start + 1 };
        if self.all.overlaps(begin) {
            return Err(Refusal::DayFull);
        }
        if self.of_kind.overlaps(begin) {
            return Err(Refusal::KindFull);
        }
        Ok(())
    }
}

/// A local date as instants: from its first one to the first one of the next.
pub fn day_of(zone: &TimeZone, date: Date) -> Span {
    Span::of_dates(Some(date), Some(date), zone)
}
