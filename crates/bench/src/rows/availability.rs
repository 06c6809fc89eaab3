//! W2: a doctor's free times of seven days over HTTP, at growing sizes of the house, and for doctors with ever longer histories.
//! The limit is plain axum with one indexed SELECT of the rows from which the times are computed.

use std::{net::SocketAddr, time::Duration};

use domain::time::plus_days;
use jiff::{civil::Date, tz::TimeZone};

use super::{
    found::{self, Doctor},
    house::{self, House},
    visit::{self, Side},
};
use crate::{
    client::Ask,
    data::{Data, Size},
    limits::peer::Limits,
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
const P50_GOAL: Duration = Duration::from_micros(600);
const P99_GOAL: Duration = Duration::from_millis(3);
const GROWTH_BAR: f64 = 1.3;
const EXPONENT_BAR: f64 = 0.1;
const SHARE_GOAL: f64 = 0.6;

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let houses = house::open(data).await?;
    let mut doctors = Vec::new();
    for house in &houses {
        doctors.push(found::doctors(house.server.host).await?);
    }
    let mut figures = by_size(&houses, &doctors).await?;
    if let (Some(largest), Some(doctors)) = (houses.last(), doctors.last()) {
        figures.extend(beside_limit(data, largest, doctors).await?);
    }
    let memory =
        |house: &House| format!("{} {}", house.size.word(), stats::megabytes(house.server.resident()));
    figures.push(Figure::new("memory after", houses.iter().map(memory).collect::<Vec<_>>().join(", ")));
    house::close(houses).await?;
    if !data.on_postgres() {
        let long = data.serve(Size::History).await?;
        figures.extend(history(&long).await?);
        long.stop().await?;
    }
    Ok(figures)
}

/// Random doctors, random first days in the next month.
fn side(doctors: Vec<Doctor>, host: SocketAddr, ask: fn(&Doctor, Date) -> Option<Ask>) -> Side {
    let tomorrow = plus_days(machine::today(), 1);
    Side::new(host, move |client, turn| {
        let mut dice = Dice::new(u64::try_from(client * 1_000_003 + turn).unwrap_or(1) + 1);
        dice.below(2);
        let doctor = doctors.get(dice.below(doctors.len()))?;
        ask(doctor, plus_days(tomorrow, i32::try_from(dice.below(28)).unwrap_or(0)))
    })
}

/// The same of our own server, for seven days.
fn own_side(doctors: Vec<Doctor>, host: SocketAddr) -> Side {
    side(doctors, host, |doctor, from| Some(ours(doctor, from)))
}

fn ours(Doctor { id, visit_type }: &Doctor, from: Date) -> Ask {
    let to = plus_days(from, 6);
    Ask::get(format!("/api/v1/doctors/{id}/slots?visit_type={visit_type}&from={from}&to={to}"))
}

/// The rows that the server reads for the same question: windows may reach over midnight, so it looks a day further on each side.
fn theirs(doctor: &Doctor, from: Date) -> Option<Ask> {
    let midnight = |date: Date| Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond());
    let (begin, end) = (midnight(plus_days(from, -1))?, midnight(plus_days(from, 9))?);
    Some(Ask::get(format!("/availability?doctor={}&from={begin}&to={end}", doctor.id)))
}

/// All sizes in turn, one client.
async fn by_size(houses: &[House], doctors: &[Vec<Doctor>]) -> anyhow::Result<Vec<Figure>> {
    let staffed = houses.iter().zip(doctors);
    let sides: Vec<Side> =
        staffed.map(|(house, doctors)| own_side(doctors.clone(), house.server.host)).collect();
    let measured = visit::in_turn(&sides, 1, TURNS, EACH).await?;
    let mut figures = Vec::new();
    for (house, parts) in houses.iter().zip(&measured) {
        let (p50, p99) = (visit::middle_time(parts, Samples::p50), visit::middle_time(parts, Samples::p99));
        let size = house.size.word();
        figures.push(
            Figure::new(format!("{size}, one client: p50"), stats::time(p50))
                .bar("≤ 2 ms", p50 <= P50_BAR)
                .goal("≤ 0.6 ms", p50 <= P50_GOAL),
        );
        figures.push(
            Figure::new(format!("{size}, one client: p99"), stats::time(p99)).goal("≤ 3 ms", p99 <= P99_GOAL),
        );
    }
    if let [first, .., last] = houses {
        let (grown, exponent) = house::growth(houses, &measured);
        let between = format!("from {} to {}", first.size.word(), last.size.word());
        figures.push(
            Figure::new(format!("growth of p50 {between}"), format!("{grown:.2}×"))
                .bar("≤ 1.3×", grown <= GROWTH_BAR),
        );
        figures.push(
            Figure::new(format!("exponent k of p50 ~ n^k {between}"), format!("{exponent:.3}"))
                .bar("≤ 0.1", exponent <= EXPONENT_BAR),
        );
    }
    Ok(figures)
}

/// The largest house beside the limit, for one client and for many.
async fn beside_limit(data: &mut Data<'_>, house: &House, doctors: &[Doctor]) -> anyhow::Result<Vec<Figure>> {
    let mut sides = vec![own_side(doctors.to_vec(), house.server.host)];
    let limits = Limits::beside(&house.server, data, house.size).await?;
    if let Some(limits) = &limits {
        sides.push(side(doctors.to_vec(), limits.host, theirs));
    }
    let alone = visit::in_turn(&sides, 1, TURNS, EACH).await?;
    let many = visit::in_turn(&sides, MANY, TURNS, EACH).await?;
    if let Some(limits) = limits {
        limits.stop().await?;
    }
    let size = house.size.word();
    let mut figures = Vec::new();
    if let [ours, limit] = alone.as_slice() {
        let p50 = |parts: &[Samples]| visit::middle_time(parts, Samples::p50);
        figures.push(
            Figure::new(format!("{size}, one client beside the limit: p50"), stats::time(p50(ours)))
                .beside(format!("{} (one SELECT)", stats::time(p50(limit)))),
        );
    }
    let what = format!("{size}, {MANY} clients");
    match many.as_slice() {
        [ours, limit] => {
            figures.push(visit::beside_select(what, ours, limit, SHARE_GOAL));
        }
        [ours, ..] => {
            let rate = visit::middle(ours, |samples| samples.rate(200));
            figures.push(Figure::new(what, format!("{rate:.0}/s ({})", visit::load_share(ours))));
        }
        [] => {}
    }
    Ok(figures)
}

/// One doctor with no past visits, others with ever more.
async fn history(server: &Server) -> anyhow::Result<Vec<Figure>> {
    let doctors = numbered(server).await?;
    let sides: Vec<Side> = doctors.into_iter().map(|doctor| own_side(vec![doctor], server.host)).collect();
    let measured = visit::in_turn(&sides, 1, TURNS, EACH).await?;
    let (Some(none), Some(longest)) = (measured.first(), measured.last()) else { return Ok(Vec::new()) };
    let grown = visit::ratio(longest, none, |samples| samples.p50().as_secs_f64());
    let times = visit::times(&measured, Samples::p50);
    Ok(vec![
        Figure::new("p50 at 0, 2,500, 25,000, 250,000 past visits", times),
        Figure::new("growth of p50 from 0 to 250,000", format!("{grown:.2}×"))
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
