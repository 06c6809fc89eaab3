//! The form with which a hospital answers what a patient has asked.
//! An answer is given once; the patient reads it.

use domain::ids::HospitalId;
use leptos::prelude::*;

use super::Keyed;
#[cfg(feature = "ssr")]
use super::{about_key, api::place, keyed_name, only};
use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::{Section, href},
    server::{call, services},
};
#[cfg(feature = "ssr")]
use domain::{Error, audit::AnswerQuestion as Answer};

/// Answers a question; leads back to the list.
#[server(prefix = "/_fn", endpoint = "hospital-answer-question")]
pub async fn answer_question(hospital: HospitalId, #[server(default)] answer: Keyed) -> Result<(), AppError> {
    let (key, text) = only(answer);
    let form = typed::<AnswerQuestion>(&[(&keyed_name("answer", &key), &text)]);
    let given = match command(&key, text) {
        Some(command) => services()?.audit.answer(&call(), hospital, command).await,
        None => Err(Error::NotFound),
    };
    let given = crate::server::answer(given.map_err(|error| about_key(error, "answer", &key)));
    form.keep(given.map(|()| href(&Section::AuditQuestions.at(hospital), &[("saved", "1")])))
}

/// The answer to the question that a key names: `chain~seq~patient`.
#[cfg(feature = "ssr")]
fn command(key: &str, answer: String) -> Option<Answer> {
    let (chain, seq) = place(key)?;
    let patient_id = key.rsplit('~').next()?.parse().ok()?;
    Some(Answer { chain: chain.to_owned(), seq, patient_id, answer })
}
