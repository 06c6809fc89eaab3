//! Why a time cannot be had, whoever has said so: the engine that validates, the state of things, or the database.
//!
//! It is one translation for a single booking, a row of dates and a change of many visits. Which times are free it does not know.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

use domain::{Error as Refusal, error::Conflict, slots::Refusal as Rule};

use crate::{db::constraint::Constraint, error::Error};

/// What is in the way of a time that is otherwise offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Somebody has it.
    Taken,
    /// A room or a device is not free.
    NoResource,
    /// The doctor's day takes no more visits.
    DayFull,
    /// It takes no more of this kind.
    KindFull,
    /// The patient has another visit then.
    Elsewhere,
}

impl Why {
    /// What refused a time; none where the error says something else. `knows` says that the caller may learn of every other visit of the
    /// patient.
    pub(super) fn of(error: &Error, knows: bool) -> Option<Self> {
        match error {
            Error::Database(_) => match error.broken()? {
                Constraint::DoctorOverlap => Some(Self::Taken),
                Constraint::PatientOverlap => Some(Self::elsewhere(knows)),
                Constraint::ResourceOverlap => Some(Self::NoResource),
                Constraint::Unique(_) => None,
            },
            Error::Refused(Refusal::Conflict { reason, .. }) => Self::of_conflict(*reason, knows),
            Error::Refused(_)
            | Error::Busy
            | Error::Commit(_)
            | Error::Stored(_)
            | Error::Library(_)
            | Error::Panicked => None,
        }
    }

    fn of_conflict(reason: Conflict, knows: bool) -> Option<Self> {
        match reason {
            Conflict::SlotTaken => Some(Self::Taken),
            Conflict::DayFull => Some(Self::DayFull),
            Conflict::KindFull => Some(Self::KindFull),
            Conflict::PatientOverlap => Some(Self::elsewhere(knows)),
            Conflict::TooManyVisits
            | Conflict::TooManyMoves
            | Conflict::TooManyHolds
            | Conflict::AlreadyWaiting
            | Conflict::TooManyEntries
            | Conflict::TicketOver
            | Conflict::HoldEnded
            | Conflict::PayFirst
            | Conflict::NoTimeToday
            | Conflict::NotYetHere
            | Conflict::AskAtDesk
            | Conflict::WrongStatus
            | Conflict::StaleVersion
            | Conflict::VisitsHit
            | Conflict::TooEarly
            | Conflict::TooLate
            | Conflict::EmailTaken
            | Conflict::NameTaken
            | Conflict::KeyReused
            | Conflict::TooManyPeople
            | Conflict::LastHelper
            | Conflict::HelpsAlready
            | Conflict::AlreadyDone
            | Conflict::BeingPaid
            | Conflict::ProviderAbsent => None,
        }
    }

    /// That a patient is elsewhere. To whoever may not know of that, the time is simply not free: staff must not learn of a visit at
    /// another hospital, and a helper reads of one that is kept from her what she would read if somebody else had the time.
    pub(super) fn elsewhere(knows: bool) -> Self {
        if knows { Self::Elsewhere } else { Self::Taken }
    }

    /// The rule of the field that named the time, in the words of the engine that takes such times away.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Taken => Rule::Taken.rule(),
            Self::NoResource => Rule::NoResource.rule(),
            Self::DayFull => Rule::DayFull.rule(),
            Self::KindFull => Rule::KindFull.rule(),
            Self::Elsewhere => Conflict::PatientOverlap.code(),
        }
    }

    /// The conflict that answers a single booking: there a room is no other matter than the doctor.
    pub(super) fn conflict(self) -> Conflict {
        match self {
            Self::Taken | Self::NoResource => Conflict::SlotTaken,
            Self::DayFull => Conflict::DayFull,
            Self::KindFull => Conflict::KindFull,
            Self::Elsewhere => Conflict::PatientOverlap,
        }
    }
}

/// The rule that a date of several breaks; none where the error is not about the date.
pub(crate) fn rule_of(error: &Error, knows: bool) -> Option<String> {
    if let Some(why) = Why::of(error, knows) {
        return Some(why.rule().to_owned());
    }
    let Error::Refused(Refusal::Invalid { fields }) = error else { return None };
    fields.first().map(|broken| broken.rule.clone())
}

#[cfg(test)]
mod tests {
    use std::{error::Error as StdError, fmt};

    use sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    /// What a database says that names a constraint.
    #[derive(Debug)]
    struct Said(&'static str);

    impl fmt::Display for Said {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl StdError for Said {}

    impl DatabaseError for Said {
        fn message(&self) -> &str {
            self.0
        }

        fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    fn said(constraint: &'static str) -> Error {
        Error::Database(sqlx::Error::Database(Box::new(Said(constraint))))
    }

    #[test]
    fn a_room_that_the_database_refuses_is_called_by_its_name_in_every_list_of_dates() {
        for knows in [true, false] {
            assert_eq!(
                rule_of(&said("appointment_resources_overlap"), knows).as_deref(),
                Some("slot_no_resource")
            );
            assert_eq!(rule_of(&said("appointments_doctor_overlap"), knows).as_deref(), Some("slot_taken"));
        }
        let single = Why::of(&said("appointment_resources_overlap"), true).map(Why::conflict);
        assert_eq!(single, Some(Conflict::SlotTaken));
        assert_eq!(rule_of(&said("hospitals.name"), true), None);
    }

    #[test]
    fn where_a_patient_is_only_those_read_who_may_know() {
        let elsewhere = said("appointments_patient_overlap");
        assert_eq!(rule_of(&elsewhere, true).as_deref(), Some("patient_overlap"));
        assert_eq!(rule_of(&elsewhere, false).as_deref(), Some("slot_taken"));
        assert_eq!(Why::of(&elsewhere, false).map(Why::conflict), Some(Conflict::SlotTaken));
    }

    #[test]
    fn what_is_not_about_a_date_has_no_rule_of_one() {
        let full = |reason| rule_of(&Error::conflict(reason), true);
        assert_eq!(full(Conflict::DayFull).as_deref(), Some("slot_day_full"));
        assert_eq!(full(Conflict::KindFull).as_deref(), Some("slot_kind_full"));
        assert_eq!(full(Conflict::TooManyVisits), None);
        let away = Error::from(Refusal::invalid("start", "slot_away"));
        assert_eq!(rule_of(&away, true).as_deref(), Some("slot_away"));
        assert_eq!(rule_of(&Error::Busy, true), None);
    }
}
