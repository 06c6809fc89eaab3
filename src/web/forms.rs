//! Plain forms that are no server functions: signing out, the theme, a photo.
//! Each leads back to a page with 303, so that a reload repeats nothing.

use axum::{
    Extension, Form,
    extract::{Multipart, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Actor, Call, Error, ids::DoctorId};
use serde::Deserialize;
use tower_sessions::Session;

use super::{extract::At, problem::Problem, sessions};
use crate::state::AppState;

/// `POST /sign-out`
pub(crate) async fn sign_out(Extension(session): Extension<Session>) -> Result<Redirect, Problem> {
    sessions::sign_out(&session).await?;
    Ok(Redirect::to("/"))
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
    Extension(actor): Extension<Actor>,
    At(id): At<DoctorId>,
    headers: HeaderMap,
    parts: Multipart,
) -> Redirect {
    let page = referring_path(&headers);
    let result = match upload(parts).await {
        Ok(bytes) => state.services.doctors.set_photo(&Call::by(actor), id, bytes).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(_) => Redirect::to(&format!("{page}?saved=photo")),
        Err(Error::Unauthenticated) => Redirect::to(&format!("/sign-in?next={page}")),
        Err(error) => Redirect::to(&format!("{page}?photo_problem={}", rule(&error))),
    }
}

/// The path of the page that a form was sent from.
fn referring_path(headers: &HeaderMap) -> String {
    let referrer = headers.get(header::REFERER).and_then(|v| v.to_str().ok()?.parse::<Uri>().ok());
    app::server::local_path(referrer.as_ref().map_or("/hospital", Uri::path), "/hospital")
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
