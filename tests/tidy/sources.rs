//! Rules about single files: their length, their first line, their names and what never stands in them.
//! Which layer may use what is in `layers.rs`.

use super::tree::{self, Checked, File, verdict};

const LONGEST: usize = 400;
const LONGEST_TEST: usize = 600;
const SOURCES: &[&str] = &["rs", "ts", "js", "mjs", "css", "sql"];
/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "manager", "misc"];

#[test]
fn files_stay_short() -> Checked {
    let too_long = |file: &File| {
        let may_be_longer = file.is_test()
            || file.is_below(&["crates/bench", "benches"])
            || file.path.split('/').any(|part| part.starts_with("seed"));
        let longest = if may_be_longer { LONGEST_TEST } else { LONGEST };
        let lines = file.text.lines().count();
        (lines > longest).then(|| file.at(longest, &format!("{lines} lines, {longest} are the end")))
    };
    let files = tree::files()?;
    let sources = files.iter().filter(|file| file.ends_in(SOURCES));
    verdict("Cut a long file along what it is about.", sources.filter_map(too_long).collect())
}

#[test]
fn every_module_says_what_it_is() -> Checked {
    let silent = |file: &File| !file.text.starts_with("//! ");
    let files = tree::rust()?;
    let findings =
        files.iter().filter(|file| silent(file)).map(|file| file.at(0, "does not open with `//!`"));
    verdict("Open with one sentence on what the module is and one on what it is not.", findings.collect())
}

#[test]
fn names_say_what_is_inside() -> Checked {
    let named = |file: &File| {
        let part = file.path.split('/').find(|part| {
            let stem = part.split('.').next().unwrap_or_default();
            EMPTY_NAMES.contains(&stem)
        })?;
        Some(format!("{}: `{part}` says nothing", file.path))
    };
    verdict("Name a module after what it holds.", tree::files()?.iter().filter_map(named).collect())
}

#[test]
fn lints_are_expected_never_allowed() -> Checked {
    let attributes = ["#[allow(", "#![allow("];
    let rule = |line: &str| {
        attributes
            .iter()
            .any(|attribute| line.trim_start().starts_with(attribute))
            .then(|| "`allow`".to_owned())
    };
    let findings = tree::rust()?.iter().flat_map(|file| file.lines(rule)).collect();
    verdict("Use `#[expect(…, reason = \"…\")]`, which complains when it is no longer needed.", findings)
}

#[test]
fn views_hold_no_raw_html_and_no_inline_style() -> Checked {
    let rule = |line: &str| {
        // A block of data for search engines is not markup, and cannot be written in any other way.
        let data = line.contains("application/ld+json");
        let words = line.split(|character: char| !(character.is_alphanumeric() || "_=:".contains(character)));
        let raw = |word: &&str| *word == "inner_html" || word.starts_with("inner_html=");
        let styled = |word: &&str| {
            word.starts_with("style=") || word.starts_with("style:") && !word.starts_with("style::")
        };
        let found = words.into_iter().find(|word| styled(word) || raw(word) && !data);
        found.map(|word| format!("`{word}`"))
    };
    let files = tree::rust()?;
    let views = files.iter().filter(|file| file.is_below(&["app/src"]) && !file.is_test());
    let findings = views.flat_map(|file| file.code(rule)).collect();
    verdict(
        "The content security policy forbids inline styles, and raw HTML is how scripts are injected.",
        findings,
    )
}

#[test]
fn both_engines_have_the_same_migrations() -> Checked {
    let files = tree::files()?;
    let of = |engine: &str| -> Vec<&str> {
        let folder = format!("migrations/{engine}/");
        files.iter().filter_map(|file| file.path.strip_prefix(&folder)).collect()
    };
    let mut findings = Vec::new();
    for (here, there) in [("sqlite", "postgres"), ("postgres", "sqlite")] {
        let others = of(there);
        let missing = of(here).into_iter().filter(|name| !others.contains(name));
        findings.extend(missing.map(|name| format!("migrations/{here}/{name}: has no twin for {there}")));
    }
    verdict("A migration has the same file name on both engines.", findings)
}
