//! Reads the body of a request to the API, field by field, and refuses in Razorpay's words.
//! Fields that it does not know are passed over.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    entities::{Notes, Speed},
    refusal::Refusal,
};

const LONGEST_RECEIPT: usize = 40;
const MOST_NOTES: usize = 15;
const LONGEST_NOTE: usize = 256;

/// The fields of a body.
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// An empty body has no fields.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Refusal> {
        if body.is_empty() {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err(Refusal::bad("The body is not a JSON object")),
        }
    }

    /// What stands there; `null` is nothing.
    fn given(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Razorpay asks for 100 at least, where the currency is INR. Here everything above nothing will do.
    pub(crate) fn amount(&self) -> Result<Option<i64>, Refusal> {
        let Some(value) = self.given("amount") else { return Ok(None) };
        let Some(amount) = value.as_i64() else {
            return Err(Refusal::field("amount", "The amount must be an integer."));
        };
        if amount < 1 {
            return Err(Refusal::field("amount", "The amount must be at least 1."));
        }
        Ok(Some(amount))
    }

    pub(crate) fn needed_amount(&self) -> Result<i64, Refusal> {
        self.amount()?.ok_or_else(|| Refusal::field("amount", "The amount field is required."))
    }

    /// Three capital letters.
    pub(crate) fn currency(&self) -> Result<String, Refusal> {
        let Some(value) = self.given("currency") else {
            return Err(Refusal::field("currency", "The currency field is required."));
        };
        let currency =
            value.as_str().filter(|text| text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()));
        currency
            .map(str::to_owned)
            .ok_or_else(|| Refusal::field("currency", "The currency is not supported."))
    }

    pub(crate) fn receipt(&self) -> Result<Option<String>, Refusal> {
        let Some(value) = self.given("receipt") else { return Ok(None) };
        let Some(receipt) = value.as_str() else {
            return Err(Refusal::field("receipt", "The receipt must be a string."));
        };
        if receipt.chars().count() > LONGEST_RECEIPT {
            let description = format!("The receipt may not be greater than {LONGEST_RECEIPT} characters.");
            return Err(Refusal::field("receipt", description));
        }
        Ok(Some(receipt.to_owned()))
    }

    pub(crate) fn notes(&self) -> Result<Notes, Refusal> {
        let fields = match self.given("notes") {
            None => return Ok(Notes::default()),
            Some(Value::Array(none)) if none.is_empty() => return Ok(Notes::default()),
            Some(Value::Object(fields)) => fields,
            Some(_) => return Err(Refusal::field("notes", "The notes must be an object.")),
        };
        if fields.len() > MOST_NOTES {
            let description = format!("The notes may not have more than {MOST_NOTES} fields.");
            return Err(Refusal::field("notes", description));
        }
        let mut notes = BTreeMap::new();
        for (name, value) in fields {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return Err(Refusal::field("notes", "A note must be a string.")),
            };
            if text.chars().count() > LONGEST_NOTE {
                let description = format!("A note may not be greater than {LONGEST_NOTE} characters.");
                return Err(Refusal::field("notes", description));
            }
            notes.insert(name.clone(), text);
        }
        Ok(Notes(notes))
    }

    pub(crate) fn speed(&self) -> Result<Speed, Refusal> {
        match self.given("speed").map(Value::as_str) {
            None | Some(Some("normal")) => Ok(Speed::Normal),
            Some(Some("optimum")) => Ok(Speed::Optimum),
            Some(_) => Err(Refusal::field("speed", "The speed must be normal or optimum.")),
        }
    }

    /// Whether payments of an order are captured as soon as the bank has said yes: `payment.capture`.
    pub(crate) fn captures_by_itself(&self) -> Result<bool, Refusal> {
        match self.given("payment").and_then(|payment| payment.get("capture")).map(Value::as_str) {
            None | Some(Some("manual")) => Ok(false),
            Some(Some("automatic")) => Ok(true),
            Some(_) => Err(Refusal::field("payment", "The capture must be manual or automatic.")),
        }
    }
}
