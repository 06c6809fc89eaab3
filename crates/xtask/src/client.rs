//! The browser's half: compile to WASM, cut it along the lazy routes, bind it to JavaScript, make it small.
//! It knows nothing of style sheets, hashes in names or where files are served from.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::project::Project;
use crate::server::VIEW_FLAGS;
use crate::toolchain::WASM;
use crate::{digest, packages, process};

/// Leptos knows the link file by exactly this name.
const LINK: &str = "./__wasm_split.______________________.js";
/// Which files each part needs.
pub(crate) const MANIFEST: &str = "__wasm_split_manifest.json";
/// Says from what the files beside it were made. Not served.
pub(crate) const MARK: &str = ".made-from";
/// Raise it when this file starts to make something else of the same input.
const GENERATION: &str = "2";
const OPTIMISE: &[&str] = &[
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-sign-ext",
    "--enable-mutable-globals",
];

/// Where the last build left its files.
pub(crate) fn made(project: &Project, release: bool) -> PathBuf {
    project.paths.client().join("bound").join(kind(release))
}

fn kind(release: bool) -> &'static str {
    if release { "release" } else { "debug" }
}

/// Builds the client and returns the folder with its files.
pub(crate) fn build(project: &Project, release: bool) -> Result<PathBuf> {
    let kind = kind(release);
    let wasm =
        project.timings.step(&format!("Building the client ({kind})"), || compile(project, release))?;
    let wasm = std::fs::read(&wasm).with_context(|| wasm.display().to_string())?;
    let made = made(project, release);
    let key = digest::hex([wasm.as_slice(), GENERATION.as_bytes(), kind.as_bytes()]);
    if std::fs::read_to_string(made.join(MARK)).is_ok_and(|before| before == key) {
        return Ok(made);
    }
    // A stop half-way must not leave something that looks finished: the mark is written last.
    let _ = std::fs::remove_dir_all(&made);
    std::fs::create_dir_all(&made)?;
    project.timings.step(&format!("Splitting the client ({kind})"), || split_and_bind(&wasm, &made))?;
    if release {
        project.timings.step("Making the client small", || optimise(project, &made))?;
    }
    std::fs::write(made.join(MARK), key)?;
    Ok(made)
}

fn compile(project: &Project, release: bool) -> Result<PathBuf> {
    let mut flags = vec!["-Clink-args=--emit-relocs"];
    flags.extend(VIEW_FLAGS);
    let (profile, folder) = if release { ("wasm-release", "wasm-release") } else { ("dev", "debug") };
    let mut cargo = project.toolchain.cargo_for_wasm(&flags)?;
    cargo
        .args([
            "build",
            "--package",
            "frontend",
            "--lib",
            "--target",
            WASM,
            "--profile",
            profile,
            "--target-dir",
        ])
        .arg(project.paths.client())
        .current_dir(&project.paths.root);
    process::run(&mut cargo)?;
    Ok(project.paths.client().join(WASM).join(folder).join("frontend.wasm"))
}

fn split_and_bind(wasm: &[u8], made: &Path) -> Result<()> {
    let main = made.join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(wasm);
    options.output_dir = made;
    options.main_out_path = &main;
    options.main_module = "./caresync.js";
    options.link_name = LINK;
    let split = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:#}"))?;
    std::fs::write(made.join(MANIFEST), serde_json::to_vec(&split.prefetch_map)?)?;
    println!("  {} lazy parts", split.prefetch_map.len());

    Bindgen::new()
        .input_path(&main)
        .out_name("caresync")
        .web(true)?
        .keep_lld_exports(true)
        .demangle(false)
        .typescript(false)
        .remove_producers_section(true)
        .generate(made)?;
    std::fs::remove_file(main)?;
    // The server was compiled with LEPTOS_OUTPUT_NAME, and then asks for the file without `_bg`.
    Ok(std::fs::rename(made.join("caresync_bg.wasm"), made.join("caresync.wasm"))?)
}

/// What names and spaces of the scripts nobody but a reader needs. They are modules, so what they export keeps its name.
const SHORTEN: &[&str] = &["--module", "--compress", "--mangle"];

/// terser on the scripts, wasm-opt on everything else, as many at once as there are cores.
fn optimise(project: &Project, made: &Path) -> Result<()> {
    let folder = project.paths.root.join("crates/xtask");
    packages::npm_install(&folder)?;
    let shorten = folder.join("node_modules/.bin/terser");
    for script in digest::files(made)?.iter().filter(|file| digest::has_ending(file, "js")) {
        process::capture(Command::new(&shorten).arg(script).args(SHORTEN).arg("--output").arg(script))?;
    }
    let program = folder.join("node_modules/.bin/wasm-opt");
    let mut files = digest::files(made)?;
    files.retain(|file| digest::has_ending(file, "wasm"));
    // The largest first, so that it does not start last.
    files.sort_by_key(|file| std::fs::metadata(file).map_or(0, |about| about.len()));
    let waiting = Mutex::new(files);
    let next = || waiting.lock().ok().and_then(|mut files| files.pop());
    let work = || {
        while let Some(file) = next() {
            // Captured: it warns of every name section that it is about to remove.
            process::capture(Command::new(&program).args(OPTIMISE).arg(&file).arg("-o").arg(&file))?;
        }
        Ok(())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(result) => result,
            Err(_) => bail!("an optimiser's thread ended badly"),
        })
    })
}
