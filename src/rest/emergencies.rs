//! `/hospitals/{id}/emergencies`: declaring one, and looking at it afterwards.
//! What an emergency lets one see is decided in the services.

use axum::extract::State;
use domain::{
    emergencies::{DeclareEmergency, DeclaredEmergency, ReviewEmergency},
    ids::{EmergencyId, HospitalId},
    page::Page,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::query::{PageParams, Reader};
use crate::{
    state::AppState,
    web::extract::{At, Body, Caller, Created, Params, Reply, created, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, declare)).routes(routes!(review))
}

/// Emergencies, those without a review first, then the latest. Administrators of the hospital.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/emergencies", tag = "emergencies",
    params(("id" = HospitalId, Path), PageParams), responses((status = 200, body = Page<DeclaredEmergency>)))]
async fn list(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Params(params): Params<PageParams>,
) -> Reply<Page<DeclaredEmergency>> {
    let mut reader = Reader::default();
    let page = reader.page(params.cursor, params.limit);
    reader.finish()?;
    reply(state.services.emergencies.list(&call, id, page).await)
}

/// Lets a doctor of the hospital look at a patient whom she does not treat, for an hour. The patient and the hospital's
/// administrators see it.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/emergencies", tag = "emergencies", params(("id" = HospitalId, Path)),
    request_body = DeclareEmergency, responses((status = 201, body = DeclaredEmergency)))]
async fn declare(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(command): Body<DeclareEmergency>,
) -> Created<DeclaredEmergency> {
    created(state.services.emergencies.declare(&call, id, command).await)
}

/// Says what was found about an emergency, once. Administrators of the hospital, not about their own.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/emergencies/{emergency_id}/review", tag = "emergencies",
    params(("id" = HospitalId, Path), ("emergency_id" = EmergencyId, Path)),
    request_body = ReviewEmergency, responses((status = 200, body = DeclaredEmergency)))]
async fn review(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, emergency)): At<(HospitalId, EmergencyId)>,
    Body(command): Body<ReviewEmergency>,
) -> Reply<DeclaredEmergency> {
    reply(state.services.emergencies.review(&call, id, emergency, command).await)
}
