//! What the hospital portal reads of doctors, inactive ones too.
//! Saving is in [`super::admin_forms`]; hours have a feature of their own.

use domain::doctors::Doctor;
use domain::hospitals::{Department, VisitType};
use domain::ids::{DoctorId, HospitalId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{answer, call, services};

/// A doctor, if there is one yet, and what she can be joined to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoctorSheet {
    /// None for a new one.
    pub doctor: Option<Doctor>,
    /// Departments of the hospital.
    pub departments: Vec<Department>,
    /// What can be booked at the hospital.
    pub visit_types: Vec<VisitType>,
}

/// All doctors of a hospital by name.
#[server(prefix = "/_fn", endpoint = "hospital-doctors", input = Json)]
pub async fn hospital_doctors(hospital: HospitalId) -> Result<Vec<Doctor>, AppError> {
    answer(services()?.doctors.of_hospital(&call(), hospital).await)
}

/// A doctor's sheet; an empty one for a new doctor.
#[server(prefix = "/_fn", endpoint = "hospital-doctor", input = Json)]
pub async fn hospital_doctor(
    hospital: HospitalId,
    doctor: Option<DoctorId>,
) -> Result<DoctorSheet, AppError> {
    let (services, call) = (services()?, call());
    let doctors = answer(services.doctors.of_hospital(&call, hospital).await)?;
    let known = doctor.map(|id| doctors.into_iter().find(|d| d.card.id == id).ok_or(domain::Error::NotFound));
    let doctor = answer(known.transpose())?;
    let departments = answer(services.hospitals.departments(hospital).await)?;
    Ok(DoctorSheet {
        doctor,
        departments,
        visit_types: answer(services.hospitals.visit_types(&call, hospital).await)?,
    })
}
