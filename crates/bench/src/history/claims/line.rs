//! What came of joining a line and of answering what was offered there.
//! What an entry goes through meanwhile is followed in `history::line`.

use std::collections::HashMap;

use domain::{
    ids::{AccountId, DoctorId, PatientId, VisitTypeId, WaitlistEntryId},
    waitlist::OfferOutcome,
};

use super::{Finder, Request};
use crate::history::{
    Entry, Offer, Order, Wrong,
    log::{Answer, Operation, Wish},
};

const LOST: &str = "acknowledged, and not among the steps: a write is lost";

/// Who wanted to wait for what.
type Asked = (PatientId, DoctorId, VisitTypeId, Option<domain::ids::AppointmentId>, AccountId);

impl Finder<'_> {
    /// The first operation of a request; the others ask for the same.
    pub(super) fn operation(&self, request: usize) -> Option<&Operation> {
        self.history.operations.get(*self.requests.get(request)?.operations.first()?)
    }

    fn offers_of(&self, entry: WaitlistEntryId) -> Vec<Offer> {
        let offers = self.offers.get(&entry).map_or(&[][..], Vec::as_slice);
        offers.iter().map(|offer| (*offer).clone()).collect()
    }

    /// Offers that were taken: what was held is booked, or ends as the visit is put on its time, both or neither.
    pub(super) fn accepted(&mut self) -> Result<(), Wrong> {
        for at in 0..self.requests.len() {
            let Some(operation) = self.operation(at) else { continue };
            let Some(entry) = self.accepts(operation) else { continue };
            let account = operation.account;
            let wrong = |request: Option<&Request>, what: &str| {
                let operations = request.map(|request| request.operations.clone());
                Wrong::new(what).operations(operations.unwrap_or_default())
            };
            let taken = self.offers_of(entry).into_iter().find(|offer| offer.outcome == OfferOutcome::Taken);
            let end = taken.as_ref().and_then(|offer| self.ends.get(&offer.hold)).copied();
            let acknowledged = self.requests.get(at).is_some_and(|request| request.acknowledged);
            let (Some(offer), Some(end)) = (taken, end) else {
                if acknowledged {
                    return Err(wrong(self.requests.get(at), LOST));
                }
                continue;
            };
            if self.of_step.contains_key(&end) {
                // She took the same time through another door.
                continue;
            }
            let own = |place: usize| {
                self.history.steps.get(place).is_some_and(|step| {
                    step.by == Some(account) && self.requests.get(at).is_some_and(|r| r.ran_at(step.at))
                })
            };
            if !own(end) {
                continue;
            }
            let moves = self.entries.get(&entry).and_then(|entry| entry.moves);
            let Some(visit) = moves else {
                self.claim(end, at)?;
                continue;
            };
            let mut after = self.history.steps.iter().enumerate().skip(end + 1);
            let found = after.find(|(place, step)| {
                step.appointment == visit && step.starts_at == Some(offer.starts_at) && own(*place)
            });
            let apart = |place: &usize| self.history.setting.order == Order::Steps || *place == end + 1;
            let Some(put) = found.map(|(place, _)| place).filter(apart) else {
                let what =
                    "an offer was taken, and its visit was not put there in one step: half of it was done";
                return Err(wrong(self.requests.get(at), what).step(end));
            };
            self.claim(end, at)?;
            self.claim(put, at)?;
        }
        Ok(())
    }

    /// Offers that were declined, and those that were open when somebody left.
    pub(super) fn let_go(&mut self) -> Result<(), Wrong> {
        let mut answered: Vec<(u64, usize)> = Vec::new();
        for (at, request) in self.requests.iter().enumerate().filter(|(_, request)| request.acknowledged) {
            let operation = self.operation(at);
            if operation.is_some_and(|o| matches!(o.wish, Wish::Decline { .. } | Wish::Leave { .. })) {
                answered.push((request.asked, at));
            }
        }
        answered.sort_unstable();
        // First those of whose offers there is no doubt: whoever leaves may have had none.
        for leaves in [false, true] {
            self.until = self.answered_after();
            for (_, at) in &answered {
                let Some(operation) = self.operation(*at) else { continue };
                if matches!(operation.wish, Wish::Leave { .. }) != leaves {
                    continue;
                }
                let Some(entry) = operation.wish.entry() else { continue };
                let ends =
                    self.offers_of(entry).into_iter().filter_map(|offer| self.ends.get(&offer.hold).copied());
                let mut ends: Vec<usize> = ends.collect();
                ends.sort_unstable();
                let own = ends.into_iter().find(|end| !self.of_step.contains_key(end) && self.can(*at, *end));
                match own {
                    Some(end) => self.claim(end, *at)?,
                    None if leaves => {}
                    None => {
                        let operations = self.requests.get(*at).map(|request| request.operations.clone());
                        return Err(Wrong::new(LOST).operations(operations.unwrap_or_default()));
                    }
                }
            }
        }
        Ok(())
    }

    /// Who joined which line.
    pub(super) fn joined(&mut self) -> Result<(), Wrong> {
        let mut waiting: HashMap<Asked, Vec<usize>> = HashMap::new();
        for at in 0..self.requests.len() {
            let Some(request) = self.requests.get(at) else { continue };
            let Some(asked) = self.operation(at).and_then(asked) else { continue };
            let mut operations = request.operations.iter().filter_map(|at| self.history.operations.get(*at));
            let told = operations.find_map(|operation| match operation.answer {
                Answer::Entry(waiting) => Some(waiting.id),
                _ => None,
            });
            let Some(told) = told else {
                if request.perhaps {
                    waiting.entry(asked).or_default().push(at);
                }
                continue;
            };
            let there = self
                .entries
                .get(&told)
                .is_some_and(|entry| made(entry) == asked && request.ran_at(entry.joined_at));
            let twice = self.of_entry.contains_key(&told);
            if !there || twice {
                let what = if there { "two requests were answered with one place in a line" } else { LOST };
                return Err(Wrong::new(what).operations(request.operations.clone()));
            }
            self.have_joined(told, at);
        }
        for those in waiting.values_mut() {
            those.sort_by_key(|at| self.requests.get(*at).map(|request| request.asked));
        }
        for entry in &self.history.entries {
            if self.of_entry.contains_key(&entry.entry) {
                continue;
            }
            let own = waiting.get_mut(&made(entry)).and_then(|those| {
                let ran = |at: &usize| self.requests.get(*at).is_some_and(|r| r.ran_at(entry.joined_at));
                those.iter().position(ran).map(|first| those.remove(first))
            });
            let Some(own) = own else {
                return Err(Wrong::new(format!("a place in a line that nobody asked for: {entry:?}")));
            };
            self.have_joined(entry.entry, own);
        }
        Ok(())
    }

    fn have_joined(&mut self, entry: WaitlistEntryId, request: usize) {
        self.of_entry.insert(entry, request);
        if let Some(request) = self.requests.get_mut(request) {
            request.entry = Some(entry);
        }
    }
}

fn asked(operation: &Operation) -> Option<Asked> {
    match operation.wish {
        Wish::Join { patient, doctor, kind, moves, .. } => {
            Some((patient, doctor, kind, moves, operation.account))
        }
        _ => None,
    }
}

fn made(entry: &Entry) -> Asked {
    (entry.patient, entry.doctor, entry.visit_type, entry.moves, entry.by)
}
