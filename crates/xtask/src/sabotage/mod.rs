//! `cargo xtask sabotage`: takes each question to the guard away, and expects the compiler or a test to object.
//! It works on a copy; the project itself is never touched.
//!
//! Where the compiler objects is found for many places at once. The rest can be switched off while the tests run, so that it is built once.

mod compiler;
mod copy;
mod sites;
mod suite;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::paths::Paths;
use copy::{Copy, files, put};
use sites::Site;
use suite::Suite;

/// Where the guard is asked.
const SERVICES: &str = "crates/services/src";
/// Asked by what can be switched off.
const SWITCH: &str = r#"
/// Whether a place is taken away in this run. Leaves a mark of the place where a run wants to know which it comes by.
pub(crate) fn spoiled(place: usize) -> bool {
    static MARKED: std::sync::Mutex<std::collections::BTreeSet<usize>> =
        std::sync::Mutex::new(std::collections::BTreeSet::new());
    if let Ok(folder) = std::env::var("CARESYNC_VISITED")
        && MARKED.lock().expect("nothing panics in here").insert(place)
    {
        std::fs::write(std::path::Path::new(&folder).join(place.to_string()), []).expect("a folder for marks");
    }
    std::env::var("CARESYNC_SPOILED").is_ok_and(|one| one.parse() == Ok(place))
}
"#;

/// A file as it is in the project.
struct Source {
    /// From the project's root.
    name: String,
    text: String,
}

/// A question to the guard, and the file that it stands in.
struct Place {
    source: usize,
    site: Site,
}

/// Tries all, or those of some files; fails if one stays unnoticed.
pub(crate) fn sabotage(parts: &[String]) -> Result<ExitCode> {
    let paths = Paths::find()?;
    let copy = Copy::make(&paths)?;
    let sources = sources(&copy, parts)?;
    let places: Vec<Place> = sources
        .iter()
        .enumerate()
        .flat_map(|(source, file)| {
            sites::sites(&file.name, &file.text).into_iter().map(move |site| Place { source, site })
        })
        .collect();
    println!("{} questions to the guard in {} files", places.len(), sources.len());
    let red = compiler::objections(&copy, &sources, &places)?;
    for (at, words) in &red {
        tell(&sources, &places, *at, &format!("compiler: {words}"));
    }
    let rest: Vec<usize> = (0..places.len()).filter(|at| !red.contains_key(at)).collect();
    let unnoticed = try_tests(&paths, &copy, (&sources, &places), rest)?;
    println!("\n{} taken away, {unnoticed} unnoticed", places.len());
    Ok(if unnoticed == 0 && !places.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn sources(copy: &Copy, parts: &[String]) -> Result<Vec<Source>> {
    let rust = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "rs");
    let mut found = Vec::new();
    for path in files(&copy.folder.join(SERVICES))?.into_iter().filter(rust) {
        let name = path.strip_prefix(&copy.folder)?.display().to_string();
        if parts.is_empty() || parts.iter().any(|part| name.contains(part.as_str())) {
            found.push(Source { text: std::fs::read_to_string(&path)?, name });
        }
    }
    Ok(found)
}

/// Puts to the tests what the compiler lets pass; how many places no test fails without.
fn try_tests(
    paths: &Paths,
    copy: &Copy,
    (sources, places): (&[Source], &[Place]),
    mut rest: Vec<usize>,
) -> Result<usize> {
    let memory = paths.base.join("sabotage.json");
    let mut known: BTreeMap<String, String> =
        std::fs::read(&memory).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
    let mut unnoticed = 0;
    while !rest.is_empty() {
        // A place within another one has to wait for the next build.
        let (now, later) = apart(places, &rest);
        switch_in(copy, sources, places, &now)?;
        let suite = Suite::build(copy)?;
        println!("{} places are left to the tests, which run once with nothing taken away", now.len());
        let visits = suite.visits(&paths.base.join("sabotage-marks"))?;
        for at in now {
            let Some(key) = key(sources, places, at) else { continue };
            let last = known.get(&key).cloned().unwrap_or_default();
            let found = suite.objection(at, &visits, &last)?;
            if let Some((module, test)) = found {
                tell(sources, places, at, &test);
                known.insert(key, module);
            } else {
                unnoticed += 1;
                tell(sources, places, at, "");
            }
            std::fs::write(&memory, serde_json::to_vec_pretty(&known)?)?;
        }
        rest = later;
    }
    compiler::restore(sources, copy)?;
    Ok(unnoticed)
}

/// Those places that do not lie within each other, and the others.
fn apart(places: &[Place], rest: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let mut end = (usize::MAX, 0);
    rest.iter().copied().partition(|&at| {
        let Some(place) = places.get(at) else { return false };
        let free = place.source != end.0 || place.site.gone.start >= end.1;
        if free {
            end = (place.source, place.site.gone.end);
        }
        free
    })
}

fn switch_in(copy: &Copy, sources: &[Source], places: &[Place], now: &[usize]) -> Result<()> {
    for (number, source) in sources.iter().enumerate() {
        let mut text = source.text.clone();
        for &at in now.iter().rev() {
            if let Some(place) = places.get(at).filter(|place| place.source == number) {
                text = place.site.switched_in(&text, at);
            }
        }
        put(&copy.folder.join(&source.name), text.as_bytes())?;
    }
    let root = copy.folder.join(SERVICES).join("lib.rs");
    let text = std::fs::read_to_string(&root).with_context(|| root.display().to_string())?;
    if text.contains(SWITCH) { Ok(()) } else { put(&root, format!("{text}{SWITCH}").as_bytes()) }
}

/// By what a place is known from one run to the next: its file, its call, and the how manieth of such calls there it is.
fn key(sources: &[Source], places: &[Place], at: usize) -> Option<String> {
    let place = places.get(at)?;
    let alike = |one: &&Place| one.source == place.source && one.site.call == place.site.call;
    let before = places.iter().take(at).filter(alike).count();
    Some(format!("{} {} {before}", short(&sources.get(place.source)?.name), place.site.call))
}

fn short(name: &str) -> &str {
    Path::new(name).strip_prefix(SERVICES).ok().and_then(Path::to_str).unwrap_or(name)
}

fn tell(sources: &[Source], places: &[Place], at: usize, by: &str) {
    let Some(place) = places.get(at) else { return };
    let Some(source) = sources.get(place.source) else { return };
    let place_name = format!("{}:{}", short(&source.name), place.site.line);
    let (colour, by) = if by.is_empty() { ("GREEN", "nobody noticed") } else { ("red  ", by) };
    println!("{colour}  {place_name:<34} {:<14} {by}", place.site.call);
}
