//! A refusal in Razorpay's shape: a code, a description, and the field that is wrong.
//! What the hosted page says when it cannot go on is in `checkout`.

use axum::{
    Json,
    extract::rejection::JsonRejection,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use ring::error::Unspecified;
use serde_json::json;

/// A refusal.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    pub(crate) description: String,
    field: Option<&'static str>,
}

impl Refusal {
    /// What is asked for cannot be done.
    pub(crate) fn bad(description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, description: description.into(), field: None }
    }

    /// A field is not what it should be.
    pub(crate) fn field(field: &'static str, description: impl Into<String>) -> Self {
        Self { field: Some(field), ..Self::bad(description) }
    }

    /// Razorpay answers 400 to names that it does not know.
    pub(crate) fn unknown_id() -> Self {
        Self::bad("The id provided does not exist")
    }

    pub(crate) fn unknown_key() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::bad("Authentication failed") }
    }

    pub(crate) fn unknown_route() -> Self {
        Self { status: StatusCode::NOT_FOUND, ..Self::bad("The requested URL was not found on the server.") }
    }

    /// An accident.
    pub(crate) fn broken() -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            ..Self::bad(
                "We are facing some trouble completing your request at the moment. Please try again shortly.",
            )
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let code = if self.status.is_server_error() { "SERVER_ERROR" } else { "BAD_REQUEST_ERROR" };
        let mut error = json!({ "code": code, "description": self.description });
        // Those who are not let in learn no more.
        if let (StatusCode::BAD_REQUEST, Some(error)) = (self.status, error.as_object_mut()) {
            error.insert("source".into(), "business".into());
            error.insert("step".into(), "payment_initiation".into());
            error.insert("reason".into(), "input_validation_failed".into());
            error.insert("metadata".into(), json!({}));
            if let Some(field) = self.field {
                error.insert("field".into(), field.into());
            }
        }
        let mut response = (self.status, Json(json!({ "error": error }))).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let asks = HeaderValue::from_static("Basic realm=\"Razorpay\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, asks);
        }
        response
    }
}

impl From<Unspecified> for Refusal {
    fn from(_: Unspecified) -> Self {
        tracing::error!("the system has no randomness to give");
        Self::broken()
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        Self::bad(rejection.body_text())
    }
}
