//! W4: the page of doctors: a full page of cards, no compression, made anew for each request and kept for a second (ADR 29).
//! The limit is the same HTML by maud behind plain axum, with one SELECT.

use std::time::Duration;

use super::visit::{self, Rates, Side};
use crate::{
    client::{Answer, Ask, Client},
    data::{Data, Size},
    limits::peer::Limits,
    load::Samples,
    report::Figure,
    stats,
};

const TURNS: usize = 3;
const EACH: Duration = Duration::from_secs(1);
const MANY: usize = 32;
const PAGE: &str = "/doctors";
const P99_GOAL: Duration = Duration::from_millis(10);
const SHARE_GOAL: f64 = 0.5;
const BYTES_GOAL: f64 = 1.15;

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    // The larger size fills the page; PostgreSQL holds the smaller one.
    let size = if data.on_postgres() { Size::X1 } else { Size::X10 };
    let server = data.serve(size).await?;
    let mut client = Client::new(server.host);
    let plain = client.expect(&Ask::get(PAGE), 200).await?;
    let cards = cards(&plain)?;
    let brotli = client.expect(&Ask::get(PAGE).compressed(), 200).await?.body.len();
    let bytes = Figure::new(
        format!("bytes of HTML, {cards} cards"),
        format!("{}, brotli {}", stats::kilobytes(plain.body.len()), stats::kilobytes(brotli)),
    );

    // No page reads this word, so what is made for it is not kept; and no two requests are the same, should that ever change.
    let anew = |client, number| Some(Ask::get(format!("{PAGE}?anew={client}.{number}")));
    let mut sides = vec![Side::new(server.host, anew), Side::new(server.host, |_, _| Some(Ask::get(PAGE)))];
    let limits = Limits::beside(&server, data, size).await?;
    let bytes = match &limits {
        None => bytes,
        Some(limits) => {
            let path = format!("/page?limit={cards}");
            let theirs = Client::new(limits.host).expect(&Ask::get(&path), 200).await?;
            let shown = self::cards(&theirs)?;
            anyhow::ensure!(shown == cards, "the limit shows {shown} cards, not {cards}");
            sides.push(Side::new(limits.host, move |_, _| Some(Ask::get(&path))));
            let over = stats::number(plain.body.len()) / stats::number(theirs.body.len());
            bytes
                .beside(format!("{} (maud), {over:.2}×", stats::kilobytes(theirs.body.len())))
                .goal("≤ 1.15× of maud", over <= BYTES_GOAL)
        }
    };
    let mut figures = vec![bytes];
    for clients in [1, MANY] {
        let measured = visit::in_turn(&sides, clients, TURNS, EACH).await?;
        figures.extend(for_clients(clients, &measured));
    }
    if let Some(limits) = limits {
        limits.stop().await?;
    }
    figures.push(Figure::new("memory after", stats::megabytes(server.resident())));
    server.stop().await?;
    Ok(figures)
}

/// How many cards a whole page shows.
fn cards(page: &Answer) -> anyhow::Result<usize> {
    let html = page.text();
    let cards = html.matches("<article").count();
    anyhow::ensure!(html.contains("</html>") && cards > 0, "the page has no end or no cards");
    Ok(cards)
}

/// What so many clients got, beside the limit where there is one.
fn for_clients(clients: usize, measured: &[Vec<Samples>]) -> Vec<Figure> {
    let limit = measured.get(2).map(Vec::as_slice);
    let ways = measured.iter().zip(["made anew", "kept for a second"]);
    ways.flat_map(|(ours, how)| figures(&format!("{clients} client(s), {how}"), clients, ours, limit))
        .collect()
}

fn figures(name: &str, clients: usize, ours: &[Samples], limit: Option<&[Samples]>) -> [Figure; 2] {
    let (p50, p99) = (visit::middle_time(ours, Samples::p50), visit::middle_time(ours, Samples::p99));
    let rate = visit::middle(ours, |samples| samples.rate(200));
    let value = format!("{rate:.0}/s, p50 {} ({})", stats::time(p50), visit::load_share(ours));
    let figure = Figure::new(name, value);
    let figure = match limit {
        None => figure,
        Some(limit) => {
            let Rates { limit: most, share, .. } = visit::rates(ours, limit);
            figure
                .beside(format!("{most:.0}/s (maud, {}), {:.0} %", visit::load_share(limit), share * 100.0))
                .goal("≥ 50 % of maud", share >= SHARE_GOAL)
        }
    };
    let slow = Figure::new(format!("{name}: p99"), stats::time(p99));
    [figure, if clients == MANY { slow.goal("≤ 10 ms", p99 <= P99_GOAL) } else { slow }]
}
