//! Somebody who listens to webhooks, writes down what comes, and answers as a test wants.
//! Whether a signature is right is looked at here, once for all tests.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use ring::hmac;
use sandbox::Options;
use serde_json::Value;
use tokio::{net::TcpListener, sync::mpsc};

use crate::client::{PATIENCE, options};

/// A webhook that came, with a signature that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) id: String,
    pub(crate) body: Value,
}

impl Heard {
    pub(crate) fn event(&self) -> &str {
        self.body["event"].as_str().unwrap()
    }
}

#[derive(Clone)]
struct Ear {
    heard: mpsc::UnboundedSender<Heard>,
    /// What is answered to the next ones; afterwards everything is welcome.
    answers: Arc<Mutex<VecDeque<u16>>>,
    secret: String,
}

/// A server that listens to webhooks.
pub(crate) struct Receiver {
    heard: mpsc::UnboundedReceiver<Heard>,
    answers: Arc<Mutex<VecDeque<u16>>>,
    url: String,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let (sender, heard) = mpsc::unbounded_channel();
        let answers = Arc::<Mutex<VecDeque<u16>>>::default();
        let ear = Ear { heard: sender, answers: answers.clone(), secret: options().webhook_secret };
        let router = Router::new().route("/webhooks", post(hear)).with_state(ear);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { heard, answers, url }
    }

    /// A provider that tells this receiver.
    pub(crate) fn options(&self) -> Options {
        Options { webhook_url: Some(self.url.clone()), ..options() }
    }

    pub(crate) fn will_answer(&self, statuses: impl IntoIterator<Item = u16>) {
        self.answers.lock().unwrap().extend(statuses);
    }

    pub(crate) async fn next(&mut self) -> Heard {
        tokio::time::timeout(PATIENCE, self.heard.recv()).await.unwrap().unwrap()
    }

    pub(crate) async fn events(&mut self, count: usize) -> Vec<String> {
        let mut events = Vec::new();
        for _ in 0..count {
            events.push(self.next().await.event().to_owned());
        }
        events
    }
}

async fn hear(State(ear): State<Ear>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header =
        |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert!(is_signed(&ear.secret, &body, &header("x-razorpay-signature")), "the signature is wrong");
    let heard =
        Heard { id: header("x-razorpay-event-id"), body: serde_json::from_slice(&body).unwrap_or_default() };
    // The test may be over.
    let _ = ear.heard.send(heard);
    let status = ear.answers.lock().unwrap().pop_front().unwrap_or(200);
    StatusCode::from_u16(status).unwrap()
}

/// Whether hexadecimal letters are the HMAC-SHA256 of something.
pub(crate) fn is_signed(secret: &str, message: &[u8], signature: &str) -> bool {
    let bytes: Option<Vec<u8>> = (0..signature.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(signature.get(at..at + 2)?, 16).ok())
        .collect();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    bytes.is_some_and(|bytes| hmac::verify(&key, message, &bytes).is_ok())
}

/// Somebody who writes down what comes as it comes, whoever has signed it.
pub(crate) struct Ears {
    heard: mpsc::UnboundedReceiver<(HeaderMap, Bytes)>,
    pub(crate) url: String,
}

impl Ears {
    pub(crate) async fn open() -> Self {
        let (sender, heard) = mpsc::unbounded_channel();
        let hear = move |headers: HeaderMap, body: Bytes| async move {
            // The test may be over.
            let _ = sender.send((headers, body));
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
        let router = Router::new().route("/webhooks", post(hear));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { heard, url }
    }

    pub(crate) async fn next(&mut self) -> (HeaderMap, Bytes) {
        tokio::time::timeout(PATIENCE, self.heard.recv()).await.unwrap().unwrap()
    }
}
