//! Confirming an address, a forgotten password, and the page on which one changes what one signs in with.
//! Signing up and in is in `accounts`, the list of places where one is signed in in `sign_ins`.

pub mod api;
pub mod password;
pub mod patient;
