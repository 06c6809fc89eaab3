//! A contradiction, told with the operations and steps around it and no others.
//! It finds none itself.

use std::fmt;

use domain::ids::{AppointmentId, WaitlistEntryId};

use super::{
    History, Step,
    log::{Answer, NEVER, Nanos, Operation, Seen, Waiting},
};

/// As many operations are told besides those that contradict each other.
const AROUND: usize = 16;

/// Two things that cannot both be true.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) what: String,
    /// The operations, by their place in the history.
    pub(crate) operations: Vec<usize>,
    /// The steps, likewise.
    pub(crate) steps: Vec<usize>,
}

impl Wrong {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), operations: Vec::new(), steps: Vec::new() }
    }

    pub(super) fn operation(mut self, at: usize) -> Self {
        self.operations.push(at);
        self
    }

    pub(super) fn operations(mut self, at: impl IntoIterator<Item = usize>) -> Self {
        self.operations.extend(at);
        self
    }

    pub(super) fn step(mut self, at: usize) -> Self {
        self.steps.push(at);
        self
    }

    /// What is wrong, and what happened around it to the same visits and at the same times.
    pub(crate) fn tell(&self, history: &History) -> Vec<String> {
        let mut lines = vec![self.what.clone()];
        let named = self.operations.iter().filter_map(|at| history.operations.get(*at));
        let all: Vec<&Operation> = named.collect();
        let from = all.iter().map(|operation| operation.asked).min().unwrap_or(0);
        let until = all.iter().map(|o| o.answered).filter(|end| *end != NEVER).max().unwrap_or(NEVER);
        let about = About::of(&all, self.steps.iter().filter_map(|at| history.steps.get(*at)));
        let mut around = AROUND;
        for (at, operation) in history.operations.iter().enumerate() {
            let here = self.operations.contains(&at);
            let near = operation.asked <= until && operation.answered >= from;
            if here || near && around > 0 && about.concerns(operation) {
                around -= usize::from(!here);
                lines.push(format!("{} {}", if here { "->" } else { "  " }, Told(operation)));
            }
        }
        let concerned = |step: &&Step| about.visits.contains(&step.appointment);
        let last = history.steps.iter().filter(concerned).rev().take(AROUND).collect::<Vec<_>>();
        lines.extend(last.into_iter().rev().map(tell_step));
        lines
    }
}

/// The visits, places in lines and times that a contradiction is about.
struct About {
    visits: Vec<AppointmentId>,
    entries: Vec<WaitlistEntryId>,
    starts: Vec<i64>,
}

impl About {
    fn of<'a>(operations: &[&Operation], steps: impl Iterator<Item = &'a Step>) -> Self {
        let mut about = Self { visits: Vec::new(), entries: Vec::new(), starts: Vec::new() };
        for operation in operations {
            about.visits.extend(operation.wish.visit());
            about.entries.extend(operation.wish.entry());
            about.starts.extend(operation.wish.start());
            match operation.answer {
                Answer::Visit(Seen { id, start, .. }) => {
                    about.visits.push(id);
                    about.starts.push(start);
                }
                Answer::Entry(Waiting { id, .. }) => about.entries.push(id),
                _ => {}
            }
        }
        for step in steps {
            about.visits.push(step.appointment);
            about.starts.extend(step.starts_at);
        }
        about
    }

    fn concerns(&self, operation: &Operation) -> bool {
        let seen = match operation.answer {
            Answer::Visit(Seen { id, .. }) => self.visits.contains(&id),
            Answer::Entry(Waiting { id, .. }) => self.entries.contains(&id),
            _ => false,
        };
        seen || operation.wish.visit().is_some_and(|visit| self.visits.contains(&visit))
            || operation.wish.entry().is_some_and(|entry| self.entries.contains(&entry))
            || operation.wish.start().is_some_and(|start| self.starts.contains(&start))
    }
}

fn tell_step(step: &Step) -> String {
    let Step { ordinal, appointment, seq, to, at, starts_at, .. } = step;
    let from = step.from.map_or("nothing", domain::appointments::Status::code);
    let start = starts_at.map_or_else(String::new, |start| format!(" at {start}"));
    let by = if step.by.is_some() { "" } else { " by the house" };
    format!("   step {ordinal} ({at}): visit {appointment} version {seq}, {from} to {}{start}{by}", to.code())
}

/// One operation on one line.
pub(super) struct Told<'a>(pub(super) &'a Operation);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Operation { client, request, wish, answer, asked, answered, .. } = self.0;
        let until = if *answered == NEVER { "never".to_owned() } else { millis(*answered) };
        write!(f, "{} to {until} client {client} request {request}: {wish:?}: {answer:?}", millis(*asked))
    }
}

fn millis(at: Nanos) -> String {
    format!("{}.{:03} ms", at / 1_000_000, at / 1_000 % 1_000)
}
