//! The worker: takes a few letters after the other from the outbox and sends them, once at least.
//!
//! A letter that cannot leave waits longer each time and is given up after days. What it says is made by `compose`, at the moment
//! it is sent.

use std::time::Duration;

use futures::future::join_all;
use uuid::Uuid;

use super::{
    Letter,
    compose::{Ready, compose},
    store,
    transport::Unsent,
};
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
/// Letters that are taken and sent at once: their time with a mail server is waiting.
const AT_ONCE: usize = 8;
/// After as many as that the worker lets others have the database: a letter may leave a moment later, a booking may not.
const BREATH: Duration = Duration::from_millis(50);
/// While others wait for the database, a letter waits for so many breaths at most.
const BREATHS: usize = 20;
/// Another node may have left a letter behind.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// Sends what waits, as long as the server runs.
pub(crate) async fn run(core: Core) {
    loop {
        let_others_first(&core).await;
        match deliver_some(&core).await {
            // There may be more; whoever books meanwhile comes first.
            Ok(taken) if taken == AT_ONCE => {
                tokio::time::sleep(BREATH).await;
                continue;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the outbox cannot be read"),
        }
        let _ = tokio::time::timeout(LOOK_EVERY, core.mail.waiting.notified()).await;
    }
}

async fn let_others_first(core: &Core) {
    for _ in 0..BREATHS {
        if !core.db.is_busy() {
            return;
        }
        tokio::time::sleep(BREATH).await;
    }
}

/// Sends everything that is due now; returns how many letters were taken.
pub(crate) async fn deliver_all(core: &Core) -> Result<usize> {
    let mut taken = 0;
    loop {
        match deliver_some(core).await? {
            0 => return Ok(taken),
            some => taken += some,
        }
    }
}

/// How a try to send a letter ended.
#[derive(Debug, Clone)]
enum Outcome {
    Done,
    Later { due_at: i64, problem: String },
    Dead { problem: String },
}

/// Takes some letters, sends them side by side, and notes how each of them ended.
async fn deliver_some(core: &Core) -> Result<usize> {
    let (now, reach) = (core.now_ms(), Reach::house("letters are sent"));
    let most = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let rows =
        core.db.write(&reach, move |conn| Box::pin(store::take(conn, now, now + LEASE_MS, most))).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let sent = rows.iter().map(|row| async move { (row.id, row.attempts, deliver(core, row).await) });
    let ended: Vec<(Uuid, i64, Outcome)> = join_all(sent).await;
    let now = core.now_ms();
    core.db
        .write(&reach, move |conn| {
            let ended = ended.clone();
            Box::pin(async move {
                for (id, attempt, outcome) in ended {
                    match outcome {
                        Outcome::Done => store::done(conn, id, attempt, now).await?,
                        Outcome::Later { due_at, problem } => {
                            store::later(conn, id, attempt, due_at, &problem).await?;
                        }
                        Outcome::Dead { problem } => store::dead(conn, id, attempt, now, &problem).await?,
                    }
                }
                Ok(())
            })
        })
        .await?;
    Ok(rows.len())
}

async fn deliver(core: &Core, row: &store::Taken) -> Outcome {
    let (id, attempt, topic) = (row.id, row.attempts, row.topic.as_str());
    match send(core, row).await {
        Ok(()) => Outcome::Done,
        Err(Unsent::NotBefore(due_at)) => {
            Outcome::Later { due_at, problem: "what it tells may change until then".to_owned() }
        }
        Err(Unsent::Later(problem)) if core.now_ms() - row.created_at < patience(topic) => {
            tracing::warn!(%id, topic, attempt, %problem, "a letter could not leave yet");
            Outcome::Later { due_at: core.now_ms() + wait(core, attempt), problem }
        }
        Err(Unsent::Later(problem) | Unsent::Never(problem)) => {
            tracing::error!(%id, topic, attempt, %problem, "a letter was given up");
            Outcome::Dead { problem }
        }
    }
}

async fn send(core: &Core, row: &store::Taken) -> Result<(), Unsent> {
    let letter: Letter = serde_json::from_str(&row.payload)
        .map_err(|_| Unsent::Never("an unknown kind of letter".to_owned()))?;
    let ready = compose(core, row, letter).await.map_err(|error: Error| Unsent::Later(error.to_string()))?;
    let (to, written) = match ready {
        Ready::Now(Some(composed)) => composed,
        // There may be nobody to write to any more.
        Ready::Now(None) => return Ok(()),
        Ready::NotBefore(at) => return Err(Unsent::NotBefore(at)),
    };
    core.mail.transport.send((row.id, row.created_at), &to, written, core.clock.now()).await
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
