//! Rules about who may use whom: layers, SQL, the environment.
//! They read source text; what a crate's manifest may name is in `dependencies.rs`.

use super::tree::{self, Checked, File, verdict};

const SQL: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
    "VACUUM ",
];

/// `name::` or `use name`, as a word of its own.
fn mentions(line: &str, name: &str) -> bool {
    let uses = line.trim_start().strip_prefix("use ").or_else(|| line.trim_start().strip_prefix("pub use "));
    let imported = uses.and_then(|rest| rest.strip_prefix(name));
    if imported.is_some_and(|rest| rest.starts_with([':', ';', ' '])) {
        return true;
    }
    line.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|character| character.is_alphanumeric() || "_:".contains(character))
    })
}

/// Every line in `files` that mentions one of the crates.
fn forbidden(files: &[File], within: impl Fn(&File) -> bool, names: &[&str]) -> Vec<String> {
    let rule = |line: &str| names.iter().find(|name| mentions(line, name)).map(|name| format!("`{name}`"));
    files.iter().filter(|file| within(file)).flat_map(|file| file.code(rule)).collect()
}

#[test]
fn app_and_services_do_not_know_each_other() -> Checked {
    let files = tree::rust()?;
    let mut findings = forbidden(&files, |file| file.is_below(&["app"]), &["services"]);
    findings.extend(forbidden(&files, |file| file.is_below(&["crates/services"]), &["app"]));
    verdict("A view and a query must not rebuild each other: put what both need into `domain`.", findings)
}

#[test]
fn domain_knows_no_http_no_sql_and_no_screen() -> Checked {
    let outside = ["axum", "http", "hyper", "leptos", "sqlx", "tokio", "services", "app"];
    let findings = forbidden(&tree::rust()?, |file| file.is_below(&["crates/domain"]), &outside);
    verdict("`domain` does no input or output.", findings)
}

#[test]
fn domain_is_the_same_for_everybody() -> Checked {
    let rule = |line: &str| {
        let gate = line.contains("feature = \"") && !line.contains("feature = \"openapi\"");
        gate.then(|| "a feature other than `openapi`".to_owned())
    };
    let files = tree::rust()?;
    let domain = files.iter().filter(|file| file.is_below(&["crates/domain/src"]));
    verdict("`domain` has no feature but `openapi`.", domain.flat_map(|file| file.code(rule)).collect())
}

#[test]
fn pages_read_through_one_resource() -> Checked {
    let own =
        ["Resource::new", "Resource::<", "LocalResource", "OnceResource", "ArcResource", "AsyncDerived"];
    let rule = |line: &str| own.iter().find(|name| line.contains(**name)).map(|name| format!("`{name}`"));
    let files = tree::rust()?;
    let others = files.iter().filter(|file| file.is_below(&["app/src"]) && file.path != "app/src/reading.rs");
    verdict(
        "Leptos' resource is compiled anew for each type that it holds, many kilobytes each time: take `Reading`.",
        others.flat_map(|file| file.code(rule)).collect(),
    )
}

#[test]
fn only_services_speak_to_the_database() -> Checked {
    // The edges' tests make databases for themselves and spoil them on purpose; the limits of the bench are the database without us.
    let elsewhere = |file: &File| {
        !file.is_below(&["crates/services", "tests/tidy", "tests/edges", "crates/bench/src/limits"])
    };
    verdict("Databases are reached through a service.", forbidden(&tree::rust()?, elsewhere, &["sqlx"]))
}

#[test]
fn sql_stands_only_in_stores() -> Checked {
    let may = |file: &File| {
        let name = file.path.as_str();
        let store = file.is_below(&["crates/services/src"])
            && (name.ends_with("/store.rs") || name.contains("/store/"));
        // What a build tool or a bench does to a database of its own is not the product's.
        store || file.is_below(&["crates/services/src/db", "crates/xtask", "crates/bench"]) || file.is_test()
    };
    let rule = |line: &str| {
        let text = line.trim_start().trim_start_matches(['r', '#']);
        let text = text
            .rsplit_once('"')
            .map_or(text, |(before, _)| before.split_once('"').map_or(text, |(_, inside)| inside));
        SQL.iter().find(|word| text.trim_start().starts_with(**word)).map(|word| format!("`{}`", word.trim()))
    };
    let files = tree::rust()?;
    let elsewhere = files.iter().filter(|file| !may(file));
    verdict(
        "SQL stands in crates/services/src/*/store.rs.",
        elsewhere.flat_map(|file| file.code(rule)).collect(),
    )
}

#[test]
fn the_environment_is_read_in_one_place() -> Checked {
    let may = |file: &File| {
        let build_script = file.path.ends_with("build.rs");
        file.path == "src/config.rs"
            || file.is_below(&["crates/xtask", "crates/bench"])
            || file.is_test()
            || build_script
    };
    let rule = |line: &str| {
        let readers = ["env::var(", "env::var_os(", "env::vars(", "dotenv"];
        readers.iter().find(|reader| line.contains(**reader)).map(|reader| format!("`{reader}`"))
    };
    let files = tree::rust()?;
    let findings = files.iter().filter(|file| !may(file)).flat_map(|file| file.code(rule)).collect();
    verdict("Only src/config.rs reads the environment; it hands values on.", findings)
}

#[test]
fn a_crate_is_found_as_a_word_only() -> Checked {
    let cases = [
        ("use services::accounts;", true),
        ("    let x = services::open();", true),
        ("use services;", true),
        ("let y = crate::services::open();", false),
        ("let z = domain::services_of();", false),
        ("let services = state.services();", false),
    ];
    let wrong = cases.iter().filter(|(line, expected)| mentions(line, "services") != *expected);
    verdict("The rule itself is wrong about:", wrong.map(|(line, _)| (*line).to_owned()).collect())
}
