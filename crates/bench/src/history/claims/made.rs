//! Whether a step is what somebody wished.
//! Whether she might do it is asked in the replay.

use domain::appointments::Status;

use super::Finder;
use crate::history::{
    log::{Operation, Seat, Wish},
    model::led_to,
};

impl Finder<'_> {
    pub(super) fn fits(&self, place: usize, operation: &Operation) -> bool {
        let Some(step) = self.history.steps.get(place) else { return false };
        let version = |version: Option<i64>| version.is_none_or(|seen| seen + 1 == step.seq);
        let begins = |Seat { doctor, kind, start }: Seat| {
            (step.seq, step.starts_at, step.doctor) == (1, Some(start), Some(doctor))
                && step.visit_type == kind
        };
        let was_held = step.from.is_some_and(Status::is_held);
        let is_wished = match operation.wish {
            Wish::Book { patient, seat } => {
                step.patient == patient && begins(seat) && step.to == Status::Booked
            }
            Wish::Hold { patient, seat } => step.patient == patient && begins(seat) && step.to.is_held(),
            Wish::Extend { visit } => step.appointment == visit && was_held && step.to.is_held(),
            Wish::Take { visit } => step.appointment == visit && was_held && step.to == Status::Booked,
            Wish::Release { visit } => step.appointment == visit && was_held && step.to == Status::Expired,
            Wish::Cancel { visit, version: seen } => {
                step.appointment == visit && step.to == Status::Cancelled && version(seen)
            }
            Wish::Move { visit, start, doctor, version: seen } => {
                step.appointment == visit
                    && step.seq > 1
                    && step.starts_at == Some(start)
                    && doctor.is_none_or(|doctor| step.doctor == Some(doctor))
                    && version(seen)
            }
            Wish::Run { visit, step: wished, version: seen } => {
                step.appointment == visit
                    && step.starts_at.is_none()
                    && step.from.and_then(|from| led_to(from, wished)) == Some(step.to)
                    && version(seen)
            }
            Wish::Decline { entry } | Wish::Leave { entry } => {
                let offer = self.offer_of.get(&step.appointment);
                offer.is_some_and(|offer| offer.of_entry == entry) && was_held && step.to == Status::Expired
            }
            Wish::Join { .. }
            | Wish::Accept { .. }
            | Wish::Line
            | Wish::Read { .. }
            | Wish::Mine
            | Wish::Free { .. } => false,
        };
        is_wished && step.by == Some(operation.account)
    }
}
