//! Every statement says whose rows it means, and stands where somebody has been asked: what does neither is named here, and why.
//! How a statement is read is in `bound.rs`; the database itself keeps references within one hospital.

#[path = "statements/bound.rs"]
mod bound;
#[path = "statements/exceptions.rs"]
mod exceptions;
#[path = "statements/found.rs"]
mod found;

use std::collections::BTreeSet;

use super::tree::{self, Checked, verdict};
use bound::{Keys, uses};
use exceptions::{ACROSS, OUTSIDE, WITHOUT_PROOF};

/// Whose the rows of a table are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// A hospital's or a patient's own: reading and changing need a decision.
    Private,
    /// A hospital's, shown to everybody: changing needs a decision.
    Shown,
    /// An account's, which proves itself in its own way: a password, a link, a token.
    Account,
    /// The house's.
    House,
}

use Whose::{Account, House, Private, Shown};

/// Every table, whose its rows are, and by which columns one says so.
const TABLES: &[(&str, Whose, &[&str])] = &[
    ("appointments", Private, &["id", "hospital_id", "patient_id", "doctor_id", "follow_up_id", "series_id"]),
    ("appointment_history", Private, &["appointment_id"]),
    ("hospital_patients", Private, &["hospital_id"]),
    ("ticket_numbers", Private, &["hospital_id"]),
    ("wall_addresses", Private, &["hospital_id", "token_hash"]),
    ("mass_changes", Private, &["id", "hospital_id", "doctor_id"]),
    ("mass_change_items", Private, &["change_id", "appointment_id", "from_doctor_id"]),
    ("waitlist_entries", Private, &["id", "hospital_id", "patient_id", "doctor_id"]),
    ("follow_ups", Private, &["id", "hospital_id", "patient_id", "appointment_id"]),
    ("waitlist_offers", Private, &["id", "entry_id", "appointment_id"]),
    ("payments", Private, &["id", "hospital_id", "appointment_id", "order_id", "created_by"]),
    ("follow_up_rules", Shown, &["visit_type_id", "hospital_id"]),
    ("follow_up_windows", Private, &["appointment_id", "patient_id"]),
    ("follow_up_visits", Private, &["appointment_id", "paid_id"]),
    ("payment_steps", Private, &["payment_id"]),
    ("refunds", Private, &["payment_id", "hospital_id"]),
    ("ledger_entries", Private, &["hospital_id", "payment_id"]),
    ("receipt_numbers", Private, &["hospital_id"]),
    ("payment_notices", House, &["event_id"]),
    ("patients", Private, &["id"]),
    ("patient_accounts", Private, &["account_id", "patient_id", "granted_by"]),
    ("family_offers", Private, &["id", "patient_id", "offered_by", "email"]),
    ("family_notices", Private, &["account_id", "patient_id"]),
    ("memberships", Private, &["hospital_id", "account_id"]),
    ("invitations", Private, &["id", "hospital_id", "token_hash", "created_by"]),
    ("emergencies", Private, &["hospital_id", "account_id", "patient_id"]),
    ("access_questions", Private, &["hospital_id", "patient_id"]),
    ("audit_events", Private, &["hospital_id", "chain"]),
    ("audit_subjects", Private, &["patient_id"]),
    ("appointment_resources", Private, &["appointment_id"]),
    ("taken_times", Shown, &["doctor_id"]),
    ("taken_resources", Shown, &["resource_id"]),
    ("audit_heads", Shown, &["chain"]),
    ("account_names", Shown, &["id"]),
    ("open_numbers", Shown, &["hospital_id"]),
    ("own_bookings", Account, &["account_id"]),
    ("own_waits", Account, &["account_id"]),
    ("departments", Shown, &["id", "hospital_id"]),
    ("visit_types", Shown, &["id", "hospital_id"]),
    ("resources", Shown, &["id", "hospital_id"]),
    ("visit_type_needs", Shown, &["id", "hospital_id", "visit_type_id"]),
    ("need_resources", Shown, &["need_id", "hospital_id"]),
    ("doctors", Shown, &["id", "hospital_id"]),
    ("doctor_visit_types", Shown, &["doctor_id"]),
    ("weekly_hours", Shown, &["doctor_id"]),
    ("hours_exceptions", Shown, &["doctor_id"]),
    ("hours_openings", Shown, &["doctor_id"]),
    ("absences", Shown, &["doctor_id"]),
    ("closures", Shown, &["hospital_id"]),
    ("hospitals", Shown, &["id"]),
    ("photos", House, &["photo_key"]),
    ("accounts", Account, &["id", "email"]),
    ("sessions", Account, &["id_hash", "account_id"]),
    ("idempotency_keys", Account, &["account_id"]),
    ("token_families", Account, &["id", "account_id"]),
    ("refresh_tokens", Account, &["token_hash", "family_id", "parent_hash", "access_id"]),
    ("second_factors", Account, &["account_id"]),
    ("recovery_codes", Account, &["account_id"]),
    ("passkeys", Account, &["id", "account_id", "credential_id"]),
    ("passkey_challenges", Account, &["id", "account_id"]),
    ("calendar_feeds", Account, &["account_id", "token_hash"]),
    ("mail_links", Account, &["token_hash", "account_id"]),
    ("outbox", House, &["id"]),
    ("sign_in_tries", House, &["bucket"]),
    ("emergency_tries", House, &["account_id"]),
    ("token_keys", House, &["kid"]),
    ("pepper_keys", House, &["fingerprint"]),
];

