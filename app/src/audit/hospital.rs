//! The record of accesses as the hospital's administrators search it, and the questions that patients have asked about it.
//! Emergencies have a page of their own, in `emergencies`.

pub mod questions;
pub mod search;

pub use questions::AuditQuestionsPage;
pub use search::AuditPage;
