//! Which moves somebody may make with an appointment now, and the refusal for the others.
//!
//! Whether she may see it at all was decided before.

use super::{Initiator, Move, NO_SHOW_GRACE_MINUTES, Status};
use crate::{
    access::{Grant, Role},
    error::{Conflict, Error, Result},
    time::MINUTE,
};

/// What the rules look at. Instants are epoch milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Situation {
    /// Where the appointment stands.
    pub status: Status,
    /// When it begins.
    pub starts_at: i64,
    /// Now.
    pub now: i64,
    /// Why the caller may run it as staff, if she may.
    pub runs: Option<Grant>,
    /// Why the caller may cancel it, if she may.
    pub cancels: Option<Grant>,
}

impl Situation {
    /// Where a move leads, or the refusal.
    pub fn check(&self, step: Move) -> Result<Status> {
        let grant = match step {
            Move::Cancel => self.runs.or(self.cancels),
            Move::Confirm | Move::Arrive | Move::CheckIn | Move::Start | Move::Complete | Move::NoShow => {
                self.runs
            }
        };
        if grant.is_none() {
            return Err(Error::Forbidden);
        }
        let next = self.status.after(step).ok_or_else(|| Error::conflict(Conflict::WrongStatus))?;
        if step == Move::NoShow && self.now < self.starts_at + NO_SHOW_GRACE_MINUTES * MINUTE {
            return Err(Error::conflict(Conflict::TooEarly));
        }
        if step == Move::Cancel && self.runs.is_none() && self.now >= self.starts_at {
            return Err(Error::conflict(Conflict::TooLate));
        }
        Ok(next)
    }

    /// All moves that are open now.
    pub fn moves(&self) -> Vec<Move> {
        Move::ALL.into_iter().filter(|step| self.check(*step).is_ok()).collect()
    }

    /// On whose side a cancellation by this caller is.
    pub fn initiator(&self) -> Initiator {
        match self.runs {
            Some(Grant::OwnDoctor | Grant::Role(Role::Doctor)) => Initiator::Provider,
            Some(Grant::Role(Role::Desk | Role::HospitalAdmin) | Grant::Platform | Grant::OwnPatient) => {
                Initiator::Organization
            }
            None => Initiator::Patient,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn situation(status: Status, minutes_to_start: i64, staff: bool) -> Situation {
        Situation {
            status,
            starts_at: minutes_to_start * MINUTE,
            now: 0,
            runs: staff.then_some(Grant::Role(Role::Desk)),
            cancels: Some(Grant::OwnPatient),
        }
    }

    #[test]
    fn a_patient_may_only_cancel_and_only_before_the_visit() {
        assert_eq!(situation(Status::Booked, 30, false).moves(), [Move::Cancel]);
        assert_eq!(situation(Status::Booked, 30, false).check(Move::Confirm), Err(Error::Forbidden));
        assert_eq!(
            situation(Status::Booked, 0, false).check(Move::Cancel),
            Err(Error::conflict(Conflict::TooLate))
        );
        assert_eq!(situation(Status::Arrived, 30, false).moves(), []);
    }

    #[test]
    fn nobody_has_not_come_before_a_quarter_of_an_hour() {
        assert_eq!(
            situation(Status::Confirmed, -14, true).check(Move::NoShow),
            Err(Error::conflict(Conflict::TooEarly))
        );
        assert_eq!(situation(Status::Confirmed, -15, true).check(Move::NoShow), Ok(Status::NoShow));
    }

    #[test]
    fn staff_may_cancel_for_the_hospital_even_when_it_has_begun() {
        let late = situation(Status::Confirmed, -5, true);
        assert_eq!(late.check(Move::Cancel), Ok(Status::Cancelled));
        assert_eq!(late.initiator(), Initiator::Organization);
        assert_eq!(situation(Status::Confirmed, 5, false).initiator(), Initiator::Patient);
    }
}
