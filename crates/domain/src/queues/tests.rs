//! Where a visit stands in the queue, and what the queue counts; it loads nothing.

use super::*;
use crate::{
    appointments::Move,
    error::{Conflict, Error},
    time::MINUTE,
};

const HOUR: i64 = 60 * MINUTE;

fn visit(status: Status) -> CheckIn {
    CheckIn { status, starts_at: 10 * HOUR, ends_at: 10 * HOUR + 30 * MINUTE, in_person: true, allowed: true }
}

#[test]
fn what_takes_place_has_a_column_and_what_does_not_has_none() {
    for status in Status::ALL {
        let gone = status.is_held() || !status.occupies();
        assert_eq!(QueueColumn::of(status).is_none(), gone, "{status:?}");
    }
    assert_eq!(QueueColumn::of(Status::CheckedIn), Some(QueueColumn::Arrived));
}

#[test]
fn the_columns_are_gone_through_from_left_to_right() {
    let place = |status| QueueColumn::ALL.iter().position(|column| Some(*column) == QueueColumn::of(status));
    for status in Status::ALL {
        for step in
            [Move::Confirm, Move::CheckIn, Move::Start, Move::Complete, Move::NoShow, Move::LeaveUnseen]
        {
            if let Some(next) = status.after(step) {
                assert!(place(next) >= place(status), "{status:?} {step:?}");
            }
        }
    }
}

#[test]
fn who_has_come_stays_for_hours_and_not_for_ever() {
    for status in Status::ALL {
        let here = matches!(status, Status::Arrived | Status::CheckedIn | Status::InProgress);
        assert_eq!(stays(status, 0, 0), here, "{status:?}");
    }
    let after = |minutes: i64| stays(Status::Arrived, 0, minutes * MINUTE);
    assert!(after(12 * 60) && after(1 - 12 * 60), "twelve hours after the begin, and before it");
    assert!(!after(12 * 60 + 1) && !after(-12 * 60));
}

#[test]
fn who_comes_a_moment_after_her_time_is_not_late() {
    assert_eq!(late_by(0, 0), None);
    assert_eq!(late_by(0, 5 * MINUTE - 1), None);
    assert_eq!(late_by(0, 5 * MINUTE), Some(5));
    assert_eq!(late_by(10 * MINUTE, 0), None);
}

#[test]
fn a_wait_ends_when_she_is_called_in() {
    assert_eq!(waited(0, None, 12 * MINUTE + 59_000), 12);
    assert_eq!(waited(0, Some(7 * MINUTE), 60 * MINUTE), 7);
    // She left and came back: what was before does not count.
    assert_eq!(waited(50 * MINUTE, Some(7 * MINUTE), 60 * MINUTE), 10);
    // A clock that was set back makes nobody wait a negative time.
    assert_eq!(waited(5 * MINUTE, None, 0), 0);
}

#[test]
fn a_patient_says_that_she_is_here_from_two_hours_before_to_the_end() {
    let asks = |now| may_check_in(visit(Status::Booked), now);
    let early = Err(Error::conflict(Conflict::NotYetHere));
    let desk = Err(Error::conflict(Conflict::AskAtDesk));
    assert_eq!(asks(8 * HOUR - 1), early);
    assert_eq!(asks(8 * HOUR), Ok(Status::Arrived));
    assert_eq!(asks(10 * HOUR + 30 * MINUTE - 1), Ok(Status::Arrived));
    assert_eq!(asks(10 * HOUR + 30 * MINUTE), desk);
    assert_eq!(may_check_in(CheckIn { allowed: false, ..visit(Status::Confirmed) }, 9 * HOUR), desk);
    assert_eq!(may_check_in(CheckIn { in_person: false, ..visit(Status::Confirmed) }, 9 * HOUR), desk);
}

#[test]
fn only_who_is_expected_can_say_so() {
    for status in Status::ALL {
        let expected = QueueColumn::of(status) == Some(QueueColumn::Expected);
        assert_eq!(may_check_in(visit(status), 9 * HOUR).is_ok(), expected, "{status:?}");
    }
}

#[test]
fn codes_read_back() {
    for arrival in Arrival::ALL {
        assert_eq!(Arrival::parse(arrival.code()), Some(arrival));
    }
}
