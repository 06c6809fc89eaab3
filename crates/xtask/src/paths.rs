//! Where things lie: the project root, the folder for build products, and what is left where for people to find.
//! It creates nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders that every command works in.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    pub(crate) root: PathBuf,
    /// `$CARGO_TARGET_DIR`, else `target`. Each kind of build has a folder of its own below it, because they differ
    /// in compiler flags and would rebuild each other.
    pub(crate) base: PathBuf,
    cache: PathBuf,
}

impl Paths {
    pub(crate) fn find() -> Result<Self> {
        let root = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(own) => Path::new(&own).ancestors().nth(2).map(Path::to_owned),
            None => std::env::current_dir()?
                .ancestors()
                .find(|folder| folder.join("crates/xtask").is_dir())
                .map(Path::to_owned),
        };
        let root = root.context("this is not inside the project")?;
        let chosen = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
        let base = match &chosen {
            Some(folder) => std::path::absolute(folder)?,
            None => root.join("target"),
        };
        let cache =
            if chosen.is_some() { base.clone() } else { user_cache().unwrap_or_else(|| base.clone()) };
        Ok(Self { root, base, cache })
    }

    /// Debug and release builds of the server, the tests and clippy.
    pub(crate) fn server(&self) -> PathBuf {
        self.base.join("server")
    }

    /// The WASM build and what is made of it.
    pub(crate) fn client(&self) -> PathBuf {
        self.base.join("client")
    }

    /// What the server serves as files.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// Where the finished server is left.
    pub(crate) fn binary(&self, release: bool) -> PathBuf {
        self.root.join(if release { "target/release/caresync" } else { "target/debug/caresync" })
    }

    /// What a fresh clone may use again, but nothing depends on.
    pub(crate) fn cache(&self) -> &Path {
        &self.cache
    }
}

fn user_cache() -> Option<PathBuf> {
    let folder = std::env::var_os("XDG_CACHE_HOME")
        .filter(|folder| !folder.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))?;
    Some(folder.join("caresync"))
}
