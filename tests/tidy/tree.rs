//! The files that belong to the project, and how a broken rule is reported.
//! It knows no rule.

use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) type Checked = Result<(), Box<dyn std::error::Error>>;

/// Folders that hold what was built or downloaded, for a copy of the project that has no git.
const NOT_OURS: &[&str] = &["target", "node_modules", ".git", "data"];

/// One file, by its path from the project root, with `/` between the parts.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn ends_in(&self, endings: &[&str]) -> bool {
        Path::new(&self.path).extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
    }

    pub(crate) fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| Path::new(&self.path).starts_with(folder))
    }

    pub(crate) fn is_test(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "end2end"))
    }

    /// `path:line: what`, which editors and terminals make clickable.
    pub(crate) fn at(&self, line: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path, line + 1)
    }

    /// Reports every line for which the rule finds something to say.
    pub(crate) fn lines(&self, rule: impl Fn(&str) -> Option<String>) -> Vec<String> {
        let said = |(number, line): (usize, &str)| rule(line).map(|what| self.at(number, &what));
        self.text.lines().enumerate().filter_map(said).collect()
    }

    /// Like [`File::lines`], for Rust code of the product: neither comments nor the tests at the foot of a file.
    pub(crate) fn code(&self, rule: impl Fn(&str) -> Option<String>) -> Vec<String> {
        let foot = self
            .text
            .lines()
            .position(|line| line.starts_with("#[cfg(") && line.contains("test"))
            .unwrap_or(usize::MAX);
        let lines = self.text.lines().enumerate().take(foot);
        let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
        code.filter_map(|(number, line)| rule(line).map(|what| self.at(number, &what))).collect()
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file that git tracks or would track.
pub(crate) fn files() -> Result<Vec<File>, Box<dyn std::error::Error>> {
    let mut files = Vec::new();
    for path in tracked().unwrap_or_else(|| walked(root())) {
        // What is not text, or was deleted a moment ago, has no lines to look at.
        if let Ok(text) = std::fs::read_to_string(root().join(&path)) {
            files.push(File { path, text });
        }
    }
    if files.is_empty() {
        return Err("no file was found to look at".into());
    }
    Ok(files)
}

/// All Rust sources.
pub(crate) fn rust() -> Result<Vec<File>, Box<dyn std::error::Error>> {
    Ok(files()?.into_iter().filter(|file| file.ends_in(&["rs"])).collect())
}

fn tracked() -> Option<Vec<String>> {
    let arguments = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let output = Command::new("git").args(arguments).current_dir(root()).output().ok()?;
    let names =
        String::from_utf8(output.stdout).ok().filter(|names| output.status.success() && !names.is_empty())?;
    Some(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn walked(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
            entries.map(|entry| entry.path()).partition(|path| path.is_dir());
        let ours =
            |path: &PathBuf| path.file_name().is_some_and(|name| NOT_OURS.iter().all(|not| name != *not));
        waiting.extend(folders.into_iter().filter(ours));
        found.extend(
            files.iter().filter_map(|file| Some(file.strip_prefix(root()).ok()?.to_str()?.to_owned())),
        );
    }
    found
}

/// Fails with every finding on a line of its own.
pub(crate) fn verdict(rule: &str, findings: Vec<String>) -> Checked {
    if findings.is_empty() {
        return Ok(());
    }
    // Printed here, because the error itself is shown on one line.
    eprintln!("{rule}\n  {}", findings.join("\n  "));
    Err(format!("{} found, listed above", findings.len()).into())
}
