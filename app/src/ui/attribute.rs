//! Small rules about attributes that several components share: ids of fields, empty texts, class lists.
//! It renders nothing.

/// The id of the input that posts `name`; the error summary links to it.
#[must_use]
pub fn field_id(name: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("field-{safe}")
}

/// An empty text is no attribute at all.
pub(super) fn present(text: impl Into<String>) -> Option<String> {
    Some(text.into()).filter(|text| !text.is_empty())
}

/// The classes whose condition holds, in one attribute.
pub(super) fn classes(list: &[(&str, bool)]) -> String {
    let chosen: Vec<&str> = list.iter().filter(|(_, wanted)| *wanted).map(|(class, _)| *class).collect();
    chosen.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{classes, field_id, present};

    #[test]
    fn ids_hold_no_odd_characters() {
        assert_eq!(field_id("hours[0].start"), "field-hours-0--start");
    }

    #[test]
    fn empty_texts_vanish() {
        assert_eq!(present(""), None);
        assert_eq!(present("a"), Some("a".to_owned()));
        assert_eq!(classes(&[("a", true), ("b", false), ("c", true)]), "a c");
    }
}
