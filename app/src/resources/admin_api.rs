//! What the hospital portal reads of rooms and devices.
//! Saving is in [`super::admin_forms`].

use domain::ids::{AppointmentId, HospitalId, VisitTypeId};
use domain::resources::{AssignedResource, Need, Resource};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{answer, call, services};

/// What a visit type needs, and what there is to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needed {
    /// What it needs.
    pub needs: Vec<Need>,
    /// Rooms and devices of the hospital, those out of use too.
    pub resources: Vec<Resource>,
}

/// Rooms and devices of a hospital.
#[server(prefix = "/_fn", endpoint = "hospital-resources", input = Json)]
pub async fn hospital_resources(hospital: HospitalId) -> Result<Vec<Resource>, AppError> {
    answer(services()?.resources.list(&call(), hospital).await)
}

/// What a visit type needs.
#[server(prefix = "/_fn", endpoint = "hospital-needs", input = Json)]
pub async fn hospital_needs(hospital: HospitalId, visit_type: VisitTypeId) -> Result<Needed, AppError> {
    let (resources, call) = (services()?.resources, call());
    let needs = answer(resources.needs(&call, hospital, visit_type).await)?;
    Ok(Needed { needs, resources: answer(resources.list(&call, hospital).await)? })
}

/// The rooms and devices that a visit has.
#[server(prefix = "/_fn", endpoint = "hospital-visit-resources", input = Json)]
pub async fn visit_resources(id: AppointmentId) -> Result<Vec<AssignedResource>, AppError> {
    answer(services()?.resources.of_visit(&call(), id).await)
}
