//! Where a store asks which engine it works on: each place is named in docs/sql.md, in the table of what differs.
//! What the connection itself does differently stands in `db`, where this does not look.

use std::collections::BTreeMap;

use super::tree::{self, Checked, verdict};

/// The forks by file, in the order of its lines, each by the row of docs/sql.md that says what it is for.
const FORKS: &[(&str, &[&str])] = &[
    ("appointments/store.rs", &[BOOKINGS]),
    ("appointments/store/limits.rs", &["what a patient has ahead, and what an account has booked"]),
    ("audit/store.rs", &["the end of an audit chain", "patients of one audit entry"]),
    ("changes/store.rs", &[CHANGE, CHANGE, POOLS]),
    ("emergencies/store.rs", &["tries to declare an emergency"]),
    ("fsck/store.rs", &["integrity check in `fsck`"]),
    ("mail/store.rs", &["letters of a kind to one address"]),
    ("payments/store/mod.rs", &["the money of one visit"]),
    ("resources/store.rs", &[POOLS]),
    ("seed/store.rs", &["seeding in bulk", "seeding in bulk", "memory for seeding in bulk"]),
];

const BOOKINGS: &str = "bookings of one doctor, and changes of hours that somebody has looked at";
const POOLS: &str = "bookings that need the same rooms or devices";
const CHANGE: &str = "making, undoing and planning anew one change of many visits";

#[test]
fn every_fork_between_the_engines_is_named_in_the_document() -> Checked {
    let known: BTreeMap<&str, &[&str]> = FORKS.iter().copied().collect();
    let (mut findings, mut found, mut document) = (Vec::new(), Vec::new(), String::new());
    for file in tree::files()? {
        if file.path == "docs/sql.md" {
            document.clone_from(&file.text);
        }
        let Some(place) = file.path.strip_prefix("crates/services/src/") else { continue };
        if !file.ends_in(&["rs"]) || place.starts_with("db/") {
            continue;
        }
        let asks = |line: &str| line.contains("On::Postgres(") || line.contains("On::Sqlite(");
        let forks = file.code(|line| asks(line).then(String::new));
        if forks.len() != known.get(place).map_or(0, |rows| rows.len()) {
            findings.push(format!("{place}: {} forks", forks.len()));
        }
        if !forks.is_empty() {
            found.push(place.to_owned());
        }
    }
    findings.extend(
        known
            .keys()
            .filter(|place| !found.iter().any(|it| it == *place))
            .map(|place| format!("{place}: has none")),
    );
    let rows: Vec<&str> = document.lines().filter_map(|line| line.strip_prefix("| ")).collect();
    for row in known.values().copied().flatten() {
        if !rows.iter().any(|line| line.starts_with(&format!("{row} |"))) {
            findings.push(format!("docs/sql.md: has no row `{row}`"));
        }
    }
    verdict(
        "A fork between the engines is named in docs/sql.md, \"Where the engines differ\", and here.",
        findings,
    )
}

#[test]
fn every_view_that_looks_around_the_wall_is_named_in_the_document() -> Checked {
    let (mut views, mut document) = (Vec::new(), String::new());
    for file in tree::files()? {
        if file.path == "docs/sql.md" {
            document.clone_from(&file.text);
        }
        if file.path.starts_with("migrations/postgres/") {
            let named = file.text.lines().filter_map(|line| line.strip_prefix("CREATE VIEW "));
            views.extend(named.filter_map(|rest| rest.split(' ').next()).map(str::to_owned));
        }
    }
    let findings = views
        .iter()
        .filter(|view| !document.contains(&format!("`{view}`")))
        .map(|view| format!("docs/sql.md: does not name the view `{view}`"))
        .collect();
    verdict("A view looks around the second wall, so docs/sql.md names it.", findings)
}
