//! Server functions of series.
//! Each form says for whom it is; whether it may is the services' business.

use std::collections::BTreeMap;

use domain::doctors::Doctor;
#[cfg(feature = "ssr")]
use domain::ids::HospitalId;
use domain::ids::{AppointmentId, DoctorId, PatientId, VisitTypeId};
use domain::series::{SeriesPlan, VisitSeries};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::Section,
    server::{answer, call, call_once, services},
};
#[cfg(feature = "ssr")]
use domain::series::{BookSeries, CancelSeries, PlanSeries};

/// What a date posts that is left out.
pub const SKIP: &str = "skip";

/// What is wanted, as the address of the page says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedSeries {
    /// With whom.
    pub doctor: DoctorId,
    /// What; the first that allows a series when absent.
    pub visit_type: Option<VisitTypeId>,
    /// For whom; the viewer herself when absent.
    pub patient: Option<PatientId>,
    /// `2026-11-24`; empty while nothing is chosen.
    pub date: String,
    /// `10:00`
    pub time: String,
    /// Weeks from one visit to the next.
    pub every: String,
    /// How many.
    pub count: String,
}

/// A doctor, and the dates that were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesSheet {
    /// With whom.
    pub doctor: Doctor,
    /// What is wanted.
    pub wanted: WantedSeries,
    /// The dates; none while nothing was asked for.
    pub plan: Option<SeriesPlan>,
    /// Why there are none although they were asked for.
    pub problem: Option<AppError>,
}

/// The dates of a series that is wanted, with what stands in their way.
#[server(prefix = "/_fn", endpoint = "plan-series", input = Json)]
pub async fn read_plan(wanted: WantedSeries) -> Result<SeriesSheet, AppError> {
    let services = services()?;
    let doctor = answer(services.doctors.get(&call(), wanted.doctor).await)?;
    let kinds = &doctor.card.visit_types;
    let kind = wanted.visit_type.or(kinds.iter().find(|kind| kind.series).map(|kind| kind.id));
    // Whoever comes with one time has not said yet how often.
    let asked = !wanted.date.is_empty() && !wanted.every.is_empty();
    let (Some(kind), true) = (kind, asked) else {
        return Ok(SeriesSheet { doctor, wanted, plan: None, problem: None });
    };
    let number = |text: &str| text.trim().parse::<i64>().unwrap_or(0);
    let command = PlanSeries {
        doctor_id: wanted.doctor,
        visit_type_id: kind,
        patient_id: wanted.patient,
        start: format!("{}T{}", wanted.date, wanted.time),
        every_weeks: number(&wanted.every),
        count: number(&wanted.count),
    };
    match services.series.plan(&call(), command).await {
        Ok(plan) => Ok(SeriesSheet { doctor, wanted, plan: Some(plan), problem: None }),
        Err(refusal @ domain::Error::Invalid { .. }) => {
            // The page stands; what was typed is to be put right on it.
            Ok(SeriesSheet { doctor, wanted, plan: None, problem: Some(refusal.into()) })
        }
        Err(refusal) => answer(Err(refusal)),
    }
}

/// What is booked, as the page has shown it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferShown {
    /// Of what kind the visits are.
    pub visit_type: VisitTypeId,
    /// What one of them costs, in minor units.
    #[serde(default)]
    pub price: String,
}

/// Books the chosen dates: by the number of each a time, or [`SKIP`]. Leads to the first visit, in the portal in which the form stands:
/// `hospital` is empty in the patients'.
#[server(prefix = "/_fn", endpoint = "book-series")]
pub async fn book_dates(
    doctor: DoctorId,
    offer: OfferShown,
    #[server(default)] patient: String,
    #[server(default)] hospital: String,
    #[server(default)] starts: BTreeMap<String, String>,
    #[server(default)] reason: String,
    #[server(default)] idempotency_key: String,
) -> Result<(), AppError> {
    let kept: Vec<(String, String)> =
        starts.iter().map(|(number, start)| (field(number), start.clone())).collect();
    let mut values: Vec<(&str, &str)> =
        kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    values.push(("reason", &reason));
    let typed = typed::<BookDates>(&values);
    let call = call_once(idempotency_key);
    let mut dates: Vec<(i64, String)> = starts
        .into_iter()
        .filter(|(_, start)| !start.is_empty() && start != SKIP)
        .filter_map(|(number, start)| Some((number.parse().ok()?, start)))
        .collect();
    dates.sort_unstable();
    let patient_id = domain::ids::optional::<PatientId>(&patient)
        .map_err(|rule| domain::Error::invalid("patient_id", rule));
    let booked = match patient_id {
        Ok(patient_id) => {
            let command = BookSeries {
                doctor_id: doctor,
                visit_type_id: offer.visit_type,
                patient_id,
                starts: dates.iter().map(|(_, start)| start.clone()).collect(),
                reason: Some(reason).filter(|reason| !reason.trim().is_empty()),
                price_minor: offer.price.parse().ok(),
            };
            services()?.series.book(&call, command).await
        }
        Err(refusal) => Err(refusal),
    };
    // The command counts the dates that are booked, the page all of them.
    let booked = booked.map_err(|refusal| by_number(refusal, &dates));
    let portal: Option<HospitalId> = domain::ids::optional(&hospital).ok().flatten();
    typed.keep(answer(booked).map(|series| {
        let first = series.visits.first().map(|visit| visit.id);
        match (portal, first) {
            (Some(hospital), Some(id)) => Section::Visit(id).at(hospital),
            (None, Some(id)) => format!("/appointments/{id}?booked={ALL}"),
            (_, None) => "/appointments".to_owned(),
        }
    }))
}

/// What the address of a visit's page says of what was done to a whole series.
pub const ALL: &str = "all";

/// The name under which the choice for a date posts.
#[must_use]
pub fn field(number: &str) -> String {
    format!("starts[{number}]")
}

#[cfg(feature = "ssr")]
fn by_number(refusal: domain::Error, dates: &[(i64, String)]) -> domain::Error {
    let mut fields = match refusal {
        domain::Error::Invalid { fields } => fields,
        other => return other,
    };
    for broken in &mut fields {
        let index = broken.field.strip_prefix("starts.").and_then(|index| index.parse::<usize>().ok());
        if let Some((number, _)) = index.and_then(|index| dates.get(index)) {
            broken.field = field(&number.to_string());
        }
    }
    domain::Error::Invalid { fields }
}

/// The series that a visit belongs to.
#[server(prefix = "/_fn", endpoint = "visit-series", input = Json)]
pub async fn read_series(visit: AppointmentId) -> Result<Option<VisitSeries>, AppError> {
    answer(services()?.series.of_visit(&call(), visit).await)
}

/// Calls off a visit and all later ones of its series; leads to the visit.
#[server(prefix = "/_fn", endpoint = "cancel-series")]
pub async fn cancel_rest(
    id: AppointmentId,
    version: i64,
    #[server(default)] reason: String,
    #[server(default)] hospital: String,
) -> Result<(), AppError> {
    let typed = typed::<CancelRest>(&[("reason", &reason)]);
    let command = CancelSeries {
        reason: Some(reason).filter(|reason| !reason.trim().is_empty()),
        version: Some(version),
    };
    let cancelled = answer(services()?.series.cancel_from(&call(), id, command).await);
    let portal: Option<HospitalId> = domain::ids::optional(&hospital).ok().flatten();
    typed.keep(cancelled.map(|_| match portal {
        Some(hospital) => Section::Visit(id).at(hospital),
        None => format!("/appointments/{id}?cancelled={ALL}"),
    }))
}
