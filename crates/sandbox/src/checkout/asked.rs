//! The form with which a browser comes to the hosted page, and why it can be sent away.
//! Only addresses of the web are followed or shown: anything else could be a script.

use axum::{
    extract::rejection::FormRejection,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::pages;
use crate::{entities::Order, refusal::Refusal, shared::Shared};

/// What the other side's form says, and on the way back what the page adds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) key_id: String,
    pub(super) order_id: String,
    pub(super) amount: String,
    pub(super) currency: String,
    pub(super) name: String,
    pub(super) description: String,
    #[serde(rename = "prefill[name]")]
    pub(super) payer: String,
    #[serde(rename = "prefill[email]")]
    pub(super) email: String,
    #[serde(rename = "prefill[contact]")]
    pub(super) contact: String,
    pub(super) callback_url: String,
    pub(super) cancel_url: String,
    pub(super) page: String,
    pub(super) outcome: String,
}

impl Asked {
    /// The order, if everything fits it. Whoever comes back from the page may have paid it already.
    pub(super) fn check(&self, shared: &Shared, unpaid: bool) -> Result<Order, Refused> {
        if self.key_id != shared.options.key_id {
            return Err(Refused::by(self, &Refusal::unknown_key()));
        }
        if origin(&self.callback_url).is_none() {
            return Err(Refused::because(self, "The callback_url is not an http or https address."));
        }
        if !self.cancel_url.is_empty() && origin(&self.cancel_url).is_none() {
            return Err(Refused::because(self, "The cancel_url is not an http or https address."));
        }
        let order = shared.look(|world| world.order(&self.order_id).cloned());
        let order = order.map_err(|refusal| Refused::by(self, &refusal))?;
        if self.amount.parse() != Ok(order.amount) || self.currency != order.currency {
            return Err(Refused::because(self, "The amount is not the one of the order."));
        }
        if unpaid && order.is_paid() {
            return Err(Refused::because(self, "This order is already paid."));
        }
        Ok(order)
    }

    /// Where the other side wants to be told.
    pub(super) fn callback_origin(&self) -> Option<String> {
        origin(&self.callback_url)
    }

    /// Where somebody goes who does not pay.
    pub(super) fn way_back(&self) -> Option<&str> {
        origin(&self.cancel_url).map(|_| self.cancel_url.as_str())
    }

    /// What a form of ours carries on, by name.
    pub(super) fn carried(&self) -> [(&'static str, &str); 11] {
        [
            ("key_id", &self.key_id),
            ("order_id", &self.order_id),
            ("amount", &self.amount),
            ("currency", &self.currency),
            ("name", &self.name),
            ("description", &self.description),
            ("prefill[name]", &self.payer),
            ("prefill[email]", &self.email),
            ("prefill[contact]", &self.contact),
            ("callback_url", &self.callback_url),
            ("cancel_url", &self.cancel_url),
        ]
    }
}

/// Scheme, host and port of an address of the web, in letters that mean nothing else in a policy.
pub(crate) fn origin(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let authority = uri.authority()?.as_str();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    (!authority.is_empty() && authority.bytes().all(plain)).then(|| format!("{scheme}://{authority}"))
}

/// Why there is nothing to pay.
pub(super) struct Refused {
    status: StatusCode,
    reason: String,
    way_back: Option<String>,
}

impl Refused {
    pub(super) fn because(asked: &Asked, reason: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            reason: reason.to_owned(),
            way_back: asked.way_back().map(str::to_owned),
        }
    }

    pub(super) fn by(asked: &Asked, refusal: &Refusal) -> Self {
        let reason = format!("{}.", refusal.description.trim_end_matches('.'));
        Self { status: refusal.status(), ..Self::because(asked, &reason) }
    }

    pub(super) fn form(rejection: &FormRejection) -> Self {
        Self { status: rejection.status(), reason: "The form could not be read.".to_owned(), way_back: None }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        pages::nothing_to_pay(self.status, &self.reason, self.way_back.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_have_an_origin() {
        let cases = [
            ("http://127.0.0.1:3000/payments/return?a=b", Some("http://127.0.0.1:3000")),
            ("https://care.example", Some("https://care.example")),
            ("http://[::1]:80/", Some("http://[::1]:80")),
            ("javascript:alert(1)", None),
            ("data:text/html,hello", None),
            ("ftp://care.example/", None),
            ("//care.example/", None),
            ("/payments", None),
            ("http://user@care.example/", None),
            ("http://care.example;script-src/", None),
            ("http://care.example\r\nx: y", None),
            ("", None),
        ];
        for (url, expected) in cases {
            assert_eq!(origin(url).as_deref(), expected, "{url}");
        }
    }
}
