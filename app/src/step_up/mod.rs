//! Asking for the password or a code once more before what needs it, and then going on with it.
//! What needs it is said in `domain::access`.

pub mod api;
pub mod patient;
