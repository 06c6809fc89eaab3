//! Each answer against the timeline: what was shown was so, and what was refused could not be, at some moment between question and
//! answer.
//!
//! A moment of a step is known as a span (`order`), and a reading of the server's clock lies between two of the client's; what can have
//! been so within these counts as having been so.

use domain::{appointments::Status, ids::AppointmentId};

use super::{
    History, Order, TOLERANCE, Wrong,
    claims::{Claims, Request},
    line::Lines,
    log::{Answer, Nanos, Operation, Seen, Who, Wish},
    model::Visit,
    timeline::{Stay, Timeline, Whose, cells, is_ahead},
};

mod free;
mod line;
mod refused;

/// As many visits as one page of a list has: of a longer one the end is not shown.
const PAGE: usize = 100;

/// From question to answer, and what the server's clock can have shown meanwhile.
#[derive(Debug, Clone, Copy)]
struct Window {
    from: Nanos,
    to: Nanos,
    clock: (i64, i64),
}

impl Window {
    fn of(operation: &Operation) -> Self {
        let clock = (operation.clock.0 - TOLERANCE, operation.clock.1.saturating_add(TOLERANCE));
        Self { from: operation.asked, to: operation.answered, clock }
    }

    /// Whether an instant can have been to come at some moment.
    fn before(self, instant: Option<i64>) -> bool {
        instant.is_none_or(|instant| self.clock.0 < instant)
    }

    /// Whether it can have been over.
    fn after(self, instant: Option<i64>) -> bool {
        instant.is_some_and(|instant| instant <= self.clock.1)
    }
}

/// Compares every answer.
pub(super) fn judge(
    history: &History,
    claims: &Claims,
    timeline: &Timeline,
    lines: &Lines,
) -> Result<(), Wrong> {
    let mut requests: Vec<Option<&Request>> = vec![None; history.operations.len()];
    for request in &claims.requests {
        for at in &request.operations {
            if let Some(place) = requests.get_mut(*at) {
                *place = Some(request);
            }
        }
    }
    let judge = Judge { history, timeline, lines };
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
    lines: &'a Lines,
}

impl Judge<'_> {
    /// What only holds for requests that change something and are done once under their key, or name what they change.
    fn write(&self, at: usize, operation: &Operation, request: &Request) -> Judged {
        if operation.wish.entry().is_some() || self.lines.accepts(&operation.wish).is_some() {
            return Ok(());
        }
        let step = request.steps.first().and_then(|place| Some((*place, self.history.steps.get(*place)?)));
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
        let window = Window::of(operation);
        match &operation.answer {
            Answer::Unknown => Ok(()),
            Answer::Strange(what) => no(format!("an answer that nobody should get: {what}")),
            Answer::Visit(seen) => {
                match self.lines.accepts(&operation.wish) {
                    Some(entry) => self.accepted(entry, seen)?,
                    None if operation.wish.visit().is_some_and(|wished| wished != seen.id) => {
                        return no("another visit than the one that was asked for");
                    }
                    None => {}
                }
                self.shown(operation.who, seen, window)
            }
            Answer::Visits(all) => self.mine(operation.who, all, window),
            Answer::Times(times) => match operation.wish {
                Wish::Free { doctor, kind, day } => self.free_times((doctor, kind, day), times, window),
                _ => no("free times that nobody asked for"),
            },
            Answer::Entry(waiting) => {
                if operation.wish.entry().is_some_and(|wished| wished != waiting.id) {
                    return no("another place in a line than the one that was asked for");
                }
                Self::answered_with(operation, waiting)?;
                self.waits(operation.who, waiting, window)
            }
            Answer::Entries(all) => self.whole_line(operation.who, all, window),
            Answer::Refused(refusal, instead) => {
                self.refused(operation, *refusal, window)?;
                self.instead(operation, instead, window)
            }
        }
    }

    /// A visit was shown: it was so at some moment.
    fn shown(&self, who: Who, seen: &Seen, window: Window) -> Judged {
        if !who.may_see(seen.patient) {
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
            until: visit.until,
            version: visit.version,
        };
        // Nothing is written when a hold ends: whoever reads it then sees that.
        let over = Seen { status: Status::Expired, until: None, ..so };
        let right = if visit.until.is_some() && *seen == over {
            window.after(visit.until)
        } else {
            *seen == so && window.before(visit.until)
        };
        if !right {
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
    fn mine(&self, who: Who, all: &[Seen], window: Window) -> Judged {
        for seen in all {
            self.shown(who, seen, window)?;
            if !is_ahead(seen.status) {
                return no("a list of what is ahead shows a visit that is cancelled");
            }
        }
        let Who::Patient(patient) = who else { return no("a list that nobody can ask for") };
        if all.len() >= PAGE {
            return Ok(());
        }
        let whose = Whose::Patient(patient);
        for (_, stays) in self.timeline.stays.range((whose, i64::MIN)..=(whose, i64::MAX)) {
            let there = self.around(stays, window).find(|stay| {
                let until = stay.until.map_or(Nanos::MAX, |until| self.timeline.earliest(until));
                let all_the_time = self.timeline.latest(stay.from) < window.from && until > window.to;
                all_the_time && stay.ahead && !window.after(stay.ends)
            });
            let missing = there.filter(|stay| all.iter().all(|seen| seen.id != stay.visit));
            if let Some(stay) = missing {
                return Err(("a visit is missing in the list: a stale read".to_owned(), Some(stay.from)));
            }
        }
        Ok(())
    }

    /// The stays that can have been within the window, but for what the clock says.
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
            self.around(stays, window).any(|stay| Some(stay.visit) != own && window.before(stay.ends))
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

    /// Whether somebody can have changed a visit between reading and writing, which one writer does not do.
    fn overtaken(&self, visit: AppointmentId, window: Window) -> bool {
        let changes = |(place, _): &(usize, Visit)| {
            self.timeline.earliest(*place) <= window.to && self.timeline.latest(*place) >= window.from
        };
        self.timeline.order == Order::Steps
            && self.timeline.lives.get(&visit).is_some_and(|life| life.iter().skip(1).any(changes))
    }
}
