//! The data that rows are measured on: made once per run by `caresync seed --bulk`, copied where a row writes.
//! What is in them is in `services::seed::bulk`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Context;

use crate::{
    cli::Options,
    machine, report,
    server::{self, Server},
};

/// How much data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Size {
    X1,
    X10,
    X100,
    /// Four doctors with 0, 2,500, 25,000 and 250,000 past visits.
    History,
}

impl Size {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::X1 => "x1",
            Self::X10 => "x10",
            Self::X100 => "x100",
            Self::History => "history",
        }
    }

    /// How many times as much as the smallest.
    pub(crate) fn times(self) -> f64 {
        match self {
            Self::X1 | Self::History => 1.0,
            Self::X10 => 10.0,
            Self::X100 => 100.0,
        }
    }
}

/// A folder on the disk of the project, since memory file systems flush nothing. Gone at the end.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let folder = std::env::current_dir()?.join("target/bench").join(std::process::id().to_string());
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed stays under target, where everybody looks for it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Where today's data of this build of the server are kept for the next run. Those of other days and builds go.
fn kept(options: &Options) -> anyhow::Result<PathBuf> {
    let program = fs::metadata(&options.server).with_context(|| options.server.display().to_string())?;
    let built = program.modified()?.duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let all = std::env::current_dir()?.join("target/bench/data");
    let ours = all.join(format!("{}-{built}", machine::today()));
    fs::create_dir_all(&ours)?;
    for entry in fs::read_dir(&all)? {
        let path = entry?.path();
        if path != ours {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(ours)
}

/// Makes data and starts servers on them.
#[derive(Debug)]
pub(crate) struct Data<'a> {
    pub(crate) options: &'a Options,
    scratch: &'a Scratch,
    made: BTreeMap<Size, PathBuf>,
    copies: usize,
}

impl<'a> Data<'a> {
    pub(crate) fn new(options: &'a Options, scratch: &'a Scratch) -> Self {
        Self { options, scratch, made: BTreeMap::new(), copies: 0 }
    }

    pub(crate) fn on_postgres(&self) -> bool {
        self.options.postgres.is_some()
    }

    /// The sizes that are compared with each other, smallest first.
    pub(crate) fn sizes(&self) -> Vec<Size> {
        match (self.on_postgres(), self.options.x100) {
            (true, _) => vec![Size::X1],
            (false, false) => vec![Size::X1, Size::X10],
            (false, true) => vec![Size::X1, Size::X10, Size::X100],
        }
    }

    /// A server on data that it must not change.
    pub(crate) async fn serve(&mut self, size: Size) -> anyhow::Result<Server> {
        let folder = self.folder(size).await?;
        Server::start(self.options, &folder).await
    }

    /// The same with its rate limits.
    pub(crate) async fn serve_limited(&mut self, size: Size) -> anyhow::Result<Server> {
        let folder = self.folder(size).await?;
        Server::start_limited(self.options, &folder).await
    }

    /// A folder for a row that writes. On PostgreSQL all rows share the one database.
    pub(crate) async fn copy(&mut self, size: Size) -> anyhow::Result<PathBuf> {
        let source = self.folder(size).await?;
        let copy = self.empty()?;
        if !self.on_postgres() {
            fs::copy(source.join("caresync.db"), copy.join("caresync.db"))?;
        }
        Ok(copy)
    }

    /// The same in a folder of the row's own, on the disk already when this returns.
    pub(crate) async fn copy_to(&mut self, size: Size, folder: &Path) -> anyhow::Result<()> {
        let source = self.folder(size).await?;
        let copy = folder.join("caresync.db");
        fs::copy(source.join("caresync.db"), &copy)?;
        fs::File::open(copy)?.sync_all()?;
        Ok(fs::File::open(folder)?.sync_all()?)
    }

    /// A folder with nothing in it.
    pub(crate) fn empty(&mut self) -> anyhow::Result<PathBuf> {
        self.copies += 1;
        let folder = self.scratch.0.join(format!("copy{}", self.copies));
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Checks the laws; nothing may be serving the folder.
    pub(crate) async fn fsck(&self, folder: &Path) -> anyhow::Result<()> {
        server::command(self.options, folder, &["fsck"]).await.map(drop)
    }

    /// The folder of data that nobody must change.
    pub(crate) async fn folder(&mut self, size: Size) -> anyhow::Result<PathBuf> {
        anyhow::ensure!(size == Size::X1 || !self.on_postgres(), "the one PostgreSQL database holds x1");
        if let Some(folder) = self.made.get(&size) {
            return Ok(folder.clone());
        }
        let folder = if self.on_postgres() {
            let folder = self.empty()?;
            self.seed(size, &folder).await?;
            folder
        } else {
            let kept = kept(self.options)?.join(size.word());
            if !kept.exists() {
                // Under its name only when it is whole.
                let fresh = self.empty()?;
                self.seed(size, &fresh).await?;
                fs::rename(fresh, &kept)?;
            }
            kept
        };
        self.made.insert(size, folder.clone());
        Ok(folder)
    }

    async fn seed(&self, size: Size, folder: &Path) -> anyhow::Result<()> {
        let begun = Instant::now();
        let said = server::command(self.options, folder, &["seed", "--bulk", size.word()]).await?;
        let line =
            format!("  data {}: {} ({:.1} s)", size.word(), said.trim(), begun.elapsed().as_secs_f64());
        Ok(report::line(&line)?)
    }
}
