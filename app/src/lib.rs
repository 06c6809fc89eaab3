//! The UI of CareSync: pages, components and server functions; it sees the domain, never the services.
//! It reaches no database and holds no rule of care: those are behind the traits of `domain`.

#![recursion_limit = "256"]

pub mod i18n;
pub mod styleguide;
pub mod ui;
