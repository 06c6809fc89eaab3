//! The provider as others see it: over HTTP, on a port of its own per test.
//! Waiting ends with what is waited for, never with a fixed time.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod checkout;
mod client;
mod faults;
mod orders;
mod payments;
mod races;
mod receiver;
mod refunds;
mod restart;
mod stripe;
mod stripe_keys;
mod webhooks;
