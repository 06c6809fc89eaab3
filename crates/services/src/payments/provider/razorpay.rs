//! Razorpay: orders whose money is captured by hand, its hosted page, and its notices. The sandbox of this repository speaks the same.
//!
//! Sources: Razorpay's documentation of orders, payments, refunds, "Hosted Checkout" and webhooks.

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::payments::flow::Seen;
use reqwest::{Client, RequestBuilder, header};
use ring::hmac;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Hint, Look, Order, Provider, RefundState, Reserved, SeenRefund, Trouble, Way, hex, http, plain};

/// Where Razorpay lives; the sandbox lives elsewhere.
pub(crate) const ADDRESS: &str = "https://api.razorpay.com";

/// What a notice is signed with, and its own name.
const SIGNATURE: &str = "x-razorpay-signature";
const EVENT: &str = "x-razorpay-event-id";

/// A merchant's account there.
pub(crate) struct Razorpay {
    code: &'static str,
    address: String,
    key_id: String,
    secret: String,
    /// Secrets of notices: the current one, and the one before it while it is being changed.
    notices: Vec<String>,
    client: Client,
}

#[derive(Deserialize)]
struct OrderSaid {
    id: String,
}

#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct PaymentSaid {
    id: String,
    status: String,
    amount: i64,
    currency: String,
    order_id: Option<String>,
    #[serde(default)]
    captured: bool,
}

#[derive(Deserialize)]
struct RefundSaid {
    id: String,
    amount: i64,
    status: String,
    receipt: Option<String>,
}

impl PaymentSaid {
    fn seen(&self) -> Seen {
        match self.status.as_str() {
            "captured" => Seen::Taken,
            // What was captured and has gone back was taken all the same; what was only reserved has gone back by itself.
            "refunded" if self.captured => Seen::Taken,
            "refunded" => Seen::Returned,
            "authorized" => Seen::Reserved,
            _ => Seen::Nothing,
        }
    }
}

impl Razorpay {
    pub(crate) fn new(
        code: &'static str,
        address: &str,
        key_id: &str,
        secret: &str,
        notices: Vec<String>,
    ) -> Result<Self, Trouble> {
        Ok(Self {
            code,
            address: address.trim_end_matches('/').to_owned(),
            key_id: key_id.to_owned(),
            secret: secret.to_owned(),
            notices,
            client: http::client()?,
        })
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.signed(self.client.get(format!("{}{path}", self.address)))
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.signed(self.client.post(format!("{}{path}", self.address)).json(body))
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        let pair = STANDARD.encode(format!("{}:{}", self.key_id, self.secret));
        request.header(header::AUTHORIZATION, format!("Basic {pair}"))
    }
}

