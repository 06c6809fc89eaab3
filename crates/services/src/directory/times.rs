//! The next free times of each doctor, for cards and for sorting by the soonest.
//!
//! Remembered for a minute at most: time itself takes them away. While the house serves, they are read again before that, so that
//! nobody who searches waits for it.

use std::{
    sync::{Arc, MutexGuard, PoisonError, atomic::Ordering},
    time::Duration,
};

use domain::{
    availability::Kind,
    hospitals::VisitType,
    ids::DoctorId,
    slots::{Shape, day_of, offer},
    time::{Moment, plus_days},
};

use super::{Directory, Entry, Snapshot, soonest::Soonest};
use crate::{
    availability::taken_between,
    core::{Core, instant},
    db::Reach,
    error::Result,
};

/// How long remembered times are shown.
const FRESH_MS: i64 = 60_000;
/// When they are read again ahead of that, and how often is looked.
const AGING_MS: i64 = 40_000;
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How many times a card shows.
const SHOWN: usize = 3;
/// How many doctors are taken out of their order at once.
const AT_ONCE: usize = 256;
/// Days looked at in one step.
const STEP: i32 = 7;

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
    pub(super) fn soonest(&self) -> MutexGuard<'_, Soonest> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next free starts of a doctor for her first visit type.
    pub(crate) async fn next_times(&self, core: &Core, entry: &Entry) -> Result<Arc<Vec<i64>>> {
        self.times_since(core, entry, core.now_ms() - FRESH_MS).await
    }

    async fn times_since(&self, core: &Core, entry: &Entry, since: i64) -> Result<Arc<Vec<i64>>> {
        let now = core.now_ms();
        let mark = {
            let soonest = self.soonest();
            if let Some(starts) = soonest.of(entry.id, since, now) {
                return Ok(starts);
            }
            soonest.mark()
        };
        self.reads.fetch_add(1, Ordering::Relaxed);
        let starts = match entry.open_types().next() {
            Some(visit_type) if entry.active => {
                first_free(core, entry, shape_of(visit_type), None, SHOWN).await?
            }
            Some(_) | None => Vec::new(),
        };
        let starts = Arc::new(starts);
        self.soonest().learn(entry.id, starts.clone(), now, (entry.mark, mark));
        Ok(starts)
    }

    /// How often the times of a doctor were read.
    pub(crate) fn times_read(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// The first doctors who are wanted behind a place, by their first free start, with it.
    pub(crate) async fn by_soonest<T>(
        &self,
        core: &Core,
        snapshot: &Snapshot,
        after: Option<(i64, DoctorId)>,
        most: usize,
        mut wanted: impl FnMut(i64, &Arc<Entry>) -> Option<T>,
    ) -> Result<Vec<T>> {
        if !self.old(core, snapshot, FRESH_MS).is_empty() {
            // Whoever has waited looks again, and finds read what she was missing.
            let _turn = self.reading.lock().await;
            self.refresh(core, snapshot, FRESH_MS).await?;
        }
        // Some at a time, and asked without the lock: whoever writes needs it, and a name that nobody has asks about everybody.
        let mut after = after;
        let mut found: Vec<(DoctorId, T)> = Vec::new();
        while found.len() < most {
            let places = self.soonest().behind(after, AT_ONCE);
            let Some(last) = places.last() else { break };
            after = Some(*last);
            for (start, doctor) in places {
                // Whoever has moved back meanwhile stands where she was seen first.
                let seen = found.iter().any(|(seen, _)| *seen == doctor);
                if seen || found.len() >= most {
                    continue;
                }
                if let Some(one) = snapshot.doctors.get(&doctor).and_then(|entry| wanted(start, entry)) {
                    found.push((doctor, one));
                }
            }
        }
        Ok(found.into_iter().map(|(_, one)| one).collect())
    }

    /// Reads the times of all who have not been read for so long.
    async fn refresh(&self, core: &Core, snapshot: &Snapshot, age_ms: i64) -> Result<()> {
        let since = core.now_ms() - age_ms;
        for entry in self.old(core, snapshot, age_ms) {
            self.times_since(core, &entry, since).await?;
        }
        Ok(())
    }

    fn old(&self, core: &Core, snapshot: &Snapshot, age_ms: i64) -> Vec<Arc<Entry>> {
        let (now, all) = (core.now_ms(), snapshot.doctors.keys().copied());
        let old = self.soonest().old(snapshot.number, all, now - age_ms, now);
        old.iter().filter_map(|doctor| snapshot.doctors.get(doctor).cloned()).collect()
    }
}

/// Reads times again before they are too old to be shown, as long as the server runs.
pub(crate) async fn keep_fresh(core: Core) {
    loop {
        let refreshed = async {
            let snapshot = core.directory.snapshot(&core).await?;
            core.directory.refresh(&core, &snapshot, AGING_MS).await
        };
        if let Err(error) = refreshed.await {
            tracing::warn!(%error, "the next free times cannot be read");
        }
        tokio::time::sleep(LOOK_EVERY).await;
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
    let first = from.map_or(today, |date| date.max(today));
    let begin = day_of(&schedule.zone, first).start;
    // Hours that begin the evening before may reach into the first date.
    let (mut from, mut to) = (plus_days(first, -1), plus_days(first, STEP - 1));
    let mut found = Vec::new();
    let mut conn = core.db.read(&Reach::public()).await?;
    while from <= horizon && found.len() < wanted {
        let taken = taken_between(&mut conn, entry, shape, (from, to), None, now).await?;
        let starts = offer(&taken.question(schedule, shape, now), from, to).into_iter();
        let starts = starts.filter(|start| *start >= begin);
        found.extend(starts.map(|start| (start, taken.places_left(start))));
        (from, to) = (plus_days(to, 1), plus_days(to, STEP));
    }
    found.truncate(wanted);
    Ok(found)
}

/// Starts as the clocks of the doctor's hospital show them.
pub(crate) fn moments(entry: &Entry, starts: &[i64]) -> Result<Vec<Moment>> {
    starts.iter().map(|ms| Ok(Moment::in_zone(instant(*ms)?, &entry.schedule.zone))).collect()
}
