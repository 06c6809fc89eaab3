//! One newtype per entity id, so that a doctor's id can never be passed where a patient's is wanted.
//!
//! Ids are UUID version 7; making one needs time and randomness and so happens in `services`, not here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not an id. Edges answer it as an absent object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

/// An id that a form may leave empty. A text that is none is refused with `id_invalid`, never taken for empty: the form would
/// do something else than it shows.
pub fn optional<T: FromStr>(text: &str) -> Result<Option<T>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| "id_invalid"),
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// What signs in.
    AccountId,
    /// The person who is cared for.
    PatientId,
    /// A hospital or practice.
    HospitalId,
    /// A part of a hospital.
    DepartmentId,
    /// A practitioner in her role at one hospital.
    DoctorId,
    /// Something that can be booked.
    VisitTypeId,
    /// A booked visit.
    AppointmentId,
    /// An account's role at a hospital.
    MembershipId,
    /// An open invitation to become a member.
    InvitationId,
    /// One place where an account is signed in.
    SignInId,
    /// A passkey.
    PasskeyId,
    /// A challenge that a passkey answers.
    ChallengeId,
    /// A declared emergency.
    EmergencyId,
    /// Somebody asked to act for a patient.
    OfferId,
    /// A time in which a doctor is away.
    AbsenceId,
    /// Hours that are there once.
    OpeningId,
    /// Dates on which a hospital is closed.
    ClosureId,
    /// A room or a device of a hospital.
    ResourceId,
    /// What a visit type needs besides the doctor.
    NeedId,
    /// A payment for a visit.
    PaymentId,
    /// Somebody's place on a waiting list.
    WaitlistEntryId,
    /// A change of many visits.
    MassChangeId,
    /// A ticket for one more visit.
    FollowUpId,
    /// Visits that were booked as one row.
    SeriesId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_ids_are_refused() {
        assert_eq!("42".parse::<DoctorId>(), Err(NotAnId));
        assert_eq!(optional::<DoctorId>("42"), Err("id_invalid"));
        assert_eq!(optional::<DoctorId>(" "), Ok(None));
        let id = DoctorId(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
    }
}
