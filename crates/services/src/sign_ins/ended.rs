//! Which sign-ins and access tokens have ended although their signature still holds.
//!
//! Every node keeps the last quarter of an hour in memory: it is told of each end, and reads all of them again when it may have
//! missed one. An access token lives ten minutes, so nothing older matters.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use uuid::Uuid;

use super::store;
use crate::{core::Core, db::Reach, error::Result};

/// How long an end is remembered.
const REMEMBERED_MS: i64 = 15 * 60 * 1000;
/// From this size on, old ends are let go before a new one is noted.
const MANY: usize = 10_000;

/// The ends that this node knows of. It begins in doubt, so the first question reads them.
#[derive(Default)]
pub(crate) struct Ended {
    /// Sign-ins and access tokens, with the instant of their end.
    ends: Mutex<HashMap<Uuid, i64>>,
    /// Bought access tokens that this node has seen in use, with the instant.
    used: Mutex<HashMap<Uuid, i64>>,
    complete: AtomicBool,
}

impl Ended {
    /// Notes an end.
    pub(crate) fn note(&self, id: Uuid, at: i64) {
        remember(&self.ends, id, at);
    }

    /// Whether this node has noted that an access token is in use.
    pub(super) fn was_used(&self, id: Uuid) -> bool {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&id)
    }

    /// Notes that an access token is in use; it stands in the database already.
    pub(super) fn note_use(&self, id: Uuid, at: i64) {
        remember(&self.used, id, at);
    }

    /// Something may have been missed.
    pub(crate) fn doubt(&self) {
        self.complete.store(false, Ordering::SeqCst);
    }

    /// Whether one of these has ended.
    pub(super) async fn any(&self, core: &Core, ids: [Uuid; 2]) -> Result<bool> {
        // The doubt is laid aside before reading: one that comes while reading stays.
        if !self.complete.swap(true, Ordering::SeqCst)
            && let Err(error) = self.read(core).await
        {
            self.doubt();
            return Err(error);
        }
        let ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(ids.iter().any(|id| ends.contains_key(id)))
    }

    async fn read(&self, core: &Core) -> Result<()> {
        let mut conn = core.db.read(&Reach::house("each node learns what ended")).await?;
        for row in store::ended_since(&mut conn, core.now_ms() - REMEMBERED_MS).await? {
            self.note(row.id, row.at);
        }
        Ok(())
    }
}

fn remember(ids: &Mutex<HashMap<Uuid, i64>>, id: Uuid, at: i64) {
    let mut ids = ids.lock().unwrap_or_else(PoisonError::into_inner);
    if ids.len() >= MANY {
        ids.retain(|_, noted| *noted > at - REMEMBERED_MS);
    }
    ids.insert(id, at);
}
