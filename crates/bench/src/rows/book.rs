//! W5: durable bookings per second over HTTP, on times that nobody else wants, by sixty-four signed-in patients.
//! The limit is a loop over the same statements, sixty-four bookings in a transaction, with nothing around it. Beside it stands how often
//! this disk can flush a page, which is what a booking of its own would cost.

use std::{
    fs::File,
    io::Write,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    found::{self, Slot},
    visit,
};
use crate::{
    data::{Data, Size},
    limits::raw::{GROUP, Raw},
    load::{self, Samples},
    report::{self, Figure},
    server::Server,
    stats,
};

const CLIENTS: usize = 64;
const TURNS: usize = 3;
const EACH: Duration = Duration::from_secs(2);
/// Shorter, because it is faster: the free times must last for all turns.
const EACH_RAW: Duration = Duration::from_secs(1);
const BAR: f64 = 500.0;
const GOAL: f64 = 2_000.0;
const SHARE_GOAL: f64 = 0.5;
const P99_GOAL: Duration = Duration::from_millis(25);
const FLUSHES: usize = 200;
const PAGE: usize = 4096;

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let folder = data.copy(Size::X1).await?;
    let flushes = flushes(&folder)?;
    // The same database once more, where no server is in the way.
    let mut raw = if data.on_postgres() { None } else { Some(Raw::open(&data.copy(Size::X1).await?).await?) };
    let server = Server::start(data.options, &folder).await?;
    let slots = Arc::new(found::free(server.host, &found::doctors(server.host).await?).await?);
    found::check_columns(&slots, CLIENTS)?;
    let mut clients = found::patients(server.host, 0, CLIENTS).await?;
    let (mut parts, mut raws, mut next) = (Vec::new(), Vec::new(), 0);
    for turn in 0..=TURNS {
        let (these, from) = (slots.clone(), next);
        let script = move |client: usize, step: usize| booking(&these, from + client + step * CLIENTS);
        let within = if turn == 0 { EACH / 4 } else { EACH };
        let (back, samples) = load::run(clients, within, Arc::new(script)).await;
        clients = back;
        next += (samples.times.len() / CLIENTS + CLIENTS) * CLIENTS;
        if samples.elapsed < within || turn > 0 && samples.times.is_empty() {
            report::line("  all free times are booked")?;
            break;
        }
        samples.only(201)?;
        let rate = match &mut raw {
            None => None,
            Some(raw) => {
                let (made, took) = raw.run(&slots, if turn == 0 { EACH_RAW / 4 } else { EACH_RAW }).await?;
                // It may have booked all that is free in its copy: then the turns before say what there is to say.
                (made > 0).then(|| stats::per_second(made, took))
            }
        };
        if turn > 0 {
            parts.push(samples);
            raws.extend(rate);
        }
    }
    let memory = server.resident();
    server.stop().await?;
    data.fsck(&folder).await?;
    anyhow::ensure!(!parts.is_empty(), "no part of the measurement ran to its end");

    let rate = visit::middle(&parts, |samples| samples.rate(201));
    let (p50, p99) = (visit::middle_time(&parts, Samples::p50), visit::middle_time(&parts, Samples::p99));
    let figure = Figure::new("64 clients", format!("{rate:.0}/s ({})", visit::load_share(&parts)));
    let mut figures = vec![if data.on_postgres() {
        figure
    } else {
        figure.bar("≥ 500/s", rate >= BAR).goal("≥ 2,000/s", rate >= GOAL)
    }];
    if !raws.is_empty() {
        let shares = parts.iter().zip(&raws).map(|(part, raw)| part.rate(201) / raw).collect();
        let (share, limit) = (stats::median(shares), stats::median(raws));
        figures.push(
            Figure::new("share of the limit", format!("{:.0} %", share * 100.0))
                .beside(format!("{limit:.0}/s (the same statements, {GROUP} in a transaction)"))
                .goal("≥ 50 %", share >= SHARE_GOAL),
        );
    }
    figures.extend([
        Figure::new("bookings for each flush of this disk", format!("{:.1}", rate / flushes))
            .beside(format!("{flushes:.0}/s (one page flushed each)")),
        Figure::new("p50", stats::time(p50)),
        Figure::new("p99", stats::time(p99)).goal("≤ 25 ms", p99 <= P99_GOAL),
        Figure::new("memory after", stats::megabytes(memory)),
        Figure::new("caresync fsck afterwards", "clean"),
    ]);
    Ok(figures)
}

fn booking(slots: &[Slot], at: usize) -> Option<crate::client::Ask> {
    Some(slots.get(at)?.booking(format!("book-{at}")))
}

/// How often a second a page reaches this disk.
fn flushes(folder: &Path) -> anyhow::Result<f64> {
    let path = folder.join("flushes");
    let mut file = File::create(&path)?;
    let page = [7; PAGE];
    let begun = Instant::now();
    for _ in 0..FLUSHES {
        file.write_all(&page)?;
        file.sync_data()?;
    }
    let rate = stats::per_second(FLUSHES, begun.elapsed());
    std::fs::remove_file(path)?;
    Ok(rate)
}
