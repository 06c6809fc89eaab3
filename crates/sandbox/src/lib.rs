//! A payment provider for demo and tests: the APIs of Razorpay and of Stripe, their hosted pages and webhooks, with faults on command.
//! No money moves here, and nothing of CareSync is known here: what it can be told is in docs/sandbox.md.

mod api;
mod checkout;
mod control;
mod courier;
mod entities;
mod error;
mod faults;
mod fields;
mod file;
mod money;
mod options;
mod post;
mod random;
mod refusal;
mod server;
mod shared;
mod signature;
mod stripe;
mod world;

pub use error::Error;
pub use options::{Clock, Options, Settling};
pub use server::Sandbox;
