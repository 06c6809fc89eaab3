//! What the clients wrote down: each operation with the moments when it was asked and answered, all on one clock.
//! It judges nothing.

use domain::{
    appointments::{Move, Status},
    ids::{AccountId, AppointmentId, DoctorId, PatientId, VisitTypeId, WaitlistEntryId},
    waitlist::EntryStatus,
};
use jiff::civil::Date;

/// Nanoseconds since the run began, on the monotonic clock of the one process that asks.
pub(crate) type Nanos = u64;

/// A moment that is after all others.
pub(crate) const NEVER: Nanos = Nanos::MAX;

/// One operation: what was asked, and what came back.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) client: usize,
    pub(crate) who: Who,
    pub(crate) account: AccountId,
    /// Operations of one request are the same question, asked again under its idempotency key.
    pub(crate) request: u64,
    pub(crate) asked: Nanos,
    /// [`NEVER`] when no answer came.
    pub(crate) answered: Nanos,
    /// What the server's clock showed at both moments, in epoch milliseconds: it is the machine's, or as much ahead of it as the run has
    /// set it. The latest possible when no answer came.
    pub(crate) clock: (i64, i64),
    pub(crate) wish: Wish,
    pub(crate) answer: Answer,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// A patient, for herself.
    Patient(PatientId),
    /// The desk of the hospital of all doctors.
    Desk,
}

impl Who {
    /// Whether somebody's own things are asked about, or everything at the hospital.
    pub(crate) fn may_see(self, patient: PatientId) -> bool {
        match self {
            Self::Patient(own) => own == patient,
            Self::Desk => true,
        }
    }
}

/// With whom, what, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Seat {
    pub(crate) doctor: DoctorId,
    pub(crate) kind: VisitTypeId,
    pub(crate) start: i64,
}

/// What a client wants. Instants are epoch milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Book {
        patient: PatientId,
        seat: Seat,
    },
    /// To keep a time for a quarter of an hour.
    Hold {
        patient: PatientId,
        seat: Seat,
    },
    Extend {
        visit: AppointmentId,
    },
    /// To book what is held.
    Take {
        visit: AppointmentId,
    },
    Release {
        visit: AppointmentId,
    },
    Cancel {
        visit: AppointmentId,
        version: Option<i64>,
    },
    Move {
        visit: AppointmentId,
        start: i64,
        /// With another doctor.
        doctor: Option<DoctorId>,
        version: Option<i64>,
    },
    /// What the desk does with a visit between booking and its end.
    Run {
        visit: AppointmentId,
        step: Move,
        version: Option<i64>,
    },
    /// To wait for a time on these days, or for an earlier one of a visit.
    Join {
        patient: PatientId,
        doctor: DoctorId,
        kind: VisitTypeId,
        moves: Option<AppointmentId>,
        days: (Date, Date),
    },
    Leave {
        entry: WaitlistEntryId,
    },
    Accept {
        entry: WaitlistEntryId,
    },
    Decline {
        entry: WaitlistEntryId,
    },
    /// Where the patient waits, and what is kept for her.
    Line,
    /// One visit.
    Read {
        visit: AppointmentId,
    },
    /// All visits of the patient that are ahead.
    Mine,
    /// The free times of a doctor on a day.
    Free {
        doctor: DoctorId,
        kind: VisitTypeId,
        day: Date,
    },
}

impl Wish {
    pub(crate) fn writes(&self) -> bool {
        !matches!(self, Self::Line | Self::Read { .. } | Self::Mine | Self::Free { .. })
    }

    /// Whether it may be asked for again under its key.
    pub(crate) fn keyed(&self) -> bool {
        match self {
            Self::Book { .. }
            | Self::Hold { .. }
            | Self::Cancel { .. }
            | Self::Move { .. }
            | Self::Run { .. }
            | Self::Join { .. } => true,
            Self::Extend { .. }
            | Self::Take { .. }
            | Self::Release { .. }
            | Self::Leave { .. }
            | Self::Accept { .. }
            | Self::Decline { .. }
            | Self::Line
            | Self::Read { .. }
            | Self::Mine
            | Self::Free { .. } => false,
        }
    }

