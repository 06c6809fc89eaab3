//! Server functions of the patient's page: who looked, the news of emergencies, and asking about an access.
//! Whose record may be read is the services' business.

use domain::accounts::OwnPatient;
use domain::audit::{AuditEvent, EmergencyAccess};
use domain::ids::PatientId;
use domain::page::Page;
use domain::time::Moment;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::Keyed;
#[cfg(feature = "ssr")]
use super::{about_key, keyed_name, only};
use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::href,
    server::{answer, call, services},
};
#[cfg(feature = "ssr")]
use domain::{Error, Services, audit::AskAboutAccess as Ask, ids::HospitalId};
#[cfg(feature = "ssr")]
use jiff::{Timestamp, tz::TimeZone};
#[cfg(feature = "ssr")]
use std::collections::HashMap;

/// An entry, at the time that the clocks of its hospital showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When.
    pub at: Moment,
    /// What.
    pub event: AuditEvent,
}

/// Who looked at a patient's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    /// Whose records the account may read.
    pub people: Vec<OwnPatient>,
    /// Whose record it is.
    pub patient: PatientId,
    /// The entries, latest first.
    pub page: Page<Look>,
}

/// An emergency, at the time that the clocks of its hospital showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyNews {
    /// When.
    pub at: Moment,
    /// What.
    pub access: EmergencyAccess,
}

/// Who looked at a patient's record.
#[server(prefix = "/_fn", endpoint = "who-looked", input = Json)]
pub async fn who_looked(patient: PatientId, cursor: Option<String>) -> Result<Looks, AppError> {
    let (services, call) = (services()?, call());
    let query = domain::page::PageQuery { cursor, limit: Some(100) };
    let page = answer(services.audit.of_patient(&call, patient, query).await)?;
    let people = answer(services.accounts.own_patients(&call).await)?;
    let page = local(&services, page).await;
    Ok(Looks { people, patient, page })
}

/// What has happened in emergencies lately, for the first page of a patient.
#[server(prefix = "/_fn", endpoint = "emergency-news", input = Json)]
pub async fn read_emergency_news(patient: PatientId) -> Result<Vec<EmergencyNews>, AppError> {
    let (services, call) = (services()?, call());
    let news = answer(services.audit.emergencies_about(&call, patient).await)?;
    let mut clocks = Clocks::new(&services);
    let mut items = Vec::with_capacity(news.len());
    for access in news {
        items.push(EmergencyNews {
            at: clocks.show(access.declared_at, Some(access.hospital_id)).await,
            access,
        });
    }
    Ok(items)
}

/// Asks the hospital about an access; leads back to the page.
#[server(prefix = "/_fn", endpoint = "ask-about-access")]
pub async fn ask_about_access(
    patient: PatientId,
    #[server(default)] question: Keyed,
) -> Result<(), AppError> {
    let (key, question) = only(question);
    let form = typed::<AskAboutAccess>(&[(&keyed_name("question", &key), &question)]);
    let asked = match place(&key) {
        Some((chain, seq)) => {
            let command = Ask { chain: chain.to_owned(), seq, question };
            services()?.audit.ask(&call(), patient, command).await
        }
        None => Err(Error::NotFound),
    };
    let asked = answer(asked.map_err(|error| about_key(error, "question", &key)));
    form.keep(asked.map(|()| href("/who-looked", &[("patient", &patient.to_string()), ("asked", "1")])))
}

/// The place that a key names: `chain~seq`, and what else may follow.
#[cfg(feature = "ssr")]
pub(super) fn place(key: &str) -> Option<(&str, i64)> {
    let mut parts = key.split('~');
    let (chain, seq) = (parts.next()?, parts.next()?);
    Some((chain, seq.parse().ok()?))
}

/// The clocks of hospitals. What happened at none is told by those of the usual one, and without that in universal time.
#[cfg(feature = "ssr")]
pub(crate) struct Clocks<'a> {
    services: &'a Services,
    zones: HashMap<HospitalId, TimeZone>,
    usual: Option<HospitalId>,
}

#[cfg(feature = "ssr")]
impl<'a> Clocks<'a> {
    pub(crate) fn new(services: &'a Services) -> Self {
        Self { services, zones: HashMap::new(), usual: None }
    }

    /// Whose clocks tell what happened at no hospital.
    pub(crate) fn usual(mut self, hospital: Option<HospitalId>) -> Self {
        self.usual = hospital;
        self
    }

    /// What the clocks of a hospital showed.
    pub(crate) async fn show(&mut self, at: Timestamp, hospital: Option<HospitalId>) -> Moment {
        let Some(hospital) = hospital.or(self.usual) else { return Moment::in_zone(at, &TimeZone::UTC) };
        if let Some(zone) = self.zones.get(&hospital) {
            return Moment::in_zone(at, zone);
        }
        let found = self.services.hospitals.get(hospital).await.ok();
        let zone = found.and_then(|found| TimeZone::get(&found.time_zone).ok()).unwrap_or(TimeZone::UTC);
        let moment = Moment::in_zone(at, &zone);
        self.zones.insert(hospital, zone);
        moment
    }
}

/// Entries at the times of their hospitals.
#[cfg(feature = "ssr")]
pub(super) async fn local(services: &Services, page: Page<AuditEvent>) -> Page<Look> {
    // One page, one clock as far as may be: nobody should have to think about zones to see what came first.
    let usual = page.items.iter().find_map(|event| event.hospital_id);
    let mut clocks = Clocks::new(services).usual(usual);
    let mut items = Vec::with_capacity(page.items.len());
    for event in page.items {
        items.push(Look { at: clocks.show(event.at, event.hospital_id).await, event });
    }
    Page { items, next_cursor: page.next_cursor }
}
