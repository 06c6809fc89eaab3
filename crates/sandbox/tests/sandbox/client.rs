//! A provider for one test, and the words that tests speak to it.
//! Who listens to its webhooks is in `receiver`.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Request, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// In epoch milliseconds: 2026-03-02T08:00:00Z, and some.
pub(crate) const NOW_MS: i64 = 1_772_438_400_250;
/// Far beyond every wait of the provider: without it, a failure would be a test that never ends.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of an answer that is what was hoped for.
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.body
    }

    /// The error of an answer that refuses.
    pub(crate) fn refused(self) -> String {
        assert_eq!(self.status, 400, "{}", self.text);
        assert_eq!(self.body["error"]["code"], "BAD_REQUEST_ERROR");
        self.body["error"]["description"].as_str().unwrap().to_owned()
    }
}

/// A clock that stands, and no waits that a test would notice.
pub(crate) fn options() -> Options {
    let mut options = Options::new(Arc::new(|| NOW_MS));
    options.webhook_retries = vec![Duration::from_millis(5); 3];
    options.late = Duration::from_millis(5);
    options.hang = Duration::from_millis(5);
    options
}

/// A provider, and a client that knows its keys.
pub(crate) struct Provider {
    pub(crate) sandbox: Sandbox,
    client: Client,
}

/// The client alone, for as many tasks as like.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    address: SocketAddr,
    keys: String,
}

impl std::ops::Deref for Provider {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Provider {
    pub(crate) async fn start() -> Self {
        Self::with(options()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let keys = format!("{}:{}", options.key_id, options.key_secret);
        let sandbox = Sandbox::start(options).await.unwrap();
        let client = Client { address: sandbox.address(), keys };
        Self { sandbox, client }
    }

    pub(crate) fn client(&self) -> Client {
        self.client.clone()
    }
}

impl Client {
    /// A request, and its answer unless the provider hangs up.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(header::HeaderName, &str)],
        body: impl Into<Bytes>,
    ) -> Option<Answer> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "sandbox");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let request = request.body(Full::new(body.into())).unwrap();
        tokio::time::timeout(PATIENCE, self.exchange(request)).await.unwrap().ok()
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> hyper::Result<Answer> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let (parts, body) = sender.send_request(request).await?.into_parts();
        let bytes = body.collect().await?.to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, text, body })
    }

    /// To the API, under the keys; nothing if the provider hangs up.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: &str) -> Option<Answer> {
        let keys = format!("Basic {}", STANDARD.encode(&self.keys));
        let headers = [(header::AUTHORIZATION, keys.as_str()), (header::CONTENT_TYPE, "application/json")];
        self.send(method, path, &headers, body.to_owned()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "").await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, &body.to_string()).await.unwrap()
    }

    /// To what is below `/sandbox`, without keys.
    pub(crate) async fn tell(&self, path: &str, body: Value) -> Answer {
        let json = [(header::CONTENT_TYPE, "application/json")];
        self.send("POST", &format!("/sandbox/{path}"), &json, body.to_string()).await.unwrap()
    }

    /// As a browser sends a form.
    pub(crate) async fn form(&self, path: &str, fields: &[(String, String)]) -> Answer {
        let form = [(header::CONTENT_TYPE, "application/x-www-form-urlencoded")];
        let pairs = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        self.send("POST", path, &form, pairs.collect::<Vec<_>>().join("&")).await.unwrap()
    }

    /// An order of INR 500, captured by hand.
    pub(crate) async fn order(&self) -> String {
        let order = json!({ "amount": 50_000, "currency": "INR", "receipt": "visit-1" });
        id(&self.post("/v1/orders", order).await.ok())
    }

    /// A payment of that, as far as it is told to come.
    pub(crate) async fn paid(&self, order: &str, outcome: &str) -> String {
        let paid = self.tell(&format!("orders/{order}/pay"), json!({ "outcome": outcome })).await.ok();
        id(&paid["payment"])
    }

    /// A captured payment of an order of its own.
    pub(crate) async fn captured(&self) -> String {
        self.paid(&self.order().await, "captured").await
    }

    pub(crate) async fn capture(&self, payment: &str, amount: i64) -> Answer {
        let body = json!({ "amount": amount, "currency": "INR" });
        self.post(&format!("/v1/payments/{payment}/capture"), body).await
    }

    pub(crate) async fn refund(&self, payment: &str, body: Value) -> Answer {
        self.post(&format!("/v1/payments/{payment}/refund"), body).await
    }

    pub(crate) async fn payment(&self, id: &str) -> Value {
        self.get(&format!("/v1/payments/{id}")).await.ok()
    }

    pub(crate) async fn status_of(&self, payment: &str) -> String {
        self.payment(payment).await["status"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn state(&self) -> Value {
        self.send("GET", "/sandbox/state", &[], "").await.unwrap().ok()
    }

    /// Comes back when something is so.
    pub(crate) async fn until(&self, so: impl Fn(&Value) -> bool) -> Value {
        let looking = async {
            loop {
                let state = self.state().await;
                if so(&state) {
                    return state;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let Ok(state) = tokio::time::timeout(PATIENCE, looking).await else {
            panic!("it never came to that: {:#}", self.state().await)
        };
        state
    }
}

pub(crate) fn id(entity: &Value) -> String {
    entity["id"].as_str().unwrap().to_owned()
}

fn encoded(text: &str) -> String {
    let letter = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(letter).collect()
}
