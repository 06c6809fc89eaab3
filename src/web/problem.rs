//! How a refusal looks on the wire: RFC 9457 `application/problem+json`, and the one place that chooses the status.
//! It decides nothing: the services refuse, this spells it.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Error, FieldError, time::Moment};
use serde::Serialize;

/// A refusal on its way to a client.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<ProblemBody>);

/// A refusal as clients read it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// A name for the kind of problem that never changes.
    #[serde(rename = "type")]
    kind: String,
    /// A short sentence for developers; people read the text that belongs to `code`.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The stable code that programs decide on.
    code: &'static str,
    /// Fields that break a rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldError>,
    /// Free times near the one that was asked for, when it is taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alternatives: Vec<Moment>,
    /// What to quote to support.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// Seconds to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
}

impl Problem {
    /// A refusal of the edge itself, which no service has seen.
    pub(crate) fn edge(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self(Box::new(ProblemBody {
            kind: format!("urn:caresync:problem:{code}"),
            title,
            status: status.as_u16(),
            code,
            fields: Vec::new(),
            alternatives: Vec::new(),
            reference: None,
            retry_after: None,
        }))
    }

    /// The body cannot be read as what it says it is.
    pub(crate) fn malformed() -> Self {
        Self::edge(StatusCode::BAD_REQUEST, "malformed", "The body is not well-formed JSON.")
    }

    /// An accident of the edge: the log and the client get one reference for it.
    #[expect(clippy::disallowed_methods, reason = "a name for a line of the log; nothing is decided by it")]
    pub(crate) fn accident(what: &str) -> Self {
        let reference = uuid::Uuid::now_v7().to_string();
        tracing::error!(%reference, "{what}");
        Error::Internal { reference }.into()
    }

    /// What a status says that somebody else chose.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Error::Unauthenticated.into(),
            StatusCode::FORBIDDEN => Error::Forbidden.into(),
            StatusCode::NOT_FOUND => Error::NotFound.into(),
            StatusCode::METHOD_NOT_ALLOWED => Self::method_not_allowed(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Self::edge(status, "media_type", "The body is of a kind that is not read here.")
            }
            status if status.is_server_error() => Self::edge(status, "unavailable", "Try again in a moment."),
            status => Self::edge(status, "malformed", "The request is not well-formed."),
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn code(&self) -> &'static str {
        self.0.code
    }

    pub(crate) fn retry_after(&self) -> Option<u32> {
        self.0.retry_after
    }

    pub(crate) fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// The URL exists, the method does not.
    pub(crate) fn method_not_allowed() -> Self {
        Self::edge(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This method is not offered here.")
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (status, title) = match &error {
            Error::Unauthenticated => (StatusCode::UNAUTHORIZED, "Sign in first."),
            Error::SignInFailed => (StatusCode::UNAUTHORIZED, "The e-mail address or the password is wrong."),
            Error::SecondFactorRequired => {
                (StatusCode::UNAUTHORIZED, "The account asks for a code besides the password: send `code`.")
            }
            Error::StepUpRequired => {
                (StatusCode::FORBIDDEN, "Give the password or a code again first: POST /api/v1/auth/step-up.")
            }
            Error::InvalidGrant => (StatusCode::BAD_REQUEST, "This refresh token buys nothing."),
            Error::Forbidden => (StatusCode::FORBIDDEN, "This account may not do that."),
            Error::EmailUnverified => {
                (StatusCode::FORBIDDEN, "The account's e-mail address must be confirmed first.")
            }
            Error::NotFound => (StatusCode::NOT_FOUND, "There is no such object."),
            Error::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "Some fields break a rule."),
            Error::Conflict { .. } => (StatusCode::CONFLICT, "The present state refuses this."),
            Error::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "Too many requests."),
            Error::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Try again in a moment."),
            Error::Internal { .. } => {
                (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
            }
        };
        let mut problem = Self::edge(status, error.code(), title);
        match error {
            Error::Invalid { fields } => problem.0.fields = fields,
            Error::Conflict { alternatives, .. } => problem.0.alternatives = alternatives,
            Error::TooMany { retry_after } => problem.0.retry_after = Some(retry_after),
            Error::Unavailable => problem.0.retry_after = Some(1),
            Error::Internal { reference } => problem.0.reference = Some(reference),
            Error::Unauthenticated
            | Error::SignInFailed
            | Error::SecondFactorRequired
            | Error::StepUpRequired
            | Error::InvalidGrant
            | Error::Forbidden
            | Error::EmailUnverified
            | Error::NotFound => {}
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // Whoever asked for a page gets one: `refusal` looks for this.
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::error::Conflict;

    #[test]
    fn each_refusal_has_its_status() {
        let cases = [
            (Error::Unauthenticated, 401),
            (Error::SignInFailed, 401),
            (Error::SecondFactorRequired, 401),
            (Error::StepUpRequired, 403),
            (Error::InvalidGrant, 400),
            (Error::Forbidden, 403),
            (Error::EmailUnverified, 403),
            (Error::NotFound, 404),
            (Error::conflict(Conflict::SlotTaken), 409),
            (Error::invalid("start", "slot_past"), 422),
            (Error::TooMany { retry_after: 3 }, 429),
            (Error::Internal { reference: "r".into() }, 500),
            (Error::Unavailable, 503),
        ];
        for (error, status) in cases {
            assert_eq!(Problem::from(error).0.status, status);
        }
    }
}
