//! What people do, in a real browser against the release build with demo data, on each database engine.
//! The journeys themselves stand in `end2end`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::report::{Counts, named};
use crate::cli::Engine;
use crate::postgres::Cluster;
use crate::process::{self, Service};
use crate::project::Project;
use crate::serving::{self, Server, TemporaryFolder};

/// Journeys with this tag touch what differs between the engines.
const ON_EVERY_ENGINE: &str = "@engine";

/// A running server with demo data, which is thrown away at the end.
pub(super) struct Demo {
    pub(super) address: SocketAddr,
    engine: Engine,
    // Fields drop in this order: first the server stops, then its folder goes.
    service: Service,
    data: TemporaryFolder,
}

impl Demo {
    pub(super) fn start(project: &Project, engine: Engine, cluster: Option<&Cluster>) -> Result<Self> {
        let data = TemporaryFolder::new(&format!("journeys-{}", engine.name()))?;
        let mut server = Server::new(&project.paths, true, data.path()).with("CARESYNC_RATE_LIMITS", "off");
        // Nobody pays with real money here, but everything is paid for over the real way.
        server = server.with("PAYMENT_PROVIDER", "sandbox");
        if engine == Engine::Postgres {
            let cluster = cluster.context("there is no PostgreSQL to run on")?;
            server = server.with("DATABASE_URL", &cluster.create_database("journeys")?);
        }
        server.migrate()?;
        server.seed_demo()?;
        let address = serving::local(serving::free_port()?);
        let service = server.serve(address)?;
        Ok(Self { address, engine, service, data })
    }
}

/// The folder of the journeys.
pub(super) fn folder(project: &Project) -> Result<PathBuf> {
    let folder = project.paths.root.join("end2end");
    if !folder.join("package.json").is_file() {
        bail!("end2end/package.json is missing: there are no browser journeys to run");
    }
    Ok(folder)
}

pub(super) fn run(project: &Project, demo: &mut Demo, chromium: &Path, counts: &mut Counts) -> Result<()> {
    let folder = folder(project)?;
    let results = TemporaryFolder::new("playwright")?;
    let file = results.path().join("results.json");
    let mut playwright = Command::new(folder.join("node_modules/.bin/playwright"));
    playwright.args(["test", "--reporter=list,json"]).current_dir(&folder);
    if demo.engine != Engine::Sqlite {
        playwright.args(["--grep", ON_EVERY_ENGINE, "--pass-with-no-tests"]);
    }
    playwright
        .env("BASE_URL", format!("http://{}", demo.address))
        .env("CARESYNC_ENGINE", demo.engine.name())
        .env("CARESYNC_MAIL_DIR", demo.data.path().join("mail"))
        .env("CHROMIUM_PATH", chromium)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &file);
    let ended = process::run(&mut playwright);
    if process::interrupted() {
        return ended;
    }
    let text = std::fs::read(&file).context("Playwright left no results")?;
    let results: Value = serde_json::from_slice(&text)?;
    *counts = counted(&results).context("Playwright's results are not understood")?;
    if let Some(status) = demo.service.ended()? {
        bail!("the server ended meanwhile ({status}); {}", named(&failures(&results)));
    }
    match (ended, counts.failed) {
        (Ok(()), 1..) => bail!("{} journeys passed only when repeated", counts.failed),
        (Err(error), 1..) => Err(error.context(named(&failures(&results)))),
        (ended, _) => ended,
    }
}

/// The journeys that failed, each with the first line of its first error. Suites stand within suites.
fn failures(suite: &Value) -> Vec<String> {
    let list = |name: &str| suite.get(name).and_then(Value::as_array).into_iter().flatten();
    let mut found: Vec<String> = list("suites").flat_map(failures).collect();
    for spec in list("specs").filter(|spec| spec.get("ok") != Some(&Value::Bool(true))) {
        let text = |pointer: &str| spec.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let why = text("/tests/0/results/0/error/message").lines().next().unwrap_or_default();
        found.push(format!("{}: {}: {why}", text("/file"), text("/title")));
    }
    found
}

/// A journey that passed only when repeated is not to be trusted: it counts as failed.
fn counted(results: &Value) -> Option<Counts> {
    let number = |name: &str| results.get("stats")?.get(name)?.as_u64();
    Some(Counts { passed: number("expected")?, failed: number("unexpected")? + number("flaky")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_named_with_its_reason() {
        let results = serde_json::json!({"suites": [{"suites": [{"specs": [
            {"ok": true, "title": "books", "file": "a.spec.mjs"},
            {"ok": false, "title": "pays", "file": "a.spec.mjs",
             "tests": [{"results": [{"error": {"message": "Error: refused\nat line 3"}}]}]},
        ]}]}]});
        assert_eq!(failures(&results), ["a.spec.mjs: pays: Error: refused"]);
    }

    #[test]
    fn a_flaky_journey_is_a_failed_one() {
        let results =
            serde_json::json!({"stats": {"expected": 7, "skipped": 1, "unexpected": 0, "flaky": 2}});
        assert_eq!(counted(&results), Some(Counts { passed: 7, failed: 2 }));
    }
}
