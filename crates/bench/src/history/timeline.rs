//! The replay: each step through the model, and from it what was so from which step to which.
//! What clients were answered is compared with it in `answers`.

use std::collections::{BTreeMap, HashMap};

use domain::{
    appointments::Status,
    ids::{AppointmentId, DoctorId, PatientId, WaitlistEntryId},
    time::{MINUTE, Span},
};

use super::{
    Entry, History, Offer, Order, Step, Wrong,
    claims::Claims,
    log::{Nanos, Operation, Seat, Wish},
    model::{By, Deed, Model, Visit, occupies},
    order,
};

/// Every time is a multiple of it, and so is every length.
const CELL: i64 = 5 * MINUTE;

/// Whose time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Whose {
    Doctor(DoctorId),
    Patient(PatientId),
}

/// What a step changes: steps that change the same wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Touched {
    Visit(AppointmentId),
    Time(Whose, i64),
}

/// That a visit takes a time, from one step on and until another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stay {
    pub(super) visit: AppointmentId,
    pub(super) from: usize,
    pub(super) until: Option<usize>,
    /// From this instant on nobody reads it as taken any more, whatever is written.
    pub(super) ends: Option<i64>,
    /// Whether it stands in the list of what is ahead.
    pub(super) ahead: bool,
}

/// What was so, and when.
#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) order: Order,
    /// When each step happened at the earliest, and at the latest.
    pub(super) earliest: Vec<Nanos>,
    pub(super) latest: Vec<Nanos>,
    /// The states of each visit by version, with the step that made each.
    pub(super) lives: HashMap<AppointmentId, Vec<(usize, Visit)>>,
    /// Who takes which cell of whose time, in order; no two at once.
    pub(super) stays: BTreeMap<(Whose, i64), Vec<Stay>>,
}

/// Whether a list of what is ahead has visits that stand so.
pub(super) fn is_ahead(status: Status) -> bool {
    !matches!(
        status,
        Status::Cancelled | Status::Completed | Status::NoShow | Status::LeftUnseen | Status::Expired
    )
}

/// Who waits, and what is kept for whom.
struct Waits<'a> {
    entries: HashMap<WaitlistEntryId, &'a Entry>,
    offers: HashMap<AppointmentId, &'a Offer>,
}

/// Replays all steps.
pub(super) fn replay(history: &History, claims: &Claims, earliest: Vec<Nanos>) -> Result<Timeline, Wrong> {
    let mut model = Model::new(&history.setting.lengths);
    let mut timeline = Timeline {
        order: history.setting.order,
        earliest,
        latest: Vec::new(),
        lives: HashMap::new(),
        stays: BTreeMap::new(),
    };
    let waits = Waits {
        entries: history.entries.iter().map(|entry| (entry.entry, entry)).collect(),
        offers: history.offers.iter().map(|offer| (offer.hold, offer)).collect(),
    };
    let mut touched = Vec::with_capacity(history.steps.len());
    for (place, step) in history.steps.iter().enumerate() {
        let before = model.visit(step.appointment).copied();
        let next = advance(history, claims, (&model, &waits), &timeline, place)?;
        model.put(step.appointment, next);
        touched.push(timeline.note(history, step.appointment, place, before, next));
    }
    timeline.latest = order::latest(timeline.order, claims, &touched);
    Ok(timeline)
}

/// The state after a step, which must be what the model makes of the wish behind it.
fn advance(
    history: &History,
    claims: &Claims,
    (model, waits): (&Model<'_>, &Waits<'_>),
    timeline: &Timeline,
    place: usize,
) -> Result<Visit, Wrong> {
    let request = claims.of_step.get(place).and_then(|at| claims.requests.get(*at));
    let (Some(step), Some(request)) = (history.steps.get(place), request) else {
        return Err(Wrong::new("a step without a request").step(place));
    };
    let operation = request.operations.first().and_then(|at| history.operations.get(*at));
    let before = model.visit(step.appointment);
    let wrong = |what: String| Wrong::new(what).operations(request.operations.clone()).step(place);
    let Some((deed, version)) = waits.deed(step, operation) else {
        return Err(wrong("done by the house, which had no cause for it".to_owned()));
    };
    let by = By { who: operation.map(|operation| operation.who), version, at: step.at };
    match model.after(step.appointment, deed, by) {
        Ok(next) if says(step, before, &next) => Ok(next),
        Ok(next) => Err(wrong(format!("the step is not what the wish makes of the visit: {next:?}"))),
        Err((refusal, other)) => {
            let mut wrong =
                wrong(format!("done, and at this point of the order the model refuses it: {refusal}"));
            let last = other.and_then(|visit| timeline.lives.get(&visit)).and_then(|life| life.last());
            if let Some((place, _)) = last {
                let other = claims.of_step.get(*place).and_then(|at| claims.requests.get(*at));
                wrong = wrong.step(*place).operations(other.map_or(Vec::new(), |r| r.operations.clone()));
            }
            Err(wrong)
        }
    }
}

