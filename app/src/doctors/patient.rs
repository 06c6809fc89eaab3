//! The pages on which a patient finds a doctor.
//! Booking begins on them and goes on in `appointments::book`.

mod doctor;
mod filters;
mod search;

pub use doctor::*;
pub use filters::*;
pub use search::*;
