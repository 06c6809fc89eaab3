//! The next free times of each doctor, for cards and for sorting by the soonest.
//!
//! Remembered for a minute at most: time itself takes them away.

use std::sync::{Arc, PoisonError};

use domain::{
    availability::Kind,
    hospitals::VisitType,
    slots::{Shape, offer},
    time::{Moment, plus_days},
};

use super::{Directory, Entry};
use crate::{
    availability::taken_between,
    core::{Core, instant},
    db::Reach,
    error::Result,
};

/// How long remembered times are shown.
const FRESH_MS: i64 = 60_000;
/// How many times a card shows.
const SHOWN: usize = 3;
/// Days looked at in one step.
const STEP: i32 = 7;

#[derive(Clone)]
pub(super) struct NextTimes {
    read_at: i64,
    starts: Arc<Vec<i64>>,
}

/// What a visit of this type takes from the day.
pub(crate) fn shape_of(visit_type: &VisitType) -> Shape {
    Shape {
        kind: Kind { visit_type: visit_type.id, modality: visit_type.modality },
        minutes: i64::from(visit_type.minutes),
        before: i64::from(visit_type.buffer_before),
        after: i64::from(visit_type.buffer_after),
    }
}

impl Directory {
    /// The next free starts of a doctor for her first visit type.
    pub(crate) async fn next_times(&self, core: &Core, entry: &Entry) -> Result<Arc<Vec<i64>>> {
        let now = core.now_ms();
        let remembered = self.times.lock().unwrap_or_else(PoisonError::into_inner).get(&entry.id).cloned();
        if let Some(times) = remembered.filter(|t| now - t.read_at < FRESH_MS && t.read_at <= now) {
            return Ok(times.starts);
        }
        let starts = match entry.open_types().next() {
            Some(visit_type) if entry.active => {
                first_free(core, entry, shape_of(visit_type), None, SHOWN).await?
            }
            Some(_) | None => Vec::new(),
        };
        let starts = Arc::new(starts);
        let kept = NextTimes { read_at: now, starts: starts.clone() };
        self.times.lock().unwrap_or_else(PoisonError::into_inner).insert(entry.id, kept);
        Ok(starts)
    }
}

/// The first free starts from a date on, a week at a time until the horizon.
pub(crate) async fn first_free(
    core: &Core,
    entry: &Entry,
    shape: Shape,
    from: Option<jiff::civil::Date>,
    wanted: usize,
) -> Result<Vec<i64>> {
    let found = first_places(core, entry, shape, from, wanted).await?;
    Ok(found.into_iter().map(|(start, _)| start).collect())
}

/// The same, each with how many more may come to it, where several may.
pub(crate) async fn first_places(
    core: &Core,
    entry: &Entry,
    shape: Shape,
    from: Option<jiff::civil::Date>,
    wanted: usize,
) -> Result<Vec<(i64, Option<i64>)>> {
    let now = core.clock.now();
    let schedule = &entry.schedule;
    let today = now.to_zoned(schedule.zone.clone()).date();
    let horizon = plus_days(today, i32::try_from(schedule.rules.horizon_days).unwrap_or(i32::MAX));
    let mut from = from.map_or(today, |date| date.max(today));
    let mut found = Vec::new();
    let mut conn = core.db.read(&Reach::public()).await?;
    while from <= horizon && found.len() < wanted {
        let to = plus_days(from, STEP - 1);
        let taken = taken_between(&mut conn, entry, shape, (from, to), None, now).await?;
        let starts = offer(&taken.question(schedule, shape, now), from, to);
        found.extend(starts.into_iter().map(|start| (start, taken.places_left(start))));
        from = plus_days(to, 1);
    }
    found.truncate(wanted);
    Ok(found)
}

/// Starts as the clocks of the doctor's hospital show them.
pub(crate) fn moments(entry: &Entry, starts: &[i64]) -> Result<Vec<Moment>> {
    starts.iter().map(|ms| Ok(Moment::in_zone(instant(*ms)?, &entry.schedule.zone))).collect()
}
