//! Rooms and devices of a hospital, and what visits need of them.

pub mod admin_api;
pub mod admin_forms;
pub mod hospital;
