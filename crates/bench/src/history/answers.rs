//! Each answer against the timeline: what was shown was so, and what was refused could not be, at some moment between question and
//! answer.
//!
//! A moment of a step is known as a span (`order`); what can have been so within the spans counts as having been so.

use domain::{
    appointments::{MOVES_OF_ONE_VISIT, Status},
    ids::AppointmentId,
};

use super::{
    History, Order, Wrong,
    claims::{Claims, Request},
    log::{Answer, Nanos, Operation, Refusal, Seen, Wish},
    model::Visit,
    timeline::{Stay, Timeline, Whose, cells},
};

mod free;

/// From question to answer.
#[derive(Debug, Clone, Copy)]
struct Window {
    from: Nanos,
    to: Nanos,
}

/// Compares every answer.
pub(super) fn judge(history: &History, claims: &Claims, timeline: &Timeline) -> Result<(), Wrong> {
    let mut requests: Vec<Option<&Request>> = vec![None; history.operations.len()];
    for request in &claims.requests {
        for at in &request.operations {
            if let Some(place) = requests.get_mut(*at) {
                *place = Some(request);
            }
        }
    }
    let judge = Judge { history, timeline };
    for (at, operation) in history.operations.iter().enumerate() {
        let request = requests.get(at).copied().flatten();
        let judged = match request.filter(|_| !matches!(operation.answer, Answer::Unknown)) {
            Some(request) => judge.write(at, operation, request).and_then(|()| judge.answer(operation)),
            None => judge.answer(operation),
        };
        judged.map_err(|(what, step)| {
            let wrong = Wrong::new(what).operation(at);
            step.into_iter().fold(wrong, Wrong::step)
        })?;
    }
    Ok(())
}

/// What is wrong, and the step that says so.
type Judged = Result<(), (String, Option<usize>)>;

fn no(what: impl Into<String>) -> Judged {
    Err((what.into(), None))
}

struct Judge<'a> {
    history: &'a History,
    timeline: &'a Timeline,
}

