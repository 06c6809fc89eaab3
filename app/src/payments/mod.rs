//! Paying for visits: the page that leads to the payment provider, bills and receipts, and the hospital's money.
//! What follows from a payment is decided behind the services.

pub mod admin_api;
pub mod admin_forms;
pub mod api;
pub mod hospital;
#[cfg(feature = "ssr")]
pub mod paper;
pub mod parts;
pub mod patient;
