//! The door to payment providers: what they tell by themselves, and browsers that come back from their pages.
//! Nobody is signed in here and another site may send it, so nothing is believed but a signature; what follows is the services' business.

use axum::{
    Form, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Redirect,
    routing::{get, post},
};
use domain::payments::Notice;

use super::problem::Problem;
use crate::state::AppState;

/// What providers tell.
pub(crate) fn notices() -> Router<AppState> {
    Router::new().route("/webhooks/{provider}", post(told))
}

/// Where browsers come back.
pub(crate) fn returns() -> Router<AppState> {
    Router::new().route("/payments/return/{provider}", get(returned_by_link).post(returned_by_form))
}

/// `POST /webhooks/{provider}`: kept and answered at once; the provider is asked afterwards.
async fn told(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    // No others go further: a cookie is none of a provider's business.
    let header = |name: &&str| {
        let value = headers.get(*name)?.to_str().ok()?;
        Some(((*name).to_owned(), value.to_owned()))
    };
    let headers = state.house.notice_headers(&provider).iter().filter_map(header).collect();
    let notice = Notice { provider, headers, body: body.to_vec() };
    state.services.payments.notice(notice).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /payments/return/{provider}`
async fn returned_by_form(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Redirect, Problem> {
    back(&state, &provider, &form).await
}

/// `GET /payments/return/{provider}`: asking what came of a payment changes nothing that would not change anyway.
async fn returned_by_link(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    Query(form): Query<Vec<(String, String)>>,
) -> Result<Redirect, Problem> {
    back(&state, &provider, &form).await
}

/// To the page that says how it went. The browser brings its session along only now: it came from another site.
async fn back(state: &AppState, provider: &str, form: &[(String, String)]) -> Result<Redirect, Problem> {
    let visit = state.services.payments.returned(provider, form).await?;
    Ok(Redirect::to(&format!("/appointments/{visit}/pay?returned=1")))
}
