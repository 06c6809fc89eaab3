//! Photos of doctors under a key that names their content, so that a browser asks once.
//! How they come in is in `forms` and in the API.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{extract::At, problem::Problem};
use crate::state::AppState;

/// `GET /photos/{key}`
pub(crate) async fn photo(State(state): State<AppState>, At(key): At<String>) -> Result<Response, Problem> {
    let photo = state.services.doctors.photo(&key).await?;
    let mut response = photo.jpeg.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(super::assets::FOREVER));
    Ok(response)
}
