//! Who works behind the second wall: transactions that reach rows of everybody, by module, and how many there are.
//! What the wall itself lets through is tested on PostgreSQL, with the services.

use std::collections::BTreeMap;

use super::tree::{self, Checked, verdict};

/// Transactions of the house, by file: a list that a person reads before it grows. Each names its reason where it stands.
const HOUSE: &[(&str, usize)] = &[
    ("access/mod.rs", 1),
    ("accounts/invitations.rs", 3),
    ("accounts/mod.rs", 6),
    ("accounts/recognise.rs", 4),
    ("audit/verify.rs", 1),
    ("credentials/change.rs", 2),
    ("credentials/links.rs", 1),
    ("appointments/holds.rs", 1),
    ("appointments/told.rs", 3),
    ("calendars/mod.rs", 2),
    ("changes/due.rs", 1),
    ("credentials/mod.rs", 4),
    ("emergencies/mod.rs", 3),
    ("family/mod.rs", 2),
    ("family/notices.rs", 2),
    ("family/offers.rs", 2),
    ("family/people.rs", 2),
    ("follow_ups/told.rs", 1),
    ("fsck/mod.rs", 1),
    ("history/mod.rs", 1),
    ("mail/worker.rs", 1),
    ("passkeys/entering.rs", 3),
    ("payments/desk.rs", 1),
    ("payments/often.rs", 1),
    ("payments/settle.rs", 1),
    ("pepper.rs", 1),
    ("queues/wall.rs", 2),
    ("second_factors/mod.rs", 2),
    ("seed/bulk.rs", 3),
    ("seed/doctors_in_bulk.rs", 1),
    ("sessions/limits.rs", 1),
    ("sessions/mod.rs", 6),
    ("sign_ins/ended.rs", 1),
    ("sign_ins/keys.rs", 2),
    ("sign_ins/mod.rs", 5),
    ("sign_ins/refresh.rs", 1),
    ("throttle/mod.rs", 5),
    ("waitlist/mod.rs", 1),
    ("waitlist/relay.rs", 1),
    ("waitlist/told.rs", 1),
];

#[test]
fn the_house_works_only_where_somebody_said_so() -> Checked {
    let mut found = BTreeMap::new();
    for file in tree::rust()? {
        let Some(place) = file.path.strip_prefix("crates/services/src/") else { continue };
        let uses = file.code(|line| line.contains("Reach::house(").then(String::new)).len();
        if uses > 0 {
            found.insert(place.to_owned(), uses);
        }
    }
    let known: BTreeMap<String, usize> =
        HOUSE.iter().map(|(place, uses)| ((*place).to_owned(), *uses)).collect();
    let mut findings: Vec<String> = found
        .iter()
        .filter(|(place, uses)| known.get(*place) != Some(uses))
        .map(|(place, uses)| format!("{place}: {uses} transactions of the house"))
        .collect();
    findings.extend(
        known.keys().filter(|place| !found.contains_key(*place)).map(|place| format!("{place}: has none")),
    );
    verdict(
        "Give a transaction the reach of whoever asks; what the house does for nobody stands in this list.",
        findings,
    )
}

#[test]
fn every_table_of_postgres_is_closed() -> Checked {
    let mut findings = Vec::new();
    for file in tree::files()? {
        let Some(step) = file.path.strip_prefix("migrations/postgres/") else { continue };
        // The step that built the wall closed what there was.
        if step < "0017" {
            continue;
        }
        for line in file.text.lines() {
            let Some(table) = line.strip_prefix("CREATE TABLE ").and_then(|rest| rest.split(' ').next())
            else {
                continue;
            };
            if !file.text.contains(&format!("close_table('{table}')")) {
                findings.push(format!("{}: `{table}` is not closed", file.path));
            }
        }
    }
    verdict("A step that makes a table closes it: docs/sql.md, \"The second wall\".", findings)
}
