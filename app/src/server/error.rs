//! The error of every server function: a refusal of the domain, or that the two sides could not understand or reach each other.
//! It carries no text of the inside; the sentences come from the catalogue.

use domain::error::{Conflict, Error};
use domain::time::Moment;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::i18n::{error_message, error_text, field_before};
use crate::t;
use crate::ui::Problem;

/// Why a server function did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// The operation was refused, or met an accident.
    Refused(Error),
    /// The session had ended, and its owner is back: what she typed stands here again and was not sent.
    SentAgain,
    /// The arguments were not understood.
    Malformed,
    /// The server was not reached, or its answer was not understood.
    Network,
}

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Serialization(_) => {
                #[cfg(feature = "ssr")]
                super::request::set_status(400);
                Self::Malformed
            }
            // On the server a body that cannot be read is the sender's mistake; in the browser it is an answer cut short.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(_) => {
                super::request::set_status(400);
                Self::Malformed
            }
            #[cfg(not(feature = "ssr"))]
            ServerFnErrorErr::Deserialization(_) => Self::Network,
            ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Response(_) => Self::Network,
        }
    }
}

impl AppError {
    /// The status of an answer that says so (RFC 9110).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Refused(error) => match error {
                Error::Unauthenticated | Error::SignInFailed | Error::SecondFactorRequired => 401,
                Error::InvalidGrant => 400,
                Error::Forbidden | Error::EmailUnverified | Error::StepUpRequired => 403,
                Error::NotFound => 404,
                Error::Invalid { .. } => 422,
                Error::Conflict { .. } => 409,
                Error::TooMany { .. } => 429,
                Error::Unavailable => 503,
                Error::Internal { .. } => 500,
            },
            Self::SentAgain => 401,
            Self::Malformed => 400,
            Self::Network => 500,
        }
    }

    /// Whether the thing does not exist for whoever asks.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        *self == Self::Refused(Error::NotFound)
    }

    /// Whether signing in would help.
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        *self == Self::Refused(Error::Unauthenticated)
    }

    /// Whether somebody else was faster: what the page shows is no longer so.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Refused(Error::Conflict { reason: Conflict::StaleVersion, .. }))
    }

    /// Whether giving the password or a code again would help.
    #[must_use]
    pub fn is_step_up(&self) -> bool {
        *self == Self::Refused(Error::StepUpRequired)
    }

    /// The rule that the proof has broken, if it is what is wrong.
    #[must_use]
    pub fn broken_proof(&self) -> Option<&str> {
        let Self::Refused(Error::Invalid { fields }) = self else { return None };
        fields.iter().find(|found| found.field == "proof").map(|found| found.rule.as_str())
    }

    /// Whether waiting would help.
    #[must_use]
    pub fn is_too_many(&self) -> bool {
        matches!(self, Self::Refused(Error::TooMany { .. }))
    }

    /// What to tell a person, in one sentence.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Refused(Error::Internal { reference }) => {
                error_message("internal_reference", &[("reference", reference)])
            }
            Self::Refused(Error::Invalid { fields }) => {
                error_text(fields.first().map_or("invalid", |first| first.rule.as_str())).to_owned()
            }
            Self::Refused(Error::TooMany { retry_after }) => wait(*retry_after),
            Self::Refused(error) => error_text(error.code()).to_owned(),
            Self::SentAgain => t!(stay.typed_again).to_owned(),
            Self::Malformed => error_text("malformed").to_owned(),
            Self::Network => error_text("network").to_owned(),
        }
    }

    /// What to fix in a form, field by field.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        match self {
            Self::Refused(Error::Invalid { fields }) => fields
                .iter()
                .map(|found| {
                    Problem::new(&found.field, error_text(&found.rule))
                        .about(field_before(&found.field, &found.rule))
                })
                .collect(),
            Self::Refused(Error::Conflict { reason: Conflict::EmailTaken, .. }) => {
                vec![Problem::new("email", self.text())]
            }
            // Nothing went wrong: the form says it in another way.
            Self::SentAgain => Vec::new(),
            _ => vec![Problem::whole(self.text())],
        }
    }

    /// Free times near the one that was taken.
    #[must_use]
    pub fn alternatives(&self) -> &[Moment] {
        match self {
            Self::Refused(Error::Conflict { alternatives, .. }) => alternatives,
            _ => &[],
        }
    }
}

/// How long to wait, in words that one can keep in mind.
fn wait(seconds: u32) -> String {
    match seconds {
        0..=90 => t!(throttle.wait, count = seconds),
        91..=5_400 => t!(throttle.wait_minutes, count = seconds.div_ceil(60)),
        5_401..=72_000 => t!(throttle.wait_hours, count = seconds.div_ceil(3_600)),
        _ => t!(throttle.wait_day).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_broken_field_is_named() {
        let error = AppError::Refused(Error::invalid("email", "email_invalid"));
        assert_eq!(error.problems(), [Problem::new("email", error_text("email_invalid"))]);
        assert_eq!(error.status(), 422);
    }

    #[test]
    fn nobody_is_asked_to_count_seconds_for_an_hour() {
        let told = |seconds| AppError::Refused(Error::TooMany { retry_after: seconds }).text();
        assert!(told(1).contains("1 second,") && told(30).contains("30 seconds"));
        assert!(told(300).contains("5 minutes") && told(3_600).contains("60 minutes"));
        assert!(told(7_000).contains("2 hours") && told(86_400).contains("tomorrow"));
    }

    #[test]
    fn internal_text_never_crosses() {
        let inside = ServerFnErrorErr::ServerError("password of the database".into());
        let told = AppError::from_server_fn_error(inside);
        assert!(!told.text().contains("database"));
        assert_eq!(told, AppError::Network);
    }
}
