//! `cargo xtask`: the commands that set up, build, run, test and measure CareSync.
//! It is not part of the product: nothing here is compiled into the server or the browser.
#![expect(clippy::print_stdout, reason = "a command line tool speaks on standard output")]
#![expect(clippy::disallowed_methods, reason = "a build tool is told by its environment where to build")]

mod assets;
mod bench;
mod cli;
mod client;
mod compress;
mod css;
mod dev;
mod digest;
mod http;
mod packages;
mod paths;
mod postgres;
mod process;
mod project;
mod run;
mod sabotage;
mod server;
mod serving;
mod test;
mod timing;
mod toolchain;

use std::process::ExitCode;

use cli::Command;

fn main() -> ExitCode {
    match start() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> anyhow::Result<ExitCode> {
    let command = match cli::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(reason) => {
            eprintln!("error: {reason}\n\n{}", cli::USAGE);
            return Ok(ExitCode::from(2));
        }
    };
    if matches!(command, Command::Help) {
        println!("{}", cli::USAGE);
        return Ok(ExitCode::SUCCESS);
    }
    process::catch_interrupts()?;
    if let Command::Sabotage { parts } = &command {
        return sabotage::sabotage(parts);
    }
    let project = project::Project::open();
    if let Command::Test { quick } = command {
        return Ok(test::test(project, quick));
    }
    let project = project?;
    match command {
        Command::Help | Command::Setup | Command::Test { .. } | Command::Sabotage { .. } => {}
        Command::Build { release } => project.build(release)?,
        Command::Run => run::run(&project)?,
        Command::Dev => dev::dev(&project)?,
        Command::Bench { arguments, engine } => bench::bench(&project, &arguments, engine)?,
    }
    Ok(ExitCode::SUCCESS)
}
