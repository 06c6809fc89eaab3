//! Which moves somebody may make with an appointment now, and the refusal for the others.
//!
//! Whether she may see it at all was decided before.

use super::{Initiator, Move, NO_SHOW_GRACE_MINUTES, Status};
use crate::{
    access::{Grant, Role},
    error::{Conflict, Error, Result},
    time::MINUTE,
};

/// Visits ahead with one doctor that a patient may book by herself; one account must not empty a doctor's calendar.
/// A course of ten treatments fits.
pub const VISITS_WITH_ONE_DOCTOR: i64 = 10;
/// Visits ahead in all that a patient may book by herself.
pub const VISITS_IN_ALL: i64 = 30;

/// Whether a patient with so many visits ahead may book one more by herself. For staff there is no such rule.
pub fn may_book_one_more(with_this_doctor: i64, in_all: i64) -> Result<()> {
    if with_this_doctor >= VISITS_WITH_ONE_DOCTOR || in_all >= VISITS_IN_ALL {
        return Err(Error::conflict(Conflict::TooManyVisits));
    }
    Ok(())
}

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
            Some(Grant::OwnDoctor | Grant::CareRelation | Grant::Emergency | Grant::Role(Role::Doctor)) => {
                Initiator::Provider
            }
            Some(
                Grant::Role(Role::Desk | Role::HospitalAdmin)
                | Grant::Platform
                | Grant::OwnAccount
                | Grant::OwnPatient
                | Grant::Helper,
            ) => Initiator::Organization,
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
    fn one_patient_cannot_empty_a_calendar() {
        assert_eq!(may_book_one_more(9, 29), Ok(()));
        assert_eq!(may_book_one_more(10, 10), Err(Error::conflict(Conflict::TooManyVisits)));
        assert_eq!(may_book_one_more(0, 30), Err(Error::conflict(Conflict::TooManyVisits)));
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
