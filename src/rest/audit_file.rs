//! The audit as a file that a spreadsheet opens.
//! What is in it is decided in the services.

use domain::{audit::AuditEvent, audit::EXPORT_MAX};

use crate::web::problem::Problem;

const HEAD: [&str; 14] = [
    "at",
    "who",
    "account_id",
    "action",
    "outcome",
    "basis",
    "purpose",
    "entity",
    "entity_id",
    "patients",
    "reason",
    "address",
    "device",
    "entry",
];

/// A line for each entry, under a head.
pub(super) fn lines(events: &[AuditEvent]) -> Result<Vec<u8>, Problem> {
    let mut file = csv::Writer::from_writer(Vec::with_capacity(events.len().min(EXPORT_MAX) * 200));
    let written =
        file.write_record(HEAD).and_then(|()| events.iter().try_for_each(|e| file.write_record(cells(e))));
    written.map_err(|_| Problem::accident("writing the audit as a file"))?;
    file.into_inner().map_err(|_| Problem::accident("writing the audit as a file"))
}

fn cells(event: &AuditEvent) -> [String; 14] {
    let id = |id: Option<String>| id.unwrap_or_default();
    let patients: Vec<String> = event.patients.iter().map(ToString::to_string).collect();
    [
        event.at.to_string(),
        harmless(event.who.as_deref()),
        id(event.account_id.map(|id| id.to_string())),
        event.action.clone(),
        event.outcome.clone(),
        event.basis.clone(),
        event.purpose.clone(),
        event.entity.clone(),
        id(event.entity_id.map(|id| id.to_string())),
        patients.join(" "),
        harmless(event.reason.as_deref()),
        harmless(event.address.as_deref()),
        harmless(event.device.as_deref()),
        format!("{} {}", event.place.chain, event.place.seq),
    ]
}

/// What people have typed must not become a formula: spreadsheets run cells that begin with one of these signs.
fn harmless(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_typed_is_a_formula() {
        assert_eq!(harmless(Some("=HYPERLINK(\"x\")")), "'=HYPERLINK(\"x\")");
        assert_eq!(harmless(Some("Ada")), "Ada");
        assert_eq!(harmless(None), "");
    }
}
