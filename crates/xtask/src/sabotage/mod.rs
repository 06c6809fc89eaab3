//! `cargo xtask sabotage`: takes each question to the guard away, one at a time, and expects the compiler or a test to object.
//! It works on a copy; the project itself is never touched.

mod sites;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::paths::Paths;
use crate::process;
use crate::server::{FEATURES, VIEW_FLAGS};
use crate::toolchain::Toolchain;
use sites::Site;

/// Where the guard is asked.
const SERVICES: &str = "crates/services/src";
/// The tests that matter, the nearest first.
const TESTS: &[&str] = &["services", "edges"];

/// A copy of the project to be spoiled, and where it is built.
struct Scratch {
    folder: PathBuf,
    target: PathBuf,
    toolchain: Toolchain,
}

/// What came of one sabotage.
enum Outcome {
    /// Somebody objected: who, and in which words.
    Red(&'static str, String),
    /// Nobody noticed.
    Green,
}

/// Tries all, or those of some files; fails if one stays unnoticed.
pub(crate) fn sabotage(parts: &[String]) -> Result<ExitCode> {
    let paths = Paths::find()?;
    let scratch = Scratch::make(&paths)?;
    for test in TESTS {
        if let Some(words) = scratch.objection(test)? {
            bail!("without any sabotage the tests `{test}` fail: {words}");
        }
    }
    let (mut tried, mut green) = (0, 0);
    let rust = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "rs");
    for path in files(&scratch.folder.join(SERVICES))?.into_iter().filter(rust) {
        let text = std::fs::read_to_string(&path)?;
        let name = path.strip_prefix(&scratch.folder)?.display().to_string();
        if !parts.is_empty() && !parts.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        for site in sites::sites(&name, &text) {
            let outcome = scratch.without(&path, &text, &site)?;
            tried += 1;
            green += u32::from(matches!(outcome, Outcome::Green));
            tell(&name, &site, &outcome);
        }
    }
    println!("\n{tried} taken away, {green} unnoticed");
    Ok(if green == 0 && tried > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(name: &str, site: &Site, outcome: &Outcome) {
    let place = format!("{}:{}", name.trim_start_matches(SERVICES).trim_start_matches('/'), site.line);
    match outcome {
        Outcome::Red(by, words) => println!("red    {place:<34} {:<14} {by}: {words}", site.call),
        Outcome::Green => println!("GREEN  {place:<34} {:<14} nobody noticed", site.call),
    }
}

impl Scratch {
    fn make(paths: &Paths) -> Result<Self> {
        // The same target folder as every build of the server: what the copy shares with the project is compiled already.
        let (folder, target) = (paths.base.join("sabotage"), paths.server());
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
            // What has not changed keeps its time, so that it is not compiled again.
            let Ok(wanted) = std::fs::read(&from) else { continue };
            if std::fs::read(&to).is_ok_and(|there| there == wanted) {
                continue;
            }
            std::fs::create_dir_all(to.parent().context("a file without a folder")?)?;
            std::fs::write(&to, wanted).with_context(|| to.display().to_string())?;
        }
        Ok(Self { folder, target, toolchain: Toolchain::first_on_path() })
    }

    fn without(&self, path: &Path, text: &str, site: &Site) -> Result<Outcome> {
        std::fs::write(path, site.taken_from(text))?;
        let outcome = self.judge();
        std::fs::write(path, text)?;
        outcome
    }

    /// The compiler is asked first, and only about the services: most proofs are missed there, in a second or two.
    fn judge(&self) -> Result<Outcome> {
        let mut check = self.cargo(&["check", "--quiet", "--package", "services", "--lib"]);
        if let Some(words) = said_against(&mut check)? {
            return Ok(Outcome::Red("compiler", words));
        }
        for test in TESTS {
            if let Some(words) = self.objection(test)? {
                return Ok(Outcome::Red(test, words));
            }
        }
        Ok(Outcome::Green)
    }

    /// What running a test says against it, in one line; none if it is content.
    fn objection(&self, test: &str) -> Result<Option<String>> {
        // The whole workspace gives the same features each time, so nothing is compiled twice.
        let arguments = ["test", "--quiet", "--workspace", "--exclude", "frontend", "--test", test];
        said_against(&mut self.cargo(&arguments))
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = self.toolchain.cargo(VIEW_FLAGS);
        cargo.args(arguments).args(FEATURES).arg("--target-dir").arg(&self.target).current_dir(&self.folder);
        // One engine is enough to notice, and a snapshot that differs is an objection.
        cargo.env_remove("CARESYNC_TEST_POSTGRES").env("INSTA_UPDATE", "no");
        cargo
    }
}

/// What a command says against it, in one line; none if it is content.
fn said_against(command: &mut Command) -> Result<Option<String>> {
    if process::interrupted() {
        bail!("interrupted");
    }
    let output = command.output().context("cannot start cargo")?;
    if output.status.success() {
        return Ok(None);
    }
    let said = [output.stdout, output.stderr].concat();
    Ok(Some(first_words(&String::from_utf8_lossy(&said))))
}

/// The first error of a compiler, or the first test that failed.
fn first_words(said: &str) -> String {
    let telling = |line: &&str| line.starts_with("error") || line.starts_with("---- ");
    let line = said.lines().find(telling).unwrap_or("no reason given");
    line.trim_start_matches("---- ").trim_end_matches(" stdout ----").to_owned()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
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
