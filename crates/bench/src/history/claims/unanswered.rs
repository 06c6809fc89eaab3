//! Requests that nobody was told the end of: the steps that are left belong to them.
//! Steps that an answer names are found in `claims`.

use std::collections::HashMap;

use domain::ids::{AppointmentId, DoctorId, PatientId, VisitTypeId};

use super::Finder;
use crate::history::{
    Step,
    log::{Operation, Wish},
};

/// What was asked for.
#[derive(PartialEq, Eq, Hash)]
enum Asked {
    Book(PatientId, DoctorId, VisitTypeId, i64),
    Cancel(AppointmentId),
    Move(AppointmentId, i64),
}

impl Finder<'_> {
    /// Gives what is left to them: of several that asked for the same, the one that asked first, which leaves most time for all of them.
    pub(super) fn by_wishes(&mut self) {
        let mut waiting = self.waiting();
        self.until = self.answered_after();
        for (place, step) in self.history.steps.iter().enumerate() {
            if self.of_step.contains_key(&place) {
                continue;
            }
            let Some(those) = waiting.get_mut(&made(step)) else { continue };
            let Some(first) = those.iter().position(|request| self.can(*request, place)) else { continue };
            let request = those.remove(first);
            // The step is nobody's yet, so this does not fail.
            let _ = self.claim(place, request);
        }
    }

    /// Those that are left, by what they asked for, and in the order in which they asked.
    fn waiting(&self) -> HashMap<Asked, Vec<usize>> {
        let mut waiting: HashMap<Asked, Vec<usize>> = HashMap::new();
        for (at, request) in self.requests.iter().enumerate() {
            let asked = self.operation(at).and_then(asked);
            if let Some(asked) = asked.filter(|_| request.perhaps && !request.acknowledged) {
                waiting.entry(asked).or_default().push(at);
            }
        }
        for those in waiting.values_mut() {
            those.sort_by_key(|at| self.requests.get(*at).map(|request| request.asked));
        }
        waiting
    }

    /// The first operation of a request; the others ask for the same.
    fn operation(&self, request: usize) -> Option<&Operation> {
        self.history.operations.get(*self.requests.get(request)?.operations.first()?)
    }
}

fn asked(operation: &Operation) -> Option<Asked> {
    match operation.wish {
        Wish::Book { doctor, kind, start } => Some(Asked::Book(operation.patient, doctor, kind, start)),
        Wish::Cancel { visit, .. } => Some(Asked::Cancel(visit)),
        Wish::Move { visit, start, .. } => Some(Asked::Move(visit, start)),
        Wish::Read { .. } | Wish::Mine | Wish::Free { .. } => None,
    }
}

fn made(step: &Step) -> Asked {
    match (step.seq, step.starts_at, step.doctor) {
        (1, Some(start), Some(doctor)) => Asked::Book(step.patient, doctor, step.visit_type, start),
        (_, Some(start), _) => Asked::Move(step.appointment, start),
        _ => Asked::Cancel(step.appointment),
    }
}
