//! What the hospital portal reads of hospitals, their departments and visit types.
//! Saving is in [`super::admin_forms`].

use domain::hospitals::{Department, Hospital, VisitType};
use domain::ids::HospitalId;
use domain::page::Page;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{answer, call, services};

/// What can be booked at a hospital, and in which currency it is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The hospital.
    pub hospital: Hospital,
    /// Its visit types, closed ones too.
    pub visit_types: Vec<VisitType>,
}

/// A hospital.
#[server(prefix = "/_fn", endpoint = "hospital-settings", input = Json)]
pub async fn hospital_settings(hospital: HospitalId) -> Result<Hospital, AppError> {
    answer(services()?.hospitals.get(hospital).await)
}

/// What can be booked at a hospital.
#[server(prefix = "/_fn", endpoint = "hospital-visit-types", input = Json)]
pub async fn hospital_offer(hospital: HospitalId) -> Result<Offer, AppError> {
    let hospitals = services()?.hospitals;
    let visit_types = answer(hospitals.visit_types(&call(), hospital).await)?;
    Ok(Offer { hospital: answer(hospitals.get(hospital).await)?, visit_types })
}

/// Departments of a hospital.
#[server(prefix = "/_fn", endpoint = "hospital-departments", input = Json)]
pub async fn hospital_departments(hospital: HospitalId) -> Result<Vec<Department>, AppError> {
    answer(services()?.hospitals.departments(hospital).await)
}

/// All hospitals by name.
#[server(prefix = "/_fn", endpoint = "platform-hospitals", input = Json)]
pub async fn platform_hospitals(cursor: Option<String>) -> Result<Page<Hospital>, AppError> {
    let page = domain::page::PageQuery { cursor, limit: Some(50) };
    answer(services()?.hospitals.list(page).await)
}
