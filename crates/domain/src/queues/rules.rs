//! What the queue counts: how late somebody is, how long she has waited, and when she may say herself that she is here.
//!
//! All instants are epoch milliseconds.

use super::QueueColumn;
use crate::{
    appointments::{Status, around},
    error::{Conflict, Error, Result},
    time::MINUTE,
};

/// Minutes after her time from which somebody who has not come is marked late: the clock of a waiting room is not to the minute.
pub const LATE_AFTER_MINUTES: i64 = 5;
/// Minutes from which a wait is marked as long. It is a mark for the desk and no promise to anybody.
pub const LONG_WAIT_MINUTES: i64 = 30;
/// Hours before her time from which a patient may say herself that she is here.
pub const SELF_CHECK_IN_HOURS: i64 = 2;

/// Whole minutes since somebody should have come, once that is late.
pub fn late_by(starts_at: i64, now: i64) -> Option<i64> {
    let minutes = (now - starts_at).div_euclid(MINUTE);
    (minutes >= LATE_AFTER_MINUTES).then_some(minutes)
}

/// Whole minutes between coming and being called in, or now. Whoever was called in before she came back has not been called since.
pub fn waited(arrived_at: i64, called_at: Option<i64>, now: i64) -> i64 {
    let until = called_at.filter(|called| *called >= arrived_at).unwrap_or(now);
    (until - arrived_at).max(0) / MINUTE
}

/// Whether somebody who has come is in the house still, whatever day it has become: her visit is not over, and it begins around now.
/// What nobody has ended by then has been forgotten.
pub fn stays(status: Status, starts_at: i64, now: i64) -> bool {
    let around = around(now);
    match QueueColumn::of(status) {
        Some(QueueColumn::Arrived | QueueColumn::InRoom) => (around.start..around.end).contains(&starts_at),
        Some(QueueColumn::Expected | QueueColumn::Done) | None => false,
    }
}

/// What the rule looks at when a patient says that she is here.
#[derive(Debug, Clone, Copy)]
pub struct CheckIn {
    /// Where her visit stands.
    pub status: Status,
    /// When it begins.
    pub starts_at: i64,
    /// When it ends.
    pub ends_at: i64,
    /// Whether it takes place in the rooms of the hospital.
    pub in_person: bool,
    /// Whether the hospital lets patients say so themselves.
    pub allowed: bool,
}

/// Where the visit stands once she has said so, or the refusal.
pub fn may_check_in(visit: CheckIn, now: i64) -> Result<Status> {
    match visit.status {
        Status::Booked | Status::Confirmed => {}
        // Who was marked as not come, or has gone, is somebody's business by now.
        Status::Held
        | Status::PendingPayment
        | Status::Arrived
        | Status::CheckedIn
        | Status::InProgress
        | Status::Completed
        | Status::Cancelled
        | Status::NoShow
        | Status::LeftUnseen
        | Status::Expired => return Err(Error::conflict(Conflict::WrongStatus)),
    }
    if !visit.allowed || !visit.in_person || now >= visit.ends_at {
        return Err(Error::conflict(Conflict::AskAtDesk));
    }
    if now < visit.starts_at - SELF_CHECK_IN_HOURS * 60 * MINUTE {
        return Err(Error::conflict(Conflict::NotYetHere));
    }
    Ok(Status::Arrived)
}
