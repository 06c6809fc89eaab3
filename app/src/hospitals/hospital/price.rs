//! A price between what a person types ("49.50", "1 200,5") and minor units.
//! How a price is shown is the catalogue's business.

/// Minor units of a typed price; refuses with `price_invalid`. The last point or comma is the decimal sign when at most as many
/// digits as the currency has follow it; others group.
pub fn parse(text: &str, digits: u8) -> Result<i64, &'static str> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}' && *c != '\'').collect();
    let (whole, fraction) = match text.rsplit_once(['.', ',']) {
        Some((whole, fraction)) if (1..=usize::from(digits)).contains(&fraction.len()) => (whole, fraction),
        Some((_, fraction)) if fraction.len() == 3 => (text.as_str(), ""),
        Some(_) => return Err("price_invalid"),
        None => (text.as_str(), ""),
    };
    let whole: String = whole.chars().filter(|c| *c != '.' && *c != ',').collect();
    let all_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !all_digits(&whole) || !all_digits(fraction) {
        return Err("price_invalid");
    }
    let padded = format!("{whole}{fraction:0<width$}", width = usize::from(digits));
    padded.parse().map_err(|_| "price_invalid")
}

/// What stands in the field: digits and a point, without grouping.
pub fn typed(minor: i64, digits: u8) -> String {
    let unit = 10_i64.pow(u32::from(digits));
    let (whole, fraction) = (minor / unit, minor % unit);
    if fraction == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{fraction:0width$}", width = usize::from(digits))
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, typed};

    #[test]
    fn people_write_prices_in_many_ways() {
        for (text, digits, minor) in [
            ("500", 2, 50_000),
            ("49.50", 2, 4_950),
            ("49,5", 2, 4_950),
            ("1 200,50", 2, 120_050),
            ("1,00,000", 2, 10_000_000),
            ("1.200,50", 2, 120_050),
            ("900", 0, 900),
            ("1,900", 0, 1_900),
            ("1.500", 3, 1_500),
            ("0", 2, 0),
        ] {
            assert_eq!(parse(text, digits), Ok(minor), "{text}");
        }
        for text in ["", "free", "-5", "4.9999", "1e3", ".", "5."] {
            assert_eq!(parse(text, 2), Err("price_invalid"), "{text}");
        }
    }

    #[test]
    fn a_price_comes_back_as_it_can_be_typed() {
        for (minor, digits, text) in
            [(50_000, 2, "500"), (4_950, 2, "49.50"), (900, 0, "900"), (1_500, 3, "1.500")]
        {
            assert_eq!(typed(minor, digits), text);
            assert_eq!(parse(text, digits), Ok(minor));
        }
    }
}
