//! The replay: each step through the model, and from it what was so from which step to which.
//! What clients were answered is compared with it in `answers`.

use std::collections::{BTreeMap, HashMap};

use domain::{
    appointments::Status,
    ids::{AppointmentId, DoctorId, PatientId},
    time::{MINUTE, Span},
};

use super::{
    History, Order, Step, Wrong,
    claims::Claims,
    log::Nanos,
    model::{Model, Visit},
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
    let mut touched = Vec::with_capacity(history.steps.len());
    for (place, step) in history.steps.iter().enumerate() {
        let before = model.visit(step.appointment).copied();
        let next = advance(history, claims, &model, &timeline, place)?;
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
    model: &Model<'_>,
    timeline: &Timeline,
    place: usize,
) -> Result<Visit, Wrong> {
    let request = claims.of_step.get(place).and_then(|at| claims.requests.get(*at));
    let first = request.and_then(|request| request.operations.first()).copied();
    let operation = first.and_then(|at| history.operations.get(at));
    let (Some(step), Some(request), Some(operation)) = (history.steps.get(place), request, operation) else {
        return Err(Wrong::new("a step without a request").step(place));
    };
    let before = model.visit(step.appointment);
    let wrong = |what: String| Wrong::new(what).operations(request.operations.clone()).step(place);
    match model.after(operation.patient, &operation.wish) {
        Ok(next) if says(step, before, &next) => Ok(next),
        Ok(next) => Err(wrong(format!("the step is not what the wish makes of the visit: {next:?}"))),
        Err((refusal, other)) => {
            let mut wrong = wrong(format!(
                "done, and at this point of the order the model refuses it: {}",
                refusal.code()
            ));
            let last = other.and_then(|visit| timeline.lives.get(&visit)).and_then(|life| life.last());
            if let Some((place, _)) = last {
                let other = claims.of_step.get(*place).and_then(|at| claims.requests.get(*at));
                wrong = wrong.step(*place).operations(other.map_or(Vec::new(), |r| r.operations.clone()));
            }
            Err(wrong)
        }
    }
}

fn says(step: &Step, before: Option<&Visit>, next: &Visit) -> bool {
    let put = before.is_none_or(|before| before.start != next.start);
    let seat = put.then_some((next.start, next.doctor));
    step.seq == next.version
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
            if visit.status != Status::Booked {
                return Vec::new();
            }
            let block = cells(length.block(visit.start)).map(|cell| (Whose::Doctor(visit.doctor), cell));
            let span = cells(length.visit(visit.start)).map(|cell| (Whose::Patient(visit.patient), cell));
            block.chain(span).collect()
        };
        for cell in before.as_ref().map(taken).unwrap_or_default() {
            if let Some(stay) = self.stays.get_mut(&cell).and_then(|stays| stays.last_mut()) {
                stay.until = Some(place);
            }
            touched.push(Touched::Time(cell.0, cell.1));
        }
        for cell in taken(&next) {
            self.stays.entry(cell).or_default().push(Stay { visit: id, from: place, until: None });
            touched.push(Touched::Time(cell.0, cell.1));
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
