//! Visits: booking one, my visits, and the pages on which the hospital runs its day.
//! Which times are free and who may do what is decided behind the services.

pub mod admin_api;
pub mod admin_forms;
pub mod api;
pub mod book;
pub mod cancel_form;
pub mod hospital;
pub mod parts;
pub mod patient;
pub mod reason;
pub mod reschedule;
pub mod time_choice;
pub mod why_not;
