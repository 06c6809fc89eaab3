//! What decides about a candidate. [`super::offer`] and [`super::check`] both end here.

use super::{Question, Refusal, earliest};
use crate::time::Span;

/// A question that is put for one candidate after another.
pub(super) struct Judge<'a> {
    question: &'a Question<'a>,
    now: i64,
    earliest: i64,
    /// Time in which nothing is closed, nobody away and nothing taken: that of the last candidate, and mostly of the next one too.
    free: Span,
}

impl<'a> Judge<'a> {
    pub(super) fn of(question: &'a Question<'a>) -> Self {
        let (now, earliest) = (question.now.as_millisecond(), earliest(question));
        Self { question, now, earliest, free: Span { start: i64::MAX, end: i64::MIN } }
    }

    /// Past, notice, closing, absence, taken time, seats, limits, rooms and devices.
    pub(super) fn judge(&mut self, start: i64) -> Result<(), Refusal> {
        if start <= self.now {
            return Err(Refusal::Past);
        }
        if start < self.earliest {
            return Err(Refusal::TooSoon);
        }
        // A visit lies in what it blocks.
        if !self.free.holds(self.question.shape.block(start)) {
            self.free = attended(self.question, start)?.both(unoccupied(self.question, start)?);
        }
        let joins = joins(self.question, start)?;
        if let Some(full) = self.question.besides.full {
            full.judge(start)?;
        }
        furnished(self.question, start, joins)
    }
}

/// Whether a visit that stood somewhere can stand there again: hours and limits of a day are not asked, for they were then.
pub fn restorable(question: &Question<'_>, start: i64) -> Result<(), Refusal> {
    unoccupied(question, start)?;
    furnished(question, start, joins(question, start)?)
}

/// The time around a visit in which somebody is there, if so: what is closed for all comes before what is hers.
fn attended(question: &Question<'_>, start: i64) -> Result<Span, Refusal> {
    let visit = question.shape.visit(start);
    let open = question.schedule.closed.free_around(visit).map_err(|_| Refusal::HospitalClosed)?;
    let there = question.schedule.away.free_around(visit).map_err(|_| Refusal::Away)?;
    Ok(open.both(there))
}

/// The time around a visit in which the doctor has nothing else, if she has room for it.
fn unoccupied(question: &Question<'_>, start: i64) -> Result<Span, Refusal> {
    let (busy, visit) = (question.busy, question.shape.visit(start));
    busy.free_around(question.shape.block(start)).map_err(|taken| {
        if taken.overlaps(visit) || busy.overlaps(visit) { Refusal::Taken } else { Refusal::TooClose }
    })
}

/// Whether it is a seat of a group that stands already; refused where there is none left, or another group in the way.
fn joins(question: &Question<'_>, start: i64) -> Result<bool, Refusal> {
    question.besides.seats.map_or(Ok(false), |seats| seats.judge(question.shape, start))
}

/// Whether rooms and devices are free; whoever joins a group comes to those that it has.
pub(super) fn furnished(question: &Question<'_>, start: i64, joins: bool) -> Result<(), Refusal> {
    match question.besides.pools {
        Some(pools) if !joins && pools.assign(question.shape.block(start)).is_err() => {
            Err(Refusal::NoResource)
        }
        Some(_) | None => Ok(()),
    }
}
