//! Server functions of emergencies: declaring one, the queue, and what was found.
//! Rights are the services' business.

use domain::emergencies::DeclaredEmergency;
use domain::ids::{EmergencyId, HospitalId};
use domain::page::Page;
use domain::time::Moment;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::audit::Keyed;
use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    audit::{about_key, api::Clocks, keyed_name},
    form::typed,
    portal::hospital::{Section, href},
    server::{answer, call, call_with, services},
};
#[cfg(feature = "ssr")]
use domain::{
    Error,
    emergencies::{DeclareEmergency as Declare, Finding, ReviewEmergency as Review},
};

/// An emergency, with the times that the hospital's clocks showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuedEmergency {
    /// When it was declared.
    pub at: Moment,
    /// When it was looked at.
    pub reviewed_at: Option<Moment>,
    /// What.
    pub declared: DeclaredEmergency,
}

/// Emergencies of a hospital, those without a review first.
#[server(prefix = "/_fn", endpoint = "hospital-emergencies", input = Json)]
pub async fn hospital_emergencies(
    hospital: HospitalId,
    cursor: Option<String>,
) -> Result<Page<QueuedEmergency>, AppError> {
    let (services, call) = (services()?, call());
    let query = domain::page::PageQuery { cursor, limit: Some(30) };
    let page = answer(services.emergencies.list(&call, hospital, query).await)?;
    let mut clocks = Clocks::new(&services);
    let mut items = Vec::with_capacity(page.items.len());
    for declared in page.items {
        let at = clocks.show(declared.declared_at, Some(hospital)).await;
        let reviewed_at = match &declared.review {
            Some(review) => Some(clocks.show(review.at, Some(hospital)).await),
            None => None,
        };
        items.push(QueuedEmergency { at, reviewed_at, declared });
    }
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// Declares an emergency; leads to the patient's page, which then opens.
#[server(prefix = "/_fn", endpoint = "hospital-declare-emergency")]
pub async fn declare_emergency(
    hospital: HospitalId,
    #[server(default)] full_name: String,
    #[server(default)] birth_date: String,
    #[server(default)] reason: String,
    #[server(default)] proof: String,
) -> Result<(), AppError> {
    let form = typed::<DeclareEmergency>(&[
        ("hospital", &hospital.to_string()),
        ("full_name", &full_name),
        ("birth_date", &birth_date),
        ("reason", &reason),
    ]);
    let command = Declare { full_name, birth_date, reason };
    let declared =
        async { answer(services()?.emergencies.declare(&call_with(proof).await?, hospital, command).await) };
    let declared = declared.await;
    form.keep(
        declared.map(|made| href(&Section::Patient(made.patient_id).at(hospital), &[("emergency", "1")])),
    )
}

/// Says what was found about an emergency; leads back to the queue.
#[server(prefix = "/_fn", endpoint = "hospital-review-emergency")]
pub async fn review_emergency(
    hospital: HospitalId,
    id: EmergencyId,
    #[server(default)] finding: Keyed,
    #[server(default)] note: Keyed,
) -> Result<(), AppError> {
    let key = super::review_key(id);
    let chosen = finding.get(&key).cloned().unwrap_or_default();
    let written = note.get(&key).cloned().unwrap_or_default();
    let form = typed::<ReviewEmergency>(&[
        (&keyed_name("finding", &key), &chosen),
        (&keyed_name("note", &key), &written),
    ]);
    let found = match Finding::parse(&chosen) {
        Some(finding) => {
            let command = Review { finding, note: Some(written) };
            services()?.emergencies.review(&call(), hospital, id, command).await
        }
        None => Err(Error::invalid("finding", "choose")),
    };
    let found = found.map_err(|error| about_key(about_key(error, "finding", &key), "note", &key));
    form.keep(answer(found).map(|_| href(&Section::Emergencies.at(hospital), &[("saved", "1")])))
}
