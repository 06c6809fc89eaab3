//! Server functions of follow-ups.
//! Each form says which ticket or visit it is about; whether it may is the services' business.

use domain::appointments::Appointment;
use domain::follow_ups::{FollowUp, FollowUpTimes};
use domain::hospitals::VisitType;
#[cfg(feature = "ssr")]
use domain::ids::VisitTypeId;
use domain::ids::{AppointmentId, DoctorId, FollowUpId, HospitalId};
use jiff::civil::Date;
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
use domain::{
    appointments::Status,
    error::Findings,
    follow_ups::{BookFollowUp, OfferFollowUp, Unit},
};

/// A ticket with the free times that it allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The ticket.
    pub ticket: FollowUp,
    /// The times of the first week that has any.
    pub times: FollowUpTimes,
}

/// What the page on which a patient is asked back shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskingBack {
    /// The visit that it comes of.
    pub visit: Appointment,
    /// Doctors who can be booked, by name.
    pub doctors: Vec<(DoctorId, String)>,
    /// What can be booked with any of them, by name.
    pub visit_types: Vec<VisitType>,
}

/// The open tickets of the viewer's patients, and those whose visit is to come.
#[server(prefix = "/_fn", endpoint = "my-follow-ups", input = Json)]
pub async fn my_follow_ups() -> Result<Vec<FollowUp>, AppError> {
    answer(services()?.follow_ups.own(&call()).await)
}

/// A ticket, and the times that it allows from a date on.
#[server(prefix = "/_fn", endpoint = "follow-up", input = Json)]
pub async fn read_follow_up(id: FollowUpId, from: Option<Date>) -> Result<Chosen, AppError> {
    let (follow_ups, call) = (services()?.follow_ups, call());
    let ticket = answer(follow_ups.get(&call, id).await)?;
    Ok(Chosen { ticket, times: answer(follow_ups.times(&call, id, from).await)? })
}

/// Books with a ticket; leads to the visit, or to where it is paid for. A choice is a time and a doctor, with a space between.
#[server(prefix = "/_fn", endpoint = "book-follow-up")]
pub async fn choose_follow_up_time(
    id: FollowUpId,
    #[server(default)] start: String,
    #[server(default)] reason: String,
    #[server(default)] idempotency_key: String,
) -> Result<(), AppError> {
    let typed = typed::<ChooseFollowUpTime>(&[("start", &start), ("reason", &reason)]);
    let booked = match chosen(&start, reason) {
        Ok(command) => services()?.follow_ups.book(&call_once(idempotency_key), id, command).await,
        Err(refusal) => Err(refusal),
    };
    typed.keep(answer(booked).map(|visit| match visit.status {
        Status::PendingPayment => format!("/appointments/{}/pay", visit.id),
        _ => format!("/appointments/{}?booked=1", visit.id),
    }))
}

/// The tickets that came of a visit.
#[server(prefix = "/_fn", endpoint = "visit-follow-ups", input = Json)]
pub async fn read_of_visit(visit: AppointmentId) -> Result<Vec<FollowUp>, AppError> {
    answer(services()?.follow_ups.of_visit(&call(), visit).await)
}

/// What the page on which a patient is asked back shows.
#[server(prefix = "/_fn", endpoint = "hospital-follow-up", input = Json)]
pub async fn read_asking_back(hospital: HospitalId, visit: AppointmentId) -> Result<AskingBack, AppError> {
    let (services, call) = (services()?, call());
    let visit = answer(services.appointments.get(&call, visit).await)?;
    let doctors = answer(services.doctors.of_hospital(&call, hospital).await)?;
    let doctors: Vec<_> = doctors.into_iter().filter(|doctor| doctor.active).collect();
    let mut visit_types: Vec<VisitType> = Vec::new();
    for kind in doctors.iter().flat_map(|doctor| &doctor.card.visit_types) {
        if kind.active && visit_types.iter().all(|known| known.id != kind.id) {
            visit_types.push(kind.clone());
        }
    }
    visit_types.sort_by(|one, other| one.name.cmp(&other.name));
    let doctors = doctors.into_iter().map(|doctor| (doctor.card.id, doctor.card.name)).collect();
    Ok(AskingBack { visit, doctors, visit_types })
}

