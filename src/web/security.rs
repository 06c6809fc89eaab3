//! The headers that protect every answer, and the policies for pages and for everything else.
//! Which scripts a page has is the app's business; this lets only those run that carry the page's nonce.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::{config::PublicUrl, state::AppState};

/// For answers that are no pages: nothing may load, nobody may frame.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

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
        "camera=(), microphone=(), geolocation=(), usb=(), payment=(self)",
    ),
];

const YEAR: &str = "max-age=31536000; includeSubDomains";

/// The middleware.
pub(crate) async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    protect(response.headers_mut(), state.config.is_https());
    response
}

/// The same as text, for answers that no handler made.
pub(crate) fn lines(https: bool) -> String {
    let mut headers = HeaderMap::new();
    protect(&mut headers, https);
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        format!("{name}: {}\r\n", value.to_str().unwrap_or_default())
    };
    headers.iter().map(line).collect()
}

fn protect(headers: &mut HeaderMap, https: bool) {
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NOTHING));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if headers.contains_key(header::SET_COOKIE) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if https {
        secure_cookies(headers);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(YEAR));
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

/// The policy of a page that the server makes itself; it has no scripts, and nobody else's run either.
pub(crate) fn protect_page(headers: &mut HeaderMap, nonce: &str, state: &AppState) {
    let host = state.config.public_url.as_ref().map_or("", PublicUrl::authority);
    if let Ok(policy) = HeaderValue::from_str(&page_policy(nonce, host, "", state.config.is_https())) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// The policy of a page: scripts by nonce, styles and pictures from here, a socket to here, forms to here and where its own form leads.
pub(crate) fn page_policy(nonce: &str, host: &str, elsewhere: &str, https: bool) -> String {
    let (scheme, upgrade) = if https { ("wss", "; upgrade-insecure-requests") } else { ("ws", "") };
    // Older Safari does not count the socket as 'self'.
    let socket = if host.is_empty() { String::new() } else { format!(" {scheme}://{host}") };
    let forms = if elsewhere.is_empty() { String::new() } else { format!(" {elsewhere}") };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob: data:; font-src 'self'; connect-src 'self'{socket}; manifest-src 'self'; \
         worker-src 'self'; form-action 'self'{forms}; base-uri 'none'; object-src 'none'; frame-src 'none'; \
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
        protect(&mut headers, true);
        let cookies: Vec<&HeaderValue> = headers.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["__Host-caresync=; Path=/; Max-Age=0; Secure", "a=b; Secure"]);
        assert_eq!(headers.get(header::CACHE_CONTROL), Some(&HeaderValue::from_static("no-store")));
    }
}