/// What a statement lacks.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lack {
    /// It means everybody's rows.
    Across,
    /// Nobody has decided.
    Proof,
}

/// What lacks where, and what cannot be read.
type Lacking = (BTreeSet<(Lack, String)>, Vec<String>);

fn lacking() -> Result<Lacking, Box<dyn std::error::Error>> {
    let keys: Keys = TABLES.iter().map(|(table, _, keys)| (*table, *keys)).collect();
    let (mut lacks, mut unread) = (BTreeSet::new(), Vec::new());
    for found in found::statements(&tree::rust()?) {
        if OUTSIDE.iter().any(|(folder, _)| found.place.starts_with(folder)) {
            continue;
        }
        let Some(sql) = found.sql else {
            unread.push(format!("{}: is put together in a way that cannot be read", found.place));
            continue;
        };
        let named = match uses(&sql, &keys) {
            Ok(named) => named,
            Err(error) => {
                unread.push(format!("{}: {error}", found.place));
                continue;
            }
        };
        for named in named {
            let Some((_, whose, _)) = TABLES.iter().find(|(table, ..)| *table == named.table) else {
                unread.push(format!("{}: whose are the rows of `{}`?", found.place, named.table));
                continue;
            };
            if *whose != House && !named.bound && (*whose != Shown || named.changes) {
                lacks.insert((Lack::Across, found.place.clone()));
            }
            if !found.proven && (*whose == Private || *whose == Shown && named.changes) {
                lacks.insert((Lack::Proof, found.place.clone()));
            }
        }
    }
    Ok((lacks, unread))
}

#[test]
fn every_statement_says_whose_rows_it_means() -> Checked {
    let (lacks, mut findings) = lacking()?;
    for (lack, known) in [(Lack::Across, ACROSS), (Lack::Proof, WITHOUT_PROOF)] {
        let here: BTreeSet<&str> =
            lacks.iter().filter(|(what, _)| *what == lack).map(|(_, place)| place.as_str()).collect();
        let known: BTreeSet<&str> = known.iter().map(|(place, _)| *place).collect();
        findings.extend(here.difference(&known).map(|place| format!("{place}: {lack:?}")));
        findings
            .extend(known.difference(&here).map(|place| format!("{place}: is no exception from {lack:?}")));
    }
    verdict(
        "A statement is bound to a hospital, a patient, an account or a key, in a function that takes a proof; \
         exceptions stand in tests/tidy/statements/exceptions.rs with their reasons.",
        findings,
    )
}

#[test]
fn what_holds_only_sometimes_binds_nothing() -> Checked {
    let keys: Keys = TABLES.iter().map(|(table, _, keys)| (*table, *keys)).collect();
    let cases = [
        ("SELECT id FROM appointments WHERE hospital_id = $1", true),
        ("SELECT id FROM appointments WHERE hospital_id = $1 OR starts_at > $2", false),
        ("SELECT id FROM appointments WHERE hospital_id <> $1", false),
        ("SELECT id FROM appointments WHERE starts_at > $1", false),
        ("SELECT a.id FROM appointments a JOIN patients p ON p.id = a.patient_id WHERE a.id = $1", true),
        ("SELECT a.id FROM appointments a JOIN patients p ON p.birth_date = $2 WHERE a.id = $1", false),
        ("SELECT p.id FROM patients p LEFT JOIN appointments a ON a.hospital_id = $1", false),
        (
            "SELECT p.id FROM patients p WHERE p.id IN (SELECT patient_id FROM patient_accounts WHERE account_id = $1)",
            true,
        ),
        ("SELECT p.id FROM patients p WHERE p.id IN (SELECT patient_id FROM patient_accounts)", false),
        (
            "SELECT 1 FROM hospitals h WHERE h.id = $1 AND EXISTS (SELECT 1 FROM emergencies e WHERE e.ends_at > $2)",
            false,
        ),
        ("UPDATE memberships SET state = $1 WHERE id = $2", false),
        ("UPDATE memberships SET state = $1 WHERE id = $2 AND hospital_id = $3", true),
        ("WITH h AS (SELECT id FROM patients) SELECT 1 FROM h", false),
        ("WITH h AS (SELECT id FROM patients WHERE id = $1) SELECT 1 FROM h", true),
        ("DELETE FROM invitations", false),
        ("INSERT INTO hospital_patients (hospital_id, patient_id) VALUES ($1, $2)", true),
        ("INSERT INTO hospital_patients (patient_id) VALUES ($1)", false),
    ];
    let mut wrong = Vec::new();
    for (sql, expected) in cases {
        let all = uses(sql, &keys)?.iter().all(|named| named.bound);
        if all != expected {
            wrong.push(sql.to_owned());
        }
    }
    verdict("The rule itself is wrong about:", wrong)
}
