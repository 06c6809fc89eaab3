//! Passkeys: adding, renaming and removing them, and the button that signs in with one.
//! They need a script, which is the one thing here that has no way without; passwords and codes are in their own modules.

pub mod api;
pub(crate) mod script;
pub mod settings;
pub mod sign_in;
