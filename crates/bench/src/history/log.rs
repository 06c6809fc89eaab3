//! What the clients wrote down: each operation with the moments when it was asked and answered, all on one clock.
//! It judges nothing.

use domain::{
    appointments::Status,
    ids::{AppointmentId, DoctorId, PatientId, VisitTypeId},
};

/// Nanoseconds since the run began, on the monotonic clock of the one process that asks.
pub(crate) type Nanos = u64;

/// A moment that is after all others.
pub(crate) const NEVER: Nanos = Nanos::MAX;

/// One operation: what was asked, and what came back.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) client: usize,
    pub(crate) patient: PatientId,
    /// Operations of one request are the same question, asked again under its idempotency key.
    pub(crate) request: u64,
    pub(crate) asked: Nanos,
    /// [`NEVER`] when no answer came.
    pub(crate) answered: Nanos,
    pub(crate) wish: Wish,
    pub(crate) answer: Answer,
}

/// What a client wants. Instants are epoch milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Book {
        doctor: DoctorId,
        kind: VisitTypeId,
        start: i64,
    },
    Cancel {
        visit: AppointmentId,
        version: Option<i64>,
    },
    Move {
        visit: AppointmentId,
        start: i64,
        version: Option<i64>,
    },
    /// One visit.
    Read {
        visit: AppointmentId,
    },
    /// All visits of the patient that are not cancelled.
    Mine,
    /// The free times of a doctor.
    Free {
        doctor: DoctorId,
        kind: VisitTypeId,
    },
}

impl Wish {
    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::Book { .. } | Self::Cancel { .. } | Self::Move { .. })
    }

    /// The visit that it names.
    pub(crate) fn visit(&self) -> Option<AppointmentId> {
        match self {
            Self::Cancel { visit, .. } | Self::Move { visit, .. } | Self::Read { visit } => Some(*visit),
            Self::Book { .. } | Self::Mine | Self::Free { .. } => None,
        }
    }
}

/// What a client was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Visit(Seen),
    Visits(Vec<Seen>),
    Times(Vec<i64>),
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
            Self::Visit(_) => "a visit",
            Self::Visits(_) => "visits",
            Self::Times(_) => "free times",
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
    pub(crate) version: i64,
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
}

impl Refusal {
    pub(crate) const ALL: [Self; 7] = [
        Self::SlotTaken,
        Self::PatientOverlap,
        Self::TooManyMoves,
        Self::WrongStatus,
        Self::StaleVersion,
        Self::NotFound,
        Self::TimeSame,
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
        }
    }
}
