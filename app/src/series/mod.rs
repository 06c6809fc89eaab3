//! Series: choosing how often and how many, seeing what stands in the way of each date, booking all of them in one step, and on the page
//! of a visit the others of its series. Which times are free is decided behind the services.

pub mod api;
pub mod cancel;
pub mod choose;
mod costs;
pub mod others;
mod words;
