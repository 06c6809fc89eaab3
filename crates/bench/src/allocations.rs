//! Says how often listing the free times of the row `slots` asks for memory.
//!
//! A program of its own: counting makes every allocation slower, and the load of the other rows must not pay for it.

use std::{
    alloc::System,
    hint::black_box,
    io::{self, Write},
};

use bench::month::Month;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> anyhow::Result<()> {
    // Making the month lists its times too, so whatever is set up once is there.
    let month = Month::new()?;
    let region = Region::new(COUNTING);
    let offered = black_box(&month).offer();
    let change = region.change();
    black_box(offered);
    // A list that grows asks again.
    writeln!(io::stdout().lock(), "{}", change.allocations + change.reallocations)?;
    Ok(())
}
