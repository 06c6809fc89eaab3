//! The pages of a patient's visits: home, the list, one visit, cancelling it.
//! Booking is in `book`.

mod cancel;
mod home;
mod visit;
mod visits;

pub use cancel::CancelPage;
pub use home::HomePage;
pub use visit::VisitPage;
pub use visits::VisitsPage;
