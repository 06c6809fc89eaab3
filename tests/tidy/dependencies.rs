//! Rules about the dependency graph, from what cargo says of it.
//! deny.toml says the same for those who have cargo-deny.

use std::collections::BTreeMap;
use std::error::Error;
use std::process::Command;

use serde_json::Value;

use super::tree::{Checked, root, verdict};

/// Licences that go together with the project's own.
const LICENCES: &[&str] = &[
    "0BSD",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    // Of the files themselves, not of what is built with them: webauthn-rs (ADR 17).
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
/// What only `services` may bring in.
const FOR_SERVICES: &[&str] = &["sqlx", "argon2", "async-openai", "lettre", "webauthn-rs"];
/// Who brings it in all the same, and is no part of the product: the bench measures the database without us.
const BESIDE_SERVICES: &[(&str, &str)] = &[("bench", "sqlx")];
/// A second version of one of these is a second framework, runtime or TLS in one program.
const ONCE: &[&str] = &["leptos", "axum", "hyper", "tokio", "rustls", "sqlx", "serde"];
/// What must not be in the browser.
const SERVER_ONLY: &[&str] = &[
    "tokio",
    "sqlx",
    "sqlx-core",
    "axum",
    "axum-core",
    "leptos_axum",
    "argon2",
    "hyper",
    "rustls",
    "ring",
    "mio",
];
/// All that `domain` stands on, and what is only for its tests.
const FOR_DOMAIN: &[&str] =
    &["serde", "serde_json", "thiserror", "jiff", "async-trait", "uuid", "utoipa", "proptest"];

fn cargo(arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn packages() -> Result<Vec<Value>, Box<dyn Error>> {
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--format-version", "1"])?)?;
    Ok(metadata.get("packages").and_then(Value::as_array).cloned().unwrap_or_default())
}

fn field<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A member of the workspace, and the names of what it depends on directly. What only its tests use is not in the product.
type Member = (String, Vec<String>);

fn members() -> Result<Vec<Member>, Box<dyn Error>> {
    let ours = packages()?.into_iter().filter(|package| package.get("source").is_some_and(Value::is_null));
    let direct = |package: &Value| {
        let dependencies = package.get("dependencies").and_then(Value::as_array).into_iter().flatten();
        let shipped = dependencies.filter(|dependency| field(dependency, "kind") != "dev");
        shipped.map(|dependency| field(dependency, "name").to_owned()).collect()
    };
    Ok(ours.map(|package| (field(&package, "name").to_owned(), direct(&package))).collect())
}

#[test]
fn dependencies_point_inwards() -> Checked {
    let mut findings = Vec::new();
    for (name, direct) in members()? {
        let forbidden: &[&str] = match name.as_str() {
            "app" | "frontend" => &["services", "caresync", "sandbox"],
            "services" => &["app", "caresync", "sandbox", "leptos", "axum"],
            // A provider is another house.
            "sandbox" => &["domain", "app", "services", "caresync"],
            "xtask" => &["app", "services", "caresync"],
            _ => &[],
        };
        let wrong = |other: &String| forbidden.contains(&other.as_str());
        let stray = |other: &String| name == "domain" && !FOR_DOMAIN.contains(&other.as_str());
        findings.extend(
            direct
                .iter()
                .filter(|other| wrong(other) || stray(other))
                .map(|other| format!("{name} -> {other}")),
        );
    }
    verdict("ARCHITECTURE.md draws the direction of dependencies.", findings)
}

#[test]
fn only_services_bring_in_databases_passwords_and_models() -> Checked {
    let outside = members()?.into_iter().filter(|(name, _)| name != "services");
    let findings = outside.flat_map(|(name, direct)| {
        let may = |other: &str| BESIDE_SERVICES.contains(&(name.as_str(), other));
        let wrong =
            direct.into_iter().filter(|other| FOR_SERVICES.contains(&other.as_str()) && !may(other.as_str()));
        wrong.map(|other| format!("{name} -> {other}")).collect::<Vec<_>>()
    });
    verdict("These crates come in through `services` alone.", findings.collect())
}

#[test]
fn the_browser_gets_no_server_crate() -> Checked {
    // The graph of one package and one platform; `cargo metadata` would show it with the server's features.
    let arguments = [
        "tree",
        "--package",
        "frontend",
        "--target",
        "wasm32-unknown-unknown",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ];
    let tree = cargo(&arguments)?;
    let name = |line: &str| line.split_whitespace().next().unwrap_or_default().to_owned();
    let mut found: Vec<String> =
        tree.lines().map(name).filter(|name| SERVER_ONLY.contains(&name.as_str())).collect();
    found.sort();
    found.dedup();
    verdict("`cargo tree --package frontend --target wasm32-unknown-unknown` holds:", found)
}

#[test]
fn heavy_crates_come_once() -> Checked {
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages()? {
        if ONCE.contains(&field(&package, "name")) {
            versions
                .entry(field(&package, "name").into())
                .or_default()
                .push(field(&package, "version").into());
        }
    }
    let several = versions.into_iter().filter(|(_, versions)| versions.len() > 1);
    let findings = several.map(|(name, versions)| format!("{name} {}", versions.join(" and ")));
    verdict("See who wants the other version with `cargo tree --invert`.", findings.collect())
}

#[test]
fn every_licence_is_a_known_one() -> Checked {
    let strange = packages()?.into_iter().filter(|package| !is_known(field(package, "license")));
    let findings = strange.map(|package| {
        format!(
            "{} {}: `{}`",
            field(&package, "name"),
            field(&package, "version"),
            field(&package, "license")
        )
    });
    verdict("A licence that is not on the list needs a decision.", findings.collect())
}

/// `A OR B` needs one of them, `A AND B` both; `/` is an old way of writing OR.
fn is_known(expression: &str) -> bool {
    let expression = expression.trim();
    if let Some((first, rest)) = split_outside(expression, " AND ") {
        return is_known(first) && is_known(rest);
    }
    if let Some((first, rest)) = split_outside(expression, " OR ").or_else(|| expression.split_once('/')) {
        return is_known(first) || is_known(rest);
    }
    match expression.strip_prefix('(').and_then(|inside| inside.strip_suffix(')')) {
        Some(inside) => is_known(inside),
        None => LICENCES.contains(&expression),
    }
}

/// Splits at the first operator that stands in no brackets.
fn split_outside<'a>(expression: &'a str, operator: &str) -> Option<(&'a str, &'a str)> {
    let outside = |at: usize| {
        let before = expression.get(..at).unwrap_or_default();
        before.matches('(').count() == before.matches(')').count()
    };
    let (at, _) = expression.match_indices(operator).find(|(at, _)| outside(*at))?;
    Some((expression.get(..at)?, expression.get(at + operator.len()..)?))
}

#[test]
fn licence_expressions_are_understood() -> Checked {
    let cases = [
        ("MIT OR GPL-2.0", true),
        ("MIT/Apache-2.0", true),
        ("(MIT OR GPL-2.0) AND Unicode-3.0", true),
        ("(MIT OR Apache-2.0) AND GPL-2.0", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true),
        ("", false),
    ];
    let wrong = cases.iter().filter(|(expression, expected)| is_known(expression) != *expected);
    verdict(
        "The rule itself is wrong about:",
        wrong.map(|(expression, _)| (*expression).to_owned()).collect(),
    )
}
