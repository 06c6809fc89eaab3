//! How long a session lasts: until half a day after signing in, and no longer than a while after its last use.
//!
//! Which request is a use is the server's to say; rights are looked up at each request anyway.

use domain::{
    Result,
    sign_ins::{IDLE_MINUTES, SESSION_HOURS, STAFF_IDLE_MINUTES},
    time::MINUTE,
};
use jiff::Timestamp;

use super::{Sessions, store};
use crate::{core::instant, db::Reach};

pub(super) const LONGEST_MS: i64 = SESSION_HOURS * 60 * MINUTE;
const STAFF_IDLE_MS: i64 = STAFF_IDLE_MINUTES * MINUTE;
pub(super) const IDLE_MS: i64 = IDLE_MINUTES * MINUTE;
/// How often a use is written down.
const TOUCH_MS: i64 = MINUTE;

/// What a session's end hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// When it was last used.
    pub seen_at: Timestamp,
    /// When it ends if it is not used again; unused sessions of nobody do not end sooner.
    pub idle_at: Timestamp,
    /// When it ends in any case.
    pub ends_at: Timestamp,
}

impl Limits {
    pub(super) fn of(row: &store::SessionRow) -> crate::error::Result<Self> {
        let ends_at = instant(row.expires_at)?;
        let idle_at = match row.account_id {
            Some(_) => instant(row.seen_at + idle_ms(row))?,
            None => ends_at,
        };
        Ok(Self { seen_at: instant(row.seen_at)?, idle_at, ends_at })
    }

    /// When it ends, as things stand.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.idle_at.min(self.ends_at)
    }

    /// The same session, used now.
    fn used_at(self, now: Timestamp) -> Self {
        let idle = self.idle_at.duration_since(self.seen_at);
        Self { seen_at: now, idle_at: now.saturating_add(idle).unwrap_or(self.idle_at), ..self }
    }
}

fn idle_ms(row: &store::SessionRow) -> i64 {
    if row.staff { STAFF_IDLE_MS } else { IDLE_MS }
}

/// Whether a session has reached none of its limits.
pub(super) fn goes_on(row: &store::SessionRow, now: i64) -> bool {
    row.expires_at > now && (row.account_id.is_none() || row.seen_at > now - idle_ms(row))
}

impl Sessions {
    /// Notes that somebody uses a session that goes on, once a minute at most; gives its limits from then on.
    pub async fn touch(&self, id_hash: [u8; 32], limits: Limits) -> Result<Limits> {
        let now = self.core.now_ms();
        let at = instant(now)?;
        if now - limits.seen_at.as_millisecond() < TOUCH_MS {
            return Ok(limits);
        }
        let reach = Reach::house("the cookie is the proof");
        self.core.db.write(&reach, move |conn| Box::pin(store::touch(conn, id_hash, now))).await?;
        Ok(limits.used_at(at))
    }
}
