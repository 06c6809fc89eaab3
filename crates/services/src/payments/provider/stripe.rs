//! Stripe: Checkout sessions whose money is captured by hand, and its notices.
//!
//! An order is named by the session's id. Sources: Stripe's API reference of Checkout sessions, payment intents and refunds, and its
//! page on checking signatures of webhooks.

use async_trait::async_trait;
use domain::payments::flow::Seen;
use reqwest::{Client, RequestBuilder};
use ring::hmac;
use serde::Deserialize;
use serde_json::Value;

use super::{Hint, Look, Order, Provider, RefundState, Reserved, SeenRefund, Trouble, Way, hex, http, plain};

/// Where Stripe lives.
pub(crate) const ADDRESS: &str = "https://api.stripe.com";
/// Where its page lives.
const PAGE: &str = "https://checkout.stripe.com";
/// How far the time of a notice may be from ours, either way.
const TOLERANCE_MS: i64 = 300_000;
/// Stripe accepts no session that ends sooner; the house ends it itself when the hold does.
const LONGEST_SECONDS: i64 = 31 * 60;

/// A merchant's account there.
pub(crate) struct Stripe {
    address: String,
    secret: String,
    notices: Vec<String>,
    client: Client,
    now: Box<dyn Fn() -> i64 + Send + Sync>,
}

#[derive(Deserialize)]
struct Session {
    id: String,
    url: Option<String>,
    payment_intent: Option<Intent>,
}

#[derive(Deserialize)]
struct Intent {
    id: String,
    status: String,
    amount: i64,
    currency: String,
}

#[derive(Deserialize)]
struct Listed {
    data: Vec<RefundSaid>,
}

#[derive(Deserialize)]
struct RefundSaid {
    id: String,
    amount: i64,
    status: String,
    metadata: Value,
}

impl Stripe {
    pub(crate) fn new(
        address: &str,
        secret: &str,
        notices: Vec<String>,
        now: Box<dyn Fn() -> i64 + Send + Sync>,
    ) -> Result<Self, Trouble> {
        let address = address.trim_end_matches('/').to_owned();
        Ok(Self { address, secret: secret.to_owned(), notices, client: http::client()?, now })
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.address)).bearer_auth(&self.secret)
    }

    /// A change under a key, so that asked twice it is done once.
    fn post(&self, path: &str, key: &str, fields: &[(&str, String)]) -> RequestBuilder {
        let request = self.client.post(format!("{}{path}", self.address)).bearer_auth(&self.secret);
        request.header("idempotency-key", key).form(fields)
    }

    async fn session(&self, id: &str) -> Result<Session, Trouble> {
        http::ask(self.get(&format!("/v1/checkout/sessions/{}?expand[]=payment_intent", plain(id)?))).await
    }
}

