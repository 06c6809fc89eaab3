//! Days and weeks of doctors, as a hospital looks at them.
//!
//! Who may see them is [`crate::access`]'; what a visit is stands one folder up.

use jiff::civil;
use serde::{Deserialize, Serialize};

use super::Appointment;
use crate::{
    ids::{DoctorId, VisitTypeId},
    time::Moment,
};

/// A day of a hospital, doctor by doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayBoard {
    /// The local date.
    pub date: civil::Date,
    /// Now on the hospital's wall.
    pub now: Moment,
    /// IANA zone.
    pub time_zone: String,
    /// One column per doctor whose hours begin on that date, or who has visits on it.
    pub doctors: Vec<DoctorDay>,
}

/// A day of a doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DoctorDay {
    /// The local date.
    pub date: civil::Date,
    /// Who.
    pub doctor_id: DoctorId,
    /// Her name.
    pub doctor_name: String,
    /// When she works, in minutes since local midnight.
    pub hours: Vec<(i16, i16)>,
    /// Visits by begin, cancelled ones too.
    pub appointments: Vec<Appointment>,
    /// Kinds of visits of which several may come to one time of hers. None where the caller does not see all her visits: then nobody
    /// could tell how many places are taken.
    #[serde(default)]
    pub groups: Vec<GroupKind>,
}

/// A kind of visit of which several may come to one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupKind {
    /// Which.
    pub visit_type_id: VisitTypeId,
    /// How many.
    pub capacity: u16,
}

/// A week of a doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DoctorWeek {
    /// Its Monday.
    pub monday: civil::Date,
    /// Now on the hospital's wall.
    pub now: Moment,
    /// IANA zone.
    pub time_zone: String,
    /// Monday to Sunday.
    pub days: Vec<DoctorDay>,
}
