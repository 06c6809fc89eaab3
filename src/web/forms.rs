//! Plain forms that are no server functions: signing out, the theme, a photo.
//! Each leads back to a page with 303, so that a reload repeats nothing.

use axum::{
    Extension, Form,
    extract::{Multipart, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Error, ids::DoctorId};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    extract::{At, Caller},
    problem::Problem,
    sessions,
};
use crate::state::AppState;

/// What a browser forgets when somebody signs out: pages that "back" would show, and what scripts have stored. Not "cookies": that
/// would take the chosen look and the mark by which a known browser is told from a stranger's, which both outlive a session. The
/// session's own cookie is removed by its name, by the layer that set it.
const FORGET: &str = "\"cache\", \"storage\"";

/// `POST /sign-out`
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    Extension(session): Extension<Session>,
) -> Result<Response, Problem> {
    sessions::sign_out(&state.house, &session).await?;
    let mut response = Redirect::to("/").into_response();
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static(FORGET));
    Ok(response)
}

/// Which look, and where the form stood.
#[derive(Deserialize)]
pub(crate) struct Theme {
    theme: String,
    #[serde(default)]
    return_to: String,
}

/// `POST /theme`
pub(crate) async fn theme(Form(form): Form<Theme>) -> Response {
    let mut response = Redirect::to(&app::server::local_path(&form.return_to, "/")).into_response();
    let known = ["light", "dark"].contains(&form.theme.as_str());
    let (value, seconds) = if known { (form.theme.as_str(), 31_536_000) } else { ("", 0) };
    let cookie = format!("caresync-theme={value}; Path=/; Max-Age={seconds}; SameSite=Lax; HttpOnly");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// `POST /hospital/doctors/{id}/photo`: back to the page that the form stands on, which says how it went.
pub(crate) async fn photo(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    headers: HeaderMap,
    parts: Multipart,
) -> Redirect {
    let page = referring_page(&headers, "/hospital");
    let page = page.split('?').next().unwrap_or("/hospital");
    let result = match upload(parts).await {
        Ok(bytes) => state.services.doctors.set_photo(&call, id, bytes).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(_) => Redirect::to(&format!("{page}?saved=photo")),
        Err(Error::Unauthenticated) => Redirect::to(&format!("/sign-in?next={page}")),
        Err(error) => Redirect::to(&format!("{page}?photo_problem={}", rule(&error))),
    }
}

/// Path and query of the page that a form was sent from.
pub(crate) fn referring_page(headers: &HeaderMap, fallback: &str) -> String {
    let referrer = headers.get(header::REFERER).and_then(|v| v.to_str().ok()?.parse::<Uri>().ok());
    let page = referrer.as_ref().and_then(Uri::path_and_query).map_or(fallback, |page| page.as_str());
    app::server::local_path(page, fallback)
}

/// The bytes of the form's one file.
async fn upload(mut parts: Multipart) -> domain::Result<Vec<u8>> {
    let unreadable = |_| Error::invalid("photo", "photo_unreadable");
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        if part.name() == Some("photo") {
            let bytes = part.bytes().await.map_err(unreadable)?;
            return if bytes.is_empty() {
                Err(Error::invalid("photo", "required"))
            } else {
                Ok(bytes.into())
            };
        }
    }
    Err(Error::invalid("photo", "required"))
}

fn rule(error: &Error) -> &str {
    match error {
        Error::Invalid { fields } => fields.first().map_or("invalid", |field| field.rule.as_str()),
        other => other.code(),
    }
}
