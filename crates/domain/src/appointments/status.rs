//! The states of an appointment and the moves between them.
//!
//! The machine is that of FHIR R4 `Appointment.status` with the house's finer steps; see ADR 0003 for the two short ways.
//!
//! The database knows one status more, `entered-in-error` (FHIR's for a record that should not be): it was let in when the table was
//! built anew, and nothing writes it. Who is booked by mistake is called off, and that stays in her history; a mark that takes a visit out
//! of everybody's lists would need somebody who may set it, and a reason that is kept.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

use serde::{Deserialize, Serialize};

/// Where an appointment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The time is kept while a form is filled in, and only until the hold ends (FHIR `pending`).
    Held,
    /// The time is kept until it is paid for, and only until the hold ends (FHIR `pending`).
    PendingPayment,
    /// The time is the patient's; the hospital has not confirmed yet (FHIR `booked`).
    Booked,
    /// The hospital confirmed (FHIR `booked`, practitioner accepted).
    Confirmed,
    /// The patient is in the house (FHIR `arrived`).
    Arrived,
    /// Formalities are done (FHIR `checked-in`).
    CheckedIn,
    /// The patient is with the doctor (FHIR `fulfilled`, encounter in progress).
    InProgress,
    /// The visit is over (FHIR `fulfilled`).
    Completed,
    /// Called off (FHIR `cancelled`).
    Cancelled,
    /// The patient did not come (FHIR `noshow`).
    NoShow,
    /// The patient came and went again before anybody saw her (FHIR `cancelled`, with a reason of the house).
    LeftUnseen,
    /// The hold has ended, and nothing was booked (FHIR `cancelled`, with a reason of the house; part of nobody's record).
    Expired,
}

/// What somebody does with an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// The hospital confirms.
    Confirm,
    /// The patient is in the house.
    Arrive,
    /// Formalities are done.
    CheckIn,
    /// The doctor begins.
    Start,
    /// The visit is over.
    Complete,
    /// Called off.
    Cancel,
    /// The patient did not come.
    NoShow,
    /// The patient went before anybody saw her.
    LeaveUnseen,
}

/// Who called a visit off (groups of FHIR `appointment-cancellation-reason`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Initiator {
    /// The patient, or who acts for her.
    Patient,
    /// The doctor.
    Provider,
    /// The hospital.
    Organization,
}

/// Minutes after the planned begin from which a patient counts as not come.
pub const NO_SHOW_GRACE_MINUTES: i64 = 15;

impl Status {
    /// All of them, in the order of a visit's life.
    pub const ALL: [Self; 12] = [
        Self::Held,
        Self::PendingPayment,
        Self::Booked,
        Self::Confirmed,
        Self::Arrived,
        Self::CheckedIn,
        Self::InProgress,
        Self::Completed,
        Self::Cancelled,
        Self::NoShow,
        Self::LeftUnseen,
        Self::Expired,
    ];

    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::PendingPayment => "pending-payment",
            Self::Booked => "booked",
            Self::Confirmed => "confirmed",
            Self::Arrived => "arrived",
            Self::CheckedIn => "checked-in",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::NoShow => "no-show",
            Self::LeftUnseen => "left-unseen",
            Self::Expired => "expired",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// Whether the appointment keeps its time from others.
    pub fn occupies(self) -> bool {
        match self {
            Self::Held
            | Self::PendingPayment
            | Self::Booked
            | Self::Confirmed
            | Self::Arrived
            | Self::CheckedIn
            | Self::InProgress
            | Self::Completed
            | Self::NoShow
            | Self::LeftUnseen => true,
            Self::Cancelled | Self::Expired => false,
        }
    }

    /// Whether the time is kept only until the hold ends.
    pub fn is_held(self) -> bool {
        match self {
            Self::Held | Self::PendingPayment => true,
            Self::Booked
            | Self::Confirmed
            | Self::Arrived
            | Self::CheckedIn
            | Self::InProgress
            | Self::Completed
            | Self::Cancelled
            | Self::NoShow
            | Self::LeftUnseen
            | Self::Expired => false,
        }
    }

    /// Whether nothing but a correction can follow.
    pub fn is_final(self) -> bool {
        match self {
            // Money that comes late may still seat who held the time: that is no move of anybody's.
            Self::Completed | Self::Cancelled | Self::Expired => true,
            Self::Held
            | Self::PendingPayment
            | Self::Booked
            | Self::Confirmed
            | Self::Arrived
            | Self::CheckedIn
            | Self::InProgress
            | Self::NoShow
            | Self::LeftUnseen => false,
        }
    }

