//! Stripe: Checkout sessions whose money is captured by hand, and its notices. The sandbox of this repository speaks the same.
//!
//! An order is named by the session's id. Sources: Stripe's API reference of Checkout sessions, payment intents and refunds, and its
//! page on checking signatures of webhooks.

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{payments::flow::Seen, time::MINUTE};
use reqwest::{Client, RequestBuilder};
use ring::{digest, hmac};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Hint, Look, Order, Provider, RefundState, Reserved, SeenRefund, Trouble, Way, hex, http, plain};

/// Where Stripe lives; the sandbox lives elsewhere.
pub(crate) const ADDRESS: &str = "https://api.stripe.com";
/// Where its page lives.
const PAGE: &str = "https://checkout.stripe.com";
/// What a notice is signed with.
const SIGNATURE: &str = "stripe-signature";
/// How far the time of a notice may be from ours, either way.
const TOLERANCE_MS: i64 = 300_000;
/// When a session ends by itself, counted from the beginning of the payment, and so the same however often it is asked for. Stripe takes
/// nothing below half an hour; no hold lasts as long, and the house ends the session itself when the hold ends.
const LONGEST_MS: i64 = 60 * MINUTE;
/// So often a change is asked for anew whose last answer was an accident: Stripe repeats accidents, too.
const ANEW: usize = 8;

/// A merchant's account there.
pub(crate) struct Stripe {
    code: &'static str,
    address: String,
    secret: String,
    notices: Vec<String>,
    client: Client,
}

#[derive(Deserialize)]
struct Session {
    id: String,
    url: Option<String>,
    status: Option<String>,
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
        code: &'static str,
        address: &str,
        secret: &str,
        notices: Vec<String>,
    ) -> Result<Self, Trouble> {
        let address = address.trim_end_matches('/').to_owned();
        Ok(Self { code, address, secret: secret.to_owned(), notices, client: http::client()? })
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.address)).bearer_auth(&self.secret)
    }

    fn post(&self, path: &str, fields: &[(&str, String)]) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.address)).bearer_auth(&self.secret).form(fields)
    }

    /// A change that Stripe would do as often as it is asked for: under a key, so that asked twice it is done once. What is repeated under
    /// a key may be an accident, and would be one for a day; then it is asked for anew. Whoever calls this has looked before, and knows
    /// that the accident had done nothing.
    async fn once<T: DeserializeOwned>(
        &self,
        path: &str,
        key: &str,
        fields: &[(&str, String)],
    ) -> Result<T, Trouble> {
        for number in 0..ANEW {
            let request = self.post(path, fields).header("idempotency-key", format!("{key}:{number}"));
            match http::ask(request).await {
                Err(Trouble::Repeated) => {}
                answer => return answer,
            }
        }
        Err(Trouble::Repeated)
    }

    async fn session(&self, id: &str) -> Result<Session, Trouble> {
        http::ask(self.get(&format!("/v1/checkout/sessions/{}?expand[]=payment_intent", plain(id)?))).await
    }
}

#[async_trait]
impl Provider for Stripe {
    fn code(&self) -> &'static str {
        self.code
    }

    /// Whatever stands in for Stripe has its page under its own address.
    fn page_origin(&self) -> String {
        if self.address == ADDRESS { PAGE.to_owned() } else { self.address.clone() }
    }

    async fn open(&self, order: &Order) -> Result<String, Trouble> {
        let fields = [
            ("mode", "payment".to_owned()),
            ("client_reference_id", order.receipt.clone()),
            ("customer_email", order.email.clone()),
            ("expires_at", ((order.begun_at + LONGEST_MS) / 1000).to_string()),
            ("payment_intent_data[capture_method]", "manual".to_owned()),
            ("line_items[0][quantity]", "1".to_owned()),
            ("line_items[0][price_data][currency]", order.currency.to_ascii_lowercase()),
            ("line_items[0][price_data][unit_amount]", order.amount_minor.to_string()),
            ("line_items[0][price_data][product_data][name]", order.description.clone()),
            ("success_url", format!("{}?order={{CHECKOUT_SESSION_ID}}", order.return_url)),
            ("cancel_url", order.cancel_url.clone()),
        ];
        // Somebody else of the family may ask for it after an answer that was lost: with another address it is another request.
        let key = format!("open:{}:{}", order.receipt, short(&fields));
        let said: Session = self.once("/v1/checkout/sessions", &key, &fields).await?;
        Ok(said.id)
    }

    async fn way(&self, order_id: &str, _order: &Order) -> Result<Way, Trouble> {
        let said = self.session(order_id).await?;
        let url = said.url.ok_or_else(|| Trouble::Garbled("a session without an address".to_owned()))?;
        // A form of GET drops what stands behind the question mark, and the address of the page is all there is.
        Ok(Way { method: "link", url, fields: Vec::new() })
    }

    async fn look(&self, order_id: &str) -> Result<Look, Trouble> {
        let session = self.session(order_id).await?;
        let expired = session.status.as_deref() == Some("expired");
        let Some(intent) = session.payment_intent else {
            return Ok(Look { ended: expired, ..Look::default() });
        };
        let seen = match intent.status.as_str() {
            "succeeded" => Seen::Taken,
            "requires_capture" => Seen::Reserved,
            "canceled" => Seen::Returned,
            _ => Seen::Nothing,
        };
        // A bank that is still thinking may say yes.
        let mut look = Look { ended: expired && seen == Seen::Returned, ..Look::default() };
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

    /// Without a key, as all that can be done once only: Stripe refuses the second time.
    async fn capture(&self, payment: &Reserved) -> Result<(), Trouble> {
        let path = format!("/v1/payment_intents/{}/capture", plain(&payment.id)?);
        let _: Value = http::ask(self.post(&path, &[])).await?;
        Ok(())
    }

    async fn void(&self, payment: &Reserved) -> Result<(), Trouble> {
        let path = format!("/v1/payment_intents/{}/cancel", plain(&payment.id)?);
        let _: Value = http::ask(self.post(&path, &[])).await?;
        Ok(())
    }

    async fn refund(&self, payment: &Reserved, amount_minor: i64, receipt: &str) -> Result<(), Trouble> {
        let fields = [
            ("payment_intent", payment.id.clone()),
            ("amount", amount_minor.to_string()),
            ("metadata[receipt]", receipt.to_owned()),
        ];
        let _: Value = self.once("/v1/refunds", &format!("refund:{receipt}"), &fields).await?;
        Ok(())
    }

    async fn close(&self, order_id: &str) -> Result<(), Trouble> {
        let path = format!("/v1/checkout/sessions/{}/expire", plain(order_id)?);
        match http::ask::<Value>(self.post(&path, &[])).await {
            // What was paid or has ended cannot end: that is seen when it is looked at.
            Ok(_) | Err(Trouble::Refused { .. }) => Ok(()),
            Err(trouble) => Err(trouble),
        }
    }

    fn signs_with(&self) -> &'static [&'static str] {
        &[SIGNATURE]
    }

    fn hint(&self, header: &dyn Fn(&str) -> Option<String>, body: &[u8], now: i64) -> Option<Hint> {
        let line = header(SIGNATURE)?;
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

/// A few letters of what is asked for.
fn short(fields: &[(&str, String)]) -> String {
    let text =
        fields.iter().flat_map(|(name, value)| [*name, "\0", value.as_str(), "\0"]).collect::<String>();
    let whole = digest::digest(&digest::SHA256, text.as_bytes());
    URL_SAFE_NO_PAD.encode(whole.as_ref().iter().copied().take(8).collect::<Vec<u8>>())
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
