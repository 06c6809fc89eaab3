//! `cargo xtask bench`, `crash` and `history`: builds everything in release and hands over to the bench program.
//! It measures nothing itself.

use anyhow::Result;

use crate::cli::Engine;
use crate::postgres::{Cluster, Durability};
use crate::process;
use crate::project::Project;

pub(crate) fn bench(project: &Project, arguments: &[String], engine: Engine) -> Result<()> {
    project.build(true)?;
    project.timings.step("Building the bench", || {
        let mut cargo = project.toolchain.cargo(&[]);
        cargo.args(["build", "--release", "--package", "bench", "--target-dir"]);
        process::run(cargo.arg(project.paths.server()).current_dir(&project.paths.root))
    })?;
    let mut bench = std::process::Command::new(project.paths.server().join("release/bench"));
    bench.args(arguments).current_dir(&project.paths.root);
    bench.arg("--server").arg(project.paths.binary(true)).arg("--site").arg(project.paths.site());
    let cluster = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(Cluster::start(project, Durability::Full)?),
    };
    if let Some(cluster) = &cluster {
        bench.arg("--postgres").arg(cluster.url());
    }
    process::run(&mut bench)
}
