//! The figures of a history: what was played, what disturbed it, what was compared.
//! What is right is `crate::history`'s business.

use std::{collections::BTreeMap, time::Duration};

use super::nodes::Blows;
use crate::{
    cli::Options,
    history::{History, Tally},
    report::Figure,
    stats,
};

pub(super) fn played(
    options: &Options,
    on_postgres: bool,
    history: &History,
    took: Duration,
    judged: Duration,
) -> Vec<Figure> {
    let engine = if on_postgres { "PostgreSQL" } else { "SQLite" };
    let count = history.operations.len();
    let what = format!("{} clients on {engine}, {} process(es): operations", options.clients, options.nodes);
    let (rate, times) =
        (stats::per_second(count, took), history.setting.starts.values().map(Vec::len).sum::<usize>());
    let mut answered: Vec<Duration> = history
        .operations
        .iter()
        .filter_map(|operation| operation.answered.checked_sub(operation.asked))
        .map(Duration::from_nanos)
        .collect();
    answered.sort_unstable();
    let p50 = stats::time(stats::percentile(&answered, 0.5));
    vec![
        Figure::new(what, format!("{count}, {rate:.0}/s, p50 {p50}")),
        Figure::new("times that they want, of three doctors, one day after the other", times.to_string()),
        Figure::new("comparing took", stats::time(judged)),
    ]
}

pub(super) fn disturbances(blows: Blows, restarts: Vec<f64>) -> Vec<Figure> {
    if restarts.is_empty() {
        return Vec::new();
    }
    let Blows { kills, cuts, jumps } = blows;
    let slowest = Duration::from_secs_f64(restarts.iter().copied().fold(0.0, f64::max));
    let median = Duration::from_secs_f64(stats::median(restarts));
    vec![
        Figure::new("kills, power cuts, clocks set forward", format!("{kills}, {cuts}, {jumps}")),
        Figure::new("restart: median, slowest", format!("{}, {}", stats::time(median), stats::time(slowest))),
    ]
}

fn told(counts: &BTreeMap<&'static str, usize>) -> String {
    counts.iter().map(|(what, count)| format!("{count} × {what}")).collect::<Vec<_>>().join(", ")
}

pub(super) fn compared(
    history: &History,
    tally: Option<&Tally>,
    failures: &BTreeMap<u16, usize>,
) -> Vec<Figure> {
    let failed = if failures.is_empty() { "none".to_owned() } else { format!("{failures:?}") };
    let mut figures = vec![
        Figure::new("answers of 500 and above, which leave open what was done", failed),
        Figure::new("caresync fsck", "clean"),
    ];
    if let Some(tally) = tally {
        let (there, absent) = (tally.unknown_there, tally.unknown_absent);
        let steps = format!("{}; {}; {}", history.steps.len(), tally.acknowledged, tally.by_house);
        figures.extend([
            Figure::new("answers", told(&tally.answers)),
            Figure::new("steps in the database; acknowledged; the house's own", steps),
            Figure::new("where steps led", told(&tally.led_to)),
            Figure::new("what became of offers", told(&tally.offers)),
            Figure::new("without an answer to the end: done, not done", format!("{there}, {absent}")),
        ]);
    }
    let contradictions = if tally.is_some() { "none" } else { "told above" };
    figures.push(Figure::new("contradictions", contradictions).bar("none", tally.is_some()));
    figures
}
