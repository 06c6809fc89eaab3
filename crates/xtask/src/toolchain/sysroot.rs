//! The standard library for WASM, built once from Debian's source into a private folder.
//! Nothing of the system is changed, and the folder may be deleted at any time.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::debian::Compiler;
use super::{Toolchain, WASM};
use crate::{digest, process};

const LIBRARY: &str = "lib/rustlib/wasm32-unknown-unknown/lib";
const NAME: &str = "wasm_std";

/// The library for this very compiler, if it was built before.
pub(super) fn ready(cache: &Path, compiler: &Compiler) -> Option<PathBuf> {
    let sysroot = cache.join("wasm-sysroot").join(&compiler.key);
    sysroot.join(LIBRARY).is_dir().then_some(sysroot)
}

/// Builds the library beside its place and moves it there when it is whole.
pub(super) fn build(cache: &Path, compiler: &Compiler, linker: &Path) -> Result<PathBuf> {
    if let Some(sysroot) = ready(cache, compiler) {
        return Ok(sysroot);
    }
    let sysroot = cache.join("wasm-sysroot").join(&compiler.key);
    let work = cache.join("wasm-sysroot").join(format!("{}.building-{}", compiler.key, std::process::id()));
    let built = compile(&work, linker).and_then(|()| collect(&work));
    let moved = built.and_then(|whole| {
        std::fs::rename(whole, &sysroot).or_else(|error| {
            // Another clone may have been faster.
            if sysroot.join(LIBRARY).is_dir() { Ok(()) } else { Err(error.into()) }
        })
    });
    let _ = std::fs::remove_dir_all(&work);
    moved.map(|()| sysroot)
}

fn compile(work: &Path, linker: &Path) -> Result<()> {
    std::fs::create_dir_all(work.join("src"))
        .with_context(|| format!("cannot write to {}", work.display()))?;
    std::fs::write(
        work.join("Cargo.toml"),
        format!("[package]\nname = \"{NAME}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n"),
    )?;
    std::fs::write(work.join("src/lib.rs"), "#![no_std]\n")?;
    let toolchain = Toolchain { debian: true, private: None };
    // Without bitcode in it, link-time optimisation of the client fails later.
    let mut cargo = toolchain.cargo(&["-Cembed-bitcode=yes"]);
    cargo
        .args(["build", "--quiet", "--release", "--target", WASM])
        .args(["-Z", "build-std=std,panic_abort,panic_unwind"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", work.join("target"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
        .current_dir(work);
    process::run(&mut cargo)
}

/// Puts the compiled crates where a compiler looks for them.
fn collect(work: &Path) -> Result<PathBuf> {
    let whole = work.join("sysroot");
    std::fs::create_dir_all(whole.join(LIBRARY))?;
    let mut crates = 0;
    for entry in std::fs::read_dir(work.join("target").join(WASM).join("release/deps"))? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if digest::has_ending(name, "rlib") && !name.starts_with(&format!("lib{NAME}-")) {
            std::fs::copy(&path, whole.join(LIBRARY).join(name))?;
            crates += 1;
        }
    }
    if crates == 0 {
        bail!("building the standard library left nothing behind");
    }
    Ok(whole)
}
