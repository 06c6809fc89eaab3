//! Which moves somebody may make with an appointment now, and the refusal for the others.
//!
//! Whether she may see it at all was decided before.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

use super::{Initiator, Lead, Move, NO_SHOW_GRACE_MINUTES, Status};
use crate::{
    access::{Grant, Role},
    error::{Conflict, Error, Result},
    time::{MINUTE, Span},
};

/// Visits ahead with one doctor that a patient may book by herself. A course of ten treatments fits.
pub const VISITS_WITH_ONE_DOCTOR: i64 = 10;
/// Visits ahead in all that a patient may book by herself.
pub const VISITS_IN_ALL: i64 = 30;

/// Visits ahead with one doctor that one account may book for all for whom it acts: it must not empty a doctor's calendar, however many
/// children it names.
pub const VISITS_WITH_ONE_DOCTOR_BY_ACCOUNT: i64 = 20;
/// Visits ahead in all that one account may book for all for whom it acts.
pub const VISITS_IN_ALL_BY_ACCOUNT: i64 = 60;

/// What the rules look at when one more visit is booked by a patient's own side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ahead {
    /// The patient's visits with this doctor, whoever has booked them.
    pub with_doctor: i64,
    /// The patient's in all.
    pub in_all: i64,
    /// Visits with this doctor that the account has booked, for whomever it acts.
    pub by_account_with_doctor: i64,
    /// Those in all.
    pub by_account: i64,
}

/// Whether one more may be booked for a patient by her own side. For staff there is no such rule.
pub fn may_book_one_more(ahead: Ahead) -> Result<()> {
    let Ahead { with_doctor, in_all, by_account_with_doctor, by_account } = ahead;
    if with_doctor >= VISITS_WITH_ONE_DOCTOR
        || in_all >= VISITS_IN_ALL
        || by_account_with_doctor >= VISITS_WITH_ONE_DOCTOR_BY_ACCOUNT
        || by_account >= VISITS_IN_ALL_BY_ACCOUNT
    {
        return Err(Error::conflict(Conflict::TooManyVisits));
    }
    Ok(())
}

/// Hours before the begin from which a patient's cancellation is a late one: too late, as a rule, for the time to be given to another.
/// It is noted and has no consequence by itself.
pub const LATE_CANCEL_HOURS: i64 = 24;

/// How often a patient may put one visit on another time by herself: each time somebody at the hospital looks at it again.
pub const MOVES_OF_ONE_VISIT: i64 = 10;

/// Whether a patient who has moved a visit so often may move it once more by herself. For staff there is no such rule.
pub fn may_move_once_more(moves: i64) -> Result<()> {
    if moves >= MOVES_OF_ONE_VISIT {
        return Err(Error::conflict(Conflict::TooManyMoves));
    }
    Ok(())
}

/// Hours around the begin in which the steps of somebody who is in the house are offered on another day than the visit's: a visit
/// shortly after midnight has patients who come before it.
const AROUND_HOURS: i64 = 12;

/// The begins of visits whose patients may be in the house now, whatever day it is.
pub fn around(now: i64) -> Span {
    let hours = AROUND_HOURS * 60 * MINUTE;
    Span { start: now - hours, end: now + hours }
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
    /// Whether it is the day of the visit now, where the hospital is.
    pub own_day: bool,
    /// Whether the patient is the caller's own, or one for whom she acts: then she is on the patient's side, whatever else she may do here.
    pub own: bool,
    /// Why the caller may run it as staff, if she may.
    pub runs: Option<Grant>,
    /// Why the caller may cancel it, if she may.
    pub cancels: Option<Grant>,
    /// Why the caller may put it on another time, if she may.
    pub reschedules: Option<Grant>,
}

impl Situation {
    /// Where a move leads, or the refusal.
    pub fn check(&self, step: Move) -> Result<Status> {
        let grant = match step {
            Move::Cancel => self.runs.or(self.cancels),
            Move::Confirm
            | Move::Arrive
            | Move::CheckIn
            | Move::Start
            | Move::Complete
            | Move::NoShow
            | Move::LeaveUnseen => self.runs,
        };
        if grant.is_none() {
            return Err(Error::Forbidden);
        }
        let next = self.status.after(step).ok_or_else(|| Error::conflict(Conflict::WrongStatus))?;
        if step == Move::NoShow && self.now < self.starts_at + NO_SHOW_GRACE_MINUTES * MINUTE {
            return Err(Error::conflict(Conflict::TooEarly));
        }
        if step == Move::Cancel && !self.is_hospitals() && self.now >= self.starts_at {
            return Err(Error::conflict(Conflict::TooLate));
        }
        Ok(next)
    }

    /// How the visit stands once it is put on another time, or the refusal.
    ///
    /// What a hospital has confirmed and a patient then moves it has not confirmed.
    pub fn rescheduled(&self) -> Result<Status> {
        if self.runs.or(self.reschedules).is_none() {
            return Err(Error::Forbidden);
        }
        match self.status {
            Status::Booked | Status::Confirmed if self.is_hospitals() => Ok(self.status),
            Status::Booked | Status::Confirmed if self.now < self.starts_at => Ok(Status::Booked),
            Status::Booked | Status::Confirmed => Err(Error::conflict(Conflict::TooLate)),
            Status::Held
            | Status::PendingPayment
            | Status::Arrived
            | Status::CheckedIn
            | Status::InProgress
            | Status::Completed
            | Status::Cancelled
            | Status::NoShow
            | Status::LeftUnseen
            | Status::Expired => Err(Error::conflict(Conflict::WrongStatus)),
        }
    }

    /// Whether the caller is on the hospital's side: she runs the visit, and it is not her own.
    pub fn is_hospitals(&self) -> bool {
        self.runs.is_some() && !self.own
    }

