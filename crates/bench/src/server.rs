//! A running server under measurement: started, asked whether it is ready, stopped or killed.
//! Its data are `data`'s business.

use std::{
    ffi::OsString,
    net::SocketAddr,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use tokio::process::{Child, Command};

use crate::{
    cli::Options,
    client::{Ask, Client},
    machine,
};

const PATIENCE: Duration = Duration::from_mins(1);

/// What an operator may have set for another server.
const OTHERS: [&str; 7] = [
    "CARESYNC_PUBLIC_URL",
    "CARESYNC_ADDR",
    "CARESYNC_SITE_ROOT",
    "CARESYNC_BEHIND_PROXY",
    "CARESYNC_TRUSTED_PROXIES",
    "CARESYNC_SECURITY_CONTACT",
    "PAYMENT_PROVIDER",
];
/// The key of the passwords of bulk data.
const PEPPER: &str = "a key that measures and guards nothing";

/// A server process. It dies with this value.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) host: SocketAddr,
    /// From the start of the process to its first ready answer.
    pub(crate) ready_after: Duration,
    child: Child,
    pid: u32,
}

impl Server {
    /// Starts the program on a data folder and waits until it is ready.
    pub(crate) async fn start(options: &Options, data: &Path) -> anyhow::Result<Self> {
        Self::start_with(options, data, "off", Vec::new()).await
    }

    /// The same with the pretended payment provider, and its clock so many seconds ahead of the machine's.
    pub(crate) async fn start_ahead(options: &Options, data: &Path, seconds: u64) -> anyhow::Result<Self> {
        let mut set = vec![("PAYMENT_PROVIDER", "sandbox".into())];
        if let Some(library) = options.faketime.as_ref().filter(|_| seconds > 0) {
            set.push(("LD_PRELOAD", library.clone().into_os_string()));
            set.push(("FAKETIME", format!("+{seconds}s").into()));
            // Only what the clock on the wall shows.
            set.push(("DONT_FAKE_MONOTONIC", "1".into()));
            set.push(("NO_FAKE_STAT", "1".into()));
        }
        Self::start_with(options, data, "off", set).await
    }

    /// The same with its rate limits, as its users run it.
    pub(crate) async fn start_limited(options: &Options, data: &Path) -> anyhow::Result<Self> {
        Self::start_with(options, data, "on", Vec::new()).await
    }

    async fn start_with(
        options: &Options,
        data: &Path,
        limits: &str,
        set: Vec<(&str, OsString)>,
    ) -> anyhow::Result<Self> {
        let host = machine::free_address()?;
        let log = std::fs::File::options().create(true).append(true).open(data.join("server.log"))?;
        let mut command = Command::from(prepared(options, data, true));
        command.arg("serve").arg("--addr").arg(host.to_string()).arg("--site-root").arg(&options.site);
        command.env("CARESYNC_RATE_LIMITS", limits).envs(set);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        let begun = Instant::now();
        let mut child = command.spawn().with_context(|| format!("starting {}", options.server.display()))?;
        let pid = child.id().context("the server ended at once")?;
        let mut client = Client::new(host);
        while client.send(&Ask::get("/readyz")).await.map_or(0, |answer| answer.status) != 200 {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended with {status}: {}", last_lines(data));
            }
            anyhow::ensure!(begun.elapsed() < PATIENCE, "the server is not ready after {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(Self { host, ready_after: begun.elapsed(), child, pid })
    }

    /// Memory in use, in bytes.
    pub(crate) fn resident(&self) -> usize {
        machine::resident(self.pid)
    }

    /// Asks it to end and waits for that.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let asked = std::process::Command::new("kill").args(["-TERM", &self.pid.to_string()]).status()?;
        anyhow::ensure!(asked.success(), "the server had ended already");
        let status =
            tokio::time::timeout(PATIENCE, self.child.wait()).await.context("the server does not stop")??;
        anyhow::ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }

    /// Ends it as a power cut would end the process: at once, wherever it is.
    pub(crate) async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// Runs a command of the program to its end and returns what it said.
pub(crate) async fn command(options: &Options, data: &Path, words: &[&str]) -> anyhow::Result<String> {
    let output =
        Command::from(prepared(options, data, false)).args(words).kill_on_drop(true).output().await?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "caresync {}: {said}{complaint}", words.join(" "));
    Ok(said)
}

fn prepared(options: &Options, data: &Path, pinned: bool) -> std::process::Command {
    let mut command = if pinned {
        machine::on_server_core(&options.server)
    } else {
        std::process::Command::new(&options.server)
    };
    // Each server has a folder of its own, and all of them know the passwords of one set of data.
    command.env("CARESYNC_PASSWORD_PEPPER", PEPPER).env_remove("SMTP_URL").env_remove("MAIL_FROM");
    command.env("CARESYNC_RATE_LIMITS", "off").env("RUST_LOG", "warn").env("CARESYNC_DATA_DIR", data);
    for other in OTHERS {
        command.env_remove(other);
    }
    match &options.postgres {
        Some(address) => command.env("DATABASE_URL", address),
        None => command.env_remove("DATABASE_URL"),
    };
    command
}

fn last_lines(data: &Path) -> String {
    let text = std::fs::read_to_string(data.join("server.log")).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(5)..).unwrap_or_default().join("\n")
}
