//! The edges of the server, tested in process: the router over a house of its own per test.
//! What the services decide is tested with them; here it is what callers see of it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod app;
#[cfg(feature = "passkeys")]
#[path = "../../crates/services/tests/services/authenticator.rs"]
mod authenticator;
mod bad_input;
mod booking;
mod browser;
mod caches;
mod calendars;
mod canaries;
mod credentials;
mod cross_site;
mod desk_queue;
mod document;
mod family;
mod follow_ups;
mod guards;
mod headers;
mod hosts;
mod invitations;
mod kept_pages;
mod limits;
mod matrix;
#[cfg(feature = "passkeys")]
mod passkeys;
mod payments;
mod receipts;
mod refusals;
mod resources;
mod second_factor;
mod session_limits;
mod staff_policy;
mod startup;
mod step_up;
mod waitlist;
mod wire;
mod world;
