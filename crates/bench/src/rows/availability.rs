//! W2: a doctor's free times of seven days over HTTP, at x1 and x10, and for doctors with ever longer histories.
//! The limit is the same server answering `/livez`, which asks nobody anything.

use std::time::Duration;

use domain::time::plus_days;

use super::{
    found::{self, Doctor},
    visit::{self, Side},
};
use crate::{
    client::Ask,
    data::{Data, Size},
    load::Samples,
    machine::{self, Dice},
    report::Figure,
    server::Server,
    stats,
};

const TURNS: usize = 5;
const EACH: Duration = Duration::from_millis(700);
const MANY: usize = 16;
const P50_BAR: Duration = Duration::from_millis(2);
const GROWTH_BAR: f64 = 1.3;

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let small = data.serve(Size::X1).await?;
    let x1 = side(found::doctors(small.host).await?, &small);
    if data.on_postgres() {
        let figures = one_size(&x1).await?;
        small.stop().await?;
        return Ok(figures);
    }
    let mut figures = one_size(&x1).await?;
    let large = data.serve(Size::X10).await?;
    figures.extend(growth(&x1, &side(found::doctors(large.host).await?, &large)).await?);
    figures.push(Figure::new("memory after", format!("x1 {}, x10 {}", memory(&small), memory(&large))));
    small.stop().await?;
    large.stop().await?;

    let long = data.serve(Size::History).await?;
    figures.extend(history(&long).await?);
    long.stop().await?;
    Ok(figures)
}

fn memory(server: &Server) -> String {
    stats::megabytes(server.resident())
}

/// Random doctors, random first days in the next month.
fn side(doctors: Vec<Doctor>, server: &Server) -> Side {
    let tomorrow = plus_days(machine::today(), 1);
    Side::new(server.host, move |client, turn| {
        let mut dice = Dice::new(u64::try_from(client * 1_000_003 + turn).unwrap_or(1) + 1);
        dice.below(2);
        let Doctor { id, visit_type } = doctors.get(dice.below(doctors.len()))?;
        let from = plus_days(tomorrow, i32::try_from(dice.below(28)).unwrap_or(0));
        let to = plus_days(from, 6);
        Some(Ask::get(format!("/api/v1/doctors/{id}/slots?visit_type={visit_type}&from={from}&to={to}")))
    })
}

async fn one_size(x1: &Side) -> anyhow::Result<Vec<Figure>> {
    let sides = [x1.clone(), x1.limit()];
    let alone = visit::in_turn(&sides, 1, TURNS, EACH).await?;
    let many = visit::in_turn(&sides, MANY, TURNS, EACH).await?;
    let ([alone, bare], [many, bare_many]) = (alone.as_slice(), many.as_slice()) else {
        return Ok(Vec::new());
    };
    let (p50, p99) = (visit::middle_time(alone, Samples::p50), visit::middle_time(alone, Samples::p99));
    let bare = visit::middle_time(bare, Samples::p50);
    let rate = |parts: &[Samples]| visit::middle(parts, |samples| samples.rate(200));
    let share = visit::ratio(many, bare_many, |samples| samples.rate(200));
    Ok(vec![
        Figure::new("x1, one client: p50", stats::time(p50))
            .beside(format!("{} (/livez)", stats::time(bare)))
            .bar("≤ 2 ms", p50 <= P50_BAR),
        Figure::new("x1, one client: p99", stats::time(p99)),
        Figure::new("x1, 16 clients", format!("{:.0}/s ({})", rate(many), visit::load_share(many))).beside(
            format!(
                "{:.0}/s (/livez, {}), {:.0} %",
                rate(bare_many),
                visit::load_share(bare_many),
                share * 100.0
            ),
        ),
    ])
}

/// Both sizes in turn, since only their ratio matters.
async fn growth(x1: &Side, x10: &Side) -> anyhow::Result<Vec<Figure>> {
    let measured = visit::in_turn(&[x1.clone(), x10.clone()], 1, TURNS, EACH).await?;
    let [small, large] = measured.as_slice() else { return Ok(Vec::new()) };
    let seconds = |samples: &Samples| samples.p50().as_secs_f64();
    let grown = visit::ratio(large, small, seconds);
    let (p50, p99) = (visit::middle_time(large, Samples::p50), visit::middle_time(large, Samples::p99));
    Ok(vec![
        Figure::new("x10, one client: p50, p99", format!("{}, {}", stats::time(p50), stats::time(p99)))
            .beside(format!("{} at x1", stats::time(visit::middle_time(small, Samples::p50))))
            .bar("≤ 2 ms", p50 <= P50_BAR),
        Figure::new("growth of p50 from x1 to x10", format!("{grown:.2}×"))
            .bar("≤ 1.3×", grown <= GROWTH_BAR),
    ])
}

/// One doctor with no past visits, one with some, one with many.
async fn history(server: &Server) -> anyhow::Result<Vec<Figure>> {
    let doctors = numbered(server).await?;
    let sides: Vec<Side> = doctors.into_iter().map(|doctor| side(vec![doctor], server)).collect();
    let measured = visit::in_turn(&sides, 1, TURNS, EACH).await?;
    let times: Vec<String> =
        measured.iter().map(|parts| stats::time(visit::middle_time(parts, Samples::p50))).collect();
    let (Some(none), Some(longest)) = (measured.first(), measured.last()) else { return Ok(Vec::new()) };
    let grown = visit::ratio(longest, none, |samples| samples.p50().as_secs_f64());
    Ok(vec![
        Figure::new("p50 at 0, 2,500, 25,000 past visits", times.join(", ")),
        Figure::new("growth of p50 from 0 to 25,000", format!("{grown:.2}×"))
            .bar("≤ 1.3×", grown <= GROWTH_BAR),
    ])
}

/// Doctors by the number at the end of their names, which is the order in which they were made.
async fn numbered(server: &Server) -> anyhow::Result<Vec<Doctor>> {
    let mut named = Vec::new();
    for doctor in found::doctors(server.host).await? {
        let mut client = crate::client::Client::new(server.host);
        let answer = client.expect(&Ask::get(format!("/api/v1/doctors/{}", doctor.id)), 200).await?.json()?;
        let name = found::text(&answer, "name")?;
        named.push((name.rsplit(' ').next().unwrap_or_default().to_owned(), doctor));
    }
    named.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(named.into_iter().map(|(_, doctor)| doctor).collect())
}
