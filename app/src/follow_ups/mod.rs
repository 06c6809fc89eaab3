//! Follow-ups: that a doctor would like to see somebody again, the page on which she chooses a time, and what the hospital sees of it.
//! Which times fit is decided behind the services.

pub mod api;
pub mod hospital;
pub mod notices;
pub mod patient;
mod words;
