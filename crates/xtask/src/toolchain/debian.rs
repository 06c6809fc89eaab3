//! Debian's Rust: whether it is there, new enough and complete, and a linker for WASM.
//! It builds nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::packages::Debian;
use crate::{digest, process};

pub(super) const RUSTC: &str = "/usr/bin/rustc";
pub(super) const PACKAGES: &[&str] =
    &["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", "rustfmt-web"];
/// The oldest release that may build the project: `rust-version` in Cargo.toml.
const OLDEST: u32 = 95;
/// The oldest release of LLVM's linker that understands what these compilers write.
const OLDEST_LINKER: u32 = 20;
const NEWEST_LINKER: u32 = 40;

/// A complete installation of Debian's compiler.
pub(super) struct Compiler {
    /// Names this very compiler: a library built by another cannot be used.
    pub(super) key: String,
}

impl Compiler {
    pub(super) fn find() -> Option<Self> {
        let version = process::capture(Command::new(RUSTC).arg("-vV")).ok()?;
        let release = version.lines().find_map(|line| line.strip_prefix("release: "))?;
        let mut numbers = release.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
        let new_enough = numbers.next()? > 1 || numbers.next()? >= OLDEST;
        let complete = Path::new("/usr/bin/cargo").exists() && library_source()?.is_dir();
        let hash = digest::hex([version.as_bytes()]);
        (new_enough && complete)
            .then(|| Self { key: format!("{release}-{}", hash.get(..12).unwrap_or(&hash)) })
    }

    pub(super) fn install(packages: &Debian) -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        packages.install(PACKAGES)?;
        Self::find().context("Debian's compiler was installed, but it is older than the project needs")
    }
}

fn library_source() -> Option<PathBuf> {
    let sysroot = process::capture(Command::new(RUSTC).args(["--print", "sysroot"])).ok()?;
    Some(Path::new(&sysroot).join("lib/rustlib/src/rust/library/std"))
}

/// LLVM's linker for WASM: Debian's own, or the one that rustup brought.
pub(super) fn linker() -> Option<PathBuf> {
    let packaged = (OLDEST_LINKER..NEWEST_LINKER)
        .rev()
        .map(|version| PathBuf::from(format!("/usr/bin/wasm-ld-{version}")));
    packaged.chain(rustups_linker()).find(|path| path.exists())
}

pub(super) fn linker_or_install(packages: &Debian) -> Result<PathBuf> {
    if let Some(found) = linker() {
        return Ok(found);
    }
    packages.install(&["lld-22"])?;
    match linker() {
        Some(found) => Ok(found),
        None => bail!("there is no linker for WASM: neither wasm-ld nor rustup's rust-lld"),
    }
}

fn rustups_linker() -> Option<PathBuf> {
    let rustc = process::capture(Command::new("rustup").args(["which", "rustc"])).ok()?;
    let sysroot = Path::new(&rustc).ancestors().nth(2)?;
    let host = format!("lib/rustlib/{}-unknown-linux-gnu/bin/rust-lld", std::env::consts::ARCH);
    Some(sysroot.join(host))
}
