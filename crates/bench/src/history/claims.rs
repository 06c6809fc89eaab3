//! Which request made which step: exactly where an answer says so, and for requests without an answer by what they asked for.
//!
//! Every step has a request and every acknowledged request a step, or the history is wrong; and no request has two.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{appointments::Status, ids::AppointmentId};

use super::{
    History, Wrong,
    log::{Answer, NEVER, Nanos, Operation, Seen, Wish},
};

mod unanswered;

/// A question with all its repeats.
#[derive(Debug)]
pub(super) struct Request {
    /// Its operations, in order.
    pub(super) operations: Vec<usize>,
    /// The step that it made, by its place in the history.
    pub(super) step: Option<usize>,
    /// Some answer says that it was done.
    pub(super) acknowledged: bool,
    /// That is left open to the end. What is refused was not done before: under its key it would have been found.
    pub(super) perhaps: bool,
    /// When the first operation was asked that can have done it, and when it was done at the latest.
    pub(super) asked: Nanos,
    pub(super) answered: Nanos,
}

/// All requests that write, and for each step the place of its request among them.
#[derive(Debug, Default)]
pub(super) struct Claims {
    pub(super) requests: Vec<Request>,
    pub(super) of_step: Vec<usize>,
}

/// Finds them, or what has no counterpart.
pub(super) fn find(history: &History) -> Result<Claims, Wrong> {
    let mut finder = Finder::new(history);
    finder.by_answers()?;
    finder.by_wishes();
    finder.finish()
}

struct Finder<'a> {
    history: &'a History,
    places: HashMap<(AppointmentId, i64), usize>,
    cancelled: HashMap<AppointmentId, usize>,
    requests: Vec<Request>,
    of_step: HashMap<usize, usize>,
    /// When each step was done at the latest, as far as that is known.
    until: Vec<Nanos>,
}

impl<'a> Finder<'a> {
    fn new(history: &'a History) -> Self {
        let (mut places, mut cancelled) = (HashMap::new(), HashMap::new());
        for (at, step) in history.steps.iter().enumerate() {
            places.insert((step.appointment, step.seq), at);
            if step.to == Status::Cancelled {
                cancelled.insert(step.appointment, at);
            }
        }
        let mut numbers: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (at, operation) in history.operations.iter().enumerate() {
            if operation.wish.writes() {
                numbers.entry(operation.request).or_default().push(at);
            }
        }
        let requests = numbers.into_values().map(|operations| request(history, operations)).collect();
        Self { history, places, cancelled, requests, of_step: HashMap::new(), until: Vec::new() }
    }

    /// Steps that an answer names.
    fn by_answers(&mut self) -> Result<(), Wrong> {
        // First those of which the answer is sure to tell the very step.
        for sure in [true, false] {
            self.until = self.answered_after();
            for at in 0..self.requests.len() {
                let Some((first, seen, is_sure)) = self.first_answer(at) else { continue };
                let operation = self.history.operations.get(first).filter(|_| is_sure == sure);
                let Some(operation) = operation else { continue };
                let place = self.place(at, operation, &seen, is_sure);
                let fits = place.filter(|place| self.fits(*place, operation));
                let Some(place) = fits else {
                    let what = "acknowledged, and not among the steps: a write is lost";
                    return Err(Wrong::new(what).operation(first));
                };
                self.claim(place, at).map_err(|wrong| wrong.operation(first))?;
            }
        }
        Ok(())
    }

    /// The first operation that was answered with a visit, and whether no other can have done it.
    fn first_answer(&self, request: usize) -> Option<(usize, Seen, bool)> {
        let request = self.requests.get(request)?;
        let mut sure = true;
        for &at in &request.operations {
            match self.history.operations.get(at)?.answer {
                Answer::Visit(seen) => return Some((at, seen, sure)),
                Answer::Refused(..) => sure = true,
                _ => sure = false,
            }
        }
        None
    }

    /// Where the step stands that an answer tells of.
    fn place(&self, request: usize, operation: &Operation, seen: &Seen, sure: bool) -> Option<usize> {
        match operation.wish {
            Wish::Book { .. } => self.places.get(&(seen.id, 1)).copied(),
            Wish::Cancel { visit, .. } => self.cancelled.get(&visit).copied(),
            Wish::Move { visit, .. } if sure => self.places.get(&(visit, seen.version)).copied(),
            // It may be told of a later state than the one that it made: of several the first, which leaves most time for others.
            Wish::Move { visit, .. } => (2..=seen.version).find_map(|seq| {
                let place = self.places.get(&(visit, seq)).copied()?;
                (!self.of_step.contains_key(&place) && self.can(request, place)).then_some(place)
            }),
            Wish::Read { .. } | Wish::Mine | Wish::Free { .. } => None,
        }
    }

