//! Doctors: finding one, her public page, and the pages on which her hospital keeps her.
//! When she works is in `availability`; booking with her is in `appointments`.

pub mod admin_api;
pub mod admin_forms;
pub mod api;
pub mod by_name;
pub mod hospital;
pub mod parts;
pub mod patient;
