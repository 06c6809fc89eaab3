//! Refusals: each was right at some moment between question and answer.
//! Those of the waiting list are in `line`.

use domain::{
    appointments::{MOVES_OF_ONE_VISIT, Move, NO_SHOW_GRACE_MINUTES, Status},
    ids::AppointmentId,
    time::MINUTE,
};

use super::{Judge, Judged, Operation, Visit, Who, Whose, Window, Wish, cells, no};
use crate::history::{
    log::{Refusal, Seat},
    model::led_to,
};

impl Judge<'_> {
    pub(super) fn refused(&self, operation: &Operation, refusal: Refusal, window: Window) -> Judged {
        let right = match operation.wish {
            Wish::Book { patient, seat } => {
                let paid = operation.who != Who::Desk && self.is_paid(seat);
                refusal == Refusal::PayFirst && paid
                    || self.begins(operation, refusal, window, (patient, seat))
            }
            Wish::Hold { patient, seat } => self.begins(operation, refusal, window, (patient, seat)),
            Wish::Extend { visit } | Wish::Take { visit } | Wish::Release { visit } => {
                let of_visit = refusal != Refusal::HoldEnded && self.lines.accepts(&operation.wish).is_some();
                self.no_hold(operation, refusal, window, visit)
                    || of_visit && self.not_in_line(operation, refusal, window)
            }
            Wish::Cancel { visit, version } => {
                self.no_step(operation, refusal, window, (visit, Move::Cancel, version))
            }
            Wish::Run { visit, step, version } => {
                self.no_step(operation, refusal, window, (visit, step, version))
            }
            Wish::Move { visit, start, doctor, version } => match refusal {
                Refusal::TooManyMoves => {
                    operation.who != Who::Desk
                        && self.was(visit, window, |visit| visit.moves >= MOVES_OF_ONE_VISIT)
                }
                Refusal::TimeSame => self.was(visit, window, |visit| {
                    visit.start == start && doctor.is_none_or(|doctor| doctor == visit.doctor)
                }),
                Refusal::WrongStatus => {
                    let stands = |visit: &Visit| matches!(visit.status, Status::Booked | Status::Confirmed);
                    self.was(visit, window, |visit| !stands(visit))
                }
                Refusal::SlotTaken | Refusal::PatientOverlap => {
                    // With whom it was at that moment: it may have changed its doctor.
                    let life = self.timeline.lives.get(&visit).map_or(&[][..], Vec::as_slice);
                    life.iter().any(|(_, stood)| {
                        let with = doctor.unwrap_or(stood.doctor);
                        let seat = Seat { doctor: with, kind: stood.kind, start };
                        self.in_the_way(operation, refusal, window, (stood.patient, seat, Some(visit)))
                    })
                }
                _ => self.of_others(operation, refusal, window, (visit, version)),
            },
            Wish::Read { visit } => self.of_others(operation, refusal, window, (visit, None)),
            Wish::Join { .. } | Wish::Leave { .. } | Wish::Accept { .. } | Wish::Decline { .. } => {
                self.not_in_line(operation, refusal, window)
            }
            Wish::Line | Wish::Mine | Wish::Free { .. } => false,
        };
        if right {
            Ok(())
        } else {
            no(format!("refused with {} at no moment when that was so", refusal.code()))
        }
    }

    fn is_paid(&self, seat: Seat) -> bool {
        self.history.setting.lengths.get(&seat.kind).is_some_and(|length| length.paid_first)
    }

    fn begins(
        &self,
        operation: &Operation,
        refusal: Refusal,
        window: Window,
        (patient, seat): (domain::ids::PatientId, Seat),
    ) -> bool {
        self.in_the_way(operation, refusal, window, (patient, seat, None))
    }

    /// What is held no longer is neither kept nor booked, and what is booked is held no longer.
    fn no_hold(&self, operation: &Operation, refusal: Refusal, window: Window, id: AppointmentId) -> bool {
        match refusal {
            Refusal::HoldEnded => {
                self.was(id, window, |visit| visit.status == Status::Expired || window.after(visit.until))
            }
            Refusal::WrongStatus => {
                self.was(id, window, |visit| visit.until.is_none() && visit.status != Status::Expired)
            }
            Refusal::AlreadyDone => {
                matches!(operation.wish, Wish::Extend { .. })
                    && self.was(id, window, |visit| visit.until.is_some() && !visit.extendable)
            }
            Refusal::PayFirst => {
                matches!(operation.wish, Wish::Take { .. })
                    && self.was(id, window, |visit| visit.status == Status::PendingPayment)
            }
            _ => self.of_others(operation, refusal, window, (id, None)),
        }
    }

    fn no_step(
        &self,
        operation: &Operation,
        refusal: Refusal,
        window: Window,
        (id, step, version): (AppointmentId, Move, Option<i64>),
    ) -> bool {
        match refusal {
            Refusal::WrongStatus => self.was(id, window, |visit| led_to(visit.status, step).is_none()),
            Refusal::TooEarly => {
                let missed = |visit: &Visit| visit.start + NO_SHOW_GRACE_MINUTES * MINUTE;
                step == Move::NoShow && self.was(id, window, |visit| window.before(Some(missed(visit))))
            }
            _ => self.of_others(operation, refusal, window, (id, version)),
        }
    }

    /// Somebody else's; or another version than the one that was named; or none was named, and somebody changed it between reading and
    /// writing.
    fn of_others(
        &self,
        operation: &Operation,
        refusal: Refusal,
        window: Window,
        (id, version): (AppointmentId, Option<i64>),
    ) -> bool {
        match refusal {
            Refusal::NotFound => {
                let first = self.timeline.lives.get(&id).and_then(|life| life.first());
                first.is_some_and(|(_, visit)| !operation.who.may_see(visit.patient))
            }
            Refusal::StaleVersion => {
                let named = version.is_some_and(|named| self.was(id, window, |visit| visit.version != named));
                named || operation.wish.writes() && self.overtaken(id, window)
            }
            _ => false,
        }
    }

    /// Whether another visit can have been in the way, of the doctor or of the patient. The desk is not told which: the patient may be
    /// elsewhere.
    fn in_the_way(
        &self,
        operation: &Operation,
        refusal: Refusal,
        window: Window,
        (patient, seat, own): (domain::ids::PatientId, Seat, Option<AppointmentId>),
    ) -> bool {
        let Some(length) = self.history.setting.lengths.get(&seat.kind) else { return false };
        let of_doctor =
            || self.taken(Whose::Doctor(seat.doctor), cells(length.block(seat.start)), own, window);
        let of_patient = || self.taken(Whose::Patient(patient), cells(length.visit(seat.start)), own, window);
        match (refusal, operation.who) {
            (Refusal::SlotTaken, Who::Desk) => of_doctor() || of_patient(),
            (Refusal::SlotTaken, Who::Patient(_)) => of_doctor(),
            (Refusal::PatientOverlap, Who::Patient(_)) => of_patient(),
            _ => false,
        }
    }
}
