//! The tests as programs: built once with all places that can be switched off while they run, and run once with none switched off,
//! which tells the modules of tests that come by each place. Only these can notice that it is gone, and each place is put to them, until
//! one fails: first the one that failed for it the last time, then the quickest.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::copy::{Copy, files};
use crate::process;

/// The tests that matter, the nearest first.
const TESTS: &[&str] = &["services", "edges"];

/// One program, and the modules that its tests stand in.
struct Program {
    name: &'static str,
    path: PathBuf,
    folder: PathBuf,
    modules: Vec<String>,
}

/// What the tests of a module do as long as nothing is taken away.
pub(super) struct Visit<'a> {
    program: &'a Program,
    module: &'a str,
    places: BTreeSet<usize>,
    took: Duration,
}

/// All programs.
pub(super) struct Suite {
    programs: Vec<Program>,
    root: PathBuf,
}

impl Suite {
    pub(super) fn build(copy: &Copy) -> Result<Self> {
        let mut arguments = vec!["test", "--no-run", "--workspace", "--exclude", "frontend"];
        // The whole workspace gives the same features each time, so nothing is compiled twice.
        arguments.extend(TESTS.iter().flat_map(|test| ["--test", test]));
        let (content, said) = copy.cargo(&arguments)?;
        if !content {
            let is_error =
                |one: &&Value| one.pointer("/message/level").and_then(Value::as_str) == Some("error");
            let words =
                said.iter().filter(is_error).find_map(|one| one.pointer("/message/rendered")?.as_str());
            bail!("what can be switched off does not compile: {}", words.unwrap_or("no reason given"));
        }
        let programs = TESTS.iter().map(|test| program(test, &said)).collect::<Result<_>>()?;
        Ok(Self { programs, root: copy.folder.clone() })
    }

    /// Runs all with nothing taken away: which modules there are, the places that each comes by, and how long it takes.
    pub(super) fn visits(&self, marks: &Path) -> Result<Vec<Visit<'_>>> {
        let mut visits = Vec::new();
        for program in &self.programs {
            for module in &program.modules {
                let _ = std::fs::remove_dir_all(marks);
                std::fs::create_dir_all(marks)?;
                let begun = Instant::now();
                let marked = ("CARESYNC_VISITED", marks.display().to_string());
                if let Some(test) = self.failing(program, module, &marked)? {
                    bail!("without any sabotage a test fails: {}: {test}", program.name);
                }
                let places = files(marks)?
                    .iter()
                    .filter_map(|path| path.file_name()?.to_str()?.parse().ok())
                    .collect();
                visits.push(Visit { program, module, places, took: begun.elapsed() });
            }
        }
        visits.sort_by_key(|visit| visit.took);
        Ok(visits)
    }

    /// The first module that fails without a place, with the test that says so; none if nobody notices.
    pub(super) fn objection(
        &self,
        place: usize,
        visits: &[Visit<'_>],
        last: &str,
    ) -> Result<Option<(String, String)>> {
        let near = |one: &&Visit<'_>| one.module == last;
        let by = || visits.iter().filter(|one| one.places.contains(&place));
        for visit in by().filter(near).chain(by().filter(|one| !near(one))) {
            if let Some(test) =
                self.failing(visit.program, visit.module, &("CARESYNC_SPOILED", place.to_string()))?
            {
                return Ok(Some((visit.module.to_owned(), format!("{}: {test}", visit.program.name))));
            }
        }
        Ok(None)
    }

    fn failing(
        &self,
        program: &Program,
        module: &str,
        (key, value): &(&str, String),
    ) -> Result<Option<String>> {
        if process::interrupted() {
            bail!("interrupted");
        }
        let mut command = started(&program.path, &program.folder, &self.root);
        command.arg(module).env(key, value);
        let output = command.output().with_context(|| program.path.display().to_string())?;
        if output.status.success() {
            return Ok(None);
        }
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let failed = said.lines().find_map(|line| line.strip_prefix("---- ")?.strip_suffix(" stdout ----"));
        Ok(Some(failed.unwrap_or(module).to_owned()))
    }
}

/// A test program as cargo would start it. One engine is enough to notice, and a snapshot that differs is an objection.
fn started(path: &Path, folder: &Path, root: &Path) -> Command {
    let mut command = Command::new(path);
    command.current_dir(folder).env("CARGO_MANIFEST_DIR", folder).env("LEPTOS_OUTPUT_NAME", "caresync");
    command.env_remove("CARESYNC_TEST_POSTGRES").env("INSTA_UPDATE", "no").env("INSTA_WORKSPACE_ROOT", root);
    command
}

fn program(test: &'static str, said: &[Value]) -> Result<Program> {
    let is_it = |one: &&Value| {
        one.pointer("/target/name").and_then(Value::as_str) == Some(test)
            && one.pointer("/target/kind/0").and_then(Value::as_str) == Some("test")
    };
    let built = said.iter().find(is_it).with_context(|| format!("no program of the tests `{test}`"))?;
    let field = |at: &str| built.pointer(at).and_then(Value::as_str).map(PathBuf::from);
    let (path, manifest) =
        field("/executable").zip(field("/manifest_path")).context("a program without a path")?;
    let folder = manifest.parent().context("a program without a folder")?.to_owned();
    let mut list = started(&path, &folder, &folder);
    let listed = process::capture(list.args(["--list", "--format", "terse"]))?;
    let mut modules: Vec<String> = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .map(|name| {
            name.split_once("::").map_or_else(|| name.to_owned(), |(module, _)| format!("{module}::"))
        })
        .collect();
    modules.dedup();
    Ok(Program { name: test, path, folder, modules })
}
