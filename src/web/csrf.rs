//! Refuses what another site makes a browser send in its owner's name.
//! Requests with a bearer token need none of it: no browser adds one by itself.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{origin, problem::Problem, sessions::has_cookie};
use crate::{config::PublicUrl, state::AppState};

/// The middleware.
pub(crate) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if allowed(&request, state.config.public_url.as_ref(), state.config.cookie_name()) {
        return next.run(request).await;
    }
    cross_site().into_response()
}

/// The refusal.
pub(crate) fn cross_site() -> Problem {
    Problem::edge(StatusCode::FORBIDDEN, "cross_site", "The request came from another site.")
}

/// What only reads is allowed to everybody, and so is whoever shows a bearer token; but a socket carries what is said later, so its
/// opening is judged like a change, whoever asks.
fn allowed(request: &Request, public: Option<&PublicUrl>, cookie: &str) -> bool {
    let headers = request.headers();
    let opens_a_socket = headers.contains_key(header::UPGRADE) || *request.method() == Method::CONNECT;
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !opens_a_socket && (reads || headers.contains_key(header::AUTHORIZATION)) {
        return true;
    }
    let Ok(site) = single(headers, "sec-fetch-site") else { return false };
    let Ok(origin) = single(headers, header::ORIGIN.as_str()) else { return false };
    let configured = public.is_some_and(|public| origin == Some(public.origin()));
    let ours = origin::is_ours(headers, request.uri(), public);
    match (configured, site, ours) {
        // 1: the configured address. 2: the browser says that it was one of our pages, or nobody's.
        (true, _, _) | (_, Some("same-origin" | "none"), _) => true,
        // 3: the browser says that it was not.
        (_, Some(_), _) => false,
        // 4: an old browser that says only where.
        (_, None, Some(ours)) => ours,
        // 5: a client that is no browser; with a cookie of ours it is one after all, and a strange one.
        (_, None, None) => !has_cookie(headers, cookie),
    }
}

/// The one value of a header, if there is one; several, or one that is no text, are nobody's honest work.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ()> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().map(|value| value.to_str().map_err(|_| ())).transpose()?;
    if values.next().is_some() { Err(()) } else { Ok(first) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn post(headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method("POST").uri("/_fn/book").header("host", "care.example");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        allowed(&request.body(Body::empty()).unwrap(), None, "caresync")
    }

    #[test]
    fn only_our_own_pages_may_post_with_a_cookie() {
        let cookie = ("cookie", "caresync=abc");
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[], true),
            (&[cookie], false),
            (&[cookie, ("sec-fetch-site", "same-origin")], true),
            (&[cookie, ("sec-fetch-site", "none")], true),
            (&[cookie, ("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[cookie, ("origin", "http://care.example")], true),
            (&[cookie, ("origin", "https://evil.example")], false),
            (&[("origin", "null")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://care.example")], false),
            (&[("sec-fetch-site", "cross-site"), ("authorization", "Bearer x")], true),
            (&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
            (&[("origin", "http://care.example"), ("origin", "https://evil.example")], false),
            (
                &[("upgrade", "websocket"), ("sec-fetch-site", "cross-site"), ("authorization", "Bearer x")],
                false,
            ),
        ];
        for (headers, expected) in cases {
            assert_eq!(post(headers), *expected, "{headers:?}");
        }
    }

    #[test]
    fn reading_is_always_allowed() {
        let request =
            Request::builder().uri("/").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
        assert!(allowed(&request, None, "caresync"));
    }
}
