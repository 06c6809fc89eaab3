//! The headers that protect every answer, and the policies for pages, for the API's reader and for everything else.
//! Which scripts a page has is the app's business; this lets only those run that carry the page's nonce.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::state::AppState;

/// For answers that are no pages: nothing may load, nobody may frame.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// For the vendored reader of the API, which styles its elements in place.
const READER: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const FIXED: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Forms without scripts are led back by the referrer, so it must reach us.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("origin-agent-cluster"), "?1"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), usb=(), payment=()",
    ),
];

/// The middleware.
pub(crate) async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let reader = request.uri().path().starts_with("/api/docs");
    let mut response = next.run(request).await;
    protect(response.headers_mut(), reader, state.config.is_https());
    response
}

fn protect(headers: &mut HeaderMap, reader: bool, https: bool) {
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = if reader { READER } else { NOTHING };
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if headers.contains_key(header::SET_COOKIE) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if https {
        secure_cookies(headers);
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
}

/// Over TLS every cookie is for TLS; a browser ignores even the removal of a `__Host-` cookie that does not say so.
fn secure_cookies(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().map(secured).collect();
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
}

fn secured(cookie: &HeaderValue) -> HeaderValue {
    let line = cookie.to_str().unwrap_or_default();
    if line.split(';').any(|part| part.trim().eq_ignore_ascii_case("secure")) {
        return cookie.clone();
    }
    HeaderValue::try_from(format!("{line}; Secure")).unwrap_or_else(|_| cookie.clone())
}

/// The policy of a page: scripts by nonce, styles and pictures from here, a socket to here.
pub(crate) fn page_policy(nonce: &str, host: &str, https: bool) -> String {
    let (socket, upgrade) = if https { ("wss", "; upgrade-insecure-requests") } else { ("ws", "") };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob: data:; font-src 'self'; connect-src 'self' {socket}://{host}; manifest-src 'self'; \
         worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-src 'none'; \
         frame-ancestors 'none'{upgrade}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_every_cookie_is_secure_and_no_answer_with_one_is_kept() {
        let mut headers = HeaderMap::new();
        headers.append(header::SET_COOKIE, HeaderValue::from_static("__Host-caresync=; Path=/; Max-Age=0"));
        headers.append(header::SET_COOKIE, HeaderValue::from_static("a=b; Secure"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        protect(&mut headers, false, true);
        let cookies: Vec<&HeaderValue> = headers.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["__Host-caresync=; Path=/; Max-Age=0; Secure", "a=b; Secure"]);
        assert_eq!(headers.get(header::CACHE_CONTROL), Some(&HeaderValue::from_static("no-store")));
    }
}
