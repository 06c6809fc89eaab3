//! A refusal in Stripe's shape: a type, sometimes a code and a parameter, and a message for developers.
//! Razorpay's are in `crate::refusal`.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use ring::error::Unspecified;
use serde_json::json;

/// A refusal.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    status: StatusCode,
    kind: &'static str,
    code: Option<&'static str>,
    param: Option<String>,
    pub(crate) message: String,
}

impl Refusal {
    /// What is asked for cannot be done.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        let (status, kind) = (StatusCode::BAD_REQUEST, "invalid_request_error");
        Self { status, kind, code: None, param: None, message: message.into() }
    }

    /// A parameter is not what it should be.
    pub(super) fn param(name: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self { param: Some(name.to_owned()), code: Some(code), ..Self::bad(message) }
    }

    /// Something is not where it would have to be for that.
    pub(super) fn state(code: &'static str, message: impl Into<String>) -> Self {
        Self { code: Some(code), ..Self::bad(message) }
    }

    pub(super) fn missing(what: &str, id: &str) -> Self {
        let message = format!("No such {what}: '{id}'");
        Self { status: StatusCode::NOT_FOUND, ..Self::param("id", "resource_missing", message) }
    }

    pub(super) fn unknown_key() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::bad("Invalid API Key provided") }
    }

    /// One key stands for one request.
    pub(super) fn other_request(key: &str) -> Self {
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. \
             Try using a key other than '{key}' if you meant to execute a different request."
        );
        Self { kind: "idempotency_error", ..Self::bad(message) }
    }

    /// An accident.
    pub(super) fn broken() -> Self {
        let (status, kind) = (StatusCode::INTERNAL_SERVER_ERROR, "api_error");
        Self { status, kind, ..Self::bad("Sorry! There was an error while talking to one of our backends.") }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// As it is sent, and as it is kept under a key.
    pub(super) fn body(&self) -> String {
        let mut error = json!({ "type": self.kind, "message": self.message });
        if let Some(error) = error.as_object_mut() {
            if let Some(code) = self.code {
                error.insert("code".into(), code.into());
            }
            if let Some(param) = &self.param {
                error.insert("param".into(), param.as_str().into());
            }
        }
        json!({ "error": error }).to_string()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body: serde_json::Value = serde_json::from_str(&self.body()).unwrap_or_default();
        (self.status, Json(body)).into_response()
    }
}

impl From<Unspecified> for Refusal {
    fn from(_: Unspecified) -> Self {
        tracing::error!("the system has no randomness to give");
        Self::broken()
    }
}

/// What is shared with Razorpay's half fails with accidents only.
impl From<crate::refusal::Refusal> for Refusal {
    fn from(_: crate::refusal::Refusal) -> Self {
        Self::broken()
    }
}
