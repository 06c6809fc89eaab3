//! `/patients/{id}/accesses` and `/hospitals/{id}/audit`: who looked at whose data, and questions about it.
//! What is written there is the guard's business, in the services.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::{
    audit::{AccessQuestion, AnswerQuestion, AskAboutAccess, AuditEvent, AuditQuery},
    ids::{HospitalId, PatientId},
    page::Page,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    audit_file,
    query::{PageParams, Reader, text},
};
use crate::{
    state::AppState,
    web::{
        extract::{At, Body, Caller, Params, Reply, reply},
        problem::Problem,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(accesses))
        .routes(routes!(ask))
        .routes(routes!(search))
        .routes(routes!(export))
        .routes(routes!(questions))
        .routes(routes!(answer))
}

/// Who looked at a patient's record, latest first. The account that owns her, and those that act for her with `records` and `sensitive`.
#[utoipa::path(get, path = "/api/v1/patients/{id}/accesses", tag = "audit",
    params(("id" = PatientId, Path), PageParams), responses((status = 200, body = Page<AuditEvent>)))]
async fn accesses(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<PatientId>,
    Params(params): Params<PageParams>,
) -> Reply<Page<AuditEvent>> {
    let mut reader = Reader::default();
    let page = reader.page(params.cursor, params.limit);
    reader.finish()?;
    reply(state.services.audit.of_patient(&call, id, page).await)
}

/// Asks the hospital about an access, once. The account that owns the patient, and those that act for her with `records` and `sensitive`.
#[utoipa::path(post, path = "/api/v1/patients/{id}/accesses/questions", tag = "audit", params(("id" = PatientId, Path)),
    request_body = AskAboutAccess, responses((status = 204)))]
async fn ask(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<PatientId>,
    Body(command): Body<AskAboutAccess>,
) -> Result<axum::http::StatusCode, Problem> {
    state.services.audit.ask(&call, id, command).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

/// What of the audit.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditParams {
    /// From this local date on; seven days before `to` when absent.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// To this local date, included; today when absent.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
    /// Only this action, as the entries spell it.
    action: Option<String>,
    /// Only by this account.
    #[param(value_type = Option<String>, format = Uuid)]
    account_id: Option<String>,
    /// Only about this patient.
    #[param(value_type = Option<String>, format = Uuid)]
    patient_id: Option<String>,
    /// `true`: only what was denied.
    denied: Option<String>,
    /// Where the previous page ended.
    cursor: Option<String>,
    /// How many items at most; 100 is the most.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

impl AuditParams {
    fn read(self) -> domain::Result<AuditQuery> {
        let mut reader = Reader::default();
        let query = AuditQuery {
            from: reader.date("from", self.from),
            to: reader.date("to", self.to),
            action: text(self.action),
            account_id: reader.id("account_id", self.account_id),
            patient_id: reader.id("patient_id", self.patient_id),
            denied: reader.read("denied", self.denied, yes_or_no).unwrap_or(false),
            page: reader.page(self.cursor, self.limit),
        };
        reader.finish().map(|()| query)
    }
}

fn yes_or_no(word: &str) -> Result<bool, &'static str> {
    word.parse().map_err(|_| "unknown_value")
}

/// The audit of a hospital, latest first. Its administrators.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/audit", tag = "audit", params(("id" = HospitalId, Path), AuditParams),
    responses((status = 200, body = Page<AuditEvent>)))]
async fn search(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Params(params): Params<AuditParams>,
) -> Reply<Page<AuditEvent>> {
    reply(state.services.audit.search(&call, id, params.read()?).await)
}

/// The same as a file of comma-separated values, of 20,000 entries at most; of more, the answer is 422 `too_many_entries`. Its administrators.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/audit.csv", tag = "audit",
    params(("id" = HospitalId, Path), AuditParams),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Params(params): Params<AuditParams>,
) -> Result<Response, Problem> {
    let events = state.services.audit.export(&call, id, params.read()?).await?;
    let mut response = audit_file::lines(&events)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let file = HeaderValue::from_static("attachment; filename=\"audit.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, file);
    Ok(response)
}

/// What patients have asked about accesses, without an answer first. Administrators of the hospital.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/access-questions", tag = "audit", params(("id" = HospitalId, Path)),
    responses((status = 200, body = Vec<AccessQuestion>)))]
async fn questions(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Reply<Vec<AccessQuestion>> {
    reply(state.services.audit.questions(&call, id).await)
}

/// Answers a question, once. Administrators of the hospital.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/access-questions/answers", tag = "audit",
    params(("id" = HospitalId, Path)), request_body = AnswerQuestion, responses((status = 204)))]
async fn answer(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(command): Body<AnswerQuestion>,
) -> Result<axum::http::StatusCode, Problem> {
    state.services.audit.answer(&call, id, command).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
