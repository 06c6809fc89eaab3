//! `/hospitals/{id}/resources`, `/hospitals/{id}/visit-types/{visit_type_id}/needs`, `/appointments/{id}/resources`: rooms and devices.
//! Which one a visit is given is decided when it is booked.

use axum::extract::State;
use domain::{
    ids::{AppointmentId, HospitalId, NeedId, ResourceId, VisitTypeId},
    resources::{AddNeed, AssignedResource, Need, Resource, SaveResource},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    state::AppState,
    web::extract::{At, Body, Caller, Created, Reply, created, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(resources, add_resource))
        .routes(routes!(change_resource))
        .routes(routes!(needs, add_need))
        .routes(routes!(remove_need))
        .routes(routes!(resources_of_visit))
}

/// Rooms and devices of a hospital by name, those out of use too. Its administrators.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/resources", tag = "hospitals", params(("id" = HospitalId, Path)),
    responses((status = 200, body = [Resource])))]
async fn resources(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Reply<Vec<Resource>> {
    reply(state.services.resources.list(&call, id).await)
}

/// Adds a room or a device. Administrators of the hospital.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/resources", tag = "hospitals",
    params(("id" = HospitalId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    request_body = SaveResource, responses((status = 201, body = Resource)))]
async fn add_resource(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(command): Body<SaveResource>,
) -> Created<Resource> {
    created(state.services.resources.add(&call, id, command).await)
}

/// Changes a room or a device, or takes it out of use; visits that have it keep it. Administrators of the hospital.
#[utoipa::path(put, path = "/api/v1/hospitals/{id}/resources/{resource_id}", tag = "hospitals",
    params(("id" = HospitalId, Path), ("resource_id" = ResourceId, Path)), request_body = SaveResource,
    responses((status = 200, body = Resource)))]
async fn change_resource(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, resource)): At<(HospitalId, ResourceId)>,
    Body(command): Body<SaveResource>,
) -> Reply<Resource> {
    reply(state.services.resources.change(&call, id, resource, command).await)
}

/// What a visit type needs besides the doctor. Administrators of the hospital.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/visit-types/{visit_type_id}/needs", tag = "hospitals",
    params(("id" = HospitalId, Path), ("visit_type_id" = VisitTypeId, Path)), responses((status = 200, body = [Need])))]
async fn needs(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, visit_type)): At<(HospitalId, VisitTypeId)>,
) -> Reply<Vec<Need>> {
    reply(state.services.resources.needs(&call, id, visit_type).await)
}

/// Adds a need; booked visits stay as they are. Administrators of the hospital.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/visit-types/{visit_type_id}/needs", tag = "hospitals",
    params(("id" = HospitalId, Path), ("visit_type_id" = VisitTypeId, Path)), request_body = AddNeed,
    responses((status = 200, body = [Need])))]
async fn add_need(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, visit_type)): At<(HospitalId, VisitTypeId)>,
    Body(command): Body<AddNeed>,
) -> Reply<Vec<Need>> {
    reply(state.services.resources.add_need(&call, id, visit_type, command).await)
}

/// Takes a need away; booked visits keep what they have. Administrators of the hospital.
#[utoipa::path(delete, path = "/api/v1/hospitals/{id}/visit-types/{visit_type_id}/needs/{need_id}", tag = "hospitals",
    params(("id" = HospitalId, Path), ("visit_type_id" = VisitTypeId, Path), ("need_id" = NeedId, Path)),
    responses((status = 200, body = [Need])))]
async fn remove_need(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, visit_type, need)): At<(HospitalId, VisitTypeId, NeedId)>,
) -> Reply<Vec<Need>> {
    reply(state.services.resources.remove_need(&call, id, visit_type, need).await)
}

/// The rooms and devices that a visit has. Whoever may see the visit.
#[utoipa::path(get, path = "/api/v1/appointments/{id}/resources", tag = "appointments", params(("id" = AppointmentId, Path)),
    responses((status = 200, body = [AssignedResource])))]
async fn resources_of_visit(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
) -> Reply<Vec<AssignedResource>> {
    reply(state.services.resources.of_visit(&call, id).await)
}
