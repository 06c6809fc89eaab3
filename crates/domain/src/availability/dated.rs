//! What holds for certain dates only: a doctor's absence, hours that are there once, a hospital's closing.
//!
//! What each means for free times is in [`crate::slots`].

use jiff::civil;
use serde::{Deserialize, Serialize};

use super::TimeWindow;
use crate::ids::{AbsenceId, ClosureId, OpeningId, VisitTypeId};

/// Why a doctor is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AbsenceKind {
    /// Holiday, illness, and whatever else is hers.
    Leave,
    /// She learns something.
    Training,
    /// She meets others.
    Meeting,
    /// Anything else.
    Other,
}

impl AbsenceKind {
    /// All of them, in the order in which people are asked.
    pub const ALL: [Self; 4] = [Self::Leave, Self::Training, Self::Meeting, Self::Other];

    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Training => "training",
            Self::Meeting => "meeting",
            Self::Other => "other",
        }
    }

    /// Reads a code; refuses with `unknown_value`.
    pub fn parse(code: &str) -> std::result::Result<Self, &'static str> {
        Self::ALL.into_iter().find(|kind| kind.code() == code).ok_or("unknown_value")
    }
}

/// A time in which a doctor is away, whatever her hours say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// What the hospital's clock shows when she leaves.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2026-12-21T00:00:00"))]
    pub from: civil::DateTime,
    /// What it shows when she is back.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2027-01-04T00:00:00"))]
    pub to: civil::DateTime,
    /// Why.
    pub kind: AbsenceKind,
    /// More about it, for the hospital's eyes only.
    pub note: String,
}

/// Says that a doctor is away.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddAbsence {
    /// When she leaves, on the hospital's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2026-12-21T00:00:00"))]
    pub from: civil::DateTime,
    /// When she is back; later than `from`, by 400 days at most.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "2027-01-04T00:00:00"))]
    pub to: civil::DateTime,
    /// Why.
    pub kind: AbsenceKind,
    /// More about it, for the hospital's eyes only; up to 200 characters.
    #[serde(default)]
    pub note: String,
}

/// Hours that are there once, besides the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExtraHours {
    /// Their id.
    pub id: OpeningId,
    /// The date on which they begin.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub date: civil::Date,
    /// The window.
    #[serde(flatten)]
    pub window: TimeWindow,
    /// What is booked then; everything the doctor offers when empty.
    pub visit_types: Vec<VisitTypeId>,
    /// Why, for the hospital's eyes only.
    pub note: String,
}

/// Adds hours once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddExtraHours {
    /// The date on which they begin.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub date: civil::Date,
    /// The windows, at most 5; all are added, or none.
    pub windows: Vec<TimeWindow>,
    /// What is booked then; everything the doctor offers when empty.
    #[serde(default)]
    pub visit_types: Vec<VisitTypeId>,
    /// Why, for the hospital's eyes only; up to 200 characters.
    #[serde(default)]
    pub note: String,
}

/// Dates on which a whole hospital is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Closure {
    /// Its id.
    pub id: ClosureId,
    /// The first date.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: civil::Date,
    /// The last date.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: civil::Date,
    /// Why, for the hospital's eyes only.
    pub note: String,
}

/// Closes a hospital.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddClosure {
    /// The first date.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: civil::Date,
    /// The last date, at most 400 days later.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: civil::Date,
    /// Why, for the hospital's eyes only; up to 200 characters.
    #[serde(default)]
    pub note: String,
}