impl Waits<'_> {
    /// The entry whose visit is put on a kept time, whether that is asked for in the line or where holds are booked.
    fn put_earlier(&self, wish: &Wish) -> Option<&Entry> {
        let entry = match wish {
            Wish::Accept { entry } => *entry,
            Wish::Take { visit } => self.offers.get(visit)?.of_entry,
            _ => return None,
        };
        self.entries.get(&entry).copied().filter(|entry| entry.moves.is_some())
    }

    /// What a step is the doing of, and the version that was named: for the house itself, a time that is kept for an entry, or one that is
    /// given back.
    fn deed(&self, step: &Step, operation: Option<&Operation>) -> Option<(Deed, Option<i64>)> {
        let Some(operation) = operation else {
            if step.seq > 1 {
                return (step.to == Status::Expired).then_some((Deed::Lapse, None));
            }
            let offer = self.offers.get(&step.appointment)?;
            let entry = self.entries.get(&offer.of_entry)?;
            let seat = Seat { doctor: entry.doctor, kind: entry.visit_type, start: offer.starts_at };
            return Some((Deed::Offer(entry.patient, seat, entry.moves.is_some()), None));
        };
        if let Some(entry) = self.put_earlier(&operation.wish) {
            // What was kept makes way in one step, and in the next the visit is put there: with that doctor and nobody else. The visit
            // may have been kept for somebody once itself.
            return Some(if entry.moves == Some(step.appointment) {
                (Deed::Move(step.starts_at?, Some(entry.doctor)), None)
            } else {
                (Deed::Release, None)
            });
        }
        Some(match operation.wish {
            Wish::Book { patient, seat } => (Deed::Book(patient, seat), None),
            Wish::Hold { patient, seat } => (Deed::Hold(patient, seat), None),
            Wish::Extend { .. } => (Deed::Extend, None),
            Wish::Take { .. } | Wish::Accept { .. } => (Deed::Take, None),
            Wish::Cancel { version, .. } => (Deed::Cancel, version),
            Wish::Move { start, doctor, version, .. } => (Deed::Move(start, doctor), version),
            Wish::Run { step, version, .. } => (Deed::Run(step), version),
            Wish::Release { .. } | Wish::Decline { .. } | Wish::Leave { .. } => (Deed::Release, None),
            Wish::Join { .. } | Wish::Line | Wish::Read { .. } | Wish::Mine | Wish::Free { .. } => {
                return None;
            }
        })
    }
}

fn says(step: &Step, before: Option<&Visit>, next: &Visit) -> bool {
    let put = before.is_none_or(|before| (before.start, before.doctor) != (next.start, next.doctor));
    let seat = put.then_some((next.start, next.doctor));
    step.seq == next.version
        && step.visit_type == next.kind
        && step.to == next.status
        && step.from == before.map(|before| before.status)
        && step.patient == next.patient
        && step.starts_at.zip(step.doctor) == seat
}

/// The cells of a span.
pub(super) fn cells(span: Span) -> impl Iterator<Item = i64> {
    (span.start.div_euclid(CELL)..(span.end + CELL - 1).div_euclid(CELL)).map(|cell| cell * CELL)
}

impl Timeline {
    /// Notes what a step changed.
    fn note(
        &mut self,
        history: &History,
        id: AppointmentId,
        place: usize,
        before: Option<Visit>,
        next: Visit,
    ) -> Vec<Touched> {
        let mut touched = vec![Touched::Visit(id)];
        let taken = |visit: &Visit| -> Vec<(Whose, i64)> {
            let Some(length) = history.setting.lengths.get(&visit.kind) else { return Vec::new() };
            if !occupies(visit.status) {
                return Vec::new();
            }
            let block = cells(length.block(visit.start)).map(|cell| (Whose::Doctor(visit.doctor), cell));
            let span = cells(length.visit(visit.start)).map(|cell| (Whose::Patient(visit.patient), cell));
            block.chain(span).collect()
        };
        let how = |visit: &Visit| (visit.until, is_ahead(visit.status));
        let (left, taken) = (before.as_ref().map(taken).unwrap_or_default(), taken(&next));
        touched.extend(left.iter().chain(&taken).map(|(whose, cell)| Touched::Time(*whose, *cell)));
        if left != taken || before.as_ref().map(how) != Some(how(&next)) {
            for cell in left {
                if let Some(stay) = self.stays.get_mut(&cell).and_then(|stays| stays.last_mut()) {
                    stay.until = Some(place);
                }
            }
            let (ends, ahead) = how(&next);
            for cell in taken {
                let stay = Stay { visit: id, from: place, until: None, ends, ahead };
                self.stays.entry(cell).or_default().push(stay);
            }
        }
        self.lives.entry(id).or_default().push((place, next));
        touched
    }

    pub(super) fn earliest(&self, step: usize) -> Nanos {
        self.earliest.get(step).copied().unwrap_or(0)
    }

    pub(super) fn latest(&self, step: usize) -> Nanos {
        self.latest.get(step).copied().unwrap_or(Nanos::MAX)
    }
}
