//! Where a request comes from: whether a browser sent it from one of our own pages, and by which name we are called.
//! What follows from that is decided in `csrf` and `live`.

use axum::http::{HeaderMap, Uri, header, uri::Authority};

use crate::config::PublicUrl;

/// The host and port that the client has asked for.
pub(crate) fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    uri.authority().map(Authority::as_str).or_else(|| headers.get(header::HOST).and_then(|v| v.to_str().ok()))
}

/// Whether the `Origin` header names us: by the configured address, else by the host that was asked for.
/// `None` when there is no such header.
pub(crate) fn is_ours(headers: &HeaderMap, uri: &Uri, public: Option<&PublicUrl>) -> Option<bool> {
    let origin = headers.get(header::ORIGIN)?.to_str().unwrap_or_default();
    let configured = public.is_some_and(|public| public.origin() == origin);
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    // With a configured https address, a page on plain http is somebody else.
    let same_host =
        authority.is_some() && authority == host(headers, uri) && !public.is_some_and(PublicUrl::is_https);
    Some(configured || same_host)
}

/// The address that links to us begin with.
pub(crate) fn base(headers: &HeaderMap, uri: &Uri, public: Option<&PublicUrl>) -> String {
    match public {
        Some(public) => public.origin().to_owned(),
        None => format!("http://{}", safe_host(headers, uri)),
    }
}

/// The host, or `localhost` where it has characters that no host has.
pub(crate) fn safe_host(headers: &HeaderMap, uri: &Uri) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let host = host(headers, uri).filter(|host| !host.is_empty() && host.chars().all(allowed));
    host.unwrap_or("localhost").to_owned()
}
