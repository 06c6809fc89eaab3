//! The bench program: loads the server as its users would, measures it beside a limit of the same run, and kills it.
//! It asserts no time inside the test suite; a bar that is missed is its exit code.

mod cli;
mod client;
mod data;
mod history;
mod limits;
mod load;
mod machine;
mod report;
mod rows;
mod server;
mod stats;

use std::process::ExitCode;

use cli::{Options, Row};
use report::Table;
use tokio::signal::unix::{SignalKind, signal};

/// The server's, so that its limits have it, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).peekable();
    let done = if words.next_if(|word| word == limits::WORD).is_some() {
        limits::run(words).map(|()| true)
    } else {
        measure(words)
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            report::complain(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Whether every bar was reached.
fn measure(words: impl Iterator<Item = String>) -> anyhow::Result<bool> {
    let options = Options::parse(words)?;
    machine::pin_load();
    report::line(&machine::describe())?;
    // One thread, so that the load has one core and the server the other.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let table = runtime.block_on(until_told(run(&options)))?;
    table.print()?;
    Ok(table.holds())
}

/// Ends early when somebody says so, leaving neither servers nor data behind.
async fn until_told(work: impl Future<Output = anyhow::Result<Table>>) -> anyhow::Result<Table> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        done = work => done,
        _ = term.recv() => Err(anyhow::anyhow!("told to end")),
        _ = int.recv() => Err(anyhow::anyhow!("told to end")),
    }
}

async fn run(options: &Options) -> anyhow::Result<Table> {
    let mut table = Table::default();
    let scratch = data::Scratch::new()?;
    let mut data = data::Data::new(options, &scratch);
    for row in options.rows() {
        report::line(&format!("\n{} …", row.name()))?;
        let figures = match row {
            Row::Slots => rows::slots::run()?,
            Row::Start => rows::start::run(&mut data).await?,
            Row::Availability => rows::availability::run(&mut data).await?,
            Row::Search => rows::search::run(&mut data).await?,
            Row::Book => rows::book::run(&mut data).await?,
            Row::Race => rows::race::run(&mut data).await?,
            Row::Page => rows::page::run(&mut data).await?,
            Row::Bytes => rows::bytes::run(&mut data).await?,
            Row::Flood => rows::flood::run(&mut data).await?,
            Row::Slow => rows::slow::run(&mut data).await?,
            Row::Crash => rows::crash::run(&mut data).await?,
            Row::History => rows::history::run(&mut data).await?,
        };
        for figure in figures {
            table.add(row.name(), figure)?;
        }
    }
    Ok(table)
}
