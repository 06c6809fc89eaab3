//! Changing many visits of a doctor at once: choosing, the plan, the ten minutes in which it can be undone, and what was changed lately.
//! What moving and cancelling mean is the services' business.

pub mod api;
pub mod change;
pub mod recent;
pub mod sheet;
mod words;
