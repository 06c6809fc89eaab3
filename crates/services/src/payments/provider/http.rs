//! One HTTP client for all providers: with patience that ends, and refusals as values.
//!
//! It tries nothing twice: whether to ask again is decided by whoever knows what was asked. How a refusal looks, and that an answer is
//! repeated, is known here for all of them: a provider that says it in other words adds them here.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Trouble;

/// For one answer. It is shorter than the lease of a payment, so nobody works on one that somebody else has taken over.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest part of a refusal that goes into the log.
const SAID: usize = 200;

/// A client that follows no redirect: no provider has a reason to send the house elsewhere.
pub(super) fn client() -> Result<Client, Trouble> {
    // Somebody else of the process may have chosen it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| Trouble::Silent(error.to_string()))
}

/// Sends, and reads the answer as what it should be.
pub(super) async fn ask<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Trouble> {
    let answer = request.send().await.map_err(silent)?;
    let status = answer.status();
    // Stripe's, and nobody else's.
    let repeated = answer.headers().get("idempotent-replayed").is_some_and(|value| value == "true");
    let body = answer.bytes().await.map_err(silent)?;
    if status.is_server_error() && repeated {
        return Err(Trouble::Repeated);
    }
    if !status.is_success() {
        return Err(refused(status, &body));
    }
    serde_json::from_slice(&body).map_err(|error| Trouble::Garbled(error.to_string()))
}

/// Without the address: it may hold a name of the provider's that is nobody's business.
fn silent(error: reqwest::Error) -> Trouble {
    Trouble::Silent(error.without_url().to_string())
}

fn refused(status: StatusCode, body: &[u8]) -> Trouble {
    // A server that has fallen over may have done what it was asked; one that is busy with the same request will have.
    if status.is_server_error() || matches!(status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS) {
        return Trouble::Silent(format!("status {}", status.as_u16()));
    }
    let said: Option<Value> = serde_json::from_slice(body).ok();
    let text =
        |name: &str| said.as_ref().and_then(|said| said.get("error")?.get(name)?.as_str().map(str::to_owned));
    // Razorpay's word, or Stripe's.
    let reason = text("description").or_else(|| text("message")).unwrap_or_default();
    Trouble::Refused { status: status.as_u16(), reason: reason.chars().take(SAID).collect() }
}
