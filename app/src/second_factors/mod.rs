//! Codes besides the password: the page that asks for one at signing in, and the page that turns this on and off.
//! How a code is checked is the services' business.

pub mod api;
pub mod code;
pub mod held_back;
pub mod settings;
