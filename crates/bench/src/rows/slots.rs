//! W1: the slot engine alone, on the month of [`bench::month`]: its processor time, and how often it asks for memory.
//! The limit is copying and sorting as many starts as there are candidates.

use std::{hint::black_box, process::Command};

use anyhow::Context;
use bench::month::{CANDIDATES, Month};
use domain::time::MINUTE;

use crate::{
    machine::{self, Dice},
    report::Figure,
    stats,
};

const REPEATS: usize = 9;
/// So many that the steps in which the machine counts time, a few milliseconds, do not matter.
const TIMES: u32 = 10_000;
/// The bars: microseconds, and allocations.
const MOST_MICROS: f64 = 15.0;
const MOST_ALLOCATIONS: usize = 4;

pub(crate) fn run() -> anyhow::Result<Vec<Figure>> {
    let month = Month::new()?;
    let mixed = mix(&month.candidates());
    let (mut ours, mut limits) = (Vec::new(), Vec::new());
    for _ in 0..=REPEATS {
        ours.push(micros(|| {
            black_box(black_box(&month).offer());
        }));
        limits.push(micros(|| {
            let mut copy = black_box(&mixed).clone();
            copy.sort_unstable();
            black_box(copy);
        }));
    }
    // The first of each only warmed up.
    let (ours, limit) = (stats::median(ours.split_off(1)), stats::median(limits.split_off(1)));
    let limit = format!("{limit:.1} µs (copy and sort {CANDIDATES} starts), {:.1}×", ours / limit);
    let allocations = allocations()?;
    Ok(vec![
        Figure::new(format!("30 days, {CANDIDATES} candidates, 40 booked"), format!("{ours:.1} µs"))
            .beside(limit)
            .bar(format!("{MOST_MICROS} µs"), ours <= MOST_MICROS),
        Figure::new("allocations of the same", allocations.to_string())
            .bar(MOST_ALLOCATIONS.to_string(), allocations <= MOST_ALLOCATIONS),
    ])
}

/// What the program beside this one counts.
fn allocations() -> anyhow::Result<usize> {
    let program = std::env::current_exe()?.with_file_name("bench-allocations");
    let output =
        Command::new(&program).output().with_context(|| format!("starting {}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.trim().parse().with_context(|| {
        format!("{} said {said:?} {}", program.display(), String::from_utf8_lossy(&output.stderr))
    })
}

/// The same starts in no order: sorting what is sorted costs nothing.
fn mix(starts: &[i64]) -> Vec<i64> {
    let mut dice = Dice::new(7);
    let mut mixed: Vec<i64> = starts.iter().map(|start| start / MINUTE * MINUTE).collect();
    for at in (1..mixed.len()).rev() {
        mixed.swap(at, dice.below(at + 1));
    }
    mixed
}

/// Microseconds of processor time of one run, over many: what else runs on the machine does not count.
fn micros(mut work: impl FnMut()) -> f64 {
    let begun = machine::own_time();
    for _ in 0..TIMES {
        work();
    }
    machine::own_time().saturating_sub(begun).as_secs_f64() * 1e6 / f64::from(TIMES)
}
