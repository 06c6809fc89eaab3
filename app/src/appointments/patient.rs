//! The pages of a patient's visits: home, the list, one visit, cancelling it.
//! Booking is in `book`.

mod cancel;
mod home;
mod reschedule;
mod visit;
mod visits;

pub use cancel::*;
pub use home::*;
pub use reschedule::*;
pub use visit::*;
pub use visits::*;
