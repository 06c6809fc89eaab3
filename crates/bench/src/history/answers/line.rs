//! What people were shown of the lines in which they wait, and why something was refused there.
//! What an entry went through is in `history::line`.

use std::collections::HashSet;

use domain::{
    appointments::{MOVES_OF_ONE_VISIT, Status},
    ids::{AppointmentId, DoctorId, PatientId, VisitTypeId, WaitlistEntryId},
    waitlist::{EntryStatus, OPEN_ENTRIES, OfferOutcome},
};

use super::{Judge, Judged, Nanos, Operation, Order, Seen, Visit, Who, Window, Wish, no};
use crate::history::{
    line::{Course, Span},
    log::{Refusal, Waiting},
};

/// As many places as a list shows.
const SHOWN: usize = 200;

impl Judge<'_> {
    /// What was taken is what was kept for the entry, or the visit that was to be put earlier.
    pub(super) fn accepted(&self, entry: WaitlistEntryId, seen: &Seen) -> Judged {
        let Some(course) = self.lines.courses.get(&entry) else {
            return no("a place in a line that is not there");
        };
        let kept = course.offers.iter().find(|span| span.kept.hold == seen.id);
        let own = match course.entry.moves {
            Some(visit) => visit == seen.id,
            None => kept.is_some_and(|span| {
                let nothing_done = seen.status.is_held() || seen.status == Status::Expired;
                span.outcome == OfferOutcome::Taken || nothing_done
            }),
        };
        if own { Ok(()) } else { no("answered with a visit that was not offered") }
    }

    /// What an answer about an entry has to say.
    pub(super) fn answered_with(operation: &Operation, waiting: &Waiting) -> Judged {
        match operation.wish {
            Wish::Join { patient, doctor, kind, moves, .. } => {
                let asked = (patient, doctor, kind, moves);
                if (waiting.patient, waiting.doctor, waiting.kind, waiting.moves) != asked {
                    return no("she waits for something that she has not asked for");
                }
                Ok(())
            }
            Wish::Leave { .. } if waiting.status != EntryStatus::Withdrawn => {
                no("she has left, and stands in the line")
            }
            _ => Ok(()),
        }
    }

    /// A place in a line was shown: it was so at some moment.
    pub(super) fn waits(&self, who: Who, waiting: &Waiting, window: Window) -> Judged {
        if !who.may_see(waiting.patient) {
            return no("somebody else's place in a line was shown");
        }
        let Some(course) = self.lines.courses.get(&waiting.id) else {
            return no("a place in a line that is not there: a write is lost");
        };
        let entry = &course.entry;
        let so = (entry.patient, entry.doctor, entry.visit_type, entry.moves);
        if (waiting.patient, waiting.doctor, waiting.kind, waiting.moves) != so {
            return no("a place in a line was shown as it never was");
        }
        if course.joined.0 > window.to {
            return no("a place in a line was shown before it was there");
        }
        let closed = course.closed.is_some_and(|(earliest, _)| earliest <= window.to);
        let last = course.offers.last().and_then(|span| span.until);
        let right = match (waiting.status, waiting.offer) {
            (EntryStatus::Offered, Some(kept)) => course.offers.iter().any(|span| {
                span.kept == kept && self.is_kept(span, window) && window.before(Some(kept.until))
            }),
            (EntryStatus::Waiting, None) => {
                !Self::is_gone(course, window) && !self.is_offered(course, window)
            }
            (EntryStatus::Taken, None) => {
                entry.status == EntryStatus::Taken
                    && last.is_some_and(|end| self.timeline.earliest(end) <= window.to)
            }
            (EntryStatus::Withdrawn | EntryStatus::Ended, None) => entry.status == waiting.status && closed,
            _ => false,
        };
        if right { Ok(()) } else { no("a place in a line was shown as it was at no moment") }
    }

    /// All places of a patient: none is missing.
    pub(super) fn whole_line(&self, who: Who, all: &[Waiting], window: Window) -> Judged {
        for waiting in all {
            self.waits(who, waiting, window)?;
        }
        if all.len() >= SHOWN {
            return Ok(());
        }
        let Who::Patient(patient) = who else { return no("a list that nobody can ask for") };
        let mut there = self.lines.of(patient).filter(|course| course.joined.1 < window.from);
        let shown: HashSet<WaitlistEntryId> = all.iter().map(|waiting| waiting.id).collect();
        match there.find(|course| !shown.contains(&course.entry.entry)) {
            Some(course) => no(format!("a place in a line is missing: {:?}", course.entry)),
            None => Ok(()),
        }
    }

    /// Whether an offer can have been open at some moment, but for what the clock says.
    fn is_kept(&self, span: &Span, window: Window) -> bool {
        let until = span.until.map_or(Nanos::MAX, |until| self.timeline.latest(until));
        self.timeline.earliest(span.from) <= window.to && until >= window.from
    }

    /// Whether one was open all the time.
    fn is_offered(&self, course: &Course, window: Window) -> bool {
        course.offers.iter().any(|span| {
            let until = span.until.map_or(Nanos::MAX, |until| self.timeline.earliest(until));
            let all_the_time = self.timeline.latest(span.from) < window.from && until > window.to;
            all_the_time && !window.after(Some(span.kept.until))
        })
    }

    /// Whether it had left the line before.
    fn is_gone(course: &Course, window: Window) -> bool {
        course.closed.is_some_and(|(_, latest)| latest < window.from)
    }

    pub(super) fn not_in_line(&self, operation: &Operation, refusal: Refusal, window: Window) -> bool {
        if let Wish::Join { patient, doctor, kind, moves, .. } = operation.wish {
            return self.not_joined(refusal, window, (patient, doctor, kind, moves));
        }
        let accepts = self.lines.accepts(&operation.wish);
        let course = accepts.or(operation.wish.entry()).and_then(|entry| self.lines.courses.get(&entry));
        let (Some(course), accepts) = (course, accepts.is_some()) else { return false };
        match refusal {
            Refusal::NotFound => !operation.who.may_see(course.entry.patient),
            Refusal::AlreadyDone => {
                let leaves = matches!(operation.wish, Wish::Leave { .. });
                leaves && course.closed.is_some_and(|(earliest, _)| earliest <= window.to)
            }
            Refusal::HoldEnded => {
                !matches!(operation.wish, Wish::Leave { .. }) && !self.is_offered(course, window)
            }
            // It was taken meanwhile, or let go; or her visit stands elsewhere by now.
            Refusal::WrongStatus => {
                let booked = |visit: &Visit| visit.until.is_none() && visit.status != Status::Expired;
                let of_hold = course.offers.iter().any(|span| self.was(span.kept.hold, window, booked));
                of_hold || accepts && self.moves_no_more(course, window)
            }
            Refusal::TooManyMoves => {
                let moved = |visit: &Visit| visit.moves >= MOVES_OF_ONE_VISIT;
                accepts && course.entry.moves.is_some_and(|visit| self.was(visit, window, moved))
            }
            Refusal::StaleVersion => {
                let doctor = course.entry.doctor;
                let earlier = |span: &Span| {
                    let stands = |visit: &Visit| visit.start <= span.kept.start || visit.doctor != doctor;
                    course.entry.moves.is_some_and(|visit| self.was(visit, window, stands))
                };
                let overtaken = course.offers.iter().any(|span| self.overtaken(span.kept.hold, window));
                let also = self.timeline.order == Order::Steps
                    && (overtaken
                        || course.offers.iter().any(|span| self.is_kept(span, window))
                        || course.entry.moves.is_some_and(|visit| self.overtaken(visit, window)));
                also || accepts && course.offers.iter().any(earlier)
            }
            _ => false,
        }
    }

    fn moves_no_more(&self, course: &Course, window: Window) -> bool {
        let stands = |visit: &Visit| matches!(visit.status, Status::Booked | Status::Confirmed);
        course.entry.moves.is_some_and(|visit| self.was(visit, window, |visit| !stands(visit)))
    }

    /// Why somebody cannot wait once more.
    fn not_joined(
        &self,
        refusal: Refusal,
        window: Window,
        (patient, doctor, kind, moves): (PatientId, DoctorId, VisitTypeId, Option<AppointmentId>),
    ) -> bool {
        let open = |course: &&Course| course.joined.0 <= window.to && !Self::is_gone(course, window);
        let own = || self.lines.of(patient).filter(open);
        let same = |course: &&Course| (course.entry.doctor, course.entry.visit_type) == (doctor, kind);
        match refusal {
            Refusal::AlreadyWaiting => own().any(|course| same(&course)),
            Refusal::TooManyLists => i64::try_from(own().count()).unwrap_or(i64::MAX) >= OPEN_ENTRIES,
            Refusal::WrongStatus => moves.is_some_and(|visit| {
                let stands = |visit: &Visit| matches!(visit.status, Status::Booked | Status::Confirmed);
                self.was(visit, window, |visit| !stands(visit))
            }),
            // Her visit is on an earlier day by now, or with somebody else.
            Refusal::DateTooLate => {
                moves.is_some_and(|visit| self.was(visit, window, |visit| visit.version > 1))
            }
            Refusal::UnknownValue => {
                moves.is_some_and(|visit| self.was(visit, window, |visit| visit.doctor != doctor))
            }
            _ => false,
        }
    }
}