    /// Where a move leads from here, if it is allowed.
    pub fn after(self, step: Move) -> Option<Self> {
        use Move::{Arrive, Cancel, CheckIn, Complete, Confirm, LeaveUnseen, NoShow, Start};
        match self {
            Self::Booked => match step {
                Confirm => Some(Self::Confirmed),
                Arrive => Some(Self::Arrived),
                NoShow => Some(Self::NoShow),
                Cancel => Some(Self::Cancelled),
                CheckIn | Start | Complete | LeaveUnseen => None,
            },
            Self::Confirmed => match step {
                Arrive => Some(Self::Arrived),
                // A practice that tracks no arrivals completes what it confirmed.
                Complete => Some(Self::Completed),
                NoShow => Some(Self::NoShow),
                Cancel => Some(Self::Cancelled),
                Confirm | CheckIn | Start | LeaveUnseen => None,
            },
            Self::Arrived => match step {
                CheckIn => Some(Self::CheckedIn),
                // A desk that keeps no list of formalities goes straight on.
                Start => Some(Self::InProgress),
                Complete => Some(Self::Completed),
                LeaveUnseen => Some(Self::LeftUnseen),
                Confirm | Arrive | NoShow | Cancel => None,
            },
            Self::CheckedIn => match step {
                Start => Some(Self::InProgress),
                Complete => Some(Self::Completed),
                LeaveUnseen => Some(Self::LeftUnseen),
                Confirm | Arrive | CheckIn | NoShow | Cancel => None,
            },
            Self::InProgress => match step {
                Complete => Some(Self::Completed),
                Confirm | Arrive | CheckIn | Start | NoShow | LeaveUnseen | Cancel => None,
            },
            // A late patient is received after all, and so is one who comes back.
            Self::NoShow | Self::LeftUnseen => match step {
                Arrive => Some(Self::Arrived),
                Confirm | CheckIn | Start | Complete | NoShow | LeaveUnseen | Cancel => None,
            },
            Self::Held | Self::PendingPayment | Self::Completed | Self::Cancelled | Self::Expired => None,
        }
    }

    /// Whether the visit is had, or will be as far as anybody knows: what is to be paid, and what is free because of it, hangs on that. A
    /// time that is only held is no visit yet; whoever did not come, or went unseen, owes nothing.
    pub fn takes_place(self) -> bool {
        match self {
            Self::Booked
            | Self::Confirmed
            | Self::Arrived
            | Self::CheckedIn
            | Self::InProgress
            | Self::Completed => true,
            Self::Held
            | Self::PendingPayment
            | Self::Cancelled
            | Self::Expired
            | Self::NoShow
            | Self::LeftUnseen => false,
        }
    }
}

impl Move {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Confirm,
        Self::Arrive,
        Self::CheckIn,
        Self::Start,
        Self::Complete,
        Self::NoShow,
        Self::LeaveUnseen,
        Self::Cancel,
    ];

    /// The code in paths and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Arrive => "arrive",
            Self::CheckIn => "check-in",
            Self::Start => "start",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
            Self::NoShow => "no-show",
            Self::LeaveUnseen => "leave-unseen",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.code() == code)
    }
}

impl Initiator {
    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Provider => "provider",
            Self::Organization => "organization",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Patient, Self::Provider, Self::Organization].into_iter().find(|i| i.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_final_status() {
        for status in Status::ALL.into_iter().filter(|s| s.is_final()) {
            for step in Move::ALL {
                assert_eq!(status.after(step), None, "{status:?} {step:?}");
            }
        }
    }

    #[test]
    fn only_what_was_called_off_or_ran_out_frees_its_time() {
        for status in Status::ALL {
            let gone = matches!(status, Status::Cancelled | Status::Expired);
            assert_eq!(status.occupies(), !gone);
        }
    }

    #[test]
    fn the_main_way_is_book_confirm_complete() {
        let confirmed = Status::Booked.after(Move::Confirm);
        assert_eq!(confirmed, Some(Status::Confirmed));
        assert_eq!(Status::Confirmed.after(Move::Complete), Some(Status::Completed));
        assert_eq!(Status::Booked.after(Move::Complete), None);
        assert_eq!(Status::Arrived.after(Move::Cancel), None);
    }

    #[test]
    fn who_comes_late_or_comes_back_is_received() {
        let received = [Status::Booked, Status::Confirmed, Status::NoShow, Status::LeftUnseen];
        for status in Status::ALL {
            let comes = received.contains(&status).then_some(Status::Arrived);
            assert_eq!(status.after(Move::Arrive), comes, "{status:?}");
            assert_eq!(
                status.is_final(),
                matches!(status, Status::Completed | Status::Cancelled | Status::Expired),
                "{status:?}"
            );
        }
    }

    #[test]
    fn only_who_has_come_can_leave_unseen() {
        for status in Status::ALL {
            let came = matches!(status, Status::Arrived | Status::CheckedIn);
            assert_eq!(status.after(Move::LeaveUnseen), came.then_some(Status::LeftUnseen));
        }
    }

    #[test]
    fn what_takes_place_is_neither_held_nor_called_off_nor_missed() {
        use Status::{Cancelled, Expired, Held, LeftUnseen, NoShow, PendingPayment};
        let none = [Held, PendingPayment, Cancelled, NoShow, LeftUnseen, Expired];
        for status in Status::ALL {
            assert_eq!(status.takes_place(), !none.contains(&status), "{status:?}");
        }
    }

    #[test]
    fn a_hold_is_moved_by_nobody() {
        for status in Status::ALL.into_iter().filter(|status| status.is_held()) {
            for step in Move::ALL {
                assert_eq!(status.after(step), None, "{status:?} {step:?}");
            }
        }
    }

    #[test]
    fn codes_read_back() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.code()), Some(status));
        }
        for step in Move::ALL {
            assert_eq!(Move::parse(step.code()), Some(step));
        }
    }
}
