//! Which request made which step: exactly where an answer says so, and for requests without an answer by what they asked for.
//!
//! Every step has a request or is the house's own, and every acknowledged request a step, or the history is wrong; and no request has
//! done a thing twice. Whether the house might do what it did is asked in the replay.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    appointments::Status,
    ids::{AppointmentId, WaitlistEntryId},
};

use super::{
    Entry, History, Offer, TOLERANCE, Wrong,
    log::{Answer, NEVER, Nanos, Operation, Seen, Wish},
};

mod line;
mod made;
mod unanswered;

/// A question with all its repeats; or the house.
#[derive(Debug)]
pub(super) struct Request {
    /// Its operations, in order; none when it is the house.
    pub(super) operations: Vec<usize>,
    /// The steps that it made, by their place in the history: one, or two when a visit was put on a time that was held.
    pub(super) steps: Vec<usize>,
    /// The place in a line that it made.
    pub(super) entry: Option<WaitlistEntryId>,
    /// Some answer says that it was done.
    pub(super) acknowledged: bool,
    /// That is left open to the end. What is refused was not done before: under its key it would have been found.
    pub(super) perhaps: bool,
    /// When the first operation was asked that can have done it, and when it was done at the latest.
    pub(super) asked: Nanos,
    pub(super) answered: Nanos,
    /// What the server's clock showed at both.
    pub(super) clock: (i64, i64),
}

impl Request {
    /// Whether something came of it.
    pub(super) fn is_done(&self) -> bool {
        !self.steps.is_empty() || self.entry.is_some()
    }

    /// Whether its server's clock can have shown this while it ran.
    fn ran_at(&self, at: i64) -> bool {
        (self.clock.0.saturating_sub(TOLERANCE)..=self.clock.1.saturating_add(TOLERANCE)).contains(&at)
    }
}

/// All requests that write, and for each step and each place in a line the place of its request among them.
#[derive(Debug, Default)]
pub(super) struct Claims {
    pub(super) requests: Vec<Request>,
    pub(super) of_step: Vec<usize>,
    pub(super) of_entry: HashMap<WaitlistEntryId, usize>,
}

/// Finds them, or what has no counterpart.
pub(super) fn find(history: &History) -> Result<Claims, Wrong> {
    let mut finder = Finder::new(history);
    finder.of_house();
    finder.by_answers()?;
    finder.accepted()?;
    finder.let_go()?;
    finder.by_wishes();
    finder.joined()?;
    finder.finish()
}

struct Finder<'a> {
    history: &'a History,
    places: HashMap<(AppointmentId, i64), usize>,
    cancelled: HashMap<AppointmentId, usize>,
    /// The step with which a hold ended, one way or the other.
    ends: HashMap<AppointmentId, usize>,
    entries: HashMap<WaitlistEntryId, &'a Entry>,
    offers: HashMap<WaitlistEntryId, Vec<&'a Offer>>,
    offer_of: HashMap<AppointmentId, &'a Offer>,
    requests: Vec<Request>,
    of_step: HashMap<usize, usize>,
    of_entry: HashMap<WaitlistEntryId, usize>,
    /// When each step was done at the latest, as far as that is known.
    until: Vec<Nanos>,
}

/// Under which name operations are one request.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Request(u64),
    /// An offer is taken once, whoever says so how often.
    Accept(WaitlistEntryId),
}

impl<'a> Finder<'a> {
    fn new(history: &'a History) -> Self {
        let (mut places, mut cancelled, mut ends) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (at, step) in history.steps.iter().enumerate() {
            places.insert((step.appointment, step.seq), at);
            if step.to == Status::Cancelled {
                cancelled.insert(step.appointment, at);
            }
            if step.from.is_some_and(Status::is_held) && !step.to.is_held() {
                ends.entry(step.appointment).or_insert(at);
            }
        }
        let entries: HashMap<_, _> = history.entries.iter().map(|entry| (entry.entry, entry)).collect();
        let offer_of: HashMap<_, _> = history.offers.iter().map(|offer| (offer.hold, offer)).collect();
        let mut named: BTreeMap<Named, Vec<usize>> = BTreeMap::new();
        for (at, operation) in history.operations.iter().enumerate() {
            let name = match accepts(&operation.wish, &entries, &offer_of) {
                Some(entry) => Named::Accept(entry),
                None if operation.wish.writes() => Named::Request(operation.request),
                None => continue,
            };
            named.entry(name).or_default().push(at);
        }
        let mut offers: HashMap<_, Vec<_>> = HashMap::new();
        for offer in &history.offers {
            offers.entry(offer.of_entry).or_default().push(offer);
        }
        let made = |(name, operations)| request(history, matches!(name, Named::Accept(_)), operations);
        Self {
            history,
            places,
            cancelled,
            ends,
            entries,
            offers,
            offer_of,
            requests: named.into_iter().map(made).collect(),
            of_step: HashMap::new(),
            of_entry: HashMap::new(),
            until: Vec::new(),
        }
    }

    fn accepts(&self, operation: &Operation) -> Option<WaitlistEntryId> {
        accepts(&operation.wish, &self.entries, &self.offer_of)
    }

