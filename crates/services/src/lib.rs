//! The implementation behind the traits of `domain`: SQL, hashing, pictures, the clock. Server only.
//!
//! It knows no HTTP and no interface; every operation authorises here, before anything is read or changed.

/// Keeps memory flat under many threads, where the system's allocator lets it grow. It stands here and not with the binary because
/// SQLite is compiled to use it (ADR 30): whatever opens a database has it, the tests too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod access;
mod core;
mod db;
mod edition;
mod error;
mod hub;
mod idempotency;
mod mail;
mod passwords;
mod pepper;
mod secrets;
mod throttle;

pub mod outside;
pub mod sessions;

mod accounts;
mod appointments;
mod audit;
mod availability;
mod calendars;
mod changes;
mod credentials;
mod directory;
mod doctors;
mod emergencies;
mod family;
mod follow_ups;
mod fsck;
mod history;
mod hospitals;
mod passkeys;
mod payments;
mod queues;
mod resources;
mod second_factors;
mod seed;
mod series;
mod sign_ins;
mod waitlist;

mod house;

pub use audit::AuditReport;
pub use db::OpenError;
pub use edition::Edition;
pub use fsck::FsckReport;
pub use history::{KeptTime, TakenPlace, TakenStep};
pub use house::{House, Settings};
pub use mail::MailSettings;
pub use outside::clock;
pub use passwords::PasswordCost;
pub use payments::PaymentSettings;
pub use seed::{
    DEMO_PASSWORD, SeedReport,
    bulk::{BULK_FREE_PATIENTS, BULK_PASSWORD, BulkSize},
};
