//! `/hospitals`: hospitals, their departments, and what can be booked there.
//! Members and doctors have files of their own.

use axum::extract::State;
use domain::{
    hospitals::{Department, Hospital, SaveHospital, SaveVisitType, VisitType},
    ids::{HospitalId, VisitTypeId},
    page::Page,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::query::{PageParams, Reader};
use crate::{
    state::AppState,
    web::extract::{At, Body, Caller, Created, Params, Reply, created, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_hospitals, create_hospital))
        .routes(routes!(get_hospital, update_hospital))
        .routes(routes!(departments, create_department))
        .routes(routes!(visit_types, create_visit_type))
        .routes(routes!(update_visit_type))
}

/// Hospitals by name.
#[utoipa::path(get, path = "/api/v1/hospitals", tag = "hospitals", params(PageParams),
    responses((status = 200, body = Page<Hospital>)))]
async fn list_hospitals(
    State(state): State<AppState>,
    Params(params): Params<PageParams>,
) -> Reply<Page<Hospital>> {
    let mut reader = Reader::default();
    let page = reader.page(params.cursor, params.limit);
    reader.finish()?;
    reply(state.services.hospitals.list(page).await)
}

/// Creates a hospital. Platform administrators.
#[utoipa::path(post, path = "/api/v1/hospitals", tag = "hospitals", request_body = SaveHospital,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    responses((status = 201, body = Hospital)))]
async fn create_hospital(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<SaveHospital>,
) -> Created<Hospital> {
    created(state.services.hospitals.create(&call, command).await)
}

/// A hospital.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}", tag = "hospitals", params(("id" = HospitalId, Path)),
    responses((status = 200, body = Hospital)))]
async fn get_hospital(State(state): State<AppState>, At(id): At<HospitalId>) -> Reply<Hospital> {
    reply(state.services.hospitals.get(id).await)
}

/// Changes a hospital. Its administrators.
#[utoipa::path(put, path = "/api/v1/hospitals/{id}", tag = "hospitals", params(("id" = HospitalId, Path)),
    request_body = SaveHospital, responses((status = 200, body = Hospital)))]
async fn update_hospital(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(command): Body<SaveHospital>,
) -> Reply<Hospital> {
    reply(state.services.hospitals.update(&call, id, command).await)
}

/// Departments by name.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/departments", tag = "hospitals", params(("id" = HospitalId, Path)),
    responses((status = 200, body = [Department])))]
async fn departments(State(state): State<AppState>, At(id): At<HospitalId>) -> Reply<Vec<Department>> {
    reply(state.services.hospitals.departments(id).await)
}

/// A new department.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateDepartment {
    /// Name, unique in the hospital.
    name: String,
}

/// Creates a department. Administrators of the hospital.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/departments", tag = "hospitals",
    params(("id" = HospitalId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    request_body = CreateDepartment, responses((status = 201, body = Department)))]
async fn create_department(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(command): Body<CreateDepartment>,
) -> Created<Department> {
    created(state.services.hospitals.create_department(&call, id, command.name).await)
}

/// What can be booked, by name.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/visit-types", tag = "hospitals", params(("id" = HospitalId, Path)),
    responses((status = 200, body = [VisitType])))]
async fn visit_types(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Reply<Vec<VisitType>> {
    reply(state.services.hospitals.visit_types(&call, id).await)
}

/// Creates a visit type. Administrators of the hospital.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/visit-types", tag = "hospitals",
    params(("id" = HospitalId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    request_body = SaveVisitType, responses((status = 201, body = VisitType)))]
async fn create_visit_type(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(command): Body<SaveVisitType>,
) -> Created<VisitType> {
    created(state.services.hospitals.create_visit_type(&call, id, command).await)
}

/// Changes a visit type; booked visits keep what was agreed. Administrators of the hospital.
#[utoipa::path(put, path = "/api/v1/hospitals/{id}/visit-types/{visit_type_id}", tag = "hospitals",
    params(("id" = HospitalId, Path), ("visit_type_id" = VisitTypeId, Path)),
    request_body = SaveVisitType, responses((status = 200, body = VisitType)))]
async fn update_visit_type(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, visit_type)): At<(HospitalId, VisitTypeId)>,
    Body(command): Body<SaveVisitType>,
) -> Reply<VisitType> {
    reply(state.services.hospitals.update_visit_type(&call, id, visit_type, command).await)
}
