//! The command line: one binary that serves, migrates, seeds, checks and describes itself.
//! What a command does to the house is in `services`; this opens it, calls once, and says how it went.

mod audit;
mod failure;
mod pretended;
mod serve;

use std::{
    io::{self, BufRead, IsTerminal, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand, ValueEnum};
use services::{BulkSize, DEMO_PASSWORD, House, MailSettings, PaymentSettings, SeedReport, Settings};
use tracing_subscriber::{EnvFilter, fmt, prelude::*};
use uuid::Uuid;

use crate::{
    config::{AdminPassword, LogFormat, Options, Switch},
    rest,
};
use failure::Failure;

/// CareSync joins patients and hospitals: find, book, see, confirm.
#[derive(Debug, Parser)]
#[command(name = "caresync", version)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Brings the database up to date and serves.
    Serve,
    /// Brings the database up to date.
    Migrate,
    /// Fills an empty house.
    Seed {
        /// With hospitals, doctors, patients and visits for trying things out.
        #[arg(long, required_unless_present = "bulk")]
        demo: bool,
        /// With data in bulk, for measuring only.
        #[arg(long, hide = true, conflicts_with = "demo")]
        bulk: Option<Bulk>,
    },
    /// Makes an account that runs the platform; the password comes from `CARESYNC_ADMIN_PASSWORD` or standard input.
    CreateAdmin {
        /// Address to sign in with.
        #[arg(long)]
        email: String,
        /// Full name.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        password: AdminPassword,
    },
    /// Prints the OpenAPI document.
    Openapi,
    /// Looks for anything in the database that breaks a rule.
    Fsck,
    /// Prints the steps of all visits in the order in which the database took them, a line of JSON each: for the bench, which
    /// compares them with what was answered.
    #[command(hide = true)]
    History,
    /// The record of who looked at what.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Asks the server at the address whether it is ready.
    Healthcheck,
}

/// What to do with the audit.
#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Checks every chain, from its first entry to its last.
    Verify {
        /// A file of anchors kept from earlier: each must still be in its chain. The ends of the chains are written
        /// into it when all is well; keep it where the database's administrator cannot write.
        #[arg(long)]
        anchors: Option<std::path::PathBuf>,
    },
}

/// How much data in bulk.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Bulk {
    X1,
    X10,
    X100,
    History,
}

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    log(&cli.options);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::new(71, format!("The system gives no threads: {error}.")).report(),
    };
    match runtime.block_on(run(cli.options, cli.command)) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

