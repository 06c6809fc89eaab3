//! The frames of the two portals and what they share: who is looking, what time it is, the states of a page.
//! The pages themselves stand with their features.

mod page;
mod scripts;
mod states;
mod viewer;
mod clock;

pub mod hospital;
pub mod patient;

pub use clock::{provide_clock, use_now};
pub use page::{StandAlone, follow_pages, provide_origin, public_url, theme};
pub use scripts::ClientScripts;
pub use states::{Failure, FailureNotice, Loaded, NotFoundPage};
pub use viewer::{SignedIn, Viewer, encode, provide_viewer, use_viewer};
