//! Receipts as files for paper, at an address beside their page and in the API.
//! Who may read one is decided in the services; what stands on it is written in `app::payments::paper`.

use app::payments::paper::{file_name, receipt_pdf};
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{Call, Error, ids::PaymentId};

use super::{
    extract::{At, Caller},
    problem::Problem,
};
use crate::state::AppState;

/// Beside the page of the receipt.
const FILE: &str = "/receipts/{id}/receipt.pdf";
/// For whoever compares it with the registry.
pub const PATHS: [&str; 1] = [FILE];

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route(FILE, get(file))
}

async fn file(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<PaymentId>,
) -> Result<Response, Problem> {
    paper(&state, &call, id).await
}

/// The receipt as a PDF, to be saved; nobody keeps it on the way.
pub(crate) async fn paper(state: &AppState, call: &Call, id: PaymentId) -> Result<Response, Problem> {
    let receipt = state.services.payments.receipt(call, id).await?;
    let Some(pdf) = receipt_pdf(&receipt) else {
        tracing::error!("the font of receipts cannot be read");
        return Err(Error::Unavailable.into());
    };
    let mut response = pdf.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The name holds the number of the receipt and nothing else, in letters that a header can hold.
    if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", file_name(&receipt))) {
        headers.insert(header::CONTENT_DISPOSITION, named);
    }
    Ok(response)
}
