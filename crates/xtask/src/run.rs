//! `cargo xtask run`: from a clone to a running server with demo data, and how to sign in.
//! It leaves an existing data folder's content as it is, apart from migrations.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::process;
use crate::project::Project;
use crate::serving::{self, Server};

pub(crate) const PORT: u16 = 3000;
const LOGINS: &[(&str, &str)] = &[
    ("patient@demo.example", "a patient"),
    ("doctor@demo.example", "a doctor"),
    ("desk@demo.example", "the front desk"),
    ("admin@demo.example", "a hospital's administrator"),
    ("platform@demo.example", "the platform's administrator"),
];

pub(crate) fn run(project: &Project) -> Result<()> {
    project.build(true)?;
    let data = project.paths.root.join("data");
    let server = Server::new(&project.paths, true, &data).with("PAYMENT_PROVIDER", "sandbox");
    prepare(project, &server, &data)?;
    let mut service = server.serve(serving::local(PORT))?;
    greet();
    loop {
        if let Some(status) = service.ended()? {
            bail!("the server ended: {status}");
        }
        if process::interrupted() {
            println!("\nStopping.");
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Brings the data folder up to date, and fills a new one with the demo.
pub(crate) fn prepare(project: &Project, server: &Server, data: &Path) -> Result<()> {
    let is_new = std::fs::read_dir(data).map_or(true, |mut entries| entries.next().is_none());
    let filled = project.timings.step("Migrating the database", || server.migrate()).and_then(|()| {
        if is_new {
            project.timings.step("Filling the new data folder with the demo", || server.seed_demo())
        } else {
            Ok(())
        }
    });
    if filled.is_err() && is_new {
        // Half a demo would look like a data folder of the person's own the next time.
        let _ = std::fs::remove_dir_all(data);
    }
    filled
}

pub(crate) fn greet() {
    println!("\nCareSync runs on http://127.0.0.1:{PORT}\n");
    for (login, who) in LOGINS {
        println!("  {login:<24} {who}");
    }
    println!("\nThe password of all of them is caresync-demo-2026. Ctrl-C stops the server.\n");
}
