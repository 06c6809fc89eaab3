//! What those who wait go through: joined, offered a time, asked again, gone. An entry has no steps of its own; what it goes through
//! follows from the times that were kept for it, whose steps have an order, and from how it stands in the end.
//! What people were shown of it is compared in `answers`.

use std::collections::HashMap;

use domain::{
    ids::{AppointmentId, PatientId, WaitlistEntryId},
    waitlist::{EntryStatus, LAPSES, OfferOutcome},
};

use super::{
    Entry, History, Order, Wrong,
    claims::Claims,
    log::{Answer, Kept, NEVER, Nanos, Wish},
    timeline::Timeline,
};

/// A time that was kept for an entry, from one step on and until another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) kept: Kept,
    pub(super) from: usize,
    pub(super) until: Option<usize>,
    pub(super) outcome: OfferOutcome,
}

/// The way of an entry. A moment is known as the earliest and the latest at which it can have been.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) entry: Entry,
    pub(super) joined: (Nanos, Nanos),
    /// When it left the line, if it did.
    pub(super) closed: Option<(Nanos, Nanos)>,
    pub(super) offers: Vec<Span>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) courses: HashMap<WaitlistEntryId, Course>,
    of_patient: HashMap<PatientId, Vec<WaitlistEntryId>>,
    /// By the holds of times on which a visit is to be put.
    for_visits: HashMap<AppointmentId, WaitlistEntryId>,
}

impl Lines {
    /// Of one patient.
    pub(super) fn of(&self, patient: PatientId) -> impl Iterator<Item = &Course> {
        let all = self.of_patient.get(&patient).map_or(&[][..], Vec::as_slice);
        all.iter().filter_map(|entry| self.courses.get(entry))
    }

    /// Whose offer somebody takes: in the line, or where holds are booked if a visit is to be put on what is held.
    pub(super) fn accepts(&self, wish: &Wish) -> Option<WaitlistEntryId> {
        match wish {
            Wish::Accept { entry } => Some(*entry),
            Wish::Take { visit } => self.for_visits.get(visit).copied(),
            _ => None,
        }
    }
}

/// Follows every entry, or finds what cannot be.
pub(super) fn follow(history: &History, claims: &Claims, timeline: &Timeline) -> Result<Lines, Wrong> {
    let follower = Follower { history, claims, timeline, leaves: leaves(history) };
    let mut offers = follower.spans()?;
    let mut lines = Lines::default();
    for entry in &history.entries {
        let offers = offers.remove(&entry.entry).unwrap_or_default();
        let course = follower.course(entry, offers)?;
        if entry.moves.is_some() {
            lines.for_visits.extend(course.offers.iter().map(|span| (span.kept.hold, entry.entry)));
        }
        lines.courses.insert(entry.entry, course);
        lines.of_patient.entry(entry.patient).or_default().push(entry.entry);
    }
    match offers.into_values().flatten().next() {
        Some(span) => Err(Wrong::new("a time was kept for an entry that is not there").step(span.from)),
        None => Ok(lines),
    }
}

/// When somebody asked to leave, and was told that she has left.
#[derive(Debug, Clone, Copy)]
struct Left {
    operation: usize,
    asked: Nanos,
    answered: Nanos,
}

/// By entry: the first who asked and was not refused, and the first who was told.
fn leaves(history: &History) -> HashMap<WaitlistEntryId, Left> {
    let mut all: HashMap<WaitlistEntryId, Left> = HashMap::new();
    for (at, operation) in history.operations.iter().enumerate() {
        let Wish::Leave { entry } = operation.wish else { continue };
        let answered = match operation.answer {
            Answer::Entry(_) => operation.answered,
            Answer::Unknown => NEVER,
            _ => continue,
        };
        let new = Left { operation: at, asked: operation.asked, answered };
        let left = all.entry(entry).or_insert(new);
        left.asked = left.asked.min(operation.asked);
        if answered < left.answered {
            (left.answered, left.operation) = (answered, at);
        }
    }
    all
}

