//! What cargo itself can check: format, lints, and every test of the workspace on both database engines.
//! No browser and no release build.

use anyhow::{Result, bail};

use super::report::{Counts, named};
use crate::postgres::Cluster;
use crate::process;
use crate::project::Project;
use crate::server::{FEATURES, VIEW_FLAGS};
use crate::toolchain::WASM;

pub(super) fn format(project: &Project) -> Result<()> {
    let mut cargo = project.toolchain.cargo(&[]);
    process::run(cargo.args(["fmt", "--all", "--check"]).current_dir(&project.paths.root))
}

pub(super) fn clippy_native(project: &Project) -> Result<()> {
    let mut cargo = project.toolchain.cargo(VIEW_FLAGS);
    cargo.args(["clippy", "--workspace", "--exclude", "frontend", "--all-targets"]).args(FEATURES);
    cargo.arg("--target-dir").arg(project.paths.server()).args(["--", "-D", "warnings"]);
    process::run(cargo.current_dir(&project.paths.root))
}

/// In the profile of the client's build, so that both share the macros they compile.
pub(super) fn clippy_wasm(project: &Project) -> Result<()> {
    let mut cargo = project.toolchain.cargo_for_wasm(&["-Clink-args=--emit-relocs"])?;
    cargo.args([
        "clippy",
        "--package",
        "frontend",
        "--target",
        WASM,
        "--profile",
        "wasm-release",
        "--target-dir",
    ]);
    cargo.arg(project.paths.client()).args(["--", "-D", "warnings"]);
    process::run(cargo.current_dir(&project.paths.root))
}

pub(super) fn tests(project: &Project, cluster: Option<&Cluster>, counts: &mut Counts) -> Result<()> {
    let mut cargo = project.toolchain.cargo(VIEW_FLAGS);
    cargo.args(["test", "--workspace", "--exclude", "frontend", "--no-fail-fast"]).args(FEATURES);
    cargo.arg("--target-dir").arg(project.paths.server()).current_dir(&project.paths.root);
    // A snapshot that differs is a failure here, not a file to be looked at later.
    cargo.env("INSTA_UPDATE", "no");
    if let Some(cluster) = cluster {
        cargo.env("CARESYNC_TEST_POSTGRES", cluster.url());
    }
    let mut failed = Vec::new();
    let well = process::read_lines(&mut cargo, |line| {
        failed.extend(
            line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED")).map(str::to_owned),
        );
        if let Some(more) = counted(line) {
            counts.passed += more.passed;
            counts.failed += more.failed;
        }
    })?;
    if !well {
        bail!("tests, or what did not compile: {}", named(&failed));
    }
    Ok(())
}

/// Reads `test result: ok. 5 passed; 0 failed; …`.
fn counted(line: &str) -> Option<Counts> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |of: &str| numbers.split("; ").find_map(|part| part.strip_suffix(of)?.trim().parse().ok());
    Some(Counts { passed: number("passed")?, failed: number("failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_harness_is_understood() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.1s";
        assert_eq!(counted(line), Some(Counts { passed: 12, failed: 3 }));
        assert_eq!(counted("test names::rule ... ok"), None);
    }
}
