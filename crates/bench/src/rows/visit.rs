//! A warmed-up look at one address, and the same address looked at several times in turn with another.
//! Which addresses is the row's business.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use crate::{
    client::{Ask, Client},
    load::{self, Samples, Script},
    report::Figure,
    stats,
};

/// One side of a comparison: a server and what is asked of it.
#[derive(Clone)]
pub(crate) struct Side {
    pub(crate) host: SocketAddr,
    pub(crate) script: Script,
}

impl Side {
    pub(crate) fn new(
        host: SocketAddr,
        script: impl Fn(usize, usize) -> Option<Ask> + Send + Sync + 'static,
    ) -> Self {
        Self { host, script: Arc::new(script) }
    }
}

/// Measures all sides in turn (A B A B …), so that what disturbs the machine disturbs each of them alike.
/// Every side gets one part that is not counted first.
pub(crate) async fn in_turn(
    sides: &[Side],
    clients: usize,
    turns: usize,
    each: Duration,
) -> anyhow::Result<Vec<Vec<Samples>>> {
    let mut measured: Vec<Vec<Samples>> = sides.iter().map(|_| Vec::new()).collect();
    for turn in 0..=turns {
        for (side, parts) in sides.iter().zip(&mut measured) {
            let connections = (0..clients).map(|_| Client::new(side.host)).collect();
            let within = if turn == 0 { each / 2 } else { each };
            let (_, samples) = load::run(connections, within, side.script.clone()).await;
            samples.only(200)?;
            if turn > 0 {
                parts.push(samples);
            }
        }
    }
    Ok(measured)
}

/// The median of what the parts say.
pub(crate) fn middle(parts: &[Samples], of: impl Fn(&Samples) -> f64) -> f64 {
    stats::median(parts.iter().map(of).collect())
}

/// The median duration.
pub(crate) fn middle_time(parts: &[Samples], of: impl Fn(&Samples) -> Duration) -> Duration {
    Duration::from_secs_f64(middle(parts, |samples| of(samples).as_secs_f64()))
}

/// The median of the ratios of parts that were measured one after the other.
pub(crate) fn ratio(over: &[Samples], under: &[Samples], of: impl Fn(&Samples) -> f64) -> f64 {
    stats::median(over.iter().zip(under).map(|(a, b)| of(a) / of(b).max(1e-12)).collect())
}

/// What two sides say of each other that were measured in turn by several clients: ours, the limit, and our share of it.
pub(crate) struct Rates {
    pub(crate) ours: f64,
    pub(crate) limit: f64,
    pub(crate) share: f64,
}

/// Answers per second of the first side beside those of the second.
pub(crate) fn rates(ours: &[Samples], limit: &[Samples]) -> Rates {
    let rate = |samples: &Samples| samples.rate(200);
    Rates { ours: middle(ours, rate), limit: middle(limit, rate), share: ratio(ours, limit, rate) }
}

/// Answers per second beside one SELECT for the same, and whether ours are the share of it that they should be at least.
pub(crate) fn beside_select(what: String, ours: &[Samples], limit: &[Samples], least: f64) -> Figure {
    let Rates { ours: rate, limit: most, share } = rates(ours, limit);
    Figure::new(what, format!("{rate:.0}/s ({})", load_share(ours)))
        .beside(format!("{most:.0}/s (one SELECT, {}), {:.0} %", load_share(limit), share * 100.0))
        .goal(format!("≥ {:.0} % of the limit", least * 100.0), share >= least)
}

/// How p50 grows with the size of the data: from the smallest to the largest, and the exponent k of p50 ~ n^k over all of them. Sizes
/// were measured in turn; the medians of what the turns say.
pub(crate) fn growth(sizes: &[f64], measured: &[Vec<Samples>]) -> (f64, f64) {
    let turns = measured.iter().map(Vec::len).min().unwrap_or(0);
    let p50 = |samples: &Samples| samples.p50().as_secs_f64();
    let curve = |turn: usize| {
        let points = sizes.iter().zip(measured);
        points.filter_map(|(n, parts)| Some((*n, p50(parts.get(turn)?)))).collect::<Vec<_>>()
    };
    let exponent = stats::median((0..turns).map(|turn| stats::exponent(&curve(turn))).collect());
    let grown = match (measured.first(), measured.last()) {
        (Some(small), Some(large)) => ratio(large, small, p50),
        _ => 1.0,
    };
    (grown, exponent)
}

/// One duration of each size.
pub(crate) fn times(measured: &[Vec<Samples>], of: impl Fn(&Samples) -> Duration) -> String {
    measured.iter().map(|parts| stats::time(middle_time(parts, &of))).collect::<Vec<_>>().join(", ")
}

/// The median share of time in which the load itself was computing.
pub(crate) fn load_share(parts: &[Samples]) -> String {
    format!("load {:.0} % busy", middle(parts, |samples| samples.busy) * 100.0)
}