    /// The visit that it names.
    pub(crate) fn visit(&self) -> Option<AppointmentId> {
        match self {
            Self::Extend { visit }
            | Self::Take { visit }
            | Self::Release { visit }
            | Self::Cancel { visit, .. }
            | Self::Move { visit, .. }
            | Self::Run { visit, .. }
            | Self::Read { visit } => Some(*visit),
            Self::Book { .. }
            | Self::Hold { .. }
            | Self::Join { .. }
            | Self::Leave { .. }
            | Self::Accept { .. }
            | Self::Decline { .. }
            | Self::Line
            | Self::Mine
            | Self::Free { .. } => None,
        }
    }

    /// The place in a line that it names.
    pub(crate) fn entry(&self) -> Option<WaitlistEntryId> {
        match self {
            Self::Leave { entry } | Self::Accept { entry } | Self::Decline { entry } => Some(*entry),
            _ => None,
        }
    }

    /// When it is to be, where it says that.
    pub(crate) fn start(&self) -> Option<i64> {
        match self {
            Self::Book { seat, .. } | Self::Hold { seat, .. } => Some(seat.start),
            Self::Move { start, .. } => Some(*start),
            _ => None,
        }
    }
}

/// What a client was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Visit(Seen),
    Visits(Vec<Seen>),
    Times(Vec<i64>),
    Entry(Waiting),
    Entries(Vec<Waiting>),
    /// A refusal, with the free times that were named instead.
    Refused(Refusal, Vec<i64>),
    /// Nothing, or nothing that tells whether it was done.
    Unknown,
    /// What nobody should be told.
    Strange(String),
}

impl Answer {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Visit(seen) if seen.status.is_held() => "a hold",
            Self::Visit(_) => "a visit",
            Self::Visits(_) => "visits",
            Self::Times(_) => "free times",
            Self::Entry(_) => "a place in a line",
            Self::Entries(_) => "places in lines",
            Self::Refused(refusal, _) => refusal.code(),
            Self::Unknown => "unknown",
            Self::Strange(_) => "strange",
        }
    }
}

/// A visit as it was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) id: AppointmentId,
    pub(crate) patient: PatientId,
    pub(crate) doctor: DoctorId,
    pub(crate) kind: VisitTypeId,
    pub(crate) start: i64,
    pub(crate) status: Status,
    /// Until when its time is held, where it is no more than held.
    pub(crate) until: Option<i64>,
    pub(crate) version: i64,
}

/// A place in a line as it was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) id: WaitlistEntryId,
    pub(crate) patient: PatientId,
    pub(crate) doctor: DoctorId,
    pub(crate) kind: VisitTypeId,
    pub(crate) moves: Option<AppointmentId>,
    pub(crate) status: EntryStatus,
    pub(crate) offer: Option<Kept>,
}

/// A time that is kept for somebody who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) hold: AppointmentId,
    pub(crate) start: i64,
    pub(crate) until: i64,
}

/// Why a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Refusal {
    SlotTaken,
    PatientOverlap,
    TooManyMoves,
    WrongStatus,
    StaleVersion,
    NotFound,
    TimeSame,
    PayFirst,
    HoldEnded,
    AlreadyDone,
    TooEarly,
    AlreadyWaiting,
    TooManyLists,
    DateTooLate,
    UnknownValue,
}

impl Refusal {
    pub(crate) const ALL: [Self; 15] = [
        Self::SlotTaken,
        Self::PatientOverlap,
        Self::TooManyMoves,
        Self::WrongStatus,
        Self::StaleVersion,
        Self::NotFound,
        Self::TimeSame,
        Self::PayFirst,
        Self::HoldEnded,
        Self::AlreadyDone,
        Self::TooEarly,
        Self::AlreadyWaiting,
        Self::TooManyLists,
        Self::DateTooLate,
        Self::UnknownValue,
    ];

    /// The code of the API, or the rule of the field.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::SlotTaken => "slot_taken",
            Self::PatientOverlap => "patient_overlap",
            Self::TooManyMoves => "too_many_moves",
            Self::WrongStatus => "wrong_status",
            Self::StaleVersion => "stale_version",
            Self::NotFound => "not_found",
            Self::TimeSame => "time_same",
            Self::PayFirst => "pay_first",
            Self::HoldEnded => "hold_ended",
            Self::AlreadyDone => "already_done",
            Self::TooEarly => "too_early",
            Self::AlreadyWaiting => "already_waiting",
            Self::TooManyLists => "too_many_lists",
            Self::DateTooLate => "date_too_late",
            Self::UnknownValue => "unknown_value",
        }
    }
}
