//! Emergencies: a doctor opens the record of a patient whom she does not treat, and an administrator looks at it afterwards.
//! What an emergency lets one see is decided in `domain::access`; who looked is shown in `audit`.

pub mod api;
pub mod declare;
pub mod hint;
pub mod queue;

use domain::ids::EmergencyId;

pub use declare::DeclarePage;
pub use hint::NotInCare;
pub use queue::EmergenciesPage;

/// The key under which the fields about an emergency post. An id may begin with a digit, and what begins with one is read as
/// a place in a list.
pub(crate) fn review_key(id: EmergencyId) -> String {
    format!("e-{id}")
}
