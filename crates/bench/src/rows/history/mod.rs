//! W9: many clients want few times of few doctors, while the server is killed and the power is cut; then everything that they were
//! answered is compared with the steps that the database took.
//!
//! Which histories are right is `crate::history`'s business.

mod actor;
mod disk;
mod nodes;
mod speech;
mod stage;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicUsize},
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{
    cli::Options,
    data::{Data, Size},
    history::{self, History, Order, Step, Tally, log::Operation},
    machine::Dice,
    report::{self, Figure},
    server, stats,
};
use actor::{Actor, Shared};
use disk::Disk;
use nodes::Nodes;

/// Where a history is left that contradicts itself.
const KEPT: &str = "target/bench/history-wrong.txt";
/// So many clients share one patient, to be in each other's way with her visits.
const PER_PATIENT: usize = 2;

/// What came of it.
struct Played {
    operations: Vec<Operation>,
    took: Duration,
    /// How often the server was killed, and the power cut.
    blows: (u32, u32),
    /// How long it took to be there again, each time.
    restarts: Vec<f64>,
}

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let options = data.options;
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
        left: AtomicUsize::new(options.ops),
        strangers: Mutex::new(Vec::new()),
        failures: Mutex::new(BTreeMap::new()),
        run: options.seed,
    });
    let Played { operations, took, blows, restarts } = play(nodes, &shared, disk.as_mut(), options).await?;
    let history = gather(data, &folders, &shared, operations).await?;
    let judged = Instant::now();
    let tally = verdict(&history)?;
    let mut figures = played(data, &history, took, judged.elapsed());
    for folder in &folders {
        data.fsck(folder).await?;
    }
    let failures = shared.failures.lock().unwrap_or_else(PoisonError::into_inner).clone();
    figures.extend(disturbances(blows, restarts));
    figures.extend(found(&history, tally.as_ref(), &failures));
    Ok(figures)
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

/// All clients, signed in.
async fn cast(shared: &Arc<Shared>, nodes: &Nodes<'_>, clients: usize) -> anyhow::Result<Vec<Actor>> {
    let mut actors: Vec<Actor> = Vec::new();
    for number in 0..clients {
        let twin = actors.last().filter(|_| !number.is_multiple_of(PER_PATIENT)).map(Actor::visits);
        let visits = twin.unwrap_or_default();
        actors.push(Actor::enter(shared.clone(), number, PER_PATIENT, nodes.host_of(number), visits).await?);
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
    let mut steps: Vec<Step> = Vec::new();
    if let Some(folder) = folders.first() {
        let said = server::command(data.options, folder, &["history"]).await?;
        steps = history::read_steps(&said, &shared.stage.doctors())?;
    }
    Ok(History { setting: shared.stage.setting.clone(), operations, steps })
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
    std::fs::write(&kept, operations.chain(steps).collect::<String>())?;
    report::line(&format!("  all of it is in {KEPT}"))?;
    Ok(None)
}

fn played(data: &Data<'_>, history: &History, took: Duration, judged: Duration) -> Vec<Figure> {
    let engine = if data.on_postgres() { "PostgreSQL" } else { "SQLite" };
    let (options, count) = (data.options, history.operations.len());
    let what = format!("{} clients on {engine}, {} process(es): operations", options.clients, options.nodes);
    let (rate, times) =
        (stats::per_second(count, took), history.setting.starts.values().map(Vec::len).sum::<usize>());
    let mut answered: Vec<Duration> = history
        .operations
        .iter()
        .filter_map(|operation| operation.answered.checked_sub(operation.asked))
        .map(Duration::from_nanos)
        .collect();
    answered.sort_unstable();
    let p50 = stats::time(stats::percentile(&answered, 0.5));
    vec![
        Figure::new(what, format!("{count}, {rate:.0}/s, p50 {p50}")),
        Figure::new("times that they want, of three doctors", times.to_string()),
        Figure::new("comparing took", stats::time(judged)),
    ]
}

fn disturbances((kills, cuts): (u32, u32), restarts: Vec<f64>) -> Vec<Figure> {
    if restarts.is_empty() {
        return Vec::new();
    }
    let slowest = Duration::from_secs_f64(restarts.iter().copied().fold(0.0, f64::max));
    let median = Duration::from_secs_f64(stats::median(restarts));
    vec![
        Figure::new("kills, power cuts", format!("{kills}, {cuts}")),
        Figure::new("restart: median, slowest", format!("{}, {}", stats::time(median), stats::time(slowest))),
    ]
}

fn found(history: &History, tally: Option<&Tally>, failures: &BTreeMap<u16, usize>) -> Vec<Figure> {
    let failed = if failures.is_empty() { "none".to_owned() } else { format!("{failures:?}") };
    let mut figures = vec![
        Figure::new("answers of 500 and above, which leave open what was done", failed),
        Figure::new("caresync fsck", "clean"),
    ];
    if let Some(tally) = tally {
        let answers = tally.answers.iter().map(|(what, count)| format!("{count} × {what}"));
        let (there, absent) = (tally.unknown_there, tally.unknown_absent);
        let steps = format!("{}; {}", history.steps.len(), tally.acknowledged);
        figures.extend([
            Figure::new("answers", answers.collect::<Vec<_>>().join(", ")),
            Figure::new("steps in the database; acknowledged", steps),
            Figure::new("without an answer to the end: done, not done", format!("{there}, {absent}")),
        ]);
    }
    let contradictions = if tally.is_some() { "none" } else { "told above" };
    figures.push(Figure::new("contradictions", contradictions).bar("none", tally.is_some()));
    figures
}
