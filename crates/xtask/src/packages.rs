//! What the machine must have besides a compiler: Debian packages and npm packages, installed when they are missing.
//! It decides nothing about versions of Rust; that is the toolchain's.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{digest, process};

/// Installs Debian packages, with one `apt-get update` before the first.
#[derive(Default)]
pub(crate) struct Debian {
    updated: Cell<bool>,
}

impl Debian {
    /// Installs the packages, or says what the person can do.
    pub(crate) fn install(&self, packages: &[&str]) -> Result<()> {
        let wanted = packages.join(" ");
        let by_hand = format!("install these packages and try again: {wanted}");
        if !process::succeeds(Command::new("apt-get").arg("--version")) {
            bail!("this machine has no apt-get; {by_hand}");
        }
        if !self.updated.replace(true) {
            process::run(as_root("apt-get", &by_hand)?.args(["update", "-q"])).context(by_hand.clone())?;
        }
        let mut install = as_root("apt-get", &by_hand)?;
        install.args(["install", "-q", "-y", "--no-install-recommends"]).args(packages);
        process::run(&mut install).context(by_hand)
    }
}

fn as_root(program: &str, otherwise: &str) -> Result<Command> {
    let mut command = if nix::unistd::Uid::effective().is_root() {
        Command::new("env")
    } else if process::succeeds(Command::new("sudo").args(["-n", "true"])) {
        let mut command = Command::new("sudo");
        command.args(["-n", "env"]);
        command
    } else {
        bail!("this needs root, and sudo is not to be had without a password; {otherwise}");
    };
    command.arg("DEBIAN_FRONTEND=noninteractive").arg(program);
    Ok(command)
}

/// Installs what a folder's lock file names, unless that was done for exactly this lock file.
pub(crate) fn npm_install(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted = if lock.is_file() { &lock } else { &folder.join("package.json") };
    let text = std::fs::read(wanted).with_context(|| wanted.display().to_string())?;
    let key = digest::hex([text.as_slice()]);
    let modules = folder.join("node_modules");
    let mark = modules.join(".installed");
    if std::fs::read_to_string(&mark).is_ok_and(|done| done == key) {
        return Ok(());
    }
    if !process::succeeds(Command::new("npm").arg("--version")) {
        bail!("npm is missing: install Node 20 or newer with npm");
    }
    let verb = if lock.is_file() { "ci" } else { "install" };
    let mut npm = Command::new("npm");
    npm.args([verb, "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    process::run(&mut npm)?;
    std::fs::create_dir_all(&modules)?;
    Ok(std::fs::write(mark, key)?)
}

/// Chromium for the browser journeys, with fonts that show every script.
pub(crate) fn chromium(debian: &Debian) -> Result<PathBuf> {
    let known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let found = || known.iter().map(PathBuf::from).find(|path| path.exists());
    if found().is_none() {
        debian.install(&["chromium"])?;
    }
    if !Path::new("/usr/share/fonts/truetype/noto").exists() && Path::new("/usr/bin/apt-get").exists() {
        debian.install(&["fonts-noto-core"])?;
    }
    found().context("Chromium was installed, but it is in none of the usual places")
}

/// The folder of PostgreSQL's server programs, the newest if there are several.
pub(crate) fn postgres(debian: &Debian) -> Result<PathBuf> {
    if let Some(found) = postgres_programs() {
        return Ok(found);
    }
    debian.install(&["postgresql"])?;
    postgres_programs().context("PostgreSQL was installed, but its initdb is in none of the usual places")
}

fn postgres_programs() -> Option<PathBuf> {
    let mut folders: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin")))
        })
        .filter(|(_, path)| path.join("initdb").is_file())
        .collect();
    folders.sort();
    let by_config = || process::capture(Command::new("pg_config").arg("--bindir")).ok().map(PathBuf::from);
    folders.pop().map(|(_, path)| path).or_else(by_config).filter(|path| path.join("initdb").is_file())
}
