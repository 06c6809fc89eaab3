//! Kills the server in the middle of bookings, again and again, and counts what it had acknowledged and then lost.
//! Lost power is another matter: here the operating system stays alive.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::task::JoinSet;

use super::found::{self, Slot};
use crate::{
    client::{Ask, Client},
    data::{Data, Size},
    machine::Dice,
    report::{self, Figure},
    server::Server,
    stats,
};

const CLIENTS: usize = 16;
const CHECK_EVERY: u32 = 10;
const EARLIEST_MS: usize = 80;
const LATEST_MS: usize = 400;
/// Between two bookings of a client, so that the free times last for all rounds.
const PAUSE: Duration = Duration::from_millis(3);

/// A booking that the server has answered with 201.
#[derive(Debug, Clone)]
struct Acknowledged {
    client: usize,
    visit: String,
    start: String,
}

/// What one client does over all rounds.
#[derive(Debug)]
struct Booker {
    number: usize,
    client: Client,
    slots: Arc<Vec<Slot>>,
    next: usize,
    acknowledged: Arc<Mutex<Vec<Acknowledged>>>,
    unexpected: Vec<String>,
}

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let rounds = data.options.rounds;
    let folder = data.copy(Size::X1).await?;
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let mut bookers = bookers(data, &folder, &acknowledged).await?;
    let (mut dice, mut restarts, mut unanswered) = (Dice::new(11), Vec::new(), 0);
    for round in 1..=rounds {
        let server = Server::start(data.options, &folder).await?;
        restarts.push(server.ready_after.as_secs_f64());
        let life = Duration::from_millis(u64::try_from(EARLIEST_MS + dice.below(LATEST_MS - EARLIEST_MS))?);
        bookers = until_killed(bookers, server, life, &mut unanswered).await?;
        if round % CHECK_EVERY == 0 || round == rounds {
            data.fsck(&folder).await?;
            let count = acknowledged.lock().unwrap_or_else(PoisonError::into_inner).len();
            report::line(&format!("  {round} kills, {count} acknowledged, fsck clean"))?;
        }
    }
    let acknowledged = acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let unexpected: Vec<String> = bookers.iter().flat_map(|booker| booker.unexpected.clone()).collect();
    let lost = lost(data, &folder, &mut bookers, &acknowledged).await?;
    data.fsck(&folder).await?;
    let slowest = restarts.iter().copied().fold(0.0, f64::max);
    let (median, slowest) =
        (Duration::from_secs_f64(stats::median(restarts)), Duration::from_secs_f64(slowest));
    Ok(vec![
        Figure::new("kills while 16 clients book", rounds.to_string()),
        Figure::new("bookings acknowledged", acknowledged.len().to_string())
            .bar("> 0", !acknowledged.is_empty()),
        Figure::new("acknowledged and lost", lost.to_string()).bar("0", lost == 0),
        Figure::new("killed before the answer, asked again under the same key", unanswered.to_string()),
        Figure::new("answers other than 201", describe(&unexpected)).bar("none", unexpected.is_empty()),
        Figure::new("restart: median, slowest", format!("{}, {}", stats::time(median), stats::time(slowest))),
        Figure::new("caresync fsck", "clean"),
    ])
}

fn describe(unexpected: &[String]) -> String {
    match unexpected.first() {
        Some(first) => format!("{} ({first})", unexpected.len()),
        None => "none".to_owned(),
    }
}

/// Signed-in clients with a column of the free times each.
async fn bookers(
    data: &Data<'_>,
    folder: &Path,
    acknowledged: &Arc<Mutex<Vec<Acknowledged>>>,
) -> anyhow::Result<Vec<Booker>> {
    let server = Server::start(data.options, folder).await?;
    let slots = Arc::new(found::free(server.host, &found::doctors(server.host).await?).await?);
    found::check_columns(&slots, CLIENTS)?;
    let clients = found::patients(server.host, 0, CLIENTS).await?;
    server.stop().await?;
    let booker = |(number, client)| Booker {
        number,
        client,
        slots: slots.clone(),
        next: 0,
        acknowledged: acknowledged.clone(),
        unexpected: Vec::new(),
    };
    Ok(clients.into_iter().enumerate().map(booker).collect())
}

/// Lets them book until the server is killed under their hands.
async fn until_killed(
    bookers: Vec<Booker>,
    server: Server,
    life: Duration,
    unanswered: &mut usize,
) -> anyhow::Result<Vec<Booker>> {
    let mut running = JoinSet::new();
    for mut booker in bookers {
        booker.client.turn_to(server.host);
        running.spawn(booker.book());
    }
    tokio::time::sleep(life).await;
    server.kill().await?;
    let mut back = Vec::new();
    while let Some(finished) = running.join_next().await {
        let (booker, asked_in_vain) = finished?;
        *unanswered += usize::from(asked_in_vain);
        back.push(booker);
    }
    Ok(back)
}

impl Booker {
    /// Books one time after the other. A time whose answer did not come is asked for again first, in the next round.
    async fn book(mut self) -> (Self, bool) {
        loop {
            let at = self.number + self.next * CLIENTS;
            let Some(slot) = self.slots.get(at) else { return (self, false) };
            let Ok(answer) = self.client.send(&slot.booking(format!("crash-{at}"))).await else {
                return (self, true);
            };
            let visit = answer.json().ok().and_then(|body| found::text(&body, "id").ok());
            match (answer.status, visit) {
                (201, Some(visit)) => {
                    let made = Acknowledged { client: self.number, visit, start: slot.start.clone() };
                    self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).push(made);
                }
                (status, _) => self.unexpected.push(format!("{status} {}", answer.text())),
            }
            self.next += 1;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// How many acknowledged visits are not there, or not at their time, after all rounds.
async fn lost(
    data: &Data<'_>,
    folder: &Path,
    bookers: &mut [Booker],
    acknowledged: &[Acknowledged],
) -> anyhow::Result<usize> {
    let server = Server::start(data.options, folder).await?;
    let mut lost = 0;
    for booker in bookers {
        booker.client.turn_to(server.host);
        for made in acknowledged.iter().filter(|made| made.client == booker.number) {
            let answer =
                booker.client.send(&Ask::get(format!("/api/v1/appointments/{}", made.visit))).await?;
            let there = answer.status == 200 && found::text(&answer.json()?, "start")? == made.start;
            lost += usize::from(!there);
        }
    }
    server.stop().await?;
    Ok(lost)
}
