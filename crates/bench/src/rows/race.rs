//! W6: sixty-four patients want each of a thousand times at the same moment. One gets it; the others are told so, with
//! times that are free instead. Then every tenth is cancelled and wanted again.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::Context;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::found::{self, Slot};
use crate::{
    client::{Answer, Ask, Client},
    data::{Data, Size},
    report::Figure,
    server::Server,
    stats,
};

const CLIENTS: usize = 64;
const SLOTS: usize = 1_000;
const CANCELLED: usize = SLOTS / 10;
/// The first sixty-four may have booked already, where rows share a database.
const FIRST_PATIENT: usize = 64;
const P99_GOAL: Duration = Duration::from_millis(50);

/// What came of all races.
#[derive(Debug, Default)]
struct Outcome {
    times: Vec<Duration>,
    /// Times with a number of winners other than one.
    wrong: usize,
    losers: usize,
    /// Answers that were neither a win nor a proper loss.
    strange: BTreeMap<String, usize>,
}

/// Who got a time, and which visit it became.
type Win = (usize, String);

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let mut servers = Vec::new();
    let mut folders = Vec::new();
    for _ in 0..data.options.nodes {
        let folder = data.copy(Size::X1).await?;
        servers.push(Server::start(data.options, &folder).await?);
        folders.push(folder);
    }
    let host = servers.first().context("no server")?.host;
    let slots = apart(found::free(host, &found::doctors(host).await?).await?);
    anyhow::ensure!(slots.len() == SLOTS, "only {} times to race for", slots.len());
    let mut clients = found::patients(host, FIRST_PATIENT, CLIENTS).await?;
    for (client, server) in clients.iter_mut().zip(servers.iter().cycle()) {
        client.turn_to(server.host);
    }

    let mut outcome = Outcome::default();
    let mut won = Vec::new();
    for slot in &slots {
        won.push(contest(&mut clients, slot, "first", &mut outcome).await?);
    }
    let again: Vec<(&Slot, &Option<Win>)> = slots.iter().zip(&won).step_by(SLOTS / CANCELLED).collect();
    for (slot, win) in again {
        let (winner, visit) = win.as_ref().context("a time that nobody got cannot be cancelled")?;
        let client = clients.get_mut(*winner).context("a winner without a connection")?;
        client.expect(&Ask::post(format!("/api/v1/appointments/{visit}/cancel"), json!({})), 200).await?;
        contest(&mut clients, slot, "again", &mut outcome).await?;
    }
    for server in servers {
        server.stop().await?;
    }
    for folder in &folders {
        data.fsck(folder).await?;
    }
    Ok(figures(outcome, data))
}

fn figures(mut outcome: Outcome, data: &Data<'_>) -> Vec<Figure> {
    outcome.times.sort_unstable();
    let contests = SLOTS + CANCELLED;
    let engine = if data.on_postgres() { "PostgreSQL" } else { "SQLite" };
    let nodes = data.options.nodes;
    let strange =
        if outcome.strange.is_empty() { "none".to_owned() } else { format!("{:?}", outcome.strange) };
    let percentile = |share| stats::percentile(&outcome.times, share);
    vec![
        Figure::new(
            format!("{contests} contests of 64 on {engine}, {nodes} process(es): without exactly one winner"),
            outcome.wrong.to_string(),
        )
        .bar("0", outcome.wrong == 0),
        Figure::new("losers with 409 slot_taken and alternatives", outcome.losers.to_string())
            .bar(format!("{}", contests * (CLIENTS - 1)), outcome.losers == contests * (CLIENTS - 1)),
        Figure::new("any other answer", strange).bar("none", outcome.strange.is_empty()),
        Figure::new("p50", stats::time(percentile(0.5))),
        Figure::new("p99", stats::time(percentile(0.99))).goal("≤ 50 ms", percentile(0.99) <= P99_GOAL),
        Figure::new("caresync fsck afterwards", "clean"),
    ]
}

/// The soonest times, no two at the same instant: a patient can win any of them.
fn apart(mut slots: Vec<Slot>) -> Vec<Slot> {
    slots.dedup_by_key(|slot| slot.at);
    slots.truncate(SLOTS);
    slots
}

/// All clients want one time at once. Returns who got it.
async fn contest(
    clients: &mut Vec<Client>,
    slot: &Slot,
    round: &str,
    outcome: &mut Outcome,
) -> anyhow::Result<Option<Win>> {
    let mut running = JoinSet::new();
    for (number, mut client) in clients.drain(..).enumerate() {
        let ask = slot.booking(format!("{round}-{}-{number}", slot.at));
        running.spawn(async move {
            let begun = Instant::now();
            let answer = client.send(&ask).await;
            (number, client, answer, begun.elapsed())
        });
    }
    let mut back = BTreeMap::new();
    let mut winners = Vec::new();
    while let Some(finished) = running.join_next().await {
        let (number, client, answer, time) = finished?;
        back.insert(number, client);
        outcome.times.push(time);
        match judge(answer) {
            Verdict::Won(visit) => winners.push((number, visit)),
            Verdict::Lost => outcome.losers += 1,
            Verdict::Strange(what) => *outcome.strange.entry(what).or_default() += 1,
        }
    }
    clients.extend(back.into_values());
    outcome.wrong += usize::from(winners.len() != 1);
    Ok(winners.pop())
}

enum Verdict {
    Won(String),
    Lost,
    Strange(String),
}

fn judge(answer: anyhow::Result<Answer>) -> Verdict {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return Verdict::Strange(format!("{error:#}")),
    };
    let body = answer.json().unwrap_or(Value::Null);
    let code = body.get("code").and_then(Value::as_str).unwrap_or_default();
    match answer.status {
        201 => {
            found::text(&body, "id").map_or(Verdict::Strange("201 without an id".to_owned()), Verdict::Won)
        }
        409 if code == "slot_taken" && !found::list(&body, "alternatives").is_empty() => Verdict::Lost,
        status => Verdict::Strange(format!("{status} {code}")),
    }
}
