//! W4: the page of doctors: a full page of cards, no compression, made anew for each request and kept for a second (ADR 29).
//! The limit is the same server answering `/livez`.

use std::time::Duration;

use super::visit::{self, Side};
use crate::{
    client::{Ask, Client},
    data::{Data, Size},
    load::Samples,
    report::Figure,
    stats,
};

const TURNS: usize = 3;
const EACH: Duration = Duration::from_secs(1);
const MANY: usize = 32;
const PAGE: &str = "/doctors";

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    // The larger size fills the page; PostgreSQL holds the smaller one.
    let size = if data.on_postgres() { Size::X1 } else { Size::X10 };
    let server = data.serve(size).await?;
    let mut client = Client::new(server.host);
    let plain = client.expect(&Ask::get(PAGE), 200).await?;
    let html = plain.text();
    let cards = html.matches("<article").count();
    anyhow::ensure!(html.contains("</html>") && cards > 0, "the page has no end or no cards");
    let brotli = client.expect(&Ask::get(PAGE).compressed(), 200).await?.body.len();

    let kept = Side::new(server.host, |_, _| Some(Ask::get(PAGE)));
    // No page reads this word, so what is made for it is not kept; and no two requests are the same, should that ever change.
    let anew =
        Side::new(server.host, |client, number| Some(Ask::get(format!("{PAGE}?anew={client}.{number}"))));
    let sides = [anew, kept.clone(), kept.limit()];
    let alone = visit::in_turn(&sides, 1, TURNS, EACH).await?;
    let many = visit::in_turn(&sides, MANY, TURNS, EACH).await?;
    let memory = server.resident();
    server.stop().await?;
    let mut figures = vec![Figure::new(
        format!("bytes of HTML, {cards} cards"),
        format!("{}, brotli {}", stats::kilobytes(plain.body.len()), stats::kilobytes(brotli)),
    )];
    for (clients, measured) in [(1, &alone), (MANY, &many)] {
        let [anew, kept, bare] = measured.as_slice() else { continue };
        let rate = |parts: &[Samples]| visit::middle(parts, |samples| samples.rate(200));
        for (how, ours) in [("made anew", anew), ("kept for a second", kept)] {
            let (p50, p99) = (visit::middle_time(ours, Samples::p50), visit::middle_time(ours, Samples::p99));
            let value = format!(
                "{:.0}/s, p50 {}, p99 {} ({})",
                rate(ours),
                stats::time(p50),
                stats::time(p99),
                visit::load_share(ours)
            );
            figures.push(
                Figure::new(format!("{clients} client(s), {how}"), value)
                    .beside(format!("{:.0}/s (/livez)", rate(bare))),
            );
        }
    }
    figures.push(Figure::new("memory after", stats::megabytes(memory)));
    Ok(figures)
}
