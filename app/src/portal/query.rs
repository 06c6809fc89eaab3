//! The query of an address, read once and decoded once.
//! The router's own map decodes twice, which breaks a value that is an address itself (`?next=`), and every `%` that is typed.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::web_sys::FormData;
use leptos_router::hooks::use_location;

/// Names and values in their order (WHATWG URL, application/x-www-form-urlencoded).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the text behind the question mark.
    #[must_use]
    pub fn parse(search: &str) -> Self {
        let pairs = search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self(pairs.collect())
    }

    /// The first value of a name, trimmed; an empty one is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())?;
        Some(value).filter(|value| !value.is_empty())
    }
}

/// The query of the page that is shown. A page that is about to go keeps the one it was shown with: it would take the query of the
/// next page for its own, ask for something that is missing there, and lead away.
#[must_use]
pub fn use_query() -> Memo<Query> {
    let location = use_location();
    let (path, search) = (location.pathname, location.search);
    let own = path.get_untracked();
    Memo::new(move |before: Option<&Query>| match before {
        Some(before) if path.with(|path| *path != own) => before.clone(),
        _ => search.with(|search| Query::parse(search)),
    })
}

/// A query with its question mark, or nothing.
#[must_use]
pub fn query_part(search: &str) -> String {
    if search.is_empty() { String::new() } else { format!("?{}", search.trim_start_matches('?')) }
}

/// Leaves what has no name out of a form that asks: scripts would count the button in, which stands in no address otherwise.
#[must_use]
pub fn without_nameless() -> Arc<dyn Fn(&FormData)> {
    Arc::new(|data: &FormData| data.delete(""))
}

/// A text as a value of a query (RFC 3986 unreserved characters stay).
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(digit), 16).map_or('0', |c| c.to_ascii_uppercase()));
            }
        }
    }
    out
}

/// A `%` that is followed by no two digits stays as it is.
fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let pair = tail.first_chunk::<2>().and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(digits, 16).ok()
        });
        rest = match (*first, pair) {
            (b'%', Some(byte)) => {
                out.push(byte);
                tail.get(2..).unwrap_or_default()
            }
            (b'+', _) => {
                out.push(b' ');
                tail
            }
            (byte, _) => {
                out.push(byte);
                tail
            }
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_inside_an_address_survives() {
        let inner = "/book/1/review?start=2026-11-30T09%3A45%3A00%2B05%3A30";
        let query = Query::parse(&format!("next={}&a=", encode(inner)));
        assert_eq!(query.get("next"), Some(inner));
        assert_eq!(query.get("a"), None);
    }

    #[test]
    fn odd_texts_do_no_harm() {
        assert_eq!(Query::parse("?a=100%&b=%zz&c=%C3%A9+x&d").get("a"), Some("100%"));
        assert_eq!(Query::parse("c=%C3%A9+x").get("c"), Some("é x"));
        assert_eq!(Query::parse("c=%ff").get("c"), Some("\u{fffd}"));
        assert_eq!(Query::parse(""), Query::default());
        assert_eq!(query_part("a=1"), "?a=1");
    }
}
