//! The server's half: cargo builds it, and the program is left where people look for it.
//! It does not start it.

use anyhow::{Context, Result};

use crate::process;
use crate::project::Project;

/// Views are erased early: a page's type is then a list of nodes and not one type that spells the whole page, which makes
/// the compiler several times faster and the client smaller. Server and client must agree, or a page does not come alive.
pub(crate) const VIEW_FLAGS: &[&str] = &["--cfg", "erase_components"];

/// What the server is built with, wherever this tool builds it. One choice for all: another set of features changes crates near the
/// root of the graph, such as `syn`, and nearly everything would be compiled twice (docs/adr/0017).
pub(crate) const FEATURES: &[&str] = &["--features", "passkeys"];

/// Builds the server and copies it to `target/release` or `target/debug` of the project.
pub(crate) fn build(project: &Project, release: bool) -> Result<()> {
    let kind = if release { "release" } else { "debug" };
    project.timings.step(&format!("Building the server ({kind})"), || {
        let mut cargo = project.toolchain.cargo(VIEW_FLAGS);
        cargo.arg("build").current_dir(&project.paths.root);
        if release {
            cargo.args(["--release", "--package", "caresync"]);
        } else {
            // The same choice of packages as in the tests gives the same features, so both share what they compile.
            cargo.args(["--workspace", "--exclude", "frontend"]);
        }
        cargo.args(FEATURES);
        cargo.args(["--bin", "caresync", "--target-dir"]).arg(project.paths.server());
        process::run(&mut cargo)
    })?;
    let built = project.paths.server().join(kind).join("caresync");
    let place = project.paths.binary(release);
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // A running program cannot be written to, but it can be replaced.
    let next = place.with_extension("next");
    std::fs::copy(&built, &next).with_context(|| built.display().to_string())?;
    Ok(std::fs::rename(next, place)?)
}
