//! Visits in calendar programs: the private address of one's own calendar. One visit as a file is a link on its page.
//! What a calendar says is written behind the services.

pub mod api;
pub mod patient;
