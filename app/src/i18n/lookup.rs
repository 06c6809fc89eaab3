//! Texts for codes that are known only at run time: specialties, languages, statuses, errors.
//! Texts known at compile time are written `t!(section.key)` instead.

use super::argument::{Argument, fill};
use super::keys;

/// Whose words a status is told in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// "Waiting for the hospital to confirm"
    #[default]
    Patient,
    /// "Booked"
    Staff,
}

/// A specialty in plain words; an unknown code is shown as it is.
pub fn specialty_name(code: &str) -> &str {
    keys::specialty::lookup(code).unwrap_or(code)
}

/// A specialty as professionals call it; an unknown code is shown as it is.
pub fn specialty_short(code: &str) -> &str {
    keys::specialty_short::lookup(code).unwrap_or(code)
}

/// A language by its BCP 47 code; a region falls back to its language ("pt-BR"), an unknown code is shown as it is.
pub fn language_name(code: &str) -> &str {
    let primary = code.split('-').next().unwrap_or(code);
    keys::language::lookup(code).or_else(|| keys::language::lookup(primary)).unwrap_or(code)
}

/// A visit's status in the words of whoever reads it.
pub fn status_text(status: &str, audience: Audience) -> &str {
    let text = match audience {
        Audience::Patient => keys::status_patient::lookup(status),
        Audience::Staff => keys::status_staff::lookup(status),
    };
    text.unwrap_or(status)
}

/// What to say about an error key; an unknown one gets the general sentence, never the key.
pub fn error_text(key: &str) -> &'static str {
    keys::error::lookup(key).unwrap_or_else(keys::error::internal)
}

/// As [`error_text`], with arguments.
pub fn error_message(key: &str, arguments: &[(&str, &dyn Argument)]) -> String {
    fill(error_text(key), arguments)
}

#[cfg(test)]
mod tests {
    use domain::coding::{LANGUAGES, SPECIALTIES};

    use super::{Audience, error_message, error_text, keys};
    use super::{language_name, specialty_name, specialty_short, status_text};

    #[test]
    fn every_listed_code_has_a_name() {
        for &code in SPECIALTIES {
            assert_ne!(specialty_name(code), code);
            assert_ne!(specialty_short(code), code);
        }
        for &code in LANGUAGES {
            assert_ne!(language_name(code), code);
        }
    }

    #[test]
    fn unknown_codes_degrade_gracefully() {
        assert_eq!(language_name("pt-BR"), "Portuguese");
        assert_eq!(language_name("xx"), "xx");
        assert_eq!(specialty_name("alchemy"), "alchemy");
        assert_eq!(error_text("no_such_key"), keys::error::internal());
    }

    #[test]
    fn patients_and_staff_read_different_words() {
        assert_eq!(status_text("booked", Audience::Patient), "Waiting for the hospital to confirm");
        assert_eq!(status_text("booked", Audience::Staff), "Booked");
    }

    #[test]
    fn errors_take_arguments() {
        assert!(error_message("internal_reference", &[("reference", &"R-7")]).ends_with("R-7"));
    }
}