struct Follower<'a> {
    history: &'a History,
    claims: &'a Claims,
    timeline: &'a Timeline,
    leaves: HashMap<WaitlistEntryId, Left>,
}

impl Follower<'_> {
    /// Every offer as its hold says it went.
    fn spans(&self) -> Result<HashMap<WaitlistEntryId, Vec<Span>>, Wrong> {
        let mut spans: HashMap<WaitlistEntryId, Vec<Span>> = HashMap::new();
        let house = self.history.steps.iter().enumerate().filter(|(_, s)| s.seq == 1 && s.by.is_none());
        let mut made = house.count();
        for offer in &self.history.offers {
            let life = self.timeline.lives.get(&offer.hold).map_or(&[][..], Vec::as_slice);
            let Some((from, visit)) = life.first() else {
                return Err(Wrong::new(format!("an offer that keeps no time: {offer:?}")));
            };
            made = made.saturating_sub(1);
            let wrong = |what: &str| Wrong::new(format!("{what}: {offer:?}")).step(*from);
            let at = self.history.steps.get(*from).map(|step| step.at);
            if (visit.start, visit.until, at)
                != (offer.starts_at, Some(offer.ends_at), Some(offer.offered_at))
            {
                return Err(wrong("an offer that is not what is kept for it"));
            }
            let end = life.iter().find(|(_, visit)| !visit.status.is_held());
            let until = end.map(|(place, _)| *place);
            if self.became(until) != offer.outcome {
                let wrong = wrong("an offer did not become what its time has become");
                return Err(until.into_iter().fold(wrong, Wrong::step));
            }
            let kept = Kept { hold: offer.hold, start: offer.starts_at, until: offer.ends_at };
            let span = Span { kept, from: *from, until, outcome: offer.outcome };
            spans.entry(offer.of_entry).or_default().push(span);
        }
        if made > 0 {
            return Err(Wrong::new("times were kept for nobody"));
        }
        for those in spans.values_mut() {
            those.sort_unstable_by_key(|span| span.from);
        }
        Ok(spans)
    }

    /// What the end of a hold makes of its offer.
    fn became(&self, end: Option<usize>) -> OfferOutcome {
        let Some(end) = end else { return OfferOutcome::Open };
        let request = self.claims.of_step.get(end).and_then(|at| self.claims.requests.get(*at));
        let operation = request.and_then(|request| request.operations.first());
        match operation.and_then(|at| self.history.operations.get(*at)).map(|operation| operation.wish) {
            None => OfferOutcome::Lapsed,
            Some(Wish::Take { .. } | Wish::Accept { .. }) => OfferOutcome::Taken,
            Some(_) => OfferOutcome::Declined,
        }
    }

    fn course(&self, entry: &Entry, offers: Vec<Span>) -> Result<Course, Wrong> {
        let request = self.claims.of_entry.get(&entry.entry).and_then(|at| self.claims.requests.get(*at));
        let joined = request.map_or((0, NEVER), |request| (request.asked, request.answered));
        let wrong = |what: &str| {
            let wrong = Wrong::new(format!("{what}: {entry:?}"));
            let wrong = wrong.operations(request.map_or(Vec::new(), |request| request.operations.clone()));
            offers
                .iter()
                .fold(wrong, |wrong, span| span.until.into_iter().fold(wrong.step(span.from), Wrong::step))
        };
        self.in_turn(entry, &offers).map_err(wrong)?;
        let first = offers.first().map(|span| self.timeline.latest(span.from));
        if first.is_some_and(|first| first < joined.0) {
            return Err(wrong("offered a time before it was there"));
        }
        let left = self.leaves.get(&entry.entry).copied();
        let over = offers.last().and_then(|span| span.until);
        let lapsed = offers.iter().filter(|span| span.outcome == OfferOutcome::Lapsed).count();
        let lapsed_out = i64::try_from(lapsed).unwrap_or(i64::MAX) >= LAPSES;
        let at = |step: usize| (self.timeline.earliest(step), self.timeline.latest(step));
        let closed = match entry.status {
            EntryStatus::Waiting | EntryStatus::Offered => None,
            EntryStatus::Taken => over.map(at),
            EntryStatus::Withdrawn => left.map(|left| (left.asked, left.answered)),
            EntryStatus::Ended if lapsed_out => over.map(at),
            EntryStatus::Ended => Some((joined.0, NEVER)),
        };
        let last = offers.last().map(|span| span.outcome);
        let stands = match entry.status {
            EntryStatus::Offered => last == Some(OfferOutcome::Open),
            EntryStatus::Taken => last == Some(OfferOutcome::Taken),
            EntryStatus::Withdrawn => left.is_some(),
            // A visit that is called off or stands where nothing is earlier needs no other time.
            EntryStatus::Ended => lapsed_out || entry.moves.is_some(),
            EntryStatus::Waiting => !lapsed_out,
        };
        let open = last == Some(OfferOutcome::Open) && entry.status != EntryStatus::Offered;
        let taken = last == Some(OfferOutcome::Taken) && entry.status != EntryStatus::Taken;
        if !stands || open || taken {
            return Err(wrong("it stands where nothing has put it"));
        }
        if let Some(left) = left.filter(|left| left.answered != NEVER) {
            if entry.status != EntryStatus::Withdrawn {
                return Err(
                    wrong("it was left, and stands in the line: a write is lost").operation(left.operation)
                );
            }
            let after = offers.iter().find(|span| self.timeline.earliest(span.from) >= left.answered);
            if after.is_some() {
                return Err(wrong("offered a time after it was left").operation(left.operation));
            }
        }
        let ends = i64::from(match entry.status {
            EntryStatus::Withdrawn => true,
            EntryStatus::Ended => !lapsed_out,
            EntryStatus::Waiting | EntryStatus::Offered | EntryStatus::Taken => false,
        });
        let changes = offers.iter().map(|span| 1 + i64::from(span.until.is_some())).sum::<i64>();
        if entry.version != 1 + changes + ends {
            return Err(wrong("its version does not count what it went through"));
        }
        Ok(Course { entry: entry.clone(), joined, closed, offers })
    }

    /// One time after the other, none twice, none after the last, each on her days; and for a visit only an earlier one.
    fn in_turn(&self, entry: &Entry, offers: &[Span]) -> Result<(), &'static str> {
        let mut before: Vec<Kept> = Vec::new();
        let mut over = Some(0);
        let (mut lapsed, mut taken) = (0, false);
        let request = self.claims.of_entry.get(&entry.entry).and_then(|at| self.claims.requests.get(*at));
        let operation =
            request.and_then(|r| r.operations.first()).and_then(|at| self.history.operations.get(*at));
        for span in offers {
            if over.is_none_or(|over| over > span.from) {
                return Err("two times were kept for it at once");
            }
            if taken || lapsed >= LAPSES {
                return Err("offered a time after it was over");
            }
            if before.iter().any(|kept| kept.start == span.kept.start) {
                return Err("offered the same time twice");
            }
            if let Some(Wish::Join { doctor, kind, days, .. }) = operation.map(|operation| operation.wish)
                && !self.history.setting.offers(doctor, kind, days, span.kept.start)
            {
                return Err("offered a time that does not suit");
            }
            if entry.moves.is_some_and(|visit| self.stands_before(visit, span)) {
                return Err("offered a time that is not earlier");
            }
            before.push(span.kept);
            over = span.until;
            lapsed += i64::from(span.outcome == OfferOutcome::Lapsed);
            taken = span.outcome == OfferOutcome::Taken;
        }
        Ok(())
    }

    /// Whether a visit stood at or before a time already when that was kept for it. With one writer that is known.
    fn stands_before(&self, visit: AppointmentId, span: &Span) -> bool {
        let life = self.timeline.lives.get(&visit).map_or(&[][..], Vec::as_slice);
        let last = life.iter().take_while(|(place, _)| *place < span.from).last();
        self.timeline.order == Order::Commits && last.is_some_and(|(_, visit)| visit.start <= span.kept.start)
    }
}
