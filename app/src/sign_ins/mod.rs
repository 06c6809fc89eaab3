//! Where the account is signed in, and ending it there.
//! Signing in itself is in `accounts`.

pub mod api;
mod device;
pub mod patient;
