//! What every command works with: the folders, the compiler, the packages and the remembered times.
//! Opening it sets up what building needs; anything more is set up by the command that needs it.

use anyhow::Result;

use crate::packages::{self, Debian};
use crate::paths::Paths;
use crate::timing::Timings;
use crate::toolchain::Toolchain;
use crate::{assets, client, server};

/// The project on this machine, ready to be built.
pub(crate) struct Project {
    pub(crate) paths: Paths,
    pub(crate) packages: Debian,
    pub(crate) timings: Timings,
    pub(crate) toolchain: Toolchain,
}

impl Project {
    /// Finds or installs the compiler and wasm-opt.
    pub(crate) fn open() -> Result<Self> {
        let paths = Paths::find()?;
        let packages = Debian::default();
        let timings = Timings::open(paths.base.join("timings.json"));
        let toolchain = Toolchain::set_up(&paths, &packages, &timings)?;
        packages::npm_install(&paths.root.join("crates/xtask"))?;
        Ok(Self { paths, packages, timings, toolchain })
    }

    /// Server, client and site.
    pub(crate) fn build(&self, release: bool) -> Result<()> {
        server::build(self, release)?;
        self.build_site(release)
    }

    /// Client and site.
    pub(crate) fn build_site(&self, release: bool) -> Result<()> {
        let made = client::build(self, release)?;
        self.timings.step("Putting the site together", || assets::assemble(self, &made, release))
    }
}
