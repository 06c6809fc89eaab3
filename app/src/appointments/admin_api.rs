//! What the hospital portal reads of appointments: days, weeks, patients. A single visit is read as everybody reads it, in `api`.
//! The forms that change a visit are in [`super::admin_forms`]; rights are the services' business.

use domain::appointments::{DayBoard, DoctorWeek, PatientCard, PatientFile};
use domain::availability::{Slot, Slots};
use domain::hospitals::VisitType;
use domain::ids::{DoctorId, HospitalId, PatientId, VisitTypeId};
use domain::page::Page;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{answer, call, services};

/// A doctor's week, and whose weeks can be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// All doctors of the hospital by name.
    pub doctors: Vec<(DoctorId, String)>,
    /// Whose week it is, and the week; none in a hospital without doctors.
    pub week: Option<(DoctorId, DoctorWeek)>,
}

/// A day of a hospital, doctor by doctor; today when no date is given.
#[server(prefix = "/_fn", endpoint = "hospital-day", input = Json)]
pub async fn hospital_day(hospital: HospitalId, date: Option<Date>) -> Result<DayBoard, AppError> {
    answer(services()?.appointments.day(&call(), hospital, date).await)
}

/// A doctor's week, that of the first one when none is named.
#[server(prefix = "/_fn", endpoint = "hospital-week", input = Json)]
pub async fn hospital_week(
    hospital: HospitalId,
    doctor: Option<DoctorId>,
    date: Option<Date>,
) -> Result<Calendar, AppError> {
    let (services, call) = (services()?, call());
    let doctors = answer(services.doctors.of_hospital(&call, hospital).await)?;
    let doctors: Vec<_> = doctors.into_iter().map(|doctor| (doctor.card.id, doctor.card.name)).collect();
    let Some(doctor) = doctor.or(doctors.first().map(|(id, _)| *id)) else {
        return Ok(Calendar { doctors, week: None });
    };
    let week = answer(services.appointments.week(&call, doctor, date).await)?;
    Ok(Calendar { doctors, week: Some((doctor, week)) })
}

/// Patients of a hospital by name.
#[server(prefix = "/_fn", endpoint = "hospital-patients", input = Json)]
pub async fn hospital_patients(
    hospital: HospitalId,
    search: Option<String>,
    cursor: Option<String>,
) -> Result<Page<PatientCard>, AppError> {
    let page = domain::page::PageQuery { cursor, limit: Some(30) };
    answer(services()?.appointments.patients(&call(), hospital, search, page).await)
}

/// A patient with the visits at a hospital.
#[server(prefix = "/_fn", endpoint = "hospital-patient", input = Json)]
pub async fn hospital_patient(hospital: HospitalId, patient: PatientId) -> Result<PatientFile, AppError> {
    answer(services()?.appointments.patient(&call(), hospital, patient).await)
}

/// What the desk needs to book for a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// For whom.
    pub patient: PatientCard,
    /// Doctors who can be booked, by name, with what can be booked with them.
    pub doctors: Vec<(DoctorId, String, Vec<VisitType>)>,
    /// Free times of the week asked for, once doctor and visit type are chosen.
    pub times: Option<FreeTimes>,
}

/// Free times of a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeTimes {
    /// The times.
    pub slots: Slots,
    /// The first free time after a week without any.
    pub next: Option<Slot>,
}

/// Which free times the desk asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// With whom.
    pub doctor: DoctorId,
    /// What.
    pub visit_type: VisitTypeId,
    /// From this date on, for a week; from today when absent.
    pub from: Option<Date>,
}

/// All that the booking page of the desk shows.
#[server(prefix = "/_fn", endpoint = "hospital-booking", input = Json)]
pub async fn hospital_booking(
    hospital: HospitalId,
    patient: PatientId,
    wanted: Option<Wanted>,
) -> Result<Booking, AppError> {
    let (services, call) = (services()?, call());
    let patient = answer(services.appointments.patient(&call, hospital, patient).await)?.patient;
    let doctors = answer(services.doctors.of_hospital(&call, hospital).await)?
        .into_iter()
        .filter(|doctor| doctor.active);
    let doctors = doctors.map(|doctor| (doctor.card.id, doctor.card.name, doctor.card.visit_types)).collect();
    let times = match wanted {
        Some(wanted) => Some(free_times(&services, wanted).await?),
        None => None,
    };
    Ok(Booking { patient, doctors, times })
}

#[cfg(feature = "ssr")]
async fn free_times(services: &domain::Services, wanted: Wanted) -> Result<FreeTimes, AppError> {
    let Wanted { doctor, visit_type, from } = wanted;
    let query =
        domain::availability::SlotQuery { doctor_id: doctor, visit_type_id: visit_type, from, to: None };
    let slots = answer(services.availability.slots(query).await)?;
    let next = if slots.items.is_empty() {
        answer(services.availability.next_free(doctor, visit_type, from).await)?
    } else {
        None
    };
    Ok(FreeTimes { slots, next })
}
