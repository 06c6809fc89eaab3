//! Changing many visits of a doctor at once: looking, planning, doing it, and undoing it.
//! What is done with each visit is the services' business.

use axum::extract::State;
use domain::{
    changes::{ChangeSheet, MassChange, PlanChanges},
    ids::{DoctorId, HospitalId, MassChangeId},
};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::query::Reader;
use crate::{
    state::AppState,
    web::extract::{At, Body, Caller, Created, Params, Reply, created, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(change_sheet))
        .routes(routes!(plan_changes))
        .routes(routes!(mass_change))
        .routes(routes!(confirm_change))
        .routes(routes!(undo_change))
        .routes(routes!(recent_changes))
}

/// Which visits.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SheetParams {
    /// The first date.
    #[param(value_type = String, format = Date, required)]
    from: Option<String>,
    /// The last date, at most 62 days later.
    #[param(value_type = String, format = Date, required)]
    to: Option<String>,
}

impl SheetParams {
    fn read(self) -> domain::Result<(Date, Date)> {
        let mut reader = Reader::default();
        let given = |word: &Option<String>| word.as_deref().is_some_and(|word| !word.trim().is_empty());
        let (has_from, has_to) = (given(&self.from), given(&self.to));
        let (from, to) = (reader.date("from", self.from), reader.date("to", self.to));
        let (from, to) = (reader.needed("from", from, has_from), reader.needed("to", to, has_to));
        reader.finish()?;
        from.zip(to).ok_or_else(|| domain::Error::invalid("from", "required"))
    }
}

/// Visits of a doctor that can be moved or called off, with free times for each; no time is proposed for two. The desk and administrators
/// of the hospital, and the doctor.
#[utoipa::path(get, path = "/api/v1/doctors/{id}/changeable-visits", tag = "many visits",
    params(("id" = DoctorId, Path), SheetParams), responses((status = 200, body = ChangeSheet)))]
async fn change_sheet(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    Params(params): Params<SheetParams>,
) -> Reply<ChangeSheet> {
    let (from, to) = params.read()?;
    reply(state.services.changes.sheet(&call, id, from, to).await)
}

/// Writes a plan down; nothing happens until it is confirmed. The desk and administrators of the hospital, and the doctor.
#[utoipa::path(post, path = "/api/v1/doctors/{id}/changes", tag = "many visits", params(("id" = DoctorId, Path)),
    request_body = PlanChanges, responses((status = 201, body = MassChange)))]
async fn plan_changes(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    Body(command): Body<PlanChanges>,
) -> Created<MassChange> {
    created(state.services.changes.plan(&call, id, command).await)
}

/// A plan, or a change that was made, with its visits. Those who may plan for its doctor.
#[utoipa::path(get, path = "/api/v1/changes/{id}", tag = "many visits", params(("id" = MassChangeId, Path)),
    responses((status = 200, body = MassChange)))]
async fn mass_change(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<MassChangeId>,
) -> Reply<MassChange> {
    reply(state.services.changes.get(&call, id).await)
}

/// Does what is planned, all of it or nothing. Patients are told after ten minutes; of what begins within four hours at once.
#[utoipa::path(post, path = "/api/v1/changes/{id}/confirm", tag = "many visits", params(("id" = MassChangeId, Path)),
    responses((status = 200, body = MassChange)))]
async fn confirm_change(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<MassChangeId>,
) -> Reply<MassChange> {
    reply(state.services.changes.confirm(&call, id).await)
}

/// Puts everything back, as long as nobody has been told; what somebody has changed meanwhile is left, and its `outcome` says why.
#[utoipa::path(post, path = "/api/v1/changes/{id}/undo", tag = "many visits", params(("id" = MassChangeId, Path)),
    responses((status = 200, body = MassChange)))]
async fn undo_change(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<MassChangeId>,
) -> Reply<MassChange> {
    reply(state.services.changes.undo(&call, id).await)
}

/// What was changed in the last thirty days, the latest first, without the visits. Members of the hospital; a doctor sees what was done
/// with her own visits.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/changes", tag = "many visits", params(("id" = HospitalId, Path)),
    responses((status = 200, body = Vec<MassChange>)))]
async fn recent_changes(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Reply<Vec<MassChange>> {
    reply(state.services.changes.recent(&call, id).await)
}
