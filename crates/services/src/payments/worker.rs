//! The worker: settles payments that are due, and gives back times that are held no longer, as long as the server runs.
//!
//! Who reads looks at the end of a hold, and who comes back from paying settles by that. What depends on its being quick is that a time
//! which was paid for in the last moment is not offered to those who wait: the relay leaves it alone for two minutes at most.
//!
//! Several are settled at a time, and which comes next is asked each time: whoever has paid waits neither for an answer that is slow nor
//! for the many payments that nobody goes on with. Each is taken on a lease, and what concerns one visit comes one after the other by that.

use std::{collections::HashSet, time::Duration};

use domain::payments::patience::Urgency;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{settle, store};
use crate::{
    appointments::give_back,
    changes,
    core::Core,
    error::{Error, Result},
};

/// Another node may have left something behind.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// So many payments are settled at a time.
const AT_ONCE: usize = 6;
/// And so many before ended holds are given back. No more than are found at once, so that none hides behind those that were done.
const A_ROUND: usize = 100;

/// Settles what is due, as long as the server runs.
pub(crate) async fn run(core: Core) {
    loop {
        if let Err(error) = settle_due(&core).await {
            tracing::warn!(%error, "payments cannot be settled now");
        }
        let _ = tokio::time::timeout(LOOK_EVERY, core.cashier.woken()).await;
    }
}

/// Settles payments that are due, the urgent ones first, and gives back what is held no longer; returns how much there was.
pub(crate) async fn settle_due(core: &Core) -> Result<usize> {
    let settled = settle_payments(core).await;
    // Last: whoever has paid before the end of her hold, of which nobody has heard yet, is seated before those who wait are asked.
    let done = give_back(core, None).await? + settled?;
    if done > 0 {
        core.mail.wake();
    }
    Ok(done)
}

async fn settle_payments(core: &Core) -> Result<usize> {
    // First, because what it asks to be sent back is due at once.
    let mut done = changes::repay_due(core).await?;
    let (mut taken, mut at_work) = (HashSet::new(), JoinSet::new());
    // One that cannot be settled keeps nobody else waiting.
    let mut accident = None;
    loop {
        while at_work.len() < AT_ONCE && taken.len() < A_ROUND {
            match next_due(core, &taken).await {
                Ok(Some(id)) => {
                    taken.insert(id);
                    let core = core.clone();
                    at_work.spawn(async move { settle::settle(&core, id, "clock").await });
                }
                Ok(None) => break,
                Err(error) => {
                    accident = Some(error);
                    break;
                }
            }
        }
        let Some(settled) = at_work.join_next().await else { break };
        match settled.unwrap_or(Err(Error::Panicked)) {
            Ok(()) => done += 1,
            Err(error) => accident = Some(error),
        }
    }
    if taken.len() == A_ROUND {
        // There are more.
        core.cashier.wake();
    }
    accident.map_or(Ok(done), Err)
}

/// The most urgent payment that is due and was not taken yet.
async fn next_due(core: &Core, taken: &HashSet<Uuid>) -> Result<Option<Uuid>> {
    let mut conn = core.db.read(&settle::reach()).await?;
    for urgency in Urgency::ALL {
        let due = store::due(&mut conn, urgency, core.now_ms()).await?;
        if let Some((id,)) = due.into_iter().find(|(id,)| !taken.contains(id)) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}
