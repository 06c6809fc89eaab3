//! The UI of CareSync: pages, components and server functions; it sees the domain, never the services.
//! It reaches no database and holds no rule of care: those are behind the traits of `domain`.

#![recursion_limit = "512"]

pub mod app;
pub mod server;
pub mod form;
pub mod live;
pub mod browser;

pub mod i18n;
pub mod ui;
pub mod styleguide;

pub mod portal;

pub mod accounts;
pub mod hospitals;
pub mod doctors;
pub mod availability;
pub mod appointments;
