//! Rules about everything that is written down: documents, settings and translations.
//! Rules about code are in `sources.rs`.

use std::path::Path;

use super::tree::{self, Checked, File, root, verdict};

/// Folders of a person's own machine.
const PLACES: &[&[&str]] =
    &[&["/ho", "me/"], &["/ro", "ot/"], &["/Us", "ers/"], &["/wo", "rk/"], &["C:\\U", "sers"]];
/// Hosts of package registries and of shared files. In halves, or this file would break its own rule.
const HOSTS: &[&[&str]] = &[
    &["crates", ".io"],
    &["static.rust", "-lang.org"],
    &["docs", ".rs/"],
    &["npmjs", ".org"],
    &["npmjs", ".com"],
    &["yarnpkg", ".com"],
    &["pypi", ".org"],
    &["deb.debian", ".org"],
    &["jsdelivr", ".net"],
    &["unpkg", ".com"],
    &["cdnjs", ".cloudflare"],
    &["esm", ".sh/"],
    &["fonts.google", "apis.com"],
    &["fonts.gst", "atic.com"],
    &["ghcr", ".io"],
    &["quay", ".io"],
];
/// Cargo itself writes its registry into every entry.
const WRITTEN_BY_TOOLS: &[&str] = &["Cargo.lock"];

fn mentions_none_of(halves: &[&[&str]]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let words: Vec<String> = halves.iter().map(|parts| parts.concat()).collect();
    let rule =
        |line: &str| words.iter().find(|word| line.contains(word.as_str())).map(|word| format!("`{word}`"));
    let files = tree::files()?;
    let ours = files.iter().filter(|file| !WRITTEN_BY_TOOLS.contains(&file.path.as_str()));
    Ok(ours.flat_map(|file| file.lines(rule)).collect())
}

#[test]
fn no_file_names_a_folder_of_one_machine() -> Checked {
    verdict("Write a path from the project root.", mentions_none_of(PLACES)?)
}

#[test]
fn no_file_names_a_registry_or_a_shared_host() -> Checked {
    verdict(
        "Packages come from where the machine's settings say, and pages load nothing from others.",
        mentions_none_of(HOSTS)?,
    )
}

#[test]
fn every_translation_can_be_read() -> Checked {
    let files = tree::files()?;
    let locales = files.iter().filter(|file| file.is_below(&["locales"]) && file.ends_in(&["toml"]));
    let unreadable = locales.filter_map(|file| {
        let error = file.text.parse::<toml::Table>().err()?;
        let before = error.span().and_then(|span| file.text.get(..span.start)).unwrap_or_default();
        Some(file.at(before.matches('\n').count(), error.message()))
    });
    verdict("A locale file is TOML.", unreadable.collect())
}

#[test]
fn every_link_between_documents_leads_somewhere() -> Checked {
    let files = tree::files()?;
    let documents = files.iter().filter(|file| file.ends_in(&["md"]));
    verdict(
        "A link to a file of the project names a file that exists.",
        documents.flat_map(broken_links).collect(),
    )
}

fn broken_links(file: &File) -> Vec<String> {
    let folder = root().join(&file.path).parent().map(Path::to_owned).unwrap_or_default();
    let mut in_code = false;
    let mut findings = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            continue;
        }
        for target in line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()) {
            let path = target.split('#').next().unwrap_or_default();
            let elsewhere = target.contains("://") || target.starts_with("mailto:") || path.is_empty();
            let place = path.strip_prefix('/').map_or_else(|| folder.join(path), |path| root().join(path));
            if !elsewhere && !place.exists() {
                findings.push(file.at(number, &format!("`{target}` does not exist")));
            }
        }
    }
    findings
}
