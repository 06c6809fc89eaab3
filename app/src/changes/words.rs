//! How changes of many visits are said.

use domain::changes::{ChangeState, MassChange, UndoOutcome};
use domain::time::Moment;

use crate::i18n::{date_at_time, time};
use crate::t;
use crate::ui::{IconName, Tone};

/// A date and a time of day.
pub(super) fn when(at: Moment) -> String {
    date_at_time(at.date(), at.local().time())
}

/// Where a change stands, in a few words.
pub(super) fn state(change: &MassChange) -> (Tone, IconName, String) {
    match change.state {
        ChangeState::Planned => (Tone::Neutral, IconName::FileText, t!(changes.state_planned).to_owned()),
        ChangeState::Undoable => {
            let until = change.undo_until.map(|until| time(until.local().time())).unwrap_or_default();
            (Tone::Warning, IconName::Clock, t!(changes.state_undoable, time = until))
        }
        ChangeState::Told => (Tone::Positive, IconName::CheckCircle, t!(changes.state_told).to_owned()),
        ChangeState::Undone => (Tone::Neutral, IconName::Info, t!(changes.state_undone).to_owned()),
    }
}

/// What undoing has made of a visit.
pub(super) fn outcome(outcome: UndoOutcome) -> &'static str {
    match outcome {
        UndoOutcome::Back => t!(changes.outcome_back),
        UndoOutcome::ChangedSince => t!(changes.outcome_changed),
        UndoOutcome::TimeTaken => t!(changes.outcome_taken),
        UndoOutcome::PatientBusy => t!(changes.outcome_busy),
        UndoOutcome::ToldAlready => t!(changes.outcome_told),
        UndoOutcome::Past => t!(changes.outcome_past),
    }
}

/// How many visits are moved and called off, or will be.
pub(super) fn counts(change: &MassChange) -> String {
    let planned = change.state == ChangeState::Planned;
    let moved = (change.moved > 0).then(|| {
        if planned {
            t!(changes.to_move, count = change.moved)
        } else {
            t!(changes.moved, count = change.moved)
        }
    });
    let cancelled = (change.cancelled > 0).then(|| {
        if planned {
            t!(changes.to_cancel, count = change.cancelled)
        } else {
            t!(changes.cancelled, count = change.cancelled)
        }
    });
    moved.into_iter().chain(cancelled).collect::<Vec<_>>().join(", ")
}
