//! The words of calendar entries: `locales/calendar/en.toml`, read once into types.
//!
//! They are not on any screen of ours, so the browser need not carry them. Which of them an entry has is not decided here.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::error::{Error, Result};

const ENGLISH: &str = include_str!("../../../../locales/calendar/en.toml");

static WORDS: LazyLock<Result<Words, toml::de::Error>> = LazyLock::new(|| toml::from_str(ENGLISH));

/// All of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) name: String,
    pub(super) busy_name: String,
    pub(super) busy: String,
    pub(super) invitation: String,
    pub(super) visit: String,
    pub(super) full: String,
    pub(super) full_for: String,
    pub(super) place: String,
    pub(super) video: String,
    pub(super) phone: String,
    pub(super) reference: String,
}

/// The words of the house.
pub(super) fn words() -> Result<&'static Words> {
    WORDS.as_ref().map_err(|error| Error::Library(error.to_string()))
}

/// A text with its arguments. What stands in an argument is not read again.
pub(super) fn filled(text: &str, arguments: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 40);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(arguments.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_and_arguments_are_not_read_again() {
        let words = words().unwrap();
        let text = filled(&words.full_for, &[("doctor", "Dr. {name}"), ("name", "Mia")]);
        assert_eq!(text, "Visit with Dr. {name}, for Mia");
        assert_eq!(filled(&words.busy, &[]), "Busy");
    }
}
