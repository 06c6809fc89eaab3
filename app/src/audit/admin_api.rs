//! What the hospital's administrators read of the audit: the search, and what patients have asked.
//! Rights are the services' business.

use domain::audit::{AccessQuestion, AuditQuery};
use domain::ids::HospitalId;
use domain::page::Page;
use domain::time::Moment;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::api::Look;
#[cfg(feature = "ssr")]
use super::api::{Clocks, local};
use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{answer, call, services};

/// A question, with the times that the hospital's clocks showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// When somebody looked.
    pub at: Moment,
    /// When the patient asked.
    pub asked_at: Moment,
    /// What.
    pub question: AccessQuestion,
}

/// A part of a hospital's audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// A page of what was found.
    pub page: Page<Look>,
    /// Whether all of it is more than one file takes.
    pub too_many: bool,
}

/// A part of a hospital's audit.
#[server(prefix = "/_fn", endpoint = "hospital-audit", input = Json)]
pub async fn hospital_audit(hospital: HospitalId, query: AuditQuery) -> Result<Found, AppError> {
    let (services, call) = (services()?, call());
    let found = services.audit.search_sized(&call, hospital, query, domain::audit::EXPORT_MAX);
    let (page, too_many) = answer(found.await)?;
    Ok(Found { page: local(&services, page).await, too_many })
}

/// What patients have asked a hospital, without an answer first.
#[server(prefix = "/_fn", endpoint = "hospital-access-questions", input = Json)]
pub async fn access_questions(hospital: HospitalId) -> Result<Vec<Asked>, AppError> {
    let (services, call) = (services()?, call());
    let questions = answer(services.audit.questions(&call, hospital).await)?;
    let mut clocks = Clocks::new(&services);
    let mut items = Vec::with_capacity(questions.len());
    for question in questions {
        let at = clocks.show(question.event.at, Some(hospital)).await;
        let asked_at = clocks.show(question.asked_at, Some(hospital)).await;
        items.push(Asked { at, asked_at, question });
    }
    Ok(items)
}
