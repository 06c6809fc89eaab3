//! The frames of the two portals and what they share: who is looking, what time it is, the states of a page.
//! The pages themselves stand with their features.

mod account_end;
mod clock;
mod page;
mod parts;
mod print;
mod query;
mod scripts;
mod states;
mod viewer;

pub mod hospital;
pub mod patient;

pub use account_end::*;
pub use clock::*;
pub use page::*;
pub use parts::*;
pub use print::*;
pub use query::*;
pub use scripts::*;
pub use states::*;
pub use viewer::*;