    /// Whether a cancellation by this caller is a late one: only one of the patient's side is.
    pub fn is_late(&self, lead: Lead) -> bool {
        self.initiator() == Initiator::Patient && lead.is_late()
    }

    /// All moves that are offered now: those that are open, but nobody is received for a visit of another day.
    ///
    /// What is not offered is not refused: a hospital that writes down later who came may do so through the API.
    pub fn moves(&self) -> Vec<Move> {
        Move::ALL.into_iter().filter(|step| self.is_due(*step) && self.check(*step).is_ok()).collect()
    }

    /// Whether somebody could be in the house for the visit now, where a move says that she is.
    fn is_due(&self, step: Move) -> bool {
        let around = around(self.now);
        let near = (around.start..around.end).contains(&self.starts_at);
        match step {
            Move::Arrive | Move::CheckIn | Move::Start => self.own_day || near,
            Move::Confirm | Move::Complete | Move::Cancel | Move::NoShow | Move::LeaveUnseen => true,
        }
    }

    /// On whose side this caller is, whether she cancels or moves it.
    pub fn initiator(&self) -> Initiator {
        match self.runs.filter(|_| !self.own) {
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
            own_day: false,
            own: false,
            runs: staff.then_some(Grant::Role(Role::Desk)),
            cancels: Some(Grant::OwnPatient),
            reschedules: Some(Grant::OwnPatient),
        }
    }

    #[test]
    fn what_a_patient_moves_is_to_be_confirmed_again() {
        assert_eq!(situation(Status::Confirmed, 30, false).rescheduled(), Ok(Status::Booked));
        assert_eq!(situation(Status::Confirmed, 30, true).rescheduled(), Ok(Status::Confirmed));
        assert_eq!(situation(Status::Confirmed, -30, true).rescheduled(), Ok(Status::Confirmed));
        let begun = situation(Status::Booked, 0, false).rescheduled();
        assert_eq!(begun, Err(Error::conflict(Conflict::TooLate)));
        for status in Status::ALL {
            let movable = matches!(status, Status::Booked | Status::Confirmed);
            assert_eq!(situation(status, 30, true).rescheduled().is_ok(), movable, "{status:?}");
        }
        let stranger = Situation { reschedules: None, ..situation(Status::Booked, 30, false) };
        assert_eq!(stranger.rescheduled(), Err(Error::Forbidden));
    }

    #[test]
    fn only_the_patients_side_cancels_late() {
        let (short, long) = (Lead::Of(5 * MINUTE), Lead::Of(24 * 60 * MINUTE));
        assert!(situation(Status::Booked, 5, false).is_late(short));
        assert!(!situation(Status::Booked, 5, false).is_late(long));
        assert!(!situation(Status::Booked, 5, false).is_late(Lead::NotHerTime));
        assert!(!situation(Status::Booked, 5, true).is_late(short));
    }

    #[test]
    fn who_runs_a_visit_of_her_own_is_its_patient() {
        let grants = [
            Grant::Role(Role::Desk),
            Grant::Role(Role::HospitalAdmin),
            Grant::OwnDoctor,
            Grant::CareRelation,
        ];
        for grant in grants {
            let hers = |minutes| Situation {
                own: true,
                runs: Some(grant),
                ..situation(Status::Confirmed, minutes, true)
            };
            assert_eq!(hers(5).initiator(), Initiator::Patient, "{grant:?}");
            assert!(hers(5).is_late(Lead::Of(5 * MINUTE)), "{grant:?}");
            // The desk sees her time anew, as anybody's.
            assert_eq!(hers(5).rescheduled(), Ok(Status::Booked), "{grant:?}");
            let too_late = Err(Error::conflict(Conflict::TooLate));
            assert_eq!(
                (hers(-5).check(Move::Cancel), hers(-5).rescheduled()),
                (too_late.clone(), too_late),
                "{grant:?}"
            );
            // What a patient has no word for she does as a member.
            assert_eq!(hers(5).check(Move::Arrive), Ok(Status::Arrived), "{grant:?}");
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
    fn nobody_is_received_for_a_visit_of_another_day() {
        let offers = |minutes: i64, own_day: bool| {
            let at = |status| Situation { own_day, ..situation(status, minutes, true) }.moves();
            (at(Status::Confirmed).contains(&Move::Arrive), at(Status::Arrived).contains(&Move::Start))
        };
        assert_eq!(offers(14 * 60, true), (true, true));
        assert_eq!(offers(14 * 60, false), (false, false));
        assert_eq!(offers(-14 * 60, false), (false, false));
        // Shortly after midnight, and shortly before it.
        assert_eq!(offers(30, false), (true, true));
        assert_eq!(offers(-30, false), (true, true));
        let tomorrow = situation(Status::Confirmed, 14 * 60, true);
        assert!(tomorrow.moves().contains(&Move::Cancel) && tomorrow.check(Move::Arrive).is_ok());
    }

    #[test]
    fn one_patient_cannot_empty_a_calendar() {
        let most = Ahead { with_doctor: 9, in_all: 29, by_account_with_doctor: 19, by_account: 59 };
        assert_eq!(may_book_one_more(most), Ok(()));
        for more in [
            Ahead { with_doctor: 10, ..most },
            Ahead { in_all: 30, ..most },
            Ahead { by_account_with_doctor: 20, ..most },
            Ahead { by_account: 60, ..most },
        ] {
            assert_eq!(may_book_one_more(more), Err(Error::conflict(Conflict::TooManyVisits)), "{more:?}");
        }
        assert_eq!(may_move_once_more(9), Ok(()));
        assert_eq!(may_move_once_more(10), Err(Error::conflict(Conflict::TooManyMoves)));
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
