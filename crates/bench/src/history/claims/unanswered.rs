//! Requests that nobody was told the end of: the steps that are left belong to them.
//! Steps that an answer names are found in `claims`.

use std::collections::HashMap;

use domain::{
    appointments::Status,
    ids::{AppointmentId, DoctorId, PatientId, VisitTypeId, WaitlistEntryId},
};

use super::Finder;
use crate::history::{
    Step,
    log::{Operation, Wish},
};

/// What was asked for.
#[derive(PartialEq, Eq, Hash)]
enum Asked {
    /// To book a time or to hold it.
    Begin(PatientId, DoctorId, VisitTypeId, i64),
    /// To put a visit on a time.
    Move(AppointmentId, i64),
    /// To do anything else with a visit.
    Change(AppointmentId, Status),
    /// To let an offer go, or to leave with it.
    LetGo(WaitlistEntryId),
}

impl Finder<'_> {
    /// Gives what is left to them: of several that asked for the same, the one that asked first, which leaves most time for all of them.
    pub(super) fn by_wishes(&mut self) {
        let waiting = self.waiting();
        self.until = self.answered_after();
        for (place, step) in self.history.steps.iter().enumerate() {
            if self.of_step.contains_key(&place) {
                continue;
            }
            let those = self.made(step).into_iter().filter_map(|asked| waiting.get(&asked));
            let able = those.filter_map(|those| those.iter().copied().find(|at| self.can_still(*at, place)));
            let first = able.min_by_key(|at| self.requests.get(*at).map(|request| request.asked));
            let Some(request) = first else { continue };
            // The step is nobody's yet, so this does not fail.
            let _ = self.claim(place, request);
        }
    }

    fn can_still(&self, request: usize, place: usize) -> bool {
        self.requests.get(request).is_some_and(|request| request.steps.is_empty()) && self.can(request, place)
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

    /// What can have been asked for where this was done.
    fn made(&self, step: &Step) -> Vec<Asked> {
        match (step.seq, step.starts_at, step.doctor) {
            (1, Some(start), Some(doctor)) => {
                vec![Asked::Begin(step.patient, doctor, step.visit_type, start)]
            }
            (_, Some(start), _) => vec![Asked::Move(step.appointment, start)],
            _ => {
                let offer = self.offer_of.get(&step.appointment).map(|offer| Asked::LetGo(offer.of_entry));
                let to = if step.to.is_held() { Status::Held } else { step.to };
                [Some(Asked::Change(step.appointment, to)), offer].into_iter().flatten().collect()
            }
        }
    }
}

fn asked(operation: &Operation) -> Option<Asked> {
    use domain::appointments::Move;
    Some(match operation.wish {
        Wish::Book { patient, seat } | Wish::Hold { patient, seat } => {
            Asked::Begin(patient, seat.doctor, seat.kind, seat.start)
        }
        Wish::Move { visit, start, .. } => Asked::Move(visit, start),
        Wish::Cancel { visit, .. } => Asked::Change(visit, Status::Cancelled),
        Wish::Extend { visit } => Asked::Change(visit, Status::Held),
        Wish::Take { visit } => Asked::Change(visit, Status::Booked),
        Wish::Release { visit } => Asked::Change(visit, Status::Expired),
        Wish::Run { visit, step, .. } => {
            let to = match step {
                Move::Confirm => Status::Confirmed,
                Move::Arrive => Status::Arrived,
                Move::CheckIn => Status::CheckedIn,
                Move::Start => Status::InProgress,
                Move::Complete => Status::Completed,
                Move::NoShow => Status::NoShow,
                Move::LeaveUnseen => Status::LeftUnseen,
                Move::Cancel => Status::Cancelled,
            };
            Asked::Change(visit, to)
        }
        Wish::Decline { entry } | Wish::Leave { entry } => Asked::LetGo(entry),
        Wish::Join { .. }
        | Wish::Accept { .. }
        | Wish::Line
        | Wish::Read { .. }
        | Wish::Mine
        | Wish::Free { .. } => return None,
    })
}
