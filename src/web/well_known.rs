//! `/.well-known/*`: where a password is changed, and where a security hole is reported.
//! The page that changes the password is the app's.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use jiff::{SignedDuration, Timestamp};

use super::pwa;
use crate::{config::PublicUrl, state::AppState};

/// Where password managers lead people.
const CHANGE_PASSWORD: &str = "/account/security";
/// Half a year: RFC 9116 asks for less than a year, so that nobody trusts what was forgotten.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(24 * 182);

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/.well-known/change-password", get(|| async { Redirect::to(CHANGE_PASSWORD) }))
        .route("/.well-known/security.txt", get(security))
        // Whoever probes for another well-known path gets a plain 404 and no page.
        .route("/.well-known/{*rest}", get(|| async { StatusCode::NOT_FOUND }))
}

/// RFC 9116. Without a contact there is nothing to say, and a name from `Host` would be anybody's.
async fn security(State(state): State<AppState>) -> Response {
    let Some(contact) = &state.config.security_contact else { return StatusCode::NOT_FOUND.into_response() };
    let text = security_txt(contact.uri(), state.clock.now(), state.config.public_url.as_ref());
    pwa::text("text/plain; charset=utf-8", text)
}

fn security_txt(contact: &str, now: Timestamp, public: Option<&PublicUrl>) -> String {
    // Whole days, so that every node says the same.
    let days = (now + GOOD_FOR).as_second().div_euclid(86_400);
    let expires = Timestamp::from_second(days * 86_400).unwrap_or(now);
    let canonical = public.map(|public| format!("Canonical: {}/.well-known/security.txt\n", public.origin()));
    format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en\n{}",
        canonical.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_a_contact_and_ends_within_a_year() {
        let public = "https://care.example".parse().unwrap();
        let text = security_txt(
            "mailto:security@care.example",
            "2026-03-02T08:00:00Z".parse().unwrap(),
            Some(&public),
        );
        assert_eq!(
            text,
            "Contact: mailto:security@care.example\nExpires: 2026-08-31T00:00:00Z\nPreferred-Languages: en\n\
             Canonical: https://care.example/.well-known/security.txt\n"
        );
    }
}
