//! A ticket in words, for both portals.

use domain::follow_ups::{FollowUp, FollowUpStatus};

use crate::family::acting::name_of;
use crate::i18n::{date_full, dates};
use crate::t;

/// "Dr. Vogt would like to see you again between … and …"
pub(super) fn asks(ticket: &FollowUp) -> String {
    let (doctor, from, until) = (&ticket.asked_by_name, date_full(ticket.from), date_full(ticket.until));
    match name_of(ticket.patient_id) {
        Some(name) => {
            t!(follow_ups.asks_for, doctor = doctor, name = name, from = from, until = until)
        }
        None => t!(follow_ups.asks, doctor = doctor, from = from, until = until),
    }
}

/// With whom it can be booked.
pub(super) fn with_whom(ticket: &FollowUp) -> String {
    ticket.doctor_name.clone().unwrap_or_else(|| t!(follow_ups.any_doctor).to_owned())
}

/// "1 December 2026 to 8 December 2026"
pub(super) fn days(ticket: &FollowUp) -> String {
    dates(ticket.from, ticket.until, date_full)
}

/// Why nothing can be chosen any more; none while something can.
pub(super) fn over(status: FollowUpStatus) -> Option<&'static str> {
    match status {
        FollowUpStatus::Open => None,
        FollowUpStatus::Booked => Some(t!(follow_ups.was_booked)),
        FollowUpStatus::Expired => Some(t!(follow_ups.was_expired)),
        FollowUpStatus::Withdrawn => Some(t!(follow_ups.was_withdrawn)),
    }
}