    /// Whether a request can have made a step, which is what it asked for, and not before it asked.
    fn can(&self, request: usize, place: usize) -> bool {
        let Some(request) = self.requests.get(request) else { return false };
        let operation = request.operations.first().and_then(|at| self.history.operations.get(*at));
        let until = self.until.get(place).copied().unwrap_or(NEVER);
        operation.is_some_and(|operation| self.fits(place, operation)) && request.asked <= until
    }

    /// When each step was done at the latest, by what was acknowledged of it and of those that come after it.
    fn answered_after(&self) -> Vec<Nanos> {
        let mut earliest = NEVER;
        let steps = (0..self.history.steps.len()).rev();
        let mut all: Vec<Nanos> = steps
            .map(|place| {
                let request = self.of_step.get(&place).and_then(|at| self.requests.get(*at));
                earliest = earliest.min(request.map_or(NEVER, |request| request.answered));
                earliest
            })
            .collect();
        all.reverse();
        all
    }

    /// Whether a step is what somebody wished.
    fn fits(&self, place: usize, operation: &Operation) -> bool {
        let Some(step) = self.history.steps.get(place) else { return false };
        let version = |version: Option<i64>| version.is_none_or(|seen| seen + 1 == step.seq);
        step.patient == operation.patient
            && match operation.wish {
                Wish::Book { doctor, kind, start } => {
                    (step.seq, step.starts_at, step.doctor) == (1, Some(start), Some(doctor))
                        && step.visit_type == kind
                }
                Wish::Cancel { visit, version: seen } => {
                    step.appointment == visit && step.to == Status::Cancelled && version(seen)
                }
                Wish::Move { visit, start, version: seen } => {
                    step.appointment == visit
                        && step.seq > 1
                        && step.starts_at == Some(start)
                        && version(seen)
                }
                Wish::Read { .. } | Wish::Mine | Wish::Free { .. } => false,
            }
    }

    fn claim(&mut self, place: usize, request: usize) -> Result<(), Wrong> {
        if let Some(other) = self.of_step.insert(place, request) {
            let others = self.requests.get(other).map(|request| request.operations.clone());
            let wrong = Wrong::new("two requests were answered with one step").step(place);
            return Err(wrong.operations(others.unwrap_or_default()));
        }
        if let Some(request) = self.requests.get_mut(request) {
            request.step = Some(place);
        }
        Ok(())
    }

    fn finish(self) -> Result<Claims, Wrong> {
        let mut of_step = Vec::with_capacity(self.history.steps.len());
        for place in 0..self.history.steps.len() {
            let Some(request) = self.of_step.get(&place) else {
                return Err(Wrong::new("a step that nobody asked for").step(place));
            };
            of_step.push(*request);
        }
        for request in &self.requests {
            one_visit(self.history, request)?;
        }
        Ok(Claims { requests: self.requests, of_step })
    }
}

fn request(history: &History, operations: Vec<usize>) -> Request {
    let (mut asked, mut answered, mut perhaps) = (NEVER, NEVER, false);
    for operation in operations.iter().filter_map(|at| history.operations.get(*at)) {
        match operation.answer {
            Answer::Visit(_) => {
                (asked, answered) = (asked.min(operation.asked), operation.answered);
                break;
            }
            Answer::Refused(..) => (asked, perhaps) = (NEVER, false),
            _ => (asked, perhaps) = (asked.min(operation.asked), true),
        }
    }
    Request { step: None, acknowledged: answered != NEVER, perhaps, asked, answered, operations }
}

/// A request that is repeated under its key is answered with one visit.
fn one_visit(history: &History, request: &Request) -> Result<(), Wrong> {
    let operations = request.operations.iter().filter_map(|at| history.operations.get(*at));
    let visits: HashSet<AppointmentId> = operations
        .filter_map(|operation| match operation.answer {
            Answer::Visit(seen) => Some(seen.id),
            _ => None,
        })
        .collect();
    if visits.len() > 1 {
        let what = "one request under one key was answered with several visits";
        return Err(Wrong::new(what).operations(request.operations.clone()));
    }
    Ok(())
}