impl Judge<'_> {
    /// What only holds for requests that change something.
    fn write(&self, at: usize, operation: &Operation, request: &Request) -> Judged {
        let step = request.step.and_then(|place| Some((place, self.history.steps.get(place)?)));
        match (&operation.answer, step) {
            (Answer::Visit(seen), Some((place, step))) => {
                let earlier = request.operations.iter().take_while(|other| **other != at);
                let last = earlier.filter_map(|other| self.history.operations.get(*other)).last();
                let itself = last.is_none_or(|other| matches!(other.answer, Answer::Refused(..)));
                if seen.id != step.appointment {
                    return Err(("answered with another visit".to_owned(), Some(place)));
                }
                if itself && seen.version != step.seq || seen.version < step.seq {
                    return Err((
                        "answered with a state that is not the one it made".to_owned(),
                        Some(place),
                    ));
                }
                Ok(())
            }
            (Answer::Refused(..), Some((place, _))) if self.timeline.latest(place) < operation.asked => Err(
                ("refused, though the same request under its key was done before".to_owned(), Some(place)),
            ),
            _ => Ok(()),
        }
    }

    fn answer(&self, operation: &Operation) -> Judged {
        let window = Window { from: operation.asked, to: operation.answered };
        match &operation.answer {
            Answer::Unknown => Ok(()),
            Answer::Strange(what) => no(format!("an answer that nobody should get: {what}")),
            Answer::Visit(seen) => {
                if operation.wish.visit().is_some_and(|wished| wished != seen.id) {
                    return no("another visit than the one that was asked for");
                }
                self.shown(operation, seen, window)
            }
            Answer::Visits(all) => self.mine(operation, all, window),
            Answer::Times(times) => match operation.wish {
                Wish::Free { doctor, kind } => self.free_times(doctor, kind, times, window),
                _ => no("free times that nobody asked for"),
            },
            Answer::Refused(refusal, instead) => {
                self.refused(operation, *refusal, window)?;
                self.instead(operation, instead, window)
            }
        }
    }

    /// A visit was shown: it was so at some moment.
    fn shown(&self, operation: &Operation, seen: &Seen, window: Window) -> Judged {
        if seen.patient != operation.patient {
            return no("somebody else's visit was shown");
        }
        let Some(life) = self.timeline.lives.get(&seen.id) else {
            return no("a visit without steps was shown");
        };
        let index = usize::try_from(seen.version - 1).ok();
        let Some((place, visit)) = index.and_then(|index| life.get(index)) else {
            return no("a version that never was was shown");
        };
        let next = index.and_then(|index| life.get(index + 1)).map(|(place, _)| *place);
        let so = Seen {
            id: seen.id,
            patient: visit.patient,
            doctor: visit.doctor,
            kind: visit.kind,
            start: visit.start,
            status: visit.status,
            version: visit.version,
        };
        if so != *seen {
            return Err(("shown in a state in which it never was".to_owned(), Some(*place)));
        }
        if self.timeline.earliest(*place) > window.to {
            return Err(("shown in a state to which it came later".to_owned(), Some(*place)));
        }
        match next {
            Some(next) if self.timeline.latest(next) < window.from => {
                Err(("shown in a state which it had left: a stale read".to_owned(), Some(next)))
            }
            _ => Ok(()),
        }
    }

    /// The patient's visits: each was so, and none is missing that was there all the time.
    fn mine(&self, operation: &Operation, all: &[Seen], window: Window) -> Judged {
        for seen in all {
            self.shown(operation, seen, window)?;
            if seen.status != Status::Booked {
                return no("a list of what is ahead shows a visit that is cancelled");
            }
        }
        let whose = Whose::Patient(operation.patient);
        for (_, stays) in self.timeline.stays.range((whose, i64::MIN)..=(whose, i64::MAX)) {
            let there = self.around(stays, window).find(|stay| {
                let until = stay.until.map_or(Nanos::MAX, |until| self.timeline.earliest(until));
                self.timeline.latest(stay.from) < window.from && until > window.to
            });
            let missing = there.filter(|stay| all.iter().all(|seen| seen.id != stay.visit));
            if let Some(stay) = missing {
                return Err(("a visit is missing in the list: a stale read".to_owned(), Some(stay.from)));
            }
        }
        Ok(())
    }

    /// The stays that can have been within the window.
    fn around<'s>(&'s self, stays: &'s [Stay], window: Window) -> impl Iterator<Item = &'s Stay> {
        let over = |stay: &Stay| stay.until.is_some_and(|until| self.timeline.latest(until) < window.from);
        let first = stays.partition_point(over);
        let rest = stays.get(first..).unwrap_or_default().iter();
        rest.take_while(move |stay| self.timeline.earliest(stay.from) <= window.to)
    }

    /// Whether some visit other than one's own can have taken one of these cells at some moment.
    fn taken(
        &self,
        whose: Whose,
        mut cells: impl Iterator<Item = i64>,
        own: Option<AppointmentId>,
        window: Window,
    ) -> bool {
        cells.any(|cell| {
            let stays = self.timeline.stays.get(&(whose, cell)).map_or(&[][..], Vec::as_slice);
            self.around(stays, window).any(|stay| Some(stay.visit) != own)
        })
    }

    /// Whether a visit can have been in such a state at some moment.
    fn was(&self, id: AppointmentId, window: Window, such: impl Fn(&Visit) -> bool) -> bool {
        let Some(life) = self.timeline.lives.get(&id) else { return false };
        life.iter().enumerate().any(|(index, (place, visit))| {
            let next = life.get(index + 1).map_or(Nanos::MAX, |(next, _)| self.timeline.latest(*next));
            such(visit) && self.timeline.earliest(*place) <= window.to && next >= window.from
        })
    }

    /// A refusal was right at some moment.
    fn refused(&self, operation: &Operation, refusal: Refusal, window: Window) -> Judged {
        let right = match refusal {
            Refusal::SlotTaken => self.in_the_way(operation, window, true),
            Refusal::PatientOverlap => self.in_the_way(operation, window, false),
            Refusal::NotFound => operation.wish.visit().is_some_and(|id| {
                let theirs = |visit: &Visit| visit.patient != operation.patient;
                self.timeline.lives.get(&id).and_then(|life| life.first()).is_some_and(|(_, v)| theirs(v))
            }),
            Refusal::WrongStatus => self.changing(operation, window, |visit| visit.status != Status::Booked),
            Refusal::TooManyMoves => {
                matches!(operation.wish, Wish::Move { .. })
                    && self.changing(operation, window, |visit| visit.moves >= MOVES_OF_ONE_VISIT)
            }
            Refusal::TimeSame => match operation.wish {
                Wish::Move { start, .. } => self.changing(operation, window, |visit| visit.start == start),
                _ => false,
            },
            Refusal::StaleVersion => self.stale(operation, window),
        };
        if right {
            Ok(())
        } else {
            no(format!("refused with {} at no moment when that was so", refusal.code()))
        }
    }

    fn changing(&self, operation: &Operation, window: Window, such: impl Fn(&Visit) -> bool) -> bool {
        match operation.wish {
            Wish::Cancel { visit, .. } | Wish::Move { visit, .. } => self.was(visit, window, such),
            _ => false,
        }
    }

    /// Another version than the one that was named; or none was named, and somebody changed it between reading and writing, which
    /// one writer does not do.
    fn stale(&self, operation: &Operation, window: Window) -> bool {
        let (Wish::Cancel { visit, version } | Wish::Move { visit, version, .. }) = operation.wish else {
            return false;
        };
        if let Some(named) = version {
            return self.was(visit, window, |state| state.version != named);
        }
        let changes = |(place, _): &(usize, Visit)| {
            self.timeline.earliest(*place) <= window.to && self.timeline.latest(*place) >= window.from
        };
        self.timeline.order == Order::Steps
            && self.timeline.lives.get(&visit).is_some_and(|life| life.iter().skip(1).any(changes))
    }

    /// Whether another visit can have been in the way, of the doctor or of the patient.
    fn in_the_way(&self, operation: &Operation, window: Window, of_doctor: bool) -> bool {
        let Some((seat, start, own)) = self.seat(operation) else { return false };
        let Some(length) = self.history.setting.lengths.get(&seat.1) else { return false };
        if of_doctor {
            self.taken(Whose::Doctor(seat.0), cells(length.block(start)), own, window)
        } else {
            self.taken(Whose::Patient(operation.patient), cells(length.visit(start)), own, window)
        }
    }
}
