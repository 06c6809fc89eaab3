//! The worker: takes one letter after the other from the outbox and sends it, once at least.
//!
//! A letter that cannot leave waits longer each time and is given up after days. What it says is made by `compose`, at the moment
//! it is sent.

use std::time::Duration;

use super::{Letter, compose::compose, store, transport::Unsent};
use crate::{
    core::Core,
    db::Reach,
    error::{Error, Result},
};

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// For so long a letter belongs to the worker that took it; then it is taken for lost and another one sends it.
const LEASE_MS: i64 = 2 * MINUTE_MS;
/// Waits between the tries.
const WAITS_MS: [i64; 7] =
    [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS];
/// How long is tried. Whoever asked for a link does not wait for days.
const PATIENCE_MS: i64 = 72 * HOUR_MS;
const PATIENCE_FOR_LINKS_MS: i64 = 12 * HOUR_MS;
/// Another node may have left a letter behind.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// Sends what waits, as long as the server runs.
pub(crate) async fn run(core: Core) {
    loop {
        if let Err(error) = deliver_all(&core).await {
            tracing::warn!(%error, "the outbox cannot be read");
        }
        let _ = tokio::time::timeout(LOOK_EVERY, core.mail.waiting.notified()).await;
    }
}

/// Sends everything that is due now; returns how many letters were taken.
pub(crate) async fn deliver_all(core: &Core) -> Result<usize> {
    let mut taken = 0;
    while deliver_next(core).await? {
        taken += 1;
    }
    Ok(taken)
}

async fn deliver_next(core: &Core) -> Result<bool> {
    let (now, reach) = (core.now_ms(), Reach::house("letters are sent"));
    let Some(row) =
        core.db.write(&reach, move |conn| Box::pin(store::take(conn, now, now + LEASE_MS))).await?
    else {
        return Ok(false);
    };
    let outcome = send(core, &row).await;
    let (id, attempt, topic) = (row.id, row.attempts, row.topic.as_str());
    let now = core.now_ms();
    let waited = now - row.created_at;
    match outcome {
        Ok(()) => {
            core.db.write(&reach, move |conn| Box::pin(store::done(conn, id, attempt, now))).await?;
        }
        Err(Unsent::Later(problem)) if waited < patience(topic) => {
            tracing::warn!(%id, topic, attempt, %problem, "a letter could not leave yet");
            let due = now + wait(core, attempt);
            core.db
                .write(&reach, move |conn| {
                    let problem = problem.clone();
                    Box::pin(async move { store::later(conn, id, attempt, due, &problem).await })
                })
                .await?;
        }
        Err(Unsent::Later(problem) | Unsent::Never(problem)) => {
            tracing::error!(%id, topic, attempt, %problem, "a letter was given up");
            core.db
                .write(&reach, move |conn| {
                    let problem = problem.clone();
                    Box::pin(async move { store::dead(conn, id, attempt, now, &problem).await })
                })
                .await?;
        }
    }
    Ok(true)
}

async fn send(core: &Core, row: &store::Taken) -> Result<(), Unsent> {
    let letter: Letter = serde_json::from_str(&row.payload)
        .map_err(|_| Unsent::Never("an unknown kind of letter".to_owned()))?;
    let composed =
        compose(core, row, letter).await.map_err(|error: Error| Unsent::Later(error.to_string()))?;
    // There may be nobody to write to any more.
    let Some((to, written)) = composed else { return Ok(()) };
    core.mail.transport.send(row.id, &to, written, core.clock.now()).await
}

fn patience(topic: &str) -> i64 {
    if matches!(topic, "confirm" | "forgot" | "change" | "taken_back") {
        PATIENCE_FOR_LINKS_MS
    } else {
        PATIENCE_MS
    }
}

/// The wait after a try, a fifth longer or shorter, so that many letters do not come back at one moment.
fn wait(core: &Core, attempt: i64) -> i64 {
    let last = WAITS_MS.len() - 1;
    let at = usize::try_from(attempt - 1).unwrap_or(last).min(last);
    let base = WAITS_MS.get(at).copied().unwrap_or(HOUR_MS);
    let mut byte = [0];
    core.random.fill(&mut byte);
    base * (80 + i64::from(byte[0]) * 40 / 255) / 100
}
