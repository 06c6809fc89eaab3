//! What clients know: visits and places in lines that they were shown, and those of anybody.
//! What they want of them is `wants`' business.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::appointments::Status;

use crate::{
    history::log::{Answer, Seen, Waiting},
    machine::Dice,
};

/// So many visits somebody still knows.
const REMEMBERED: usize = 24;
const STRANGERS: usize = 64;
const ENTRIES: usize = 12;

/// Of one patient, or of the desk.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) visits: VecDeque<Seen>,
    pub(super) entries: VecDeque<Waiting>,
}

/// What several clients know.
pub(super) type Memory = Arc<Mutex<Known>>;

/// Nobody leaves it half changed.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers what an answer shows, and tells everybody of visits that were not known.
pub(super) fn learn(memory: &Mutex<Known>, strangers: &Mutex<Vec<Seen>>, dice: &mut Dice, answer: &Answer) {
    let mut known = lock(memory);
    let mut visit = |seen: &Seen| {
        if known.see(*seen) {
            meet(&mut lock(strangers), dice, *seen);
        }
    };
    match answer {
        Answer::Visit(seen) => visit(seen),
        Answer::Visits(all) => all.iter().for_each(visit),
        Answer::Entry(waiting) => known.wait(*waiting),
        Answer::Entries(all) => all.iter().for_each(|waiting| known.wait(*waiting)),
        Answer::Times(_) | Answer::Refused(..) | Answer::Unknown | Answer::Strange(_) => {}
    }
}

fn meet(strangers: &mut Vec<Seen>, dice: &mut Dice, seen: Seen) {
    if let Some(known) = strangers.iter_mut().find(|known| known.id == seen.id) {
        *known = seen;
        return;
    }
    match strangers.get_mut(dice.below(STRANGERS)) {
        Some(stranger) => *stranger = seen,
        None => strangers.push(seen),
    }
}

impl Known {
    /// Whether it is news.
    fn see(&mut self, seen: Seen) -> bool {
        match self.visits.iter_mut().find(|known| known.id == seen.id) {
            Some(known) if known.version < seen.version || known.status != seen.status => {
                *known = seen;
                true
            }
            Some(_) => false,
            None => {
                if self.visits.len() == REMEMBERED {
                    let goes = |known: &Seen| !matches!(known.status, Status::Booked | Status::Confirmed);
                    let old = self.visits.iter().position(goes).unwrap_or(0);
                    self.visits.remove(old);
                }
                self.visits.push_back(seen);
                true
            }
        }
    }

    fn wait(&mut self, waiting: Waiting) {
        if let Some(known) = self.entries.iter_mut().find(|known| known.id == waiting.id) {
            *known = waiting;
            return;
        }
        if self.entries.len() == ENTRIES {
            let closed = |known: &Waiting| !known.status.is_open();
            let old = self.entries.iter().position(closed).unwrap_or(0);
            self.entries.remove(old);
        }
        self.entries.push_back(waiting);
    }
}
