//! The copy that is spoiled: made of what the project keeps, and asked by cargo. The project itself is never touched.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths::Paths;
use crate::process;
use crate::server::{FEATURES, VIEW_FLAGS};
use crate::toolchain::Toolchain;

/// A copy of the project, and where it is built.
pub(super) struct Copy {
    pub(super) folder: PathBuf,
    target: PathBuf,
    toolchain: Toolchain,
}

impl Copy {
    pub(super) fn make(paths: &Paths) -> Result<Self> {
        // A target folder of its own: cargo knows a crate by where it lies in its workspace, so in one folder with the project it would take
        // what was compiled of the copy for the project's.
        let (folder, target) = (paths.base.join("sabotage"), paths.base.join("sabotage-target"));
        std::fs::create_dir_all(&folder)?;
        let mut git = Command::new("git");
        git.args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(&paths.root);
        let listed = process::capture(&mut git)?;
        let listed: BTreeSet<&str> = listed.lines().collect();
        for path in files(&folder)? {
            let name = path.strip_prefix(&folder)?.to_str().unwrap_or_default();
            if !listed.contains(name) && name != "Cargo.lock" {
                std::fs::remove_file(&path)?;
            }
        }
        for name in listed {
            let (from, to) = (paths.root.join(name), folder.join(name));
            let Ok(wanted) = std::fs::read(&from) else { continue };
            std::fs::create_dir_all(to.parent().context("a file without a folder")?)?;
            put(&to, &wanted)?;
        }
        Ok(Self { folder, target, toolchain: Toolchain::first_on_path() })
    }

    /// What cargo says of the copy, a message of JSON a line, and whether it was content.
    pub(super) fn cargo(&self, arguments: &[&str]) -> Result<(bool, Vec<serde_json::Value>)> {
        if process::interrupted() {
            bail!("interrupted");
        }
        let mut cargo = self.toolchain.cargo(VIEW_FLAGS);
        cargo.args(arguments).args(FEATURES).args(["--quiet", "--message-format=json"]);
        cargo.arg("--target-dir").arg(&self.target).current_dir(&self.folder);
        let output = cargo.output().context("cannot start cargo")?;
        let said = String::from_utf8_lossy(&output.stdout);
        let said: Vec<_> = said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        if !output.status.success() && said.is_empty() {
            bail!("cargo: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok((output.status.success(), said))
    }
}

/// Writes a file, unless it says that already: what has not changed keeps its time, so that it is not compiled again.
pub(super) fn put(path: &Path, content: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    std::fs::write(path, content).with_context(|| path.display().to_string())
}

/// All files below a folder.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
