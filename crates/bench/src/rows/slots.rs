//! W1: the slot engine alone. One doctor, thirty days with a noon break, forty visits, a zone that changes its clocks.
//! The limit is copying and sorting as many starts as there are candidates.

use std::hint::black_box;

use domain::{
    availability::{BookingRules, Kind, TimeWindow, WeeklyWindow},
    hospitals::Modality,
    slots::{Besides, Busy, Question, Schedule, Shape, offer},
    time::{MINUTE, parse_time, plus_days},
};
use jiff::{Timestamp, civil::date, tz::TimeZone};

use crate::{
    machine::{self, Dice},
    report::Figure,
    stats,
};

const DAYS: i32 = 30;
/// Twenty-four visits of twenty minutes on each of thirty days.
const CANDIDATES: usize = 720;
const BOOKED: usize = 40;
const REPEATS: usize = 9;
const TIMES: u32 = 2_000;
const GOAL_MICROS: f64 = 15.0;

pub(crate) fn run() -> anyhow::Result<Vec<Figure>> {
    let schedule = schedule()?;
    let kind =
        Kind { visit_type: "00000000-0000-0000-0000-000000000000".parse()?, modality: Modality::InPerson };
    let shape = Shape { kind, minutes: 20, before: 0, after: 0 };
    // Berlin's clocks go forward on the 28th of March 2027.
    let (first, now) = (date(2027, 3, 10), "2027-03-01T00:00:00Z".parse::<Timestamp>()?);
    let nothing = Busy::default();
    let all = offer(
        &Question { schedule: &schedule, shape, busy: &nothing, now, besides: Besides::default() },
        first,
        plus_days(first, DAYS - 1),
    );
    anyhow::ensure!(all.len() == CANDIDATES, "{} candidates", all.len());
    let taken =
        all.iter().step_by(CANDIDATES / BOOKED).take(BOOKED).map(|&start| shape.block(start)).collect();
    let busy = Busy::new(taken);
    let question = Question { schedule: &schedule, shape, busy: &busy, now, besides: Besides::default() };
    let left = offer(&question, first, plus_days(first, DAYS - 1)).len();
    anyhow::ensure!(left == CANDIDATES - BOOKED, "{left} free");

    let mixed = mix(&all);
    let (mut ours, mut limits) = (Vec::new(), Vec::new());
    for _ in 0..=REPEATS {
        ours.push(micros(|| {
            black_box(offer(black_box(&question), first, plus_days(first, DAYS - 1)));
        }));
        limits.push(micros(|| {
            let mut copy = black_box(&mixed).clone();
            copy.sort_unstable();
            black_box(copy);
        }));
    }
    // The first of each only warmed up.
    let (ours, limit) = (stats::median(ours.split_off(1)), stats::median(limits.split_off(1)));
    let value = format!("{ours:.1} µs");
    let limit = format!("{limit:.1} µs (copy and sort {CANDIDATES} starts), {:.1}×", ours / limit);
    Ok(vec![
        Figure::new("30 days, 720 candidates, 40 booked", value)
            .beside(limit)
            .goal("≤ 15 µs", ours <= GOAL_MICROS),
    ])
}

fn schedule() -> anyhow::Result<Schedule> {
    let mut weekly = Vec::new();
    for weekday in 1..=7 {
        for (start, end) in [("08:00", "12:00"), ("13:00", "17:00")] {
            let time = |text| parse_time(text).map_err(anyhow::Error::msg);
            weekly.push(WeeklyWindow::new(weekday, TimeWindow { start: time(start)?, end: time(end)? }));
        }
    }
    let rules = BookingRules { cadence_minutes: 20, notice_minutes: 60, horizon_days: 90, most_a_day: None };
    Ok(Schedule {
        zone: TimeZone::get("Europe/Berlin")?,
        weekly,
        exceptions: Vec::new(),
        openings: Vec::new(),
        away: Busy::default(),
        closed: Busy::default(),
        rules,
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
