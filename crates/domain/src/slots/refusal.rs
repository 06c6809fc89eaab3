//! Why a time cannot be had, each reason by the name under which people are told.

/// Why a start may not be booked. The codes are message keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is over.
    Past,
    /// It is nearer than the notice.
    TooSoon,
    /// It is beyond the horizon.
    TooFar,
    /// The doctor does not work on that date, by an exception to her week.
    Closed,
    /// The whole hospital is closed then.
    HospitalClosed,
    /// The doctor is away then.
    Away,
    /// The doctor works then, and sees other kinds of visits.
    OtherVisits,
    /// The doctor does not work then.
    OutsideHours,
    /// The visit would begin within the doctor's hours and end after them.
    DoesNotFit,
    /// The doctor works then, but visits do not begin at that minute.
    OffGrid,
    /// The clocks skip that wall time.
    InGap,
    /// Somebody has it.
    Taken,
    /// It is a group's time, and all its places are taken.
    GroupFull,
    /// The visit itself would fit, but not the time that is kept free before and after visits.
    TooClose,
    /// The doctor's day takes no more visits.
    DayFull,
    /// The doctor's day takes no more visits of this kind.
    KindFull,
    /// A room or a device that the visit needs is not free.
    NoResource,
}

impl Refusal {
    /// The rule's key.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Past => "slot_past",
            Self::TooSoon => "slot_too_soon",
            Self::TooFar => "slot_too_far",
            Self::Closed => "slot_closed",
            Self::HospitalClosed => "slot_hospital_closed",
            Self::Away => "slot_away",
            Self::OtherVisits => "slot_other_visits",
            Self::OutsideHours => "slot_outside_hours",
            Self::DoesNotFit => "slot_does_not_fit",
            Self::OffGrid => "slot_off_grid",
            Self::InGap => "slot_in_gap",
            Self::Taken => "slot_taken",
            Self::GroupFull => "slot_group_full",
            Self::TooClose => "slot_too_close",
            Self::DayFull => "slot_day_full",
            Self::KindFull => "slot_kind_full",
            Self::NoResource => "slot_no_resource",
        }
    }

    /// Whether another visit is in the way: then somebody was faster, and the wish was a good one.
    pub fn is_taken(self) -> bool {
        match self {
            Self::Taken | Self::GroupFull | Self::TooClose | Self::NoResource => true,
            Self::Past
            | Self::TooSoon
            | Self::TooFar
            | Self::Closed
            | Self::HospitalClosed
            | Self::Away
            | Self::OtherVisits
            | Self::OutsideHours
            | Self::DoesNotFit
            | Self::OffGrid
            | Self::InGap
            | Self::DayFull
            | Self::KindFull => false,
        }
    }

    /// Whether a limit of the day is reached: other days may have room.
    pub fn is_full(self) -> bool {
        match self {
            Self::DayFull | Self::KindFull => true,
            Self::Past
            | Self::TooSoon
            | Self::TooFar
            | Self::Closed
            | Self::HospitalClosed
            | Self::Away
            | Self::OtherVisits
            | Self::OutsideHours
            | Self::DoesNotFit
            | Self::OffGrid
            | Self::InGap
            | Self::Taken
            | Self::GroupFull
            | Self::TooClose
            | Self::NoResource => false,
        }
    }
}
