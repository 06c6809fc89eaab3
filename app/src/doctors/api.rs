//! Server functions of doctors that anybody may call: search and the public page.
//! What a hospital's administrators do is in `admin_api`.

use domain::doctors::{Doctor, DoctorCard, DoctorQuery};
use domain::ids::DoctorId;
use domain::page::Page;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{answer, call, services};

/// Doctors who can be booked.
#[server(prefix = "/_fn", endpoint = "doctors", input = Json)]
pub async fn search_doctors(query: DoctorQuery) -> Result<Page<DoctorCard>, AppError> {
    answer(services()?.doctors.search(query).await)
}

/// A doctor with all that her public page shows, and what patients may book with her.
#[server(prefix = "/_fn", endpoint = "doctor", input = Json)]
pub async fn read_doctor(id: DoctorId) -> Result<Doctor, AppError> {
    answer(services()?.doctors.get(&call(), id).await.map(Doctor::for_patients))
}
