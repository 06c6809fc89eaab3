//! Paying as a patient's side sees it.
//! The hospital's side is in `hospital`.

mod bill;
mod held;
mod pay;
mod receipt;

pub use bill::*;
pub use held::*;
pub use pay::*;
pub use receipt::*;
