//! W3: doctors by specialty, soonest first: the first page and one far down; and by the beginning of a name. At growing sizes of the house.
//! The limit is plain axum with a walk along a table that is kept for this one question.
//!
//! A larger house fills more cards of a page. So growth is measured with equally many cards everywhere, and the rest with whole pages.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context;

use super::{
    found,
    house::{self, House},
    visit::{self, Side},
};
use crate::{
    client::{Ask, Client},
    data::Data,
    limits::peer::Limits,
    load::Samples,
    report::Figure,
    stats,
};

const TURNS: usize = 5;
const EACH: Duration = Duration::from_millis(300);
const MANY: usize = 16;
/// Cards of a whole page.
const PAGE: usize = 24;
/// Cards of a page where all sizes have several.
const FEW: usize = 10;
/// How far down is far.
const FAR: usize = 50;
const SPECIALTY: &str = "cardiology";
const P50_BAR: Duration = Duration::from_millis(1);
const P99_BAR: Duration = Duration::from_millis(8);
const GROWTH_BAR: f64 = 1.5;
const EXPONENT_BAR: f64 = 0.1;
const SHARE_GOAL: f64 = 0.5;

/// A question, with the path of each size.
struct Asked {
    what: String,
    /// Whole pages, where there are so many.
    whole: Vec<String>,
    /// Equally many cards.
    equal: Vec<String>,
}

pub(crate) async fn run(data: &mut Data<'_>) -> anyhow::Result<Vec<Figure>> {
    let houses = house::open(data).await?;
    let mut figures = Vec::new();
    for asked in questions(&houses).await? {
        figures.extend(by_size(&houses, &asked).await?);
    }
    if let Some(largest) = houses.last() {
        figures.extend(beside_limit(data, largest).await?);
    }
    house::close(houses).await?;
    Ok(figures)
}

async fn questions(houses: &[House]) -> anyhow::Result<Vec<Asked>> {
    let first = houses.first().context("no house to look into")?;
    let mut asked = Vec::new();
    let specialty = format!("specialty={SPECIALTY}");
    let name = format!("name={}", beginning(first.server.host).await?);
    for (what, filter) in [("specialty, first page", specialty), ("beginning of a name", name)] {
        let mut fewest = PAGE;
        for house in houses {
            fewest = fewest.min(count(house.server.host, &filter).await?);
        }
        anyhow::ensure!(fewest > 0, "nobody is found by {filter}");
        let path = |cards: usize| format!("/api/v1/doctors?sort=soonest&{filter}&limit={cards}");
        let of_all = |cards| houses.iter().map(|_| path(cards)).collect();
        asked.push(Asked { what: what.to_owned(), whole: of_all(PAGE), equal: of_all(fewest) });
    }
    let (mut whole, mut equal, mut pages) = (Vec::new(), Vec::new(), Vec::new());
    for house in houses {
        let (path, page) = far(house.server.host, PAGE).await?;
        whole.push(path);
        pages.push(page.to_string());
        equal.push(far(house.server.host, FEW).await?.0);
    }
    asked.push(Asked { what: format!("all, page {}", pages.join(", ")), whole, equal });
    Ok(asked)
}

/// Three letters with which the name of somebody in the smallest house begins.
async fn beginning(host: SocketAddr) -> anyhow::Result<String> {
    let page = Client::new(host).expect(&Ask::get("/api/v1/doctors?sort=name&limit=1"), 200).await?.json()?;
    let doctor = found::list(&page, "items").first().context("a house without doctors")?;
    // "Dr. Given Family 001"
    let name = found::text(doctor, "name")?;
    let family = name.split(' ').nth(2).context("a name without a family")?;
    Ok(family.chars().take(3).collect::<String>().to_lowercase())
}

async fn count(host: SocketAddr, filter: &str) -> anyhow::Result<usize> {
    let ask = Ask::get(format!("/api/v1/doctors?{filter}&limit={PAGE}"));
    let page = Client::new(host).expect(&ask, 200).await?.json()?;
    Ok(found::list(&page, "items").len())
}

/// The path of the fiftieth page of all, soonest first, or of the last one that is whole; and which page it is.
async fn far(host: SocketAddr, cards: usize) -> anyhow::Result<(String, usize)> {
    let mut client = Client::new(host);
    let first = format!("/api/v1/doctors?sort=soonest&limit={cards}");
    let mut found = (first.clone(), 1);
    let mut next = first.clone();
    for number in 1..=FAR {
        let page = client.expect(&Ask::get(&next), 200).await?.json()?;
        if found::list(&page, "items").len() < cards {
            break;
        }
        found = (next, number);
        match found::after(&page) {
            Some(more) => next = format!("{first}{more}"),
            None => break,
        }
    }
    Ok(found)
}