#[async_trait]
impl Provider for Stripe {
    fn code(&self) -> &'static str {
        "stripe"
    }

    fn page_origin(&self) -> String {
        PAGE.to_owned()
    }

    async fn open(&self, order: &Order) -> Result<String, Trouble> {
        let fields = [
            ("mode", "payment".to_owned()),
            ("client_reference_id", order.receipt.clone()),
            ("customer_email", order.email.clone()),
            ("expires_at", ((self.now)() / 1000 + LONGEST_SECONDS).to_string()),
            ("payment_intent_data[capture_method]", "manual".to_owned()),
            ("line_items[0][quantity]", "1".to_owned()),
            ("line_items[0][price_data][currency]", order.currency.to_ascii_lowercase()),
            ("line_items[0][price_data][unit_amount]", order.amount_minor.to_string()),
            ("line_items[0][price_data][product_data][name]", order.description.clone()),
            ("success_url", format!("{}?order={{CHECKOUT_SESSION_ID}}", order.return_url)),
            ("cancel_url", order.cancel_url.clone()),
        ];
        let said: Session =
            http::ask(self.post("/v1/checkout/sessions", &format!("open:{}", order.receipt), &fields))
                .await?;
        Ok(said.id)
    }

    async fn way(&self, order_id: &str, _order: &Order) -> Result<Way, Trouble> {
        let said = self.session(order_id).await?;
        let url = said.url.ok_or_else(|| Trouble::Garbled("a session without an address".to_owned()))?;
        // A form of GET drops what stands behind the question mark, and the address of the page is all there is.
        Ok(Way { method: "link", url, fields: Vec::new() })
    }

    async fn look(&self, order_id: &str) -> Result<Look, Trouble> {
        let Some(intent) = self.session(order_id).await?.payment_intent else { return Ok(Look::default()) };
        let seen = match intent.status.as_str() {
            "succeeded" => Seen::Taken,
            "requires_capture" => Seen::Reserved,
            "canceled" => Seen::Returned,
            _ => Seen::Nothing,
        };
        let mut look = Look::default();
        if seen == Seen::Taken {
            let path = format!("/v1/refunds?limit=100&payment_intent={}", plain(&intent.id)?);
            let said: Listed = http::ask(self.get(&path)).await?;
            look.refunds = said.data.into_iter().map(SeenRefund::from).collect();
        }
        look.payment = Some(Reserved {
            id: intent.id,
            seen,
            amount_minor: intent.amount,
            currency: intent.currency.to_ascii_uppercase(),
        });
        Ok(look)
    }

    async fn capture(&self, payment: &Reserved) -> Result<(), Trouble> {
        let path = format!("/v1/payment_intents/{}/capture", plain(&payment.id)?);
        let _: Value = http::ask(self.post(&path, &format!("capture:{}", payment.id), &[])).await?;
        Ok(())
    }

    async fn void(&self, payment: &Reserved) -> Result<(), Trouble> {
        let path = format!("/v1/payment_intents/{}/cancel", plain(&payment.id)?);
        let _: Value = http::ask(self.post(&path, &format!("void:{}", payment.id), &[])).await?;
        Ok(())
    }

    async fn refund(&self, payment: &Reserved, amount_minor: i64, receipt: &str) -> Result<(), Trouble> {
        let fields = [
            ("payment_intent", payment.id.clone()),
            ("amount", amount_minor.to_string()),
            ("metadata[receipt]", receipt.to_owned()),
        ];
        let _: Value = http::ask(self.post("/v1/refunds", &format!("refund:{receipt}"), &fields)).await?;
        Ok(())
    }

    async fn close(&self, order_id: &str) -> Result<(), Trouble> {
        let path = format!("/v1/checkout/sessions/{}/expire", plain(order_id)?);
        match http::ask::<Value>(self.post(&path, &format!("close:{order_id}"), &[])).await {
            // What was paid or has ended cannot end: that is seen when it is looked at.
            Ok(_) | Err(Trouble::Refused { .. }) => Ok(()),
            Err(trouble) => Err(trouble),
        }
    }

    fn hint(&self, header: &dyn Fn(&str) -> Option<String>, body: &[u8], now: i64) -> Option<Hint> {
        let line = header("stripe-signature")?;
        let part = |name: &'static str| {
            line.split(',').filter_map(move |part| part.trim().strip_prefix(name)?.strip_prefix('='))
        };
        let at: i64 = part("t").next()?.parse().ok()?;
        if now.abs_diff(at.checked_mul(1000)?) > TOLERANCE_MS.unsigned_abs() {
            return None;
        }
        let mut signed = format!("{at}.").into_bytes();
        signed.extend_from_slice(body);
        let right = |secret: &String| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            part("v1").filter_map(hex).any(|given| hmac::verify(&key, &signed, &given).is_ok())
        };
        self.notices.iter().find(|secret| right(secret))?;
        let said: Value = serde_json::from_slice(body).ok()?;
        let kind = said.get("type")?.as_str()?;
        let object = said.get("data").and_then(|data| data.get("object"));
        let id = object.and_then(|object| object.get("id")?.as_str());
        Some(Hint {
            event_id: said.get("id")?.as_str()?.to_owned(),
            kind: kind.chars().take(60).collect(),
            order_id: id.filter(|_| kind.starts_with("checkout.session.")).map(str::to_owned),
        })
    }

    /// Stripe signs nothing here: the name of the session is as good as a hint can be, since the house asks in any case.
    fn returned(&self, form: &[(String, String)]) -> Option<String> {
        form.iter().find(|(name, _)| name == "order").map(|(_, value)| value.clone())
    }
}

impl From<RefundSaid> for SeenRefund {
    fn from(said: RefundSaid) -> Self {
        let state = match said.status.as_str() {
            "succeeded" => RefundState::Done,
            "failed" | "canceled" => RefundState::Failed,
            _ => RefundState::Sent,
        };
        let receipt = said.metadata.get("receipt").and_then(|text| text.as_str()).map(str::to_owned);
        Self { id: said.id, amount_minor: said.amount, receipt, state }
    }
}
