//! W9: many clients want few times of few doctors, while the server is killed and the power is cut; then everything that they were
//! answered is compared with the steps that the database took.
//!
//! Which histories are right is `crate::history`'s business.

mod actor;
mod disk;
mod found;
mod memory;
mod nodes;
mod speech;
mod stage;
mod wants;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{
    cli::Options,
    data::{Data, Size},
    history::{self, History, Order, Said, Tally, log::Operation},
    machine::{self, Dice},
    report::{self, Figure},
    rows::found as bulk,
    server,
};
use actor::{Actor, Shared};
use disk::Disk;
use memory::Memory;
use nodes::{Blows, Nodes};
use stage::Login;

/// Where a history is left that contradicts itself.
const KEPT: &str = "target/bench/history-wrong.txt";
/// So many clients share one patient, to be in each other's way with her visits.
const PER_PATIENT: usize = 2;
/// Of so many clients one is at the desk.
const PER_DESK: usize = 8;
/// How often clocks are set forward, when nothing is said: each time all that is held runs out.
const JUMPS: usize = 10;

/// What came of it.
struct Played {
    operations: Vec<Operation>,
    took: Duration,
    /// How often the server was killed, the power cut, the clock set.
    blows: Blows,
    /// How long it took to be there again, each time.
    restarts: Vec<f64>,
}

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let options = &with_clock(data.options)?;
    anyhow::ensure!(options.cuts == 0 || !data.on_postgres(), "the power is cut for SQLite only");
    let mut disk = match options.cuts {
        0 => None,
        _ => Some(Disk::attach(&data.empty()?).await?),
    };
    let mut folders = Vec::new();
    for _ in 0..options.nodes {
        folders.push(folder(data, disk.as_ref()).await?);
    }
    let nodes = Nodes::start(options, folders.clone()).await?;
    let shared = Arc::new(Shared {
        stage: stage::set(nodes.first()?, options.seed, order(data)).await?,
        begun: Instant::now(),
        ahead: AtomicU64::new(0),
        all: options.ops,
        left: AtomicUsize::new(options.ops),
        strangers: Mutex::new(Vec::new()),
        failures: Mutex::new(BTreeMap::new()),
        run: options.seed,
    });
    let Played { operations, took, blows, restarts } = play(nodes, &shared, disk.as_mut(), options).await?;
    let history = gather(data, &folders, &shared, operations).await?;
    let judged = Instant::now();
    let tally = verdict(&history)?;
    let mut figures = found::played(options, data.on_postgres(), &history, took, judged.elapsed());
    for folder in &folders {
        data.fsck(folder).await?;
    }
    let failures = shared.failures.lock().unwrap_or_else(PoisonError::into_inner).clone();
    figures.extend(found::disturbances(blows, restarts));
    figures.extend(found::compared(&history, tally.as_ref(), &failures));
    Ok(figures)
}

/// What the clocks of the servers are set with. Without it a history is played in which nothing that is held runs out.
fn with_clock(given: &Options) -> anyhow::Result<Options> {
    let mut options = given.clone();
    options.faketime = options.faketime.or_else(machine::faketime);
    let can = options.faketime.is_some();
    anyhow::ensure!(can || given.jumps.is_none_or(|jumps| jumps == 0), "setting clocks needs libfaketime");
    if !can {
        report::line("  nothing that is held runs out: that needs the program faketime, or --faketime FILE")?;
    }
    options.jumps = Some(given.jumps.unwrap_or(if can { JUMPS } else { 0 }));
    Ok(options)
}

/// Lets all clients want things until all is done, and disturbs them.
async fn play(
    mut nodes: Nodes<'_>,
    shared: &Arc<Shared>,
    disk: Option<&mut Disk>,
    options: &Options,
) -> anyhow::Result<Played> {
    let actors = cast(shared, &nodes, options.clients).await?;
    report::line(&format!("  {} clients are signed in", actors.len()))?;
    let (begun, mut playing) = (Instant::now(), JoinSet::new());
    for actor in actors {
        playing.spawn(actor.play());
    }
    let blows = nodes.disturb(disk, shared, &mut Dice::new(options.seed + 17)).await?;
    let mut operations = Vec::new();
    while let Some(finished) = playing.join_next().await {
        operations.extend(finished?);
    }
    let took = begun.elapsed();
    Ok(Played { operations, took, blows, restarts: nodes.stop().await? })
}

fn order(data: &Data<'_>) -> Order {
    if data.on_postgres() { Order::Steps } else { Order::Commits }
}

async fn folder(data: &mut Data<'_>, disk: Option<&Disk>) -> anyhow::Result<PathBuf> {
    match disk {
        None => data.copy(Size::X1).await,
        Some(disk) => {
            let folder = disk.folder().to_owned();
            data.copy_to(Size::X1, &folder).await?;
            Ok(folder)
        }
    }
}

/// All clients, signed in: patients, and the last ones at the desk.
async fn cast(shared: &Arc<Shared>, nodes: &Nodes<'_>, clients: usize) -> anyhow::Result<Vec<Actor>> {
    let mut actors: Vec<Actor> = Vec::new();
    let mut at_desk: Option<Memory> = None;
    for number in 0..clients {
        let (shared, host) = (shared.clone(), nodes.host_of(number));
        if number >= clients - clients / PER_DESK {
            let known = at_desk.get_or_insert_default().clone();
            let login = shared.stage.desk.clone();
            actors.push(Actor::enter(shared, number, login, host, known).await?);
            continue;
        }
        let twin = actors.last().filter(|_| !number.is_multiple_of(PER_PATIENT)).map(Actor::known);
        let email = format!("patient{}@bench.example", number / PER_PATIENT);
        let login = Login { email, password: bulk::PASSWORD };
        actors.push(Actor::enter(shared, number, login, host, twin.unwrap_or_default()).await?);
    }
    Ok(actors)
}

/// What was answered, and what the database says.
async fn gather(
    data: &Data<'_>,
    folders: &[PathBuf],
    shared: &Shared,
    mut operations: Vec<Operation>,
) -> anyhow::Result<History> {
    operations.sort_by_key(|operation| operation.asked);
    let mut said = Said::default();
    if let Some(folder) = folders.first() {
        let text = server::command(data.options, folder, &["history"]).await?;
        said = history::read_said(&text, &shared.stage.doctors())?;
    }
    let Said { steps, entries, offers } = said;
    Ok(History { setting: shared.stage.setting.clone(), operations, steps, entries, offers })
}

/// What was compared; none when there is a contradiction: it is told, and the whole history is kept for whoever looks into it.
fn verdict(history: &History) -> anyhow::Result<Option<Tally>> {
    let wrong = match history::check(history) {
        Ok(tally) => return Ok(Some(tally)),
        Err(wrong) => wrong,
    };
    for line in wrong.tell(history) {
        report::line(&format!("  {line}"))?;
    }
    let operations = history.operations.iter().map(|operation| format!("{operation:?}\n"));
    let steps = history.steps.iter().map(|step| format!("{step:?}\n"));
    let kept = std::env::current_dir()?.join(KEPT);
    let entries = history.entries.iter().map(|entry| format!("{entry:?}\n"));
    let offers = history.offers.iter().map(|offer| format!("{offer:?}\n"));
    let all = operations.chain(steps).chain(entries).chain(offers).collect::<String>();
    std::fs::write(&kept, all)?;
    report::line(&format!("  all of it is in {KEPT}"))?;
    Ok(None)
}
