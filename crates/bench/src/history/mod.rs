//! A checker of histories: whether what clients were answered, and the steps that the database says it took, can both be true.
//! Pure: it asks no server and knows no clock. What it concludes on which engine, and why, is in docs/history.md.
//!
//! (a) The order of the steps does not contradict real time. (b) The steps, replayed in that order through a small model, give
//! exactly what was answered. (c) What was acknowledged is there, and what nobody knows is there as a whole or not at all.

mod answers;
mod claims;
mod line;
pub(crate) mod log;
mod model;
mod order;
mod steps;
mod timeline;
mod wrong;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use domain::{
    ids::{DoctorId, VisitTypeId},
    time::{MINUTE, Span},
};
use jiff::civil::Date;

use log::Operation;
pub(crate) use steps::{Entry, Offer, Said, Step, read as read_said};
pub(crate) use wrong::Wrong;

/// What the ordinals are the order of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Of the commits of all steps: there is one writer. Whoever reads sees the first so many steps.
    Commits,
    /// Of the steps, within their transactions: those that are in each other's way are committed in this order, others may overtake
    /// each other between step and commit.
    Steps,
}

/// What a visit takes, in minutes, and whether a patient pays for it before it is booked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Length {
    pub(crate) minutes: i64,
    pub(crate) before: i64,
    pub(crate) after: i64,
    pub(crate) paid_first: bool,
}

impl Length {
    /// Of its patient.
    pub(crate) fn visit(self, start: i64) -> Span {
        Span { start, end: start + self.minutes * MINUTE }
    }

    /// Of its doctor.
    pub(crate) fn block(self, start: i64) -> Span {
        Span { start: start - self.before * MINUTE, end: start + (self.minutes + self.after) * MINUTE }
    }
}

/// What there was to book: it does not change while it is played for.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) order: Order,
    pub(crate) lengths: HashMap<VisitTypeId, Length>,
    /// Every time of a day that is offered while nothing is booked.
    pub(crate) starts: HashMap<(DoctorId, VisitTypeId, Date), Vec<i64>>,
}

impl Setting {
    /// What a doctor offers on some days.
    fn offers(&self, doctor: DoctorId, kind: VisitTypeId, days: (Date, Date), start: i64) -> bool {
        let of_hers = self
            .starts
            .iter()
            .filter(|((d, k, day), _)| (*d, *k) == (doctor, kind) && (days.0..=days.1).contains(day));
        of_hers.map(|(_, starts)| starts).any(|starts| starts.contains(&start))
    }
}

/// All that is known of a run.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) setting: Setting,
    /// In the order in which they were asked.
    pub(crate) operations: Vec<Operation>,
    /// In the order of their ordinals.
    pub(crate) steps: Vec<Step>,
    /// Who waits or has waited, as that stands in the end.
    pub(crate) entries: Vec<Entry>,
    /// What they were offered, and what became of it.
    pub(crate) offers: Vec<Offer>,
}

/// By so many milliseconds two readings of the machine's clock may differ that were made at one moment.
const TOLERANCE: i64 = 5;

/// What was compared, when nothing is wrong.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Requests that somebody was answered with, and that made a step.
    pub(crate) acknowledged: usize,
    /// Steps that the house took by itself: times that it kept for somebody, and gave back.
    pub(crate) by_house: usize,
    /// What became of the times that were kept for those who wait.
    pub(crate) offers: BTreeMap<&'static str, usize>,
    /// Where visits went.
    pub(crate) led_to: BTreeMap<&'static str, usize>,
    /// Requests of which nobody knows whether they were done: done, and not.
    pub(crate) unknown_there: usize,
    pub(crate) unknown_absent: usize,
    /// Answers by what they say.
    pub(crate) answers: BTreeMap<&'static str, usize>,
}

/// Compares all of it. The first contradiction is an error.
pub(crate) fn check(history: &History) -> Result<Tally, Wrong> {
    let claims = claims::find(history)?;
    let earliest = order::earliest(history, &claims)?;
    let timeline = timeline::replay(history, &claims, earliest)?;
    let lines = line::follow(history, &claims, &timeline)?;
    answers::judge(history, &claims, &timeline, &lines)?;
    let mut tally = Tally::default();
    for operation in &history.operations {
        *tally.answers.entry(operation.answer.name()).or_default() += 1;
    }
    for offer in &history.offers {
        *tally.offers.entry(offer.outcome.code()).or_default() += 1;
    }
    for step in &history.steps {
        *tally.led_to.entry(step.to.code()).or_default() += 1;
    }
    tally.by_house = history.steps.iter().filter(|step| step.by.is_none()).count();
    tally.acknowledged = claims.requests.iter().filter(|r| r.acknowledged && !r.steps.is_empty()).count();
    let unknown = || claims.requests.iter().filter(|r| !r.acknowledged && r.perhaps);
    tally.unknown_there = unknown().filter(|r| r.is_done()).count();
    tally.unknown_absent = unknown().filter(|r| !r.is_done()).count();
    Ok(tally)
}
