//! How long a start takes, and how much memory the server needs when it has started and when it has worked.

use std::time::Duration;

use super::{found, visit::Side};
use crate::{
    client::{Ask, Client},
    data::{Data, Size},
    load,
    report::Figure,
    server::Server,
    stats,
};

const STARTS: usize = 5;
const MEMORY_BAR: usize = 80_000_000;
/// Long enough for what a start leaves for later.
const SETTLED: Duration = Duration::from_secs(1);
const WORK: Duration = Duration::from_secs(3);

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let server = data.serve(Size::X1).await?;
        times.push(server.ready_after.as_secs_f64());
        tokio::time::sleep(SETTLED).await;
        memory.push(server.resident());
        server.stop().await?;
    }
    let most = memory.iter().copied().max().unwrap_or_default();
    let start = Duration::from_secs_f64(stats::median(times));

    let server = data.serve(Size::X1).await?;
    let mixed = mixed(&server).await?;
    let (_, samples) =
        load::run((0..16).map(|_| Client::new(server.host)).collect(), WORK, mixed.script).await;
    samples.only(200)?;
    let after = server.resident();
    server.stop().await?;
    Ok(vec![
        Figure::new("from nothing to ready", stats::time(start)),
        Figure::new("memory after start", stats::megabytes(most))
            .bar("≤ 80 MB", most > 0 && most <= MEMORY_BAR),
        Figure::new(format!("memory after {} mixed reads", samples.times.len()), stats::megabytes(after)),
    ])
}

/// Search, a doctor, her free times, a page.
async fn mixed(server: &Server) -> anyhow::Result<Side> {
    let doctors = found::doctors(server.host).await?;
    Ok(Side::new(server.host, move |client, turn| {
        let doctor = doctors.get((client + turn) % doctors.len())?;
        Some(Ask::get(match turn % 4 {
            0 => "/api/v1/doctors".to_owned(),
            1 => format!("/api/v1/doctors/{}", doctor.id),
            2 => format!("/api/v1/doctors/{}/slots?visit_type={}", doctor.id, doctor.visit_type),
            _ => "/doctors".to_owned(),
        }))
    }))
}
