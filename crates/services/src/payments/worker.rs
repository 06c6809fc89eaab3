//! The worker: settles payments that are due, and gives back times that are held no longer, as long as the server runs.
//!
//! Who reads looks at the end of a hold, and who comes back from paying settles by that. What depends on its being quick is that a time
//! which was paid for in the last moment is not offered to those who wait: the relay leaves it alone for two minutes at most.

use std::time::Duration;

use super::{settle, store};
use crate::{appointments::give_back, changes, core::Core, error::Result};

/// Another node may have left something behind.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Settles what is due, as long as the server runs.
pub(crate) async fn run(core: Core) {
    loop {
        if let Err(error) = settle_due(&core).await {
            tracing::warn!(%error, "payments cannot be settled now");
        }
        let _ = tokio::time::timeout(LOOK_EVERY, core.cashier.woken()).await;
    }
}

/// Settles every payment that is due, and gives back what is held no longer; returns how much there was.
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
    let due = {
        let mut conn = core.db.read(&settle::reach()).await?;
        store::due(&mut conn, core.now_ms()).await?
    };
    for (id,) in due {
        settle::settle(core, id, "clock").await?;
        done += 1;
    }
    Ok(done)
}
