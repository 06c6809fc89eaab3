//! A checker of histories: whether what clients were answered, and the steps that the database says it took, can both be true.
//! Pure: it asks no server and knows no clock. What it concludes on which engine, and why, is in docs/history.md.
//!
//! (a) The order of the steps does not contradict real time. (b) The steps, replayed in that order through a small model, give
//! exactly what was answered. (c) What was acknowledged is there, and what nobody knows is there as a whole or not at all.

mod answers;
mod claims;
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

use log::Operation;
pub(crate) use steps::{Step, read as read_steps};
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

/// What a visit takes, in minutes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Length {
    pub(crate) minutes: i64,
    pub(crate) before: i64,
    pub(crate) after: i64,
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
    /// Every time that is offered while nothing is booked.
    pub(crate) starts: HashMap<(DoctorId, VisitTypeId), Vec<i64>>,
}

/// All that is known of a run.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) setting: Setting,
    /// In the order in which they were asked.
    pub(crate) operations: Vec<Operation>,
    /// In the order of their ordinals.
    pub(crate) steps: Vec<Step>,
}

/// What was compared, when nothing is wrong.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Steps that somebody was answered with.
    pub(crate) acknowledged: usize,
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
    answers::judge(history, &claims, &timeline)?;
    let mut tally = Tally::default();
    for operation in &history.operations {
        *tally.answers.entry(operation.answer.name()).or_default() += 1;
    }
    tally.acknowledged = claims.requests.iter().filter(|r| r.acknowledged && r.step.is_some()).count();
    let unknown = || claims.requests.iter().filter(|r| !r.acknowledged && r.perhaps);
    tally.unknown_there = unknown().filter(|r| r.step.is_some()).count();
    tally.unknown_absent = unknown().filter(|r| r.step.is_none()).count();
    Ok(tally)
}
