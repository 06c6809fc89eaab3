//! Paying as a patient's side sees it.
//! The hospital's side is in `hospital`.

mod bill;
mod held;
mod pay;
mod receipt;
mod terms;

pub use bill::*;
pub use held::*;
pub use pay::*;
pub use receipt::*;
pub use terms::*;
