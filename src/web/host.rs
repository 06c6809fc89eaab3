//! Refuses requests that were meant for somebody else: a `Host` that is not ours, or two that differ.
//! Without a configured public address every name is ours, as on a developer's machine.

use std::sync::Once;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{health, problem::Problem};
use crate::{config::PublicUrl, state::AppState};

/// Said once: behind a proxy that replaces the header every request is refused, and somebody looks here for the reason.
static TOLD: Once = Once::new();

/// The middleware. Whoever watches the server's health asks by whatever address it has.
pub(crate) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let public = state.config.public_url.as_ref();
    if is_ours(request.headers(), request.uri(), public) || health::is_asked(request.uri().path()) {
        return next.run(request).await;
    }
    TOLD.call_once(|| {
        tracing::warn!(
            "a request came for another host than CARESYNC_PUBLIC_URL and was refused; a proxy must pass Host unchanged"
        );
    });
    Problem::edge(StatusCode::MISDIRECTED_REQUEST, "misdirected", "This server is not that host.")
        .into_response()
}

fn is_ours(headers: &HeaderMap, uri: &Uri, public: Option<&PublicUrl>) -> bool {
    let mut lines = headers.get_all(header::HOST).iter();
    let named = lines.next().map(|line| line.to_str().unwrap_or_default());
    if lines.next().is_some() {
        return false;
    }
    let asked = uri.authority().map(Authority::as_str);
    let agree = match (asked, named) {
        (Some(asked), Some(named)) => asked.eq_ignore_ascii_case(named),
        _ => true,
    };
    let Some(public) = public else { return agree };
    let host = asked.or(named).unwrap_or_default();
    let usual = if public.is_https() { ":443" } else { ":80" };
    agree && host.strip_suffix(usual).unwrap_or(host).eq_ignore_ascii_case(public.authority())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(uri: &str, hosts: &[&str], public: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, host.parse().unwrap());
        }
        let public = public.map(|url| url.parse().unwrap());
        is_ours(&headers, &uri.parse().unwrap(), public.as_ref())
    }

    #[test]
    fn a_host_that_lies_is_not_ours() {
        let public = Some("https://care.example");
        for host in ["care.example", "CARE.example", "care.example:443"] {
            assert!(ours("/", &[host], public), "{host}");
        }
        for host in [
            "evil.example",
            "care.example.evil.example",
            "care.example:8443",
            "",
            "127.0.0.1",
            "care.example@evil",
        ] {
            assert!(!ours("/", &[host], public), "{host}");
        }
        assert!(!ours("/", &[], public));
        assert!(!ours("/", &["care.example", "evil.example"], public));
        assert!(!ours("http://care.example/", &["evil.example"], public));
        assert!(!ours("http://evil.example/", &["care.example"], public));
        assert!(ours("https://care.example/", &[], public));
        assert!(ours("/", &["care.example:8080"], Some("http://care.example:8080")));
    }

    #[test]
    fn without_a_public_address_only_quarrels_are_refused() {
        assert!(ours("/", &["anything"], None) && ours("/", &[], None));
        assert!(!ours("/", &["one", "two"], None));
        assert!(!ours("http://one/", &["two"], None));
    }
}
