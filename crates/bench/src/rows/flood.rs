//! A flood of sign-ins from many addresses, with the rate limits on: what others notice of it, and what it costs in memory.
//! Each address stays below what would be refused at once, so that the passwords are really checked as fast as the server will.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::task::JoinSet;

use super::found;
use crate::{
    client::{Ask, Client},
    data::{Data, Size},
    machine,
    report::Figure,
    server::Server,
    stats,
};

/// Connections that sign in; each asks once in its period.
const FLOODERS: usize = 1000;
const PERIOD: Duration = Duration::from_secs(2);
const ADDRESSES: usize = 250;
const A_SECOND: f64 = 500.0;
/// People who use the house meanwhile, each at an address of her own.
const OTHERS: usize = 8;
const PAUSE: Duration = Duration::from_millis(40);
const QUIET: Duration = Duration::from_secs(5);
const P99_BAR: Duration = Duration::from_millis(50);
const MEMORY_BAR: usize = 150_000_000;

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let lasts = Duration::from_secs(data.options.seconds);
    let server = data.serve_limited(Size::X1).await?;
    let asks = asks(server.host).await?;
    let quiet = others(server.host, &asks, QUIET).await?;
    let before = server.resident();
    let stop = Arc::new(AtomicBool::new(false));
    let flood = tokio::spawn(flood(server.host, stop.clone()));
    let (during, most) = tokio::join!(others(server.host, &asks, lasts), watch(&server, lasts));
    stop.store(true, Ordering::Release);
    let statuses = flood.await?;
    let rate = stats::per_second(statuses.values().sum(), lasts);
    server.stop().await?;
    figures(&quiet, &during?, most.saturating_sub(before), rate, &statuses)
}

fn figures(
    quiet: &[Duration],
    during: &[Duration],
    growth: usize,
    rate: f64,
    statuses: &BTreeMap<u16, usize>,
) -> anyhow::Result<Vec<Figure>> {
    let strange = statuses.keys().find(|status| ![401, 429, 503].contains(status));
    anyhow::ensure!(strange.is_none(), "answers of the flood: {statuses:?}");
    let (calm, p99) = (stats::percentile(quiet, 0.99), stats::percentile(during, 0.99));
    let told: Vec<String> = statuses.iter().map(|(status, count)| format!("{count} × {status}")).collect();
    Ok(vec![
        Figure::new("sign-ins", format!("{rate:.0}/s: {}", told.join(", ")))
            .bar("≥ 475/s sent", rate >= A_SECOND * 0.95),
        Figure::new(format!("p99 of {} other requests", during.len()), stats::time(p99))
            .beside(format!("{} without the flood", stats::time(calm)))
            .bar("< 50 ms", p99 < P99_BAR),
        Figure::new("memory, most above before", stats::megabytes(growth))
            .bar("< 150 MB", growth < MEMORY_BAR),
    ])
}

/// What people do meanwhile: look for a doctor, look at one, ask for free times, open a page.
async fn asks(host: SocketAddr) -> anyhow::Result<Arc<Vec<Ask>>> {
    let doctors = found::doctors(host).await?;
    let of_each = doctors.iter().flat_map(|doctor| {
        [
            "/api/v1/doctors".to_owned(),
            format!("/api/v1/doctors/{}", doctor.id),
            format!("/api/v1/doctors/{}/slots?visit_type={}", doctor.id, doctor.visit_type),
            format!("/doctors/{}", doctor.id),
        ]
    });
    Ok(Arc::new(of_each.map(Ask::get).collect()))
}

/// How long their answers took, shortest first.
async fn others(host: SocketAddr, asks: &Arc<Vec<Ask>>, within: Duration) -> anyhow::Result<Vec<Duration>> {
    let until = Instant::now() + within;
    let mut running = JoinSet::new();
    for number in 0..OTHERS {
        let mut client = Client::from(host, machine::loopback(ADDRESSES + number));
        let asks = asks.clone();
        running.spawn(async move {
            let mut times = Vec::new();
            for ask in asks.iter().cycle().skip(number * 7) {
                if Instant::now() >= until {
                    break;
                }
                let asked = Instant::now();
                client.expect(ask, 200).await?;
                times.push(asked.elapsed());
                tokio::time::sleep(PAUSE).await;
            }
            anyhow::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(finished) = running.join_next().await {
        times.extend(finished??);
    }
    times.sort_unstable();
    Ok(times)
}

/// The most memory that the server used.
async fn watch(server: &Server, within: Duration) -> usize {
    let until = Instant::now() + within;
    let mut most = 0;
    while Instant::now() < until {
        most = most.max(server.resident());
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    most
}

/// How many answers of each status; 0 stands for none at all.
async fn flood(host: SocketAddr, stop: Arc<AtomicBool>) -> BTreeMap<u16, usize> {
    let mut running = JoinSet::new();
    for number in 0..FLOODERS {
        let client = Client::from(host, machine::loopback(number % ADDRESSES));
        running.spawn(signs_in(client, number, stop.clone()));
    }
    let mut all = BTreeMap::new();
    while let Some(Ok(statuses)) = running.join_next().await {
        for status in statuses {
            *all.entry(status).or_default() += 1;
        }
    }
    all
}

async fn signs_in(mut client: Client, number: usize, stop: Arc<AtomicBool>) -> Vec<u16> {
    let ask = Ask::post(
        "/api/v1/auth/token",
        json!({ "email": format!("patient{number}@bench.example"), "password": "four green herons" }),
    );
    let mut statuses = Vec::new();
    let late = PERIOD * u32::try_from(number).unwrap_or(0) / u32::try_from(FLOODERS).unwrap_or(1);
    tokio::time::sleep(late).await;
    let mut every = tokio::time::interval(PERIOD);
    while !stop.load(Ordering::Acquire) {
        every.tick().await;
        statuses.push(client.send(&ask).await.map_or(0, |answer| answer.status));
    }
    statuses
}
