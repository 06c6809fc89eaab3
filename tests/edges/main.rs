//! The edges of the server, tested in process: the router over a house of its own per test.
//! What the services decide is tested with them; here it is what callers see of it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod app;
mod bad_input;
mod booking;
mod browser;
mod credentials;
mod document;
mod guards;
mod startup;
mod world;
