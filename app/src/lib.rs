//! The UI of CareSync: pages, components and server functions; it sees the domain, never the services.
//! It reaches no database and holds no rule of care: those are behind the traits of `domain`.

#![recursion_limit = "512"]

pub mod app;
pub mod browser;
pub mod follow_ups;
pub mod form;
pub mod live;
pub mod reading;
pub mod server;
#[cfg(feature = "ssr")]
pub mod still;

pub mod i18n;
pub mod styleguide;
pub mod ui;
pub mod waitlist;

pub mod portal;

pub mod accounts;
pub mod appointments;
pub mod audit;
pub mod availability;
pub mod calendars;
pub mod changes;
pub mod credentials;
pub mod doctors;
pub mod emergencies;
pub mod family;
pub mod hospitals;
pub mod passkeys;
pub mod payments;
pub mod queues;
pub mod resources;
pub mod second_factors;
pub mod series;
pub mod sign_ins;
pub mod stay;
pub mod step_up;
