//! Where the account is signed in, and ending it there.
//! Signing in itself is in `accounts`.

pub mod api;
mod device;
pub mod patient;

#[cfg(feature = "ssr")]
pub(crate) use device::device_words;
