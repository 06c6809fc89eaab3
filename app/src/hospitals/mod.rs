//! Hospitals: the public page of one, and the pages on which it keeps itself.
//! Its doctors are in `doctors`, its members in `accounts`.

pub mod admin_api;
pub mod admin_forms;
pub mod api;
pub mod hospital;
pub mod patient;
