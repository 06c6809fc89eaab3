//! At which of the places the compiler objects: many are taken away at once, at most one in each function, and an error within a function
//! is one of what is missing there. Whatever no error names is tried again with others like it, until nothing is wrong.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use serde_json::Value;

use super::copy::{Copy, put};
use super::{Place, Source};

/// An error of the compiler: the file from the root of the project, the line, and its words.
struct Complaint {
    file: String,
    line: usize,
    words: String,
}

/// The places at which the compiler objects, with its words; the others can be taken away without its noticing.
pub(super) fn objections(
    copy: &Copy,
    sources: &[Source],
    places: &[Place],
) -> Result<BTreeMap<usize, String>> {
    let mut red = BTreeMap::new();
    let mut open: BTreeSet<usize> = (0..places.len()).collect();
    while !open.is_empty() {
        let round = round(places, &open);
        spoil(copy, sources, places, &round)?;
        let complaints = check(copy)?;
        let found = named(sources, places, &round, &complaints);
        println!("  {} taken away at once, the compiler objects to {}", round.len(), found.len());
        if complaints.is_empty() {
            open.retain(|place| !round.contains(place));
        } else if found.is_empty() {
            let about = complaints.iter().map(|one| format!("{}:{} {}", one.file, one.line, one.words));
            bail!("errors outside of what was spoiled:\n{}", about.collect::<Vec<_>>().join("\n"));
        }
        for (place, words) in found {
            open.remove(&place);
            red.insert(place, words);
        }
    }
    restore(sources, copy)?;
    Ok(red)
}

/// One place of each function.
fn round(places: &[Place], open: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut functions = BTreeSet::new();
    open.iter()
        .copied()
        .filter(|&at| {
            places.get(at).is_some_and(|one| functions.insert((one.source, one.site.function.start)))
        })
        .collect()
}

fn spoil(copy: &Copy, sources: &[Source], places: &[Place], round: &BTreeSet<usize>) -> Result<()> {
    for (number, source) in sources.iter().enumerate() {
        let mut text = source.text.clone();
        // From the back, so that what comes before stays where it is.
        for place in round.iter().rev().filter_map(|at| places.get(*at)).filter(|one| one.source == number) {
            text = place.site.taken_from(&text);
        }
        put(&copy.folder.join(&source.name), text.as_bytes())?;
    }
    Ok(())
}

/// Puts the copy back as the project is.
pub(super) fn restore(sources: &[Source], copy: &Copy) -> Result<()> {
    sources.iter().try_for_each(|source| put(&copy.folder.join(&source.name), source.text.as_bytes()))
}

fn check(copy: &Copy) -> Result<Vec<Complaint>> {
    let (content, said) = copy.cargo(&["check", "--package", "services", "--lib"])?;
    let complaints: Vec<_> = said.iter().filter_map(complaint).collect();
    if !content && complaints.is_empty() {
        bail!("the compiler objects, and does not say where");
    }
    Ok(complaints)
}

fn complaint(said: &Value) -> Option<Complaint> {
    let message = said.get("message")?;
    if message.get("level")?.as_str()? != "error" {
        return None;
    }
    let spans = message.get("spans")?.as_array()?;
    let mut primary =
        spans.iter().find(|span| span.get("is_primary").and_then(Value::as_bool) == Some(true))?;
    // Of an error within a macro, where the macro is called.
    while let Some(outer) = primary.pointer("/expansion/span") {
        primary = outer;
    }
    let code = message.pointer("/code/code").and_then(Value::as_str).unwrap_or("error");
    Some(Complaint {
        file: primary.get("file_name")?.as_str()?.to_owned(),
        line: usize::try_from(primary.get("line_start")?.as_u64()?).ok()?,
        words: format!("{code}: {}", message.get("message")?.as_str()?.lines().next().unwrap_or_default()),
    })
}

fn named(
    sources: &[Source],
    places: &[Place],
    round: &BTreeSet<usize>,
    complaints: &[Complaint],
) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for &at in round {
        let Some(place) = places.get(at) else { continue };
        let Some(source) = sources.get(place.source) else { continue };
        let about =
            complaints.iter().find(|one| one.file == source.name && place.site.function.contains(&one.line));
        if let Some(complaint) = about {
            found.push((at, complaint.words.clone()));
        }
    }
    found
}
