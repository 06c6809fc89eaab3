//! An amount in minor units as a person reads it.
//! It changes no currency into another.

/// Currencies without a smaller coin.
const WHOLE: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
    "XPF",
];
/// Currencies of which a thousand coins are one.
const IN_THOUSANDS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// `INR 1,50,000.00`, `EUR 1,500.00`, `JPY 1,500`.
pub(crate) fn written(amount: i64, currency: &str) -> String {
    let places = match currency {
        whole if WHOLE.contains(&whole) => 0,
        thousand if IN_THOUSANDS.contains(&thousand) => 3,
        _ => 2,
    };
    let one = 10_u64.pow(places);
    let (whole, part) = (amount.unsigned_abs() / one, amount.unsigned_abs() % one);
    // In India hundreds come after the first thousand: lakh and crore.
    let whole = grouped(&whole.to_string(), if currency == "INR" { 2 } else { 3 });
    let sign = if amount < 0 { "-" } else { "" };
    if places == 0 {
        return format!("{currency} {sign}{whole}");
    }
    format!("{currency} {sign}{whole}.{part:0width$}", width = usize::try_from(places).unwrap_or(2))
}

/// Three digits at the end, and before them groups of so many.
fn grouped(digits: &str, group: usize) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if at > 0 && left >= 3 && (left - 3).is_multiple_of(group) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_their_currency_is() {
        let cases = [
            (1, "INR", "INR 0.01"),
            (99_900, "INR", "INR 999.00"),
            (100_000, "INR", "INR 1,000.00"),
            (12_345_678_905, "INR", "INR 12,34,56,789.05"),
            (12_345_678_905, "EUR", "EUR 123,456,789.05"),
            (1_500, "JPY", "JPY 1,500"),
            (1_500, "KWD", "KWD 1.500"),
            (-250, "EUR", "EUR -2.50"),
        ];
        for (amount, currency, expected) in cases {
            assert_eq!(written(amount, currency), expected);
        }
    }
}
