//! `/hospitals/{id}/day`, `/doctors/{id}/week`, `/hospitals/{id}/patients`: what a hospital sees.
//! Only its members get an answer; the services see to that.

use axum::extract::State;
use domain::{
    appointments::{DayBoard, DoctorWeek, PatientCard, PatientFile},
    ids::{DoctorId, HospitalId, PatientId},
    page::Page,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::query::{Reader, text};
use crate::{
    state::AppState,
    web::extract::{At, Caller, Params, Reply, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(day))
        .routes(routes!(week))
        .routes(routes!(patients))
        .routes(routes!(patient))
}

/// Which date.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DateParams {
    /// A local date; today when absent.
    #[param(value_type = Option<String>, format = Date)]
    date: Option<String>,
}

impl DateParams {
    fn read(self) -> domain::Result<Option<jiff::civil::Date>> {
        let mut reader = Reader::default();
        let date = reader.date("date", self.date);
        reader.finish().map(|()| date)
    }
}

/// A day of a hospital, doctor by doctor. Its members.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/day", tag = "schedule", params(("id" = HospitalId, Path), DateParams),
    responses((status = 200, body = DayBoard)))]
async fn day(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Params(params): Params<DateParams>,
) -> Reply<DayBoard> {
    reply(state.services.appointments.day(&call, id, params.read()?).await)
}

/// A week of a doctor, from the Monday before or on the date. Members of the hospital.
#[utoipa::path(get, path = "/api/v1/doctors/{id}/week", tag = "schedule", params(("id" = DoctorId, Path), DateParams),
    responses((status = 200, body = DoctorWeek)))]
async fn week(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    Params(params): Params<DateParams>,
) -> Reply<DoctorWeek> {
    reply(state.services.appointments.week(&call, id, params.read()?).await)
}

/// Which patients.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PatientParams {
    /// Part of a name.
    search: Option<String>,
    /// Where the previous page ended.
    cursor: Option<String>,
    /// How many items at most; 100 is the most.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// Patients of a hospital by name. Its members.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/patients", tag = "schedule",
    params(("id" = HospitalId, Path), PatientParams), responses((status = 200, body = Page<PatientCard>)))]
async fn patients(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Params(params): Params<PatientParams>,
) -> Reply<Page<PatientCard>> {
    let mut reader = Reader::default();
    let page = reader.page(params.cursor, params.limit);
    reader.finish()?;
    reply(state.services.appointments.patients(&call, id, text(params.search), page).await)
}

/// A patient with the visits at a hospital. Its members.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/patients/{patient_id}", tag = "schedule",
    params(("id" = HospitalId, Path), ("patient_id" = PatientId, Path)), responses((status = 200, body = PatientFile)))]
async fn patient(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, patient)): At<(HospitalId, PatientId)>,
) -> Reply<PatientFile> {
    reply(state.services.appointments.patient(&call, id, patient).await)
}