/// What is said when a patient is asked back, as typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FollowUpSheet {
    /// What; empty while nothing is chosen.
    #[serde(default)]
    pub visit_type_id: String,
    /// With whom; any doctor when empty.
    #[serde(default)]
    pub doctor_id: String,
    /// A number.
    #[serde(default)]
    pub earliest: String,
    /// A number.
    #[serde(default)]
    pub latest: String,
    /// Days or weeks.
    #[serde(default)]
    pub unit: String,
    /// What the patient is to know.
    #[serde(default)]
    pub note: String,
    /// Pressed twice, it asks once.
    #[serde(default)]
    pub idempotency_key: String,
}

/// Asks a patient back; leads to the visit.
#[server(prefix = "/_fn", endpoint = "hospital-offer-follow-up")]
pub async fn ask_back(
    hospital: HospitalId,
    visit: AppointmentId,
    #[server(flatten)] sheet: FollowUpSheet,
) -> Result<(), AppError> {
    let typed = typed::<AskBack>(&sheet.fields());
    let call = call_once(sheet.idempotency_key.clone());
    let offered = match sheet.clone().checked() {
        Ok(command) => services()?.follow_ups.offer(&call, visit, command).await,
        Err(refusal) => Err(refusal),
    };
    typed.keep(answer(offered).map(|_| format!("{}?follow_up=1", Section::Visit(visit).at(hospital))))
}

/// Takes a ticket back; leads to the visit that it came of.
#[server(prefix = "/_fn", endpoint = "hospital-withdraw-follow-up")]
pub async fn withdraw_follow_up(hospital: HospitalId, id: FollowUpId) -> Result<(), AppError> {
    let withdrawn = answer(services()?.follow_ups.withdraw(&call(), id).await);
    typed::<WithdrawFollowUp>(&[])
        .keep(withdrawn.map(|ticket| format!("{}?follow_up=2", Section::Visit(ticket.visit_id).at(hospital))))
}

#[cfg(feature = "ssr")]
fn chosen(start: &str, reason: String) -> domain::Result<BookFollowUp> {
    let (start, doctor) = start.trim().split_once(' ').unwrap_or((start.trim(), ""));
    if start.is_empty() {
        return Err(domain::Error::invalid("start", "choose"));
    }
    let doctor_id =
        domain::ids::optional(doctor).map_err(|rule| domain::Error::invalid("doctor_id", rule))?;
    Ok(BookFollowUp { start: start.to_owned(), doctor_id, reason: Some(reason) })
}

#[cfg(feature = "ssr")]
impl FollowUpSheet {
    /// Its fields, as the form names them.
    fn fields(&self) -> [(&str, &str); 6] {
        [
            ("visit_type_id", &self.visit_type_id),
            ("doctor_id", &self.doctor_id),
            ("earliest", &self.earliest),
            ("latest", &self.latest),
            ("unit", &self.unit),
            ("note", &self.note),
        ]
    }

    /// What was typed as a command.
    fn checked(self) -> domain::Result<OfferFollowUp> {
        let mut findings = Findings::new();
        let number = |text: &str| text.trim().parse::<i64>().map_err(|_| "number_invalid");
        let earliest = findings.take("earliest", number(&self.earliest));
        let latest = findings.take("latest", number(&self.latest));
        let unit = findings.take("unit", Unit::parse(&self.unit));
        let visit_type = domain::ids::optional::<VisitTypeId>(&self.visit_type_id);
        let visit_type = findings.take("visit_type_id", visit_type.and_then(|chosen| chosen.ok_or("choose")));
        let doctor = findings.take("doctor_id", domain::ids::optional::<DoctorId>(&self.doctor_id)).flatten();
        findings.finish()?;
        match (visit_type, earliest, latest, unit) {
            (Some(visit_type_id), Some(earliest), Some(latest), Some(unit)) => Ok(OfferFollowUp {
                visit_type_id,
                doctor_id: doctor,
                earliest,
                latest,
                unit,
                note: Some(self.note).filter(|note| !note.trim().is_empty()),
            }),
            _ => Err(domain::Error::invalid("visit_type_id", "choose")),
        }
    }
}
