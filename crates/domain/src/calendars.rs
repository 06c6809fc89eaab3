//! Calendars: a private address under which a calendar program reads an account's visits, and one visit as a file for a calendar.
//!
//! What an entry says is the services' business; letters with an invitation are mail.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access::{Call, Origin},
    error::Result,
    ids::AppointmentId,
};

/// How much a calendar tells to whoever has its address, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FeedDetail {
    /// That the time is taken, and no more.
    Busy,
    /// That it is a visit, with a link to its page.
    Visit,
    /// With whom and where, too.
    Full,
}

impl FeedDetail {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Busy, Self::Visit, Self::Full];

    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Visit => "visit",
            Self::Full => "full",
        }
    }

    /// Reads a code; refuses with `choose`.
    pub fn parse(code: &str) -> std::result::Result<Self, &'static str> {
        Self::ALL.into_iter().find(|detail| detail.code() == code).ok_or("choose")
    }
}

/// Makes a private address for the caller's calendar, or says anew how much the one there is tells.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetFeed {
    /// How much it tells.
    pub detail: FeedDetail,
}

/// The calendar of an account that has a private address. The address itself is not in it: the house does not know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feed {
    /// How much it tells.
    pub detail: FeedDetail,
    /// When the address was made.
    pub made_at: Timestamp,
    /// When it was last read, to the hour; absent while nobody has.
    pub read_at: Option<Timestamp>,
}

/// A calendar whose address was just made. Nobody sees the address a second time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewFeed {
    /// How much it tells, and since when.
    pub feed: Feed,
    /// What calendar programs subscribe to: whoever has it needs no password.
    pub address: String,
}

/// A calendar as a file (RFC 5545).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarFile {
    /// Its text.
    pub text: String,
    /// A name for what it says: the same while nothing of it has changed but the moment at which it was read.
    pub version: String,
}

/// Operations on calendars.
#[async_trait]
pub trait Calendars: Send + Sync {
    /// The caller's calendar. *Errors*: `Unauthenticated`, `NotFound` while it has no address.
    async fn feed(&self, call: &Call) -> Result<Feed>;

    /// Makes a private address, and writes a mail about it. One that was made before is dead from then on.
    /// *Errors*: `Unauthenticated`, `EmailUnverified`.
    async fn make_feed(&self, call: &Call, command: SetFeed) -> Result<NewFeed>;

    /// Lets the address tell more or less; it stays the same. *Errors*: `Unauthenticated`, `NotFound`.
    async fn change_feed(&self, call: &Call, command: SetFeed) -> Result<Feed>;

    /// Ends the address at once. *Errors*: `Unauthenticated`, `NotFound`.
    async fn end_feed(&self, call: &Call) -> Result<()>;

    /// What is behind an address: visits to come and of the last thirty days that its account may see now, none that was called off.
    /// Whoever has the address's secret. *Errors*: `NotFound` for one that was never made or has ended, `TooMany`.
    async fn read_feed(&self, secret: &str, origin: &Origin) -> Result<CalendarFile>;

    /// One visit for a calendar, with all that its page says of time and place. As reading the visit. *Errors*: `NotFound`.
    async fn visit(&self, call: &Call, id: AppointmentId) -> Result<CalendarFile>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_detail_is_found_by_its_code() {
        for detail in FeedDetail::ALL {
            assert_eq!(FeedDetail::parse(detail.code()), Ok(detail));
        }
        assert_eq!(FeedDetail::parse("everything"), Err("choose"));
    }
}
