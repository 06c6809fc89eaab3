//! What every service stands on: the database, the clock, randomness, the password hasher, the directory.
//!
//! It has no operations of its own.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    access::Denials,
    appointments::{Contests, Known},
    db::Db,
    directory::Directory,
    error::Result,
    mail::Mail,
    outside::{clock::Clock, random::Random},
    passwords::Passwords,
    payments::Cashier,
    pepper::Pepper,
    sign_ins::Ended,
    waitlist::Bell,
};

/// The common ground of the services.
#[derive(Clone)]
pub(crate) struct Core {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) limits: bool,
    /// The address to which browsers bind passkeys; empty for none.
    pub(crate) passkey_origin: String,
    pub(crate) ended: Arc<Ended>,
    /// Which hospitals know which patients, as far as this node has seen.
    pub(crate) known: Arc<Known>,
    /// The times that somebody is being given.
    pub(crate) contests: Arc<Contests>,
    pub(crate) denials: Arc<Denials>,
    pub(crate) pepper: Arc<Pepper>,
    pub(crate) mail: Arc<Mail>,
    /// The payment provider, if there is one.
    pub(crate) cashier: Arc<Cashier>,
    /// Says that a time may have come free.
    pub(crate) freed: Arc<Bell>,
    /// Whether new addresses count as confirmed, and nobody is written to: for demo and measurements, whose people do not exist.
    pub(crate) proven: bool,
    /// Whether whoever runs the platform has her rights with a password alone.
    pub(crate) platform_password_alone: bool,
}

impl Core {
    /// Now in epoch milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// A fresh UUID version 7 from the clock and the randomness at hand.
    pub(crate) fn new_id(&self) -> Uuid {
        let mut random = [0; 10];
        self.random.fill(&mut random);
        let millis = u64::try_from(self.now_ms()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// An instant that the database kept.
pub(crate) fn instant(ms: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(ms).map_err(|_| crate::error::Error::Stored("instant"))
}

/// A zone that was checked when it was stored.
pub(crate) fn zone(name: &str) -> Result<jiff::tz::TimeZone> {
    jiff::tz::TimeZone::get(name).map_err(|_| crate::error::Error::Stored("time zone"))
}

/// A JSON list of codes that the database kept.
pub(crate) fn codes(json: &str) -> Result<Vec<String>> {
    serde_json::from_str(json).map_err(|_| crate::error::Error::Stored("list of codes"))
}
