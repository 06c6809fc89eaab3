//! What the hospital portal reads of a doctor's hours.
//! Saving is in [`super::admin_forms`]; the arithmetic is in the domain.

use domain::availability::WorkingHours;
use domain::doctors::Doctor;
use domain::ids::DoctorId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{answer, call, services};

/// A doctor and when she works.
#[server(prefix = "/_fn", endpoint = "hospital-hours", input = Json)]
pub async fn hospital_hours(doctor: DoctorId) -> Result<(Doctor, WorkingHours), AppError> {
    let (services, call) = (services()?, call());
    let hours = answer(services.availability.working_hours(&call, doctor).await)?;
    Ok((answer(services.doctors.get(&call, doctor).await)?, hours))
}
