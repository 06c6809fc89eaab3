//! Money: integer minor units and an ISO 4217 currency, never a float.
//!
//! How an amount looks on screen is the interface's business.

use serde::{Deserialize, Serialize};

/// An amount in minor units (cents, paise) of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Money {
    /// Minor units.
    pub amount_minor: i64,
    /// ISO 4217 code.
    pub currency: String,
}

/// Currencies that the house can show: ISO 4217 code and number of minor digits (ISO 4217:2015 table A.1).
pub const CURRENCIES: &[(&str, u8)] = &[
    ("EUR", 2),
    ("USD", 2),
    ("GBP", 2),
    ("INR", 2),
    ("CHF", 2),
    ("PLN", 2),
    ("SEK", 2),
    ("NOK", 2),
    ("DKK", 2),
    ("CZK", 2),
    ("BRL", 2),
    ("MXN", 2),
    ("CAD", 2),
    ("AUD", 2),
    ("NZD", 2),
    ("ZAR", 2),
    ("AED", 2),
    ("SGD", 2),
    ("JPY", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("TND", 3),
    ("MAD", 2),
    ("TRY", 2),
    ("EGP", 2),
    ("KES", 2),
    ("NGN", 2),
];

/// The largest price of a visit, in minor units: a typing error beyond it is refused.
pub const MAX_PRICE_MINOR: i64 = 100_000_000;

/// Minor digits of a currency, if the house knows it.
pub fn minor_digits(currency: &str) -> Option<u8> {
    CURRENCIES.iter().find(|(code, _)| *code == currency).map(|(_, digits)| *digits)
}

/// Parses an ISO 4217 code; refuses with the rule `currency_unknown`.
pub fn parse_currency(text: &str) -> Result<String, &'static str> {
    let code = text.trim().to_ascii_uppercase();
    if minor_digits(&code).is_some() { Ok(code) } else { Err("currency_unknown") }
}
