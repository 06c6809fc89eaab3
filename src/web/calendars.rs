//! Calendars as files: what is behind a private address, and one visit.
//! Who may read what is decided in the services; the secret of an address is its proof.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{Error, calendars::CalendarFile, ids::AppointmentId};

use super::{
    extract::{At, Caller},
    problem::Problem,
};
use crate::state::AppState;

/// What calendar programs subscribe to.
const FEED: &str = "/calendar/{file}";
/// What somebody takes into a calendar by hand.
const VISIT: &str = "/appointments/{id}/visit.ics";
/// Both, for whoever compares them with the registry.
pub const PATHS: [&str; 2] = [FEED, VISIT];

/// The method stands in the file, so it stands here as well (RFC 5545, 3.7.2).
const PUBLISHED: HeaderValue = HeaderValue::from_static("text/calendar; charset=utf-8; method=PUBLISH");
/// A file without entries publishes nothing.
const EMPTY: HeaderValue = HeaderValue::from_static("text/calendar; charset=utf-8");

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route(FEED, get(feed)).route(VISIT, get(visit))
}

/// Whatever is no address is answered as one that was never made, and as one that has ended.
async fn feed(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(name): At<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let secret = name.strip_suffix(".ics").ok_or(Error::NotFound)?;
    let file = state.services.calendars.read_feed(secret, &call.origin).await?;
    Ok(answer(file, "inline; filename=\"caresync.ics\"", Some(&headers)))
}

async fn visit(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
) -> Result<Response, Problem> {
    let file = state.services.calendars.visit(&call, id).await?;
    Ok(answer(file, "inline; filename=\"visit.ics\"", None))
}

/// The file, or that nothing of it has changed. Nobody else may keep it: what is private gets `no-store` further out, whereas a program
/// that has asked for it may say what it has.
fn answer(file: CalendarFile, disposition: &'static str, asked: Option<&HeaderMap>) -> Response {
    // Weak: the same entries are written with another stamp each time.
    let tag = format!("W/\"{}\"", file.version);
    let kind = if file.text.contains("\r\nMETHOD:") { PUBLISHED } else { EMPTY };
    let unchanged = asked.is_some_and(|headers| has(headers, &file.version));
    let mut response =
        if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { file.text.into_response() };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if !unchanged {
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    }
    response
}

/// Whether `If-None-Match` names a version.
fn has(headers: &HeaderMap, version: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag);
        tag == "*" || tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')) == Some(version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_however_it_is_spelled() {
        let says = |line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(line));
            has(&headers, "abc")
        };
        assert!(says("W/\"abc\"") && says("\"abc\"") && says("\"x\", W/\"abc\"") && says("*"));
        assert!(!says("abc") && !says("\"ab\"") && !says(""));
        assert!(!has(&HeaderMap::new(), "abc"));
    }
}
