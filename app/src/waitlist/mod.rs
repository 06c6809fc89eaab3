//! The waiting list: joining it, one's own places in line and the time that is kept for one, and the list of a hospital.
//! Who comes next, and which times are offered, is decided behind the services.

pub mod api;
pub mod hospital;
pub mod join;
pub mod patient;
mod words;
