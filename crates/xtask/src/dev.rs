//! `cargo xtask dev`: a debug build that is rebuilt and restarted when a file changes.
//! It looks at the files twice a second; no notification service of the system is needed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::process::{self, Service};
use crate::project::Project;
use crate::run::{self, PORT};
use crate::serving::{self, Server};
use crate::{assets, client, digest, server};

const GLANCE: Duration = Duration::from_millis(500);
const STYLES: &[&str] = &["style", "public"];
/// What both halves are made of, the server alone, and the browser alone.
const BOTH: &[&str] = &["Cargo.toml", "Cargo.lock", "app", "crates/domain", "locales"];
const SERVER: &[&str] = &["src", "crates/services", "migrations"];
const BROWSER: &[&str] = &["frontend"];

type Snapshot = BTreeMap<PathBuf, SystemTime>;

/// What has to be done again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Work {
    server: bool,
    client: bool,
    site: bool,
}

impl Work {
    fn and(self, other: Self) -> Self {
        Self {
            server: self.server || other.server,
            client: self.client || other.client,
            site: self.site || other.site,
        }
    }
}

pub(crate) fn dev(project: &Project) -> Result<()> {
    let mut seen = snapshot(&project.paths.root)?;
    let mut work = Work { server: true, client: true, site: true };
    // What failed is tried again with the next change, whatever that is.
    let mut failed = Work::default();
    let mut running: Option<Service> = None;
    let mut greeted = false;
    while !process::interrupted() {
        if work != Work::default() {
            let all = work.and(std::mem::take(&mut failed));
            let built = build(project, all);
            match built.and_then(|()| restart(project, running.take())) {
                Ok(service) => {
                    running = Some(service);
                    if !std::mem::replace(&mut greeted, true) {
                        run::greet();
                    }
                }
                Err(error) => {
                    failed = all;
                    eprintln!("error: {error:#}\nWaiting for a change.");
                }
            }
        }
        std::thread::sleep(GLANCE);
        let now = snapshot(&project.paths.root)?;
        work = changed(&project.paths.root, &seen, &now);
        seen = now;
    }
    println!("\nStopping.");
    Ok(())
}

fn build(project: &Project, work: Work) -> Result<()> {
    if work.server {
        server::build(project, false)?;
    }
    if work.client {
        return project.build_site(false);
    }
    if work.site {
        let made = client::made(project, false);
        project.timings.step("Putting the site together", || assets::assemble(project, &made, false))?;
    }
    Ok(())
}

fn restart(project: &Project, old: Option<Service>) -> Result<Service> {
    drop(old);
    let data = project.paths.root.join("data");
    let server = Server::new(&project.paths, false, &data).with("PAYMENT_PROVIDER", "sandbox");
    run::prepare(project, &server, &data)?;
    server.serve(serving::local(PORT))
}

fn snapshot(root: &Path) -> Result<Snapshot> {
    let mut seen = Snapshot::new();
    for name in [BOTH, SERVER, BROWSER, STYLES].concat() {
        let path = root.join(name);
        let files = if path.is_file() { vec![path] } else { digest::files(&path)? };
        for file in files {
            // A file may vanish between being listed and being looked at; the next look sees that.
            if let Ok(changed) = std::fs::metadata(&file).and_then(|about| about.modified()) {
                seen.insert(file, changed);
            }
        }
    }
    Ok(seen)
}

fn changed(root: &Path, before: &Snapshot, now: &Snapshot) -> Work {
    let mut work = Work::default();
    let gone = before.keys().filter(|file| !now.contains_key(*file));
    let touched = now.iter().filter(|(file, time)| before.get(*file) != Some(*time)).map(|(file, _)| file);
    for file in gone.chain(touched) {
        let below = |names: &[&str]| names.iter().any(|name| file.starts_with(root.join(name)));
        work.server |= below(BOTH) || below(SERVER);
        work.client |= below(BOTH) || below(BROWSER);
        work.site |= below(STYLES);
    }
    work
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_style_rebuilds_nothing() {
        let root = Path::new("project");
        let seen = |file: &str| Snapshot::from([(root.join(file), SystemTime::UNIX_EPOCH)]);
        let none = Snapshot::new();
        let work = |server, client, site| Work { server, client, site };
        assert_eq!(changed(root, &none, &seen("style/base.css")), work(false, false, true));
        assert_eq!(changed(root, &seen("src/main.rs"), &none), work(true, false, false));
        assert_eq!(changed(root, &none, &seen("app/src/lib.rs")), work(true, true, false));
        assert_eq!(changed(root, &seen("src/main.rs"), &seen("src/main.rs")), Work::default());
    }
}
