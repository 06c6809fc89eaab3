//! Which Rust compiler builds everything, and where it finds the library for WASM.
//! It compiles nothing of the project.
//!
//! One compiler serves server, browser, lints and tests: if it has to be Debian's, `/usr/bin` goes first on the PATH
//! of every child.

mod debian;
mod sysroot;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::packages::Debian;
use crate::paths::Paths;
use crate::process;
use crate::timing::Timings;

pub(crate) const WASM: &str = "wasm32-unknown-unknown";
const RUSTUP_LIMIT: Duration = Duration::from_secs(20);

/// A compiler that can build for the browser.
pub(crate) struct Toolchain {
    /// Debian's compiler, and not whatever is first on the PATH.
    debian: bool,
    /// Where the library for WASM was built, and the linker that goes with it.
    private: Option<Private>,
}

struct Private {
    sysroot: PathBuf,
    linker: PathBuf,
}

impl Toolchain {
    /// Finds a compiler that can build for WASM, or makes one.
    pub(crate) fn set_up(paths: &Paths, packages: &Debian, timings: &Timings) -> Result<Self> {
        if has_wasm_library("rustc") {
            return Ok(Self { debian: false, private: None });
        }
        if let Some(ready) = Self::debian_if_ready(paths) {
            return Ok(ready);
        }
        let mut tried = Vec::new();
        if is_rustups() {
            let mut add = Command::new("rustup");
            add.args(["target", "add", WASM]);
            match timings.step("Adding the WASM target with rustup", || {
                process::run_within(&mut add, Some(RUSTUP_LIMIT))
            }) {
                Ok(()) if has_wasm_library("rustc") => return Ok(Self { debian: false, private: None }),
                Ok(()) => tried.push("rustup added the target, but rustc does not see it".to_owned()),
                Err(_) if process::interrupted() => bail!("interrupted"),
                Err(error) => tried.push(format!("rustup could not add it ({error:#})")),
            }
        }
        Self::from_debian(paths, packages, timings).with_context(|| {
            tried.push("Debian's packages could not serve either".to_owned());
            format!(
                "the library for WASM is missing: {}. Run `rustup target add {WASM}` where rustup's server can be \
                 reached, or install {} on Debian",
                tried.join("; "),
                debian::PACKAGES.join(" ")
            )
        })
    }

    /// The compiler at hand, for what the browser has no part in.
    pub(crate) fn first_on_path() -> Self {
        Self { debian: false, private: None }
    }

    fn debian_if_ready(paths: &Paths) -> Option<Self> {
        let compiler = debian::Compiler::find()?;
        if has_wasm_library(debian::RUSTC) {
            return Some(Self { debian: true, private: None });
        }
        let sysroot = sysroot::ready(paths.cache(), &compiler)?;
        let linker = debian::linker()?;
        Some(Self { debian: true, private: Some(Private { sysroot, linker }) })
    }

    fn from_debian(paths: &Paths, packages: &Debian, timings: &Timings) -> Result<Self> {
        let compiler = debian::Compiler::install(packages)?;
        let linker = debian::linker_or_install(packages)?;
        let sysroot = timings.step("Building the standard library for WASM", || {
            sysroot::build(paths.cache(), &compiler, &linker)
        })?;
        Ok(Self { debian: true, private: Some(Private { sysroot, linker }) })
    }

    /// The formatter and the linter of this compiler.
    pub(crate) fn set_up_lints(&self, packages: &Debian) -> Result<()> {
        let there = |tool: &str| process::succeeds(self.cargo(&[]).args([tool, "--version"]));
        if there("fmt") && there("clippy") {
            return Ok(());
        }
        if self.debian {
            packages.install(&["rust-web-clippy", "rustfmt-web"])
        } else if is_rustups() {
            process::run(Command::new("rustup").args(["component", "add", "clippy", "rustfmt"]))
        } else {
            bail!("`cargo fmt` or `cargo clippy` is missing: install rustfmt and clippy for this compiler")
        }
    }

    /// Cargo for this machine, with exactly these compiler flags.
    pub(crate) fn cargo(&self, flags: &[&str]) -> Command {
        let mut command = Command::new(if self.debian { "/usr/bin/cargo" } else { "cargo" });
        forget_outer_cargo(&mut command);
        // Leptos reads it while it is compiled; without it pages ask for files that do not exist.
        command.env("LEPTOS_OUTPUT_NAME", "caresync");
        if self.debian {
            command.env("PATH", path_with_debian_first());
            for name in ["RUSTUP_TOOLCHAIN", "RUSTC", "RUSTDOC", "LD_LIBRARY_PATH"] {
                command.env_remove(name);
            }
        }
        if !flags.is_empty() {
            command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        }
        command
    }

    /// Cargo for the browser, with these compiler flags and the library for WASM. The caller gives `--target`.
    pub(crate) fn cargo_for_wasm(&self, flags: &[&str]) -> Result<Command> {
        let Some(private) = &self.private else { return Ok(self.cargo(flags)) };
        let sysroot = private.sysroot.to_str().context("the cache folder's name is not Unicode")?;
        let mut all = vec!["--sysroot", sysroot];
        all.extend(flags);
        let mut command = self.cargo(&all);
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &private.linker);
        Ok(command)
    }
}

/// What the outer `cargo run` says of xtask must not be taken for something about the project, and the flags are ours.
fn forget_outer_cargo(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    for name in ["CARGO", "RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_TARGET_DIR"]
    {
        command.env_remove(name);
    }
}

fn path_with_debian_first() -> OsString {
    let mut path = OsString::from("/usr/bin:");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    path
}

fn has_wasm_library(rustc: &str) -> bool {
    process::capture(Command::new(rustc).args(["--print", "target-libdir", "--target", WASM]))
        .is_ok_and(|folder| Path::new(&folder).is_dir())
}

/// True when the `rustc` that is first on the PATH comes from rustup.
fn is_rustups() -> bool {
    let sysroot = |program: &str, arguments: &[&str]| {
        process::capture(Command::new(program).args(arguments)).map(PathBuf::from)
    };
    let Ok(used) = sysroot("rustc", &["--print", "sysroot"]) else { return false };
    sysroot("rustup", &["which", "rustc"]).is_ok_and(|rustc| rustc.starts_with(used))
}
