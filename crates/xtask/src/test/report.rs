//! Counting what passed and failed, and the summary at the end.
//! A step counts as one, and so does each test that it ran.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Error, Result};

use crate::process;
use crate::project::Project;
use crate::timing::spoken;

const NAMED: usize = 20;

/// Tests that a step ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

/// Names of what failed, as the message of a step shows them: all are counted, and the first are named.
pub(super) fn named(failures: &[String]) -> String {
    let mut text = format!("{} failed", failures.len());
    for failure in failures.iter().take(NAMED) {
        text.push_str("\n    ");
        text.push_str(failure);
    }
    if failures.len() > NAMED {
        text.push_str("\n    …");
    }
    text
}

#[derive(Default)]
pub(super) struct Report {
    counts: Counts,
    lines: Vec<String>,
    /// What failed and why, said again at the end: whoever reads a log reads that first, and may have no more of it.
    failures: Vec<String>,
}

impl Report {
    /// Does one step; `None` if it failed. After an interrupt nothing more is begun.
    pub(super) fn step<T>(
        &mut self,
        project: &Project,
        name: &str,
        work: impl FnOnce(&mut Counts) -> Result<T>,
    ) -> Option<T> {
        if process::interrupted() {
            return None;
        }
        let mut counts = Counts::default();
        let start = Instant::now();
        let result = project.timings.step(name, || work(&mut counts));
        self.counts.passed += counts.passed;
        self.counts.failed += counts.failed;
        match result {
            Ok(value) => {
                self.counts.passed += 1;
                self.line("ok", name, start.elapsed(), counts);
                Some(value)
            }
            Err(error) => {
                self.line("FAILED", name, start.elapsed(), counts);
                self.fail(name, &error);
                None
            }
        }
    }

    pub(super) fn fail(&mut self, name: &str, error: &Error) {
        let text = format!("✗ {name}: {error:#}");
        eprintln!("{text}");
        self.failures.push(text);
        self.counts.failed += 1;
    }

    fn line(&mut self, how: &str, name: &str, took: Duration, counts: Counts) {
        let tests = match (counts.passed, counts.failed) {
            (0, 0) => String::new(),
            (passed, failed) => format!("  {passed} passed, {failed} failed"),
        };
        self.lines.push(format!("  {how:<7} {:>12}  {name}{tests}", spoken(took)));
    }

    /// Prints the summary, whose last line others read.
    pub(super) fn close(mut self) -> ExitCode {
        if process::interrupted() {
            self.counts.failed += 1;
            self.lines.push("  stopped before the end".to_owned());
        }
        for failure in &self.failures {
            println!("\n{failure}");
        }
        println!(
            "\n{}\n\n{} passed, {} failed",
            self.lines.join("\n"),
            self.counts.passed,
            self.counts.failed
        );
        if self.counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
