//! Which sign-ins and access tokens have ended although their signature still holds.
//!
//! Every node keeps the last quarter of an hour in memory: it is told of each end, and reads all of them again when it may have
//! missed one. An access token lives ten minutes, so nothing older matters.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use uuid::Uuid;

use super::store;
use crate::{
    core::Core,
    db::Reach,
    error::{Error, Result},
};

/// How long an end is remembered.
const REMEMBERED_MS: i64 = 15 * 60 * 1000;
/// From this size on, old ends are let go before a new one is noted.
const MANY: usize = 10_000;

/// The ends that this node knows of. It begins in doubt, so the first question reads them.
pub(crate) struct Ended {
    /// Sign-ins and access tokens, with the instant of their end.
    ends: Mutex<HashMap<Uuid, i64>>,
    /// Bought access tokens that this node has seen in use, with the instant.
    used: Mutex<HashMap<Uuid, i64>>,
    /// How many doubts no reading has laid aside; without one, all ends are noted.
    doubts: AtomicU64,
    /// Held by whoever reads, so that nobody answers before the reading is over.
    reading: tokio::sync::Mutex<()>,
    /// How many readings have failed: whoever waited for one of them does not wait for another.
    failed: AtomicU64,
}

impl Default for Ended {
    fn default() -> Self {
        let (ends, used, reading) = (Mutex::default(), Mutex::default(), tokio::sync::Mutex::default());
        Self { ends, used, doubts: AtomicU64::new(1), reading, failed: AtomicU64::default() }
    }
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
        self.doubts.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether one of these has ended.
    pub(super) async fn any(&self, core: &Core, ids: [Uuid; 2]) -> Result<bool> {
        self.any_after(ids, self.read(core)).await
    }

    /// The same; `read` notes all ends and is only polled while there is a doubt.
    async fn any_after(&self, ids: [Uuid; 2], read: impl Future<Output = Result<()>>) -> Result<bool> {
        if self.doubts.load(Ordering::SeqCst) > 0 {
            self.settle(read).await?;
        }
        let ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(ids.iter().any(|id| ends.contains_key(id)))
    }

    /// Lays the doubts aside by reading, unless somebody has done so while this one waited. Whose reading fails, or is dropped before its
    /// end, leaves them to the next. Whoever waited for a reading that failed is refused with it: one after the other they would stand in
    /// a line for as long as the database is away, and do much later what nobody waits for any more.
    async fn settle(&self, read: impl Future<Output = Result<()>>) -> Result<()> {
        let failed = self.failed.load(Ordering::SeqCst);
        let _reading = self.reading.lock().await;
        if self.failed.load(Ordering::SeqCst) != failed {
            return Err(Error::Busy);
        }
        let doubts = self.doubts.load(Ordering::SeqCst);
        if doubts == 0 {
            return Ok(());
        }
        if let Err(error) = read.await {
            self.failed.fetch_add(1, Ordering::SeqCst);
            return Err(error);
        }
        // A doubt that came meanwhile has made them more, and stays. Only whoever holds `reading` makes them fewer.
        let _ = self.doubts.compare_exchange(doubts, 0, Ordering::SeqCst, Ordering::SeqCst);
        Ok(())
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

#[cfg(test)]
mod tests {
    use futures::{
        FutureExt as _,
        future::{lazy, pending, ready},
        poll,
    };
    use tokio::sync::oneshot;

    use super::*;

    const SIGN_IN: Uuid = Uuid::from_u128(1);
    const IDS: [Uuid; 2] = [SIGN_IN, Uuid::from_u128(2)];

    /// A reading that finds the end.
    fn found(ended: &Ended) -> impl Future<Output = Result<()>> {
        lazy(move |_| {
            ended.note(SIGN_IN, 1);
            Ok(())
        })
    }

    /// A reading that fails, and one that nobody may begin.
    fn nothing() -> impl Future<Output = Result<()>> {
        ready(Err(Error::Library("no database".to_owned())))
    }

    #[tokio::test]
    async fn a_reading_that_is_dropped_or_fails_leaves_the_doubt() {
        let ended = Ended::default();
        let dropped = ended.any_after(IDS, pending()).now_or_never();
        assert!(dropped.is_none(), "it was in the middle of its reading");
        let failed = ended.any_after(IDS, nothing()).await;
        assert!(failed.is_err());
        assert!(ended.any_after(IDS, found(&ended)).await.unwrap(), "the next one reads");
        assert!(ended.any_after(IDS, nothing()).await.unwrap());
    }

    #[tokio::test]
    async fn whoever_comes_while_another_reads_waits_for_it() {
        let ended = Ended::default();
        let (end, ends) = oneshot::channel::<()>();
        let mut first = Box::pin(ended.any_after(IDS, async {
            let _ = ends.await;
            found(&ended).await
        }));
        let mut second = Box::pin(ended.any_after(IDS, nothing()));
        assert!(poll!(first.as_mut()).is_pending());
        assert!(poll!(second.as_mut()).is_pending(), "nobody answers before the ends are known");
        end.send(()).unwrap();
        assert!(first.await.unwrap());
        assert!(second.await.unwrap());
    }

    #[tokio::test]
    async fn a_doubt_that_comes_while_one_reads_stays() {
        let ended = Ended::default();
        let missed = async {
            ended.doubt();
            Ok(())
        };
        assert!(!ended.any_after(IDS, missed).await.unwrap());
        assert!(ended.any_after(IDS, found(&ended)).await.unwrap());
        assert!(ended.any_after(IDS, nothing()).await.unwrap());
    }

    #[tokio::test]
    async fn whoever_waits_for_a_reading_that_fails_waits_for_no_other() {
        let ended = Ended::default();
        let (fail, failed) = oneshot::channel::<()>();
        let first = ended.any_after(IDS, async {
            let _ = failed.await;
            Err(Error::Library("no database".to_owned()))
        });
        let mut first = std::pin::pin!(first);
        assert!(poll!(&mut first).is_pending());
        let mut second = std::pin::pin!(ended.any_after(IDS, pending()));
        assert!(poll!(&mut second).is_pending());
        fail.send(()).expect("it is waited for");
        assert!(first.await.is_err());
        assert!(matches!(second.await, Err(Error::Busy)));
        // Who comes later tries for herself.
        assert!(ended.any_after(IDS, found(&ended)).await.expect("read"));
    }
}
