//! The desk's queue, walk-ins, numbers, and the wall of the waiting room.
//! Visits themselves are in `appointments`; what is late or long is counted in the domain.

pub mod admin_api;
pub mod admin_forms;
pub mod api;
pub mod hospital;
pub mod patient;
pub mod wall;
pub(crate) mod words;
