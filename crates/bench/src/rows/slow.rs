//! Thousands of clients that begin a request and never finish its head: what others notice of them.
//! Whoever is hung up on comes again at once, so that there are always as many.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinSet,
    time::timeout,
};

use crate::{
    client::{self, Ask, Client},
    data::{Data, Size},
    load::{self, Samples},
    machine,
    report::{self, Figure},
    stats,
};

const CLIENTS: usize = 5000;
const ADDRESSES: usize = 20;
/// Between two bytes of a head.
const DRIP: Duration = Duration::from_secs(2);
const ORDINARY: usize = 4;
const EACH: Duration = Duration::from_secs(4);
const TURNS: usize = 3;
/// Until all of them have connected.
const PATIENCE: Duration = Duration::from_mins(1);
/// Beside the connections, a process has a few files open.
const FILES: usize = CLIENTS + 500;

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let most = machine::open_files();
    anyhow::ensure!(
        most >= FILES,
        "a process may open {most} files here: this row needs `ulimit -n {FILES}`"
    );
    let server = data.serve(Size::X1).await?;
    let before = server.resident();
    let (mut without, mut with) = (Vec::new(), Vec::new());
    let mut least = CLIENTS;
    let _ = ordinary(server.host).await?;
    for _ in 0..TURNS {
        without.push(ordinary(server.host).await?);
        let (slow, connected) = arrive(server.host).await?;
        with.push(ordinary(server.host).await?);
        least = least.min(connected.load(Ordering::Acquire));
        drop(slow);
    }
    let grown = server.resident().saturating_sub(before);
    server.stop().await?;
    Ok(figures(&without, &with, least, grown))
}

fn figures(without: &[Samples], with: &[Samples], least: usize, grown: usize) -> Vec<Figure> {
    let p99 = |parts: &[Samples]| stats::median(parts.iter().map(|part| part.p99().as_secs_f64()).collect());
    let (calm, busy) = (p99(without), p99(with));
    let ratio = busy / calm.max(1e-9);
    let time = |seconds: f64| stats::time(Duration::from_secs_f64(seconds));
    vec![
        Figure::new("slow clients that stay connected, at least", format!("{least} of {CLIENTS}"))
            .bar("≥ 90 %", least * 10 >= CLIENTS * 9),
        Figure::new("p99 of ordinary requests", time(busy))
            .beside(format!("{} without them", time(calm)))
            .bar("< 2×", ratio < 2.0),
        Figure::new("growth of p99", format!("{ratio:.2}×")),
        Figure::new("memory above before", stats::megabytes(grown)),
    ]
}

async fn ordinary(host: SocketAddr) -> anyhow::Result<Samples> {
    let clients = (0..ORDINARY).map(|_| Client::new(host)).collect();
    let script =
        |_, turn: usize| Some(Ask::get(if turn.is_multiple_of(2) { "/api/v1/doctors" } else { "/livez" }));
    let (_, samples) = load::run(clients, EACH, Arc::new(script)).await;
    samples.only(200)?;
    Ok(samples)
}

/// Lets them all connect; they stay for as long as the first of the two is kept.
async fn arrive(host: SocketAddr) -> anyhow::Result<(JoinSet<()>, Arc<AtomicUsize>)> {
    let connected = Arc::new(AtomicUsize::new(0));
    let mut slow = JoinSet::new();
    for number in 0..CLIENTS {
        slow.spawn(drips(host, number, connected.clone()));
        if number % 100 == 0 {
            // Not all in one moment: what is measured is that they are there, not how they came.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let begun = Instant::now();
    while connected.load(Ordering::Acquire) < CLIENTS * 95 / 100 {
        anyhow::ensure!(begun.elapsed() < PATIENCE, "only {} connected", connected.load(Ordering::Acquire));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    report::line(&format!("  {} are there", connected.load(Ordering::Acquire)))?;
    Ok((slow, connected))
}

/// Counts somebody as connected for as long as it lives.
struct Connected(Arc<AtomicUsize>);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

async fn drips(host: SocketAddr, number: usize, count: Arc<AtomicUsize>) {
    let address = machine::loopback(number % ADDRESSES);
    loop {
        let Ok(mut stream) = client::open(host, Some(address)).await else {
            tokio::time::sleep(DRIP).await;
            continue;
        };
        count.fetch_add(1, Ordering::AcqRel);
        let _connected = Connected(count.clone());
        let mut said = stream.write_all(b"GET /livez HTTP/1.1\r\nHost: care.example\r\nX-Slow: ").await;
        let mut nothing = [0; 1];
        // Whoever hears something, or the end, has been hung up on.
        while said.is_ok() && timeout(DRIP, stream.read(&mut nothing)).await.is_err() {
            said = stream.write_all(b"y").await;
        }
    }
}