    /// What nobody has asked for: it is not before its server read the clock.
    fn of_house(&mut self) {
        let mut answered: Vec<(i64, Nanos)> =
            self.history.operations.iter().map(|o| (o.clock.1, o.answered)).collect();
        answered.sort_unstable();
        let mut latest = 0;
        for (_, moment) in &mut answered {
            latest = latest.max(*moment);
            *moment = latest;
        }
        for (place, step) in self.history.steps.iter().enumerate().filter(|(_, step)| step.by.is_none()) {
            let before = answered.partition_point(|(clock, _)| *clock < step.at - TOLERANCE);
            let asked = before.checked_sub(1).and_then(|last| answered.get(last)).map_or(0, |(_, at)| *at);
            self.of_step.insert(place, self.requests.len());
            self.requests.push(Request {
                operations: Vec::new(),
                steps: vec![place],
                entry: None,
                acknowledged: false,
                perhaps: false,
                asked,
                answered: NEVER,
                clock: (step.at, step.at),
            });
        }
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
            let operation = self.history.operations.get(at)?;
            match operation.answer {
                _ if self.accepts(operation).is_some() => return None,
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
            Wish::Book { .. } | Wish::Hold { .. } => self.places.get(&(seen.id, 1)).copied(),
            Wish::Cancel { visit, .. } => self.cancelled.get(&visit).copied(),
            Wish::Extend { visit } | Wish::Take { visit } | Wish::Release { visit } => {
                self.places.get(&(visit, seen.version)).copied()
            }
            Wish::Move { visit, .. } | Wish::Run { visit, .. } if sure => {
                self.places.get(&(visit, seen.version)).copied()
            }
            // It may be told of a later state than the one that it made: of several the first, which leaves most time for others.
            Wish::Move { visit, .. } | Wish::Run { visit, .. } => (2..=seen.version).find_map(|seq| {
                let place = self.places.get(&(visit, seq)).copied()?;
                (!self.of_step.contains_key(&place) && self.can(request, place)).then_some(place)
            }),
            _ => None,
        }
    }

    /// Whether a request can have made a step, which is what it asked for, and not before it asked.
    fn can(&self, request: usize, place: usize) -> bool {
        let Some(request) = self.requests.get(request) else { return false };
        let operation = request.operations.first().and_then(|at| self.history.operations.get(*at));
        let until = self.until.get(place).copied().unwrap_or(NEVER);
        let step = self.history.steps.get(place);
        operation.is_some_and(|operation| self.fits(place, operation))
            && request.asked <= until
            && step.is_some_and(|step| request.ran_at(step.at))
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

    fn claim(&mut self, place: usize, request: usize) -> Result<(), Wrong> {
        if let Some(other) = self.of_step.insert(place, request) {
            let others = self.requests.get(other).map(|request| request.operations.clone());
            let wrong = Wrong::new("two requests were answered with one step").step(place);
            return Err(wrong.operations(others.unwrap_or_default()));
        }
        if let Some(request) = self.requests.get_mut(request) {
            request.steps.push(place);
        }
        Ok(())
    }

    fn finish(self) -> Result<Claims, Wrong> {
        let mut of_step = Vec::with_capacity(self.history.steps.len());
        for (place, step) in self.history.steps.iter().enumerate() {
            let Some(at) = self.of_step.get(&place) else {
                return Err(Wrong::new("a step that nobody asked for").step(place));
            };
            of_step.push(*at);
            if let Some(request) = self.requests.get(*at).filter(|request| !request.ran_at(step.at)) {
                let wrong = Wrong::new("a step at a time at which its request did not run").step(place);
                return Err(wrong.operations(request.operations.clone()));
            }
        }
        for request in &self.requests {
            one_thing(self.history, request)?;
        }
        Ok(Claims { requests: self.requests, of_step, of_entry: self.of_entry })
    }
}

/// The entry whose offer is taken: there, or where holds are booked if it is for a visit that is to be put on it.
fn accepts(
    wish: &Wish,
    entries: &HashMap<WaitlistEntryId, &Entry>,
    offers: &HashMap<AppointmentId, &Offer>,
) -> Option<WaitlistEntryId> {
    match wish {
        Wish::Accept { entry } => Some(*entry),
        Wish::Take { visit } => {
            let entry = entries.get(&offers.get(visit)?.of_entry)?;
            entry.moves.map(|_| entry.entry)
        }
        _ => None,
    }
}

fn request(history: &History, accepts: bool, operations: Vec<usize>) -> Request {
    let (mut asked, mut answered, mut perhaps) = (NEVER, NEVER, false);
    let mut clock = (i64::MAX, i64::MAX);
    for operation in operations.iter().filter_map(|at| history.operations.get(*at)) {
        match operation.answer {
            // It waits to be paid for, or did until just now, and nothing was done.
            Answer::Visit(seen) if accepts && (seen.status.is_held() || seen.status == Status::Expired) => {}
            Answer::Visit(_) | Answer::Entry(_) => {
                (asked, answered) = (asked.min(operation.asked), operation.answered);
                clock = (clock.0.min(operation.clock.0), operation.clock.1);
                break;
            }
            // There is no key: what was asked before may have been done since.
            Answer::Refused(..) if accepts => {}
            Answer::Refused(..) => (asked, perhaps, clock) = (NEVER, false, (i64::MAX, i64::MAX)),
            _ => {
                (asked, perhaps) = (asked.min(operation.asked), true);
                clock.0 = clock.0.min(operation.clock.0);
            }
        }
    }
    let acknowledged = answered != NEVER;
    Request { steps: Vec::new(), entry: None, acknowledged, perhaps, asked, answered, clock, operations }
}

/// A request that is repeated under its key is answered with one visit, or one place in a line.
fn one_thing(history: &History, request: &Request) -> Result<(), Wrong> {
    let operations = request.operations.iter().filter_map(|at| history.operations.get(*at));
    let mut things = HashSet::new();
    for operation in operations.filter(|operation| operation.wish.keyed()) {
        match operation.answer {
            Answer::Visit(seen) => things.insert(seen.id.0),
            Answer::Entry(waiting) => things.insert(waiting.id.0),
            _ => false,
        };
    }
    if things.len() > 1 {
        let what = "one request under one key was answered with several visits";
        return Err(Wrong::new(what).operations(request.operations.clone()));
    }
    Ok(())
}
