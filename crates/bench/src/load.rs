//! Closed-loop load: each client sends, waits for the answer, and sends again, until time or work runs out.
//! What is asked is the row's business.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{
    client::{Ask, Client},
    machine, stats,
};

/// The n-th request of a client; none when it has no more work.
pub(crate) type Script = Arc<dyn Fn(usize, usize) -> Option<Ask> + Send + Sync>;

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    /// How long each answer took, shortest first.
    pub(crate) times: Vec<Duration>,
    /// How many answers of each status; 0 stands for none at all.
    pub(crate) statuses: BTreeMap<u16, usize>,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
    /// Share of that time in which this process was computing: near 1 it is the load that is slow.
    pub(crate) busy: f64,
}

impl Samples {
    pub(crate) fn p50(&self) -> Duration {
        stats::percentile(&self.times, 0.5)
    }

    pub(crate) fn p99(&self) -> Duration {
        stats::percentile(&self.times, 0.99)
    }

    /// Answers of a status per second.
    pub(crate) fn rate(&self, status: u16) -> f64 {
        stats::per_second(self.count(status), self.elapsed)
    }

    pub(crate) fn count(&self, status: u16) -> usize {
        self.statuses.get(&status).copied().unwrap_or(0)
    }

    /// Nothing but this status, or what else there was.
    pub(crate) fn only(&self, status: u16) -> anyhow::Result<()> {
        let pure = self.count(status) == self.times.len() && !self.times.is_empty();
        anyhow::ensure!(pure, "answers other than {status}: {:?}", self.statuses);
        Ok(())
    }
}

/// Lets all clients run their scripts for a while. The clients come back in order.
pub(crate) async fn run(clients: Vec<Client>, within: Duration, script: Script) -> (Vec<Client>, Samples) {
    let (begun, computed) = (Instant::now(), machine::own_time());
    let mut running = JoinSet::new();
    for (number, client) in clients.into_iter().enumerate() {
        running.spawn(one(number, client, begun + within, script.clone()));
    }
    let mut samples = Samples::default();
    let mut returned = BTreeMap::new();
    while let Some(finished) = running.join_next().await {
        let Ok((number, client, answers)) = finished else { continue };
        returned.insert(number, client);
        for (status, time) in answers {
            samples.times.push(time);
            *samples.statuses.entry(status).or_default() += 1;
        }
    }
    samples.elapsed = begun.elapsed();
    samples.busy =
        (machine::own_time().saturating_sub(computed)).as_secs_f64() / samples.elapsed.as_secs_f64();
    samples.times.sort_unstable();
    (returned.into_values().collect(), samples)
}

async fn one(
    number: usize,
    mut client: Client,
    until: Instant,
    script: Script,
) -> (usize, Client, Vec<(u16, Duration)>) {
    let mut answers = Vec::new();
    for turn in 0.. {
        if Instant::now() >= until {
            break;
        }
        let Some(ask) = script(number, turn) else { break };
        let asked = Instant::now();
        let status = client.send(&ask).await.map_or(0, |answer| answer.status);
        answers.push((status, asked.elapsed()));
    }
    (number, client, answers)
}
