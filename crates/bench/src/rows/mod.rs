//! One file per row of the table: what is measured, beside which limit, against which bar.
//! The bars are those of docs/performance.md.

pub(crate) mod availability;
pub(crate) mod book;
pub(crate) mod bytes;
pub(crate) mod crash;
pub(crate) mod flood;
pub(crate) mod history;
pub(crate) mod page;
pub(crate) mod race;
pub(crate) mod search;
pub(crate) mod slots;
pub(crate) mod slow;
pub(crate) mod start;

pub(crate) mod found;
mod house;
mod visit;
