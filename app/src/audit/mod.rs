//! Who looked at whose record: the patient's page with its questions, the hospital's search and its answers.
//! What is noted, and who reads it, is decided in the services.

pub mod admin_api;
pub mod admin_forms;
pub mod api;
pub mod hospital;
pub mod patient;
pub mod words;

use std::collections::BTreeMap;

/// What was typed into one of many like fields of a page: the posted name carries which, `question[hospital-1~7]`.
///
/// So every field of the page has an id of its own, and a refusal names the one that it is about.
pub(crate) type Keyed = BTreeMap<String, String>;

/// The name under which one of many like fields posts.
pub(crate) fn keyed_name(field: &str, key: &str) -> String {
    format!("{field}[{key}]")
}

/// The field that was sent, with its key; a form holds one.
#[cfg(feature = "ssr")]
pub(crate) fn only(fields: Keyed) -> (String, String) {
    fields.into_iter().next().unwrap_or_default()
}

/// A refusal about `field` as one about the field of this key.
#[cfg(feature = "ssr")]
pub(crate) fn about_key(error: domain::Error, field: &str, key: &str) -> domain::Error {
    match error {
        domain::Error::Invalid { mut fields } => {
            for found in fields.iter_mut().filter(|found| found.field == field) {
                found.field = keyed_name(field, key);
            }
            domain::Error::Invalid { fields }
        }
        other => other,
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_field_it_is_about() {
        let error = about_key(domain::Error::invalid("question", "required"), "question", "hospital-1~7");
        assert_eq!(error, domain::Error::invalid("question[hospital-1~7]", "required"));
        assert_eq!(about_key(domain::Error::NotFound, "question", "x"), domain::Error::NotFound);
    }
}
