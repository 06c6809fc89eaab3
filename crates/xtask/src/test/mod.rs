//! `cargo xtask test`: every check, one after the other, with one closing line `N passed, N failed`.
//! A failed step does not keep the independent ones from running.

mod budget;
mod checks;
mod journeys;
mod report;

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::Engine;
use crate::packages;
use crate::postgres::{Cluster, Durability};
use crate::project::Project;
use report::Report;

/// Runs the steps. Not even being able to set up is one failure, and the closing line stands in any case.
pub(crate) fn test(project: Result<Project>, quick: bool) -> ExitCode {
    let mut report = Report::default();
    match project {
        Ok(project) => steps(&project, &mut report, quick),
        Err(error) => report.fail("Setting up", &error),
    }
    report.close()
}

fn steps(project: &Project, report: &mut Report, quick: bool) {
    report.step(project, "Formatter and linter are there", |_| {
        project.toolchain.set_up_lints(&project.packages)
    });
    report.step(project, "Format", |_| checks::format(project));
    report.step(project, "Clippy, native", |_| checks::clippy_native(project));
    report.step(project, "Clippy, browser", |_| checks::clippy_wasm(project));
    let cluster =
        report.step(project, "Starting a private PostgreSQL", |_| Cluster::start(project, Durability::None));
    report.step(project, "Tests", |counts| checks::tests(project, cluster.as_ref(), counts));
    if quick {
        return;
    }
    let built = report.step(project, "Release build", |_| project.build(true)).is_some();
    if built {
        report.step(project, "Size budget", |_| budget::files(&project.paths.site()));
    }
    let browser = report.step(project, "Chromium and Playwright", |_| {
        packages::npm_install(&journeys::folder(project)?)?;
        packages::chromium(&project.packages)
    });
    if !built {
        return;
    }
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let name = format!("Demo server on {}", engine.name());
        let demo = report.step(project, &name, |_| journeys::Demo::start(project, engine, cluster.as_ref()));
        let Some(mut demo) = demo else { continue };
        if engine == Engine::Sqlite {
            report.step(project, "First visit", |_| budget::first_visit(&project.paths.site(), demo.address));
        }
        if let Some(browser) = &browser {
            let name = format!("Browser journeys on {}", engine.name());
            report.step(project, &name, |counts| journeys::run(project, &mut demo, browser, counts));
        }
    }
}
