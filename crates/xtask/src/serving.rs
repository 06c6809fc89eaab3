//! Starting the built server, for people and for tests, and knowing when it is ready.
//! It does not build it.

use std::ffi::OsStr;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;

use crate::http;
use crate::paths::Paths;
use crate::process::{self, Service};

const PATIENCE: Duration = Duration::from_mins(1);

/// The built server with one data folder and one environment.
pub(crate) struct Server {
    binary: PathBuf,
    root: PathBuf,
    site: PathBuf,
    data: PathBuf,
    environment: Vec<(String, String)>,
}

impl Server {
    pub(crate) fn new(paths: &Paths, release: bool, data: &Path) -> Self {
        Self {
            binary: paths.binary(release),
            root: paths.root.clone(),
            site: paths.site(),
            data: data.to_owned(),
            environment: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).arg("--data-dir").arg(&self.data);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.env("CARESYNC_SITE_ROOT", &self.site).current_dir(&self.root);
        command
    }

    pub(crate) fn migrate(&self) -> Result<()> {
        process::run(&mut self.command(["migrate"]))
    }

    pub(crate) fn seed_demo(&self) -> Result<()> {
        process::run(&mut self.command(["seed", "--demo"]))
    }

    /// Starts serving and waits until the server says that it is ready.
    pub(crate) fn serve(&self, address: SocketAddr) -> Result<Service> {
        if TcpListener::bind(address).is_err() {
            bail!("{address} is taken: stop what listens there and try again");
        }
        let mut command = self.command(["serve", "--addr", &address.to_string()]);
        let mut service = Service::start(&mut command, Signal::SIGTERM)?;
        let start = Instant::now();
        loop {
            if let Some(status) = service.ended()? {
                bail!("the server ended before it was ready: {status}");
            }
            if process::interrupted() {
                bail!("interrupted");
            }
            if http::get(address, "/readyz", false).is_ok_and(|answer| answer.status == 200) {
                return Ok(service);
            }
            if start.elapsed() > PATIENCE {
                bail!("the server was not ready after {} seconds", PATIENCE.as_secs());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// A port on which nothing listens now.
pub(crate) fn free_port() -> Result<u16> {
    let probe = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(probe.local_addr()?.port())
}

pub(crate) fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// A folder of its own below the system's temporary one, deleted at the end.
pub(crate) struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    pub(crate) fn new(purpose: &str) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("caresync-{purpose}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
