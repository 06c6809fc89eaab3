//! A private PostgreSQL cluster in a temporary folder: its own socket, a free port, gone at the end.
//! It never touches a cluster that the machine already runs.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use nix::sys::signal::Signal;
use nix::unistd::{Uid, User};

use crate::process::{self, Service};
use crate::project::Project;
use crate::{packages, serving};

const PATIENCE: Duration = Duration::from_mins(1);

/// Whether a commit must have reached the disk before it is acknowledged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// For tests, which throw the cluster away in any case.
    None,
    /// For measurements, which must pay what production pays.
    Full,
}

/// A running cluster. Dropping it stops it and deletes its folder.
pub(crate) struct Cluster {
    // Fields drop in this order: first the server stops, then its folder goes.
    service: Service,
    folder: Folder,
    programs: PathBuf,
    port: u16,
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Cluster {
    /// Installs PostgreSQL if it is missing, makes a cluster and waits until it answers.
    pub(crate) fn start(project: &Project, durability: Durability) -> Result<Self> {
        let programs = packages::postgres(&project.packages)?;
        let owner = unprivileged_owner()?;
        forget_abandoned();
        let folder = Folder(std::env::temp_dir().join(format!("{PREFIX}{}", std::process::id())));
        std::fs::create_dir_all(&folder.0)?;
        if let Some(owner) = &owner {
            std::os::unix::fs::chown(&folder.0, Some(owner.uid.as_raw()), Some(owner.gid.as_raw()))?;
        }
        let data = folder.0.join("data");
        let mut initdb = as_user(&programs.join("initdb"), owner.as_ref());
        initdb.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]);
        initdb.arg("--pgdata").arg(&data).current_dir(&folder.0);
        process::capture(&mut initdb)?;

        let port = serving::free_port()?;
        let mut postgres = as_user(&programs.join("postgres"), owner.as_ref());
        postgres.arg("-D").arg(&data).current_dir(&folder.0);
        for setting in settings(port, &folder.0, durability) {
            postgres.arg("-c").arg(setting);
        }
        let log = std::fs::File::create(folder.0.join("log"))?;
        postgres.stdout(Stdio::null()).stderr(log);
        // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
        let service = Service::start(&mut postgres, Signal::SIGINT)?;
        let mut cluster = Self { service, folder, programs, port };
        cluster.wait()?;
        Ok(cluster)
    }

    /// Where a client connects to; the database is the always present `postgres`.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Makes an empty database and returns its address.
    pub(crate) fn create_database(&self, name: &str) -> Result<String> {
        let mut create = Command::new(self.programs.join("createdb"));
        create.args(["--host=127.0.0.1", "--username=postgres", "--port", &self.port.to_string(), name]);
        process::capture(&mut create)?;
        Ok(format!("postgres://postgres@127.0.0.1:{}/{name}", self.port))
    }

    fn wait(&mut self) -> Result<()> {
        let start = Instant::now();
        let port = self.port.to_string();
        loop {
            let mut ready = Command::new(self.programs.join("pg_isready"));
            if process::succeeds(ready.args(["--quiet", "--host=127.0.0.1", "--port", &port])) {
                return Ok(());
            }
            if self.service.ended()?.is_some() || start.elapsed() > PATIENCE || process::interrupted() {
                let log = std::fs::read_to_string(self.folder.0.join("log")).unwrap_or_default();
                bail!("PostgreSQL did not start:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

const PREFIX: &str = "caresync-postgres-";

fn settings(port: u16, folder: &Path, durability: Durability) -> Vec<String> {
    let mut settings = vec![
        format!("port={port}"),
        format!("unix_socket_directories={}", folder.display()),
        "listen_addresses=127.0.0.1".to_owned(),
        "max_connections=200".to_owned(),
        "shared_buffers=128MB".to_owned(),
    ];
    if durability == Durability::None {
        settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(str::to_owned));
    }
    settings
}

/// PostgreSQL refuses to run as root, so root lends it another name.
fn unprivileged_owner() -> Result<Option<User>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    bail!("PostgreSQL does not run as root, and there is no user `postgres` to run it as")
}

fn as_user(program: &Path, owner: Option<&User>) -> Command {
    let mut command = Command::new(program);
    if let Some(owner) = owner {
        command.uid(owner.uid.as_raw()).gid(owner.gid.as_raw());
    }
    command
}

/// Deletes the folders of clusters whose xtask was killed before it could clean up.
fn forget_abandoned() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(id) = name.strip_prefix(PREFIX).and_then(|id| id.parse::<u32>().ok()) else { continue };
        let alive = |id: &str| Path::new("/proc").join(id.trim()).exists();
        let server = std::fs::read_to_string(entry.path().join("data/postmaster.pid")).unwrap_or_default();
        if !alive(&id.to_string()) && !server.lines().next().is_some_and(alive) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