#[async_trait]
impl Provider for Razorpay {
    fn code(&self) -> &'static str {
        self.code
    }

    fn page_origin(&self) -> String {
        self.address.clone()
    }

    async fn open(&self, order: &Order) -> Result<String, Trouble> {
        let body = json!({
            "amount": order.amount_minor,
            "currency": order.currency,
            "receipt": order.receipt,
            "payment": { "capture": "manual" },
        });
        let said: OrderSaid = http::ask(self.post("/v1/orders", &body)).await?;
        Ok(said.id)
    }

    async fn way(&self, order_id: &str, order: &Order) -> Result<Way, Trouble> {
        let fields = [
            ("key_id", self.key_id.clone()),
            ("order_id", order_id.to_owned()),
            ("amount", order.amount_minor.to_string()),
            ("currency", order.currency.clone()),
            ("name", "CareSync".to_owned()),
            ("description", order.description.clone()),
            ("prefill[name]", order.name.clone()),
            ("prefill[email]", order.email.clone()),
            ("callback_url", order.return_url.clone()),
            ("cancel_url", order.cancel_url.clone()),
        ];
        Ok(Way {
            method: "post",
            url: format!("{}/v1/checkout/embedded", self.address),
            fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        })
    }

    async fn look(&self, order_id: &str) -> Result<Look, Trouble> {
        let said: Items<PaymentSaid> =
            http::ask(self.get(&format!("/v1/orders/{}/payments", plain(order_id)?))).await?;
        let rank = |said: &PaymentSaid| match said.seen() {
            Seen::Taken => 3,
            Seen::Reserved => 2,
            Seen::Returned => 1,
            Seen::Nothing => 0,
        };
        // Another order's payment in the answer is not this one's.
        let own = said.items.into_iter().filter(|said| said.order_id.as_deref() == Some(order_id));
        let Some(best) = own.max_by_key(rank) else { return Ok(Look::default()) };
        let mut look = Look::default();
        if best.seen() == Seen::Taken {
            let path = format!("/v1/payments/{}/refunds", plain(&best.id)?);
            let said: Items<RefundSaid> = http::ask(self.get(&path)).await?;
            look.refunds = said.items.into_iter().map(SeenRefund::from).collect();
        }
        look.payment = Some(Reserved {
            seen: best.seen(),
            id: best.id,
            amount_minor: best.amount,
            currency: best.currency,
        });
        Ok(look)
    }

    async fn capture(&self, payment: &Reserved) -> Result<(), Trouble> {
        let body = json!({ "amount": payment.amount_minor, "currency": payment.currency });
        let _: Value =
            http::ask(self.post(&format!("/v1/payments/{}/capture", plain(&payment.id)?), &body)).await?;
        Ok(())
    }

    /// Razorpay has no word for it: what is not captured goes back by itself within days, and what is captured never does.
    async fn void(&self, _payment: &Reserved) -> Result<(), Trouble> {
        Ok(())
    }

    async fn refund(&self, payment: &Reserved, amount_minor: i64, receipt: &str) -> Result<(), Trouble> {
        let body = json!({ "amount": amount_minor, "speed": "normal", "receipt": receipt });
        let _: Value =
            http::ask(self.post(&format!("/v1/payments/{}/refund", plain(&payment.id)?), &body)).await?;
        Ok(())
    }

    /// An order there has no end; money that comes for it later is seen and sent back.
    async fn close(&self, _order_id: &str) -> Result<(), Trouble> {
        Ok(())
    }

    fn signs_with(&self) -> &'static [&'static str] {
        &[SIGNATURE, EVENT]
    }

    fn hint(&self, header: &dyn Fn(&str) -> Option<String>, body: &[u8], _now: i64) -> Option<Hint> {
        let signature = hex(&header(SIGNATURE)?)?;
        self.notices.iter().find(|secret| is_signed(secret, body, &signature))?;
        let said: Value = serde_json::from_slice(body).ok()?;
        let entity = |kind: &str| said.get("payload")?.get(kind)?.get("entity");
        let order = |kind: &str, name: &str| Some(entity(kind)?.get(name)?.as_str()?.to_owned());
        Some(Hint {
            event_id: header(EVENT).filter(|id| !id.is_empty())?,
            kind: said.get("event")?.as_str()?.chars().take(60).collect(),
            order_id: order("payment", "order_id").or_else(|| order("order", "id")),
        })
    }

    fn returned(&self, form: &[(String, String)]) -> Option<String> {
        let field =
            |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let (order, payment) = (field("razorpay_order_id")?, field("razorpay_payment_id")?);
        let signature = hex(field("razorpay_signature")?)?;
        is_signed(&self.secret, format!("{order}|{payment}").as_bytes(), &signature).then(|| order.to_owned())
    }
}

impl From<RefundSaid> for SeenRefund {
    fn from(said: RefundSaid) -> Self {
        let state = match said.status.as_str() {
            "processed" => RefundState::Done,
            "failed" => RefundState::Failed,
            _ => RefundState::Sent,
        };
        Self { id: said.id, amount_minor: said.amount, receipt: said.receipt, state }
    }
}

/// Compares in constant time.
fn is_signed(secret: &str, body: &[u8], signature: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, body, signature).is_ok()
}
