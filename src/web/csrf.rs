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
    Problem::edge(StatusCode::FORBIDDEN, "cross_site", "The request came from another site.").into_response()
}

fn allowed(request: &Request, public: Option<&PublicUrl>, cookie: &str) -> bool {
    let headers = request.headers();
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
        || headers.contains_key(header::AUTHORIZATION)
    {
        return true;
    }
    let ours = origin::is_ours(headers, request.uri(), public);
    match (configured(headers, public), fetch_site(headers), ours) {
        (true, _, _) | (_, Some("same-origin" | "none"), _) => true,
        (_, Some(_), _) => false,
        (_, None, Some(ours)) => ours,
        // A client that is no browser; with a cookie of ours it is one after all, and a strange one.
        (_, None, None) => !has_cookie(headers, cookie),
    }
}

fn configured(headers: &HeaderMap, public: Option<&PublicUrl>) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|v| v.to_str().ok());
    origin.is_some() && origin == public.map(PublicUrl::origin)
}

fn fetch_site(headers: &HeaderMap) -> Option<&str> {
    headers.get("sec-fetch-site").map(|v| v.to_str().unwrap_or("unreadable"))
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
