//! Reads what Stripe's API is sent: forms whose names have brackets, `line_items[0][quantity]`.
//! A parameter that nobody knows is refused, as Stripe does: a misspelled one would be a setting that is not made.

use std::collections::BTreeMap;

use super::refusal::Refusal;

/// The most letters of a metadata's name and of what stands in it.
const METADATA: (usize, usize) = (40, 500);

/// The parameters of a request.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Of a body, or of what stands behind the question mark; `known` are the names that mean something, `metadata` all that begin so.
    pub(super) fn read(text: &str, known: &[&str]) -> Result<Self, Refusal> {
        let mut fields = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            let meta = known.contains(&"metadata") && name.starts_with("metadata[");
            if !meta && !known.contains(&name.as_str()) {
                let message = format!("Received unknown parameter: {name}");
                return Err(Refusal::param(&name, "parameter_unknown", message));
            }
            if fields.iter().any(|(other, _)| *other == name) {
                return Err(Refusal::param(&name, "parameter_invalid", "A parameter was sent twice."));
            }
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    /// What stands there; Stripe takes an empty text for nothing, where it would unset something.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub(super) fn needed(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name).ok_or_else(|| {
            Refusal::param(name, "parameter_missing", format!("Missing required param: {name}."))
        })
    }

    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let read = |text: &str| {
            let message = format!("Invalid integer: {text}");
            text.parse().map_err(|_| Refusal::param(name, "parameter_invalid_integer", message))
        };
        self.text(name).map(read).transpose()
    }

    /// An amount in minor units: a whole number above nothing.
    pub(super) fn amount(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let amount = self.integer(name)?;
        if amount.is_some_and(|amount| amount < 1) {
            return Err(Refusal::param(
                name,
                "parameter_invalid_integer",
                "This value must be greater than or equal to 1.",
            ));
        }
        Ok(amount)
    }

    pub(super) fn needed_amount(&self, name: &str) -> Result<i64, Refusal> {
        self.needed(name)?;
        self.amount(name)?.ok_or_else(Refusal::broken)
    }

    /// Three small letters, as Stripe spells currencies.
    pub(super) fn currency(&self, name: &str) -> Result<String, Refusal> {
        let text = self.needed(name)?.to_ascii_lowercase();
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Ok(text);
        }
        Err(Refusal::param(name, "parameter_invalid_string", format!("Invalid currency: {text}.")))
    }

    /// One of a few words.
    pub(super) fn one_of(&self, name: &str, words: &[&str]) -> Result<Option<&str>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        if words.contains(&text) {
            return Ok(Some(text));
        }
        let message = format!("Invalid {name}: must be one of {}", words.join(", "));
        Err(Refusal::param(name, "parameter_invalid_string", message))
    }

    pub(super) fn metadata(&self) -> Result<BTreeMap<String, String>, Refusal> {
        let of = |(name, value): &(String, String)| {
            let name = name.strip_prefix("metadata[")?.strip_suffix(']')?;
            Some((name.to_owned(), value.clone()))
        };
        let metadata: BTreeMap<_, _> = self.0.iter().filter_map(of).collect();
        let long = metadata
            .iter()
            .any(|(name, value)| name.chars().count() > METADATA.0 || value.chars().count() > METADATA.1);
        if long {
            return Err(Refusal::param("metadata", "parameter_invalid_string", "Metadata is too long."));
        }
        Ok(metadata)
    }
}

/// `%5B` and `+` as they are meant.
fn decoded(text: &str) -> Result<String, Refusal> {
    let wrong = || Refusal::bad("Invalid form: its letters cannot be read.");
    let mut bytes = Vec::with_capacity(text.len());
    let mut letters = text.bytes();
    while let Some(letter) = letters.next() {
        bytes.push(match letter {
            b'+' => b' ',
            b'%' => {
                let pair = [letters.next().ok_or_else(wrong)?, letters.next().ok_or_else(wrong)?];
                let pair = std::str::from_utf8(&pair).map_err(|_| wrong())?;
                u8::from_str_radix(pair, 16).map_err(|_| wrong())?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_read_plain_and_encoded() {
        let known = ["line_items[0][quantity]", "expand[]", "metadata"];
        let text = "line_items%5B0%5D%5Bquantity%5D=1&expand[]=a+b&metadata[caf%C3%A9]=%26";
        let fields = Fields::read(text, &known).unwrap();
        assert_eq!(fields.integer("line_items[0][quantity]").unwrap(), Some(1));
        assert_eq!(fields.text("expand[]"), Some("a b"));
        assert_eq!(fields.metadata().unwrap()["café"], "&");
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        for text in ["other=1", "mode=a&mode=b", "mode=%", "mode=%zz", "mode=%ff", "metadata[a]=1"] {
            assert!(Fields::read(text, &["mode"]).is_err(), "{text}");
        }
        assert!(Fields::read("", &[]).is_ok());
    }
}