async fn run(options: Options, command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Serve => serve::serve(&options).await?,
        Command::Migrate => migrate(&options).await?,
        Command::Seed { bulk: Some(size), .. } => seed_bulk(&options, size).await?,
        Command::Seed { .. } => seed(&options).await?,
        Command::CreateAdmin { email, name, password } => {
            create_admin(&options, &email, &name, password).await?;
        }
        Command::Openapi => say(&rest::document().to_pretty_json().map_err(anyhow::Error::from)?)?,
        Command::Fsck => return fsck(&options).await,
        Command::History => history(&options).await?,
        Command::Audit { command: AuditCommand::Verify { anchors } } => {
            return audit::verify(&options, anchors.as_deref()).await;
        }
        Command::Healthcheck => serve::healthcheck(options.addr).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn open(options: &Options) -> Result<House, Failure> {
    let payments = options.payments.settings().map_err(|sentence| Failure::new(failure::CONFIG, sentence))?;
    open_with(options, payments).await
}

async fn open_with(options: &Options, payments: PaymentSettings) -> Result<House, Failure> {
    let before = options.payments.settings_before();
    let settings = Settings {
        payments,
        payments_before: before.map_err(|sentence| Failure::new(failure::CONFIG, sentence))?,
        data_dir: options.data_dir.clone(),
        database_url: options.database_url.clone().filter(|url| !url.trim().is_empty()),
        max_connections: options.database_connections,
        limits: options.rate_limits == Switch::On,
        mail: MailSettings {
            smtp_url: options.smtp_url.clone(),
            from: options.mail_from.clone(),
            origin: options.mail_origin(),
        },
        pepper: options.pepper.current.clone(),
        pepper_before: options.pepper.before.clone(),
        passkey_origin: options.passkey_origin(),
        ..Settings::default()
    };
    Ok(House::open(settings).await?)
}

async fn migrate(options: &Options) -> Result<(), Failure> {
    let house = open(options).await?;
    let applied = house.migrate().await?;
    house.close().await;
    if applied.is_empty() { say("The database is up to date.") } else { say(&applied.join("\n")) }
}

async fn seed(options: &Options) -> Result<(), Failure> {
    let house = open(options).await?;
    house.migrate().await?;
    let report = house.seed_demo().await;
    house.close().await;
    let SeedReport { hospitals, doctors, patients, appointments } = report?;
    say(&format!(
        "Made {hospitals} hospitals, {doctors} doctors, {patients} patients, {appointments} visits.\n\
         Sign in as patient@, doctor@, desk@, admin@ or platform@demo.example with the password {DEMO_PASSWORD}."
    ))
}

async fn seed_bulk(options: &Options, size: Bulk) -> Result<(), Failure> {
    let house = open(options).await?;
    house.migrate().await?;
    let size = match size {
        Bulk::X1 => BulkSize::X1,
        Bulk::X10 => BulkSize::X10,
        Bulk::X100 => BulkSize::X100,
        Bulk::History => BulkSize::History,
    };
    let report = house.seed_bulk(size).await;
    house.close().await;
    let SeedReport { hospitals, doctors, patients, appointments } = report?;
    say(&format!(
        "Made {hospitals} hospitals, {doctors} doctors, {patients} patients, {appointments} visits to measure with."
    ))
}

async fn create_admin(
    options: &Options,
    email: &str,
    name: &str,
    password: AdminPassword,
) -> Result<(), Failure> {
    let password = match password.value {
        Some(password) => password,
        None => typed_password()?,
    };
    let house = open(options).await?;
    house.migrate().await?;
    let made = house.create_platform_admin(email, name, &password).await;
    house.close().await;
    say(&format!("Made the account {} for {email}.", made?))
}

fn typed_password() -> Result<String, Failure> {
    if io::stdin().is_terminal() {
        write!(io::stderr(), "Password: ").map_err(anyhow::Error::from)?;
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(anyhow::Error::from)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn fsck(options: &Options) -> Result<ExitCode, Failure> {
    let house = open(options).await?;
    let report = house.fsck().await;
    house.close().await;
    let report = report?;
    report.lines.iter().chain(&report.problems).try_for_each(|line| say(line))?;
    Ok(if report.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn history(options: &Options) -> Result<(), Failure> {
    let house = open(options).await?;
    let said = print_steps(&house).await;
    house.close().await;
    said
}

/// All steps, then all places in waiting lists, then all times that were kept for those who wait.
async fn print_steps(house: &House) -> Result<(), Failure> {
    let mut last = 0;
    loop {
        let steps = house.steps_after(last).await?;
        let Some(end) = steps.last() else { break };
        last = end.ordinal;
        say_lines(&steps)?;
    }
    let mut last = Uuid::nil();
    loop {
        let places = house.places_after(last).await?;
        let Some(end) = places.last() else { break };
        last = end.entry;
        say_lines(&places)?;
    }
    let mut last = Uuid::nil();
    loop {
        let kept = house.kept_after(last).await?;
        let Some(end) = kept.last() else { return Ok(()) };
        last = end.offer;
        say_lines(&kept)?;
    }
}

/// A line of JSON each.
fn say_lines(those: &[impl serde::Serialize]) -> Result<(), Failure> {
    for one in those {
        say(&serde_json::to_string(one).map_err(anyhow::Error::from)?)?;
    }
    Ok(())
}

fn say(text: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{text}").map_err(|error| anyhow::Error::from(error).into())
}

/// The log goes to standard error; what is in it is for operators, never for the people who use the house.
fn log(options: &Options) {
    let filter = EnvFilter::try_new(&options.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let lines = match options.log_format {
        LogFormat::Pretty => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    tracing_subscriber::registry().with(filter).with(lines).init();
}
