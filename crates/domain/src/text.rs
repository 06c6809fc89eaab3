//! Texts that people type, parsed once into what the house relies on.
//!
//! A function returns the cleaned value or the key of the broken rule; it never explains in English.

use jiff::civil;

/// Longest e-mail address (RFC 5321 path limit).
const EMAIL_MAX: usize = 254;
/// Shortest password, because it is the only factor (NIST SP 800-63B-4, 3.1.1.2).
pub const PASSWORD_MIN: usize = 15;
/// Longest password in bytes, so that hashing stays bounded.
pub const PASSWORD_MAX: usize = 1024;

/// A required text of at most `max` characters, trimmed: `required`, `too_long` or `control_characters`.
pub fn required(text: &str, max: usize) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("required");
    }
    if text.chars().count() > max {
        return Err("too_long");
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
        return Err("control_characters");
    }
    Ok(text.to_owned())
}

/// Like [`required`], but may be empty.
pub fn optional(text: Option<&str>, max: usize) -> Result<Option<String>, &'static str> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => required(text, max).map(Some),
    }
}

/// An e-mail address in its compared form (trimmed, lower case): `email_invalid`.
///
/// The check is shallow on purpose: only a delivered message proves an address.
pub fn email(text: &str) -> Result<String, &'static str> {
    let text = text.trim().to_lowercase();
    let shape = text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains("..")
            && !host.contains('@')
    });
    if shape && text.len() <= EMAIL_MAX && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Ok(text)
    } else {
        Err("email_invalid")
    }
}

/// A new password's length: `password_too_short` or `password_too_long`. It is never changed, not even trimmed.
/// Whether it is one that everybody guesses first is known to the services, which have the list.
pub fn new_password(text: &str) -> Result<(), &'static str> {
    if text.chars().count() < PASSWORD_MIN {
        return Err("password_too_short");
    }
    if text.len() > PASSWORD_MAX { Err("password_too_long") } else { Ok(()) }
}

/// A date of birth: `birth_date_invalid` or `birth_date_future`.
pub fn birth_date(text: &str, today: civil::Date) -> Result<civil::Date, &'static str> {
    let date: civil::Date = text.trim().parse().map_err(|_| "birth_date_invalid")?;
    if date > today {
        return Err("birth_date_future");
    }
    // The oldest person on record reached 122 years; 130 leaves room without letting a typing error pass.
    if date.year() < today.year() - 130 { Err("birth_date_invalid") } else { Ok(date) }
}

/// A form for comparing names: lower case, common Latin accents removed, single spaces.
pub fn search_form(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ą' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ē' | 'ě' => out.push('e'),
            'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ō' => out.push('o'),
            'ś' | 'š' | 'ş' => out.push('s'),
            'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ů' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ž' | 'ź' | 'ż' => out.push('z'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_in_lower_case() {
        assert_eq!(email("  Ada@Example.ORG "), Ok("ada@example.org".into()));
        for bad in ["", "ada", "ada@", "@example.org", "a b@example.org", "ada@example", "a@b..c"] {
            assert_eq!(email(bad), Err("email_invalid"), "{bad}");
        }
    }

    #[test]
    fn passwords_have_a_length() {
        assert_eq!(new_password("fourteen chars"), Err("password_too_short"));
        assert_eq!(new_password(&"ä".repeat(600)), Err("password_too_long"));
        assert_eq!(new_password("three blue herons"), Ok(()));
    }

    #[test]
    fn births_lie_in_the_past_and_in_reach() {
        let today = civil::date(2026, 11, 21);
        assert_eq!(birth_date("2026-11-22", today), Err("birth_date_future"));
        assert_eq!(birth_date("1850-01-01", today), Err("birth_date_invalid"));
        assert_eq!(birth_date("1948-02-29", today), Ok(civil::date(1948, 2, 29)));
    }

    #[test]
    fn names_are_found_without_accents() {
        assert_eq!(search_form("  José  Øster "), "jose oster");
    }
}