fn sides(houses: &[House], paths: &[String]) -> Vec<Side> {
    houses.iter().zip(paths).map(|(house, path)| one(house.server.host, path.clone())).collect()
}

fn one(host: SocketAddr, path: String) -> Side {
    Side::new(host, move |_, _| Some(Ask::get(&path)))
}

/// One question at all sizes in turn, one client.
async fn by_size(houses: &[House], asked: &Asked) -> anyhow::Result<Vec<Figure>> {
    let measured = visit::in_turn(&sides(houses, &asked.whole), 1, TURNS, EACH).await?;
    let words: Vec<&str> = houses.iter().map(|house| house.size.word()).collect();
    let (what, words) = (&asked.what, words.join(", "));
    let most = |of: fn(&Samples) -> Duration| {
        measured.iter().map(|parts| visit::middle_time(parts, of)).max().unwrap_or_default()
    };
    let slowest = measured.iter().flatten().filter_map(|part| part.times.last()).max().copied();
    let mut figures = vec![
        Figure::new(format!("{what}: p50 at {words}"), visit::times(&measured, Samples::p50))
            .bar("≤ 1 ms", most(Samples::p50) <= P50_BAR),
        Figure::new(format!("{what}: p99 at {words}"), visit::times(&measured, Samples::p99))
            .bar("≤ 8 ms", most(Samples::p99) <= P99_BAR),
        // Once a minute an answer reads times anew that were remembered.
        Figure::new(format!("{what}: slowest of all"), stats::time(slowest.unwrap_or_default())),
    ];
    if houses.len() > 1 {
        let measured = visit::in_turn(&sides(houses, &asked.equal), 1, TURNS, EACH).await?;
        let (grown, exponent) = house::growth(houses, &measured);
        let times = visit::times(&measured, Samples::p50);
        figures.push(
            Figure::new(
                format!("{what}: growth of p50 with equally many cards"),
                format!("{grown:.2}× ({times})"),
            )
            .bar("≤ 1.5×", grown <= GROWTH_BAR),
        );
        figures.push(
            Figure::new(format!("{what}: exponent k of p50 ~ n^k"), format!("{exponent:.3}"))
                .bar("≤ 0.1", exponent <= EXPONENT_BAR),
        );
    }
    Ok(figures)
}

/// A page of one specialty of the largest house beside the limit, for one client and for many.
async fn beside_limit(data: &mut Data<'_>, house: &House) -> anyhow::Result<Vec<Figure>> {
    let Some(limits) = Limits::beside(&house.server, data, house.size).await? else { return Ok(Vec::new()) };
    let path = format!("/api/v1/doctors?sort=soonest&specialty={SPECIALTY}&limit={PAGE}");
    let theirs = format!("/search?specialty={SPECIALTY}&limit={PAGE}");
    let mut bytes = Vec::new();
    let mut cards = Vec::new();
    for (host, path) in [(house.server.host, &path), (limits.host, &theirs)] {
        let answer = Client::new(host).expect(&Ask::get(path), 200).await?;
        bytes.push(stats::kilobytes(answer.body.len()));
        cards.push(found::list(&answer.json()?, "items").len());
    }
    let same = cards.iter().all(|count| Some(count) == cards.first());
    anyhow::ensure!(same, "the limit gives another number of cards: {cards:?}");
    let both = [one(house.server.host, path), one(limits.host, theirs)];
    let alone = visit::in_turn(&both, 1, TURNS, EACH).await?;
    let many = visit::in_turn(&both, MANY, TURNS, EACH).await?;
    limits.stop().await?;
    let ([ours, limit], [ours_many, limit_many]) = (alone.as_slice(), many.as_slice()) else {
        return Ok(Vec::new());
    };
    let p50 = |parts: &[Samples]| stats::time(visit::middle_time(parts, Samples::p50));
    let (size, cards) = (house.size.word(), cards.first().copied().unwrap_or_default());
    Ok(vec![
        Figure::new(format!("{size}, {cards} cards, one client beside the limit: p50"), p50(ours))
            .beside(format!("{} (one SELECT)", p50(limit))),
        Figure::new(format!("{size}, {cards} cards: bytes of JSON"), bytes.join(" beside ")),
        visit::beside_select(
            format!("{size}, {cards} cards, {MANY} clients"),
            ours_many,
            limit_many,
            SHARE_GOAL,
        ),
    ])
}
