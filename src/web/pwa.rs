//! What makes the site installable and known to crawlers: the service worker, robots, the map of the site.
//! The worker's code is a file of `public/`; here it only learns which build it belongs to.

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{origin, problem::Problem, sitemap};
use crate::state::AppState;

/// `/sw.js`, `/robots.txt`, `/sitemap.xml`.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/sw.js", get(worker))
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(sitemap::sitemap))
}

/// The worker with the list of what it keeps, so that list and build always agree.
async fn worker(State(state): State<AppState>) -> Result<Response, Problem> {
    let template = tokio::fs::read_to_string(state.site.root.join("sw.js")).await;
    let Ok(template) = template else { return Err(domain::Error::NotFound.into()) };
    let version = state.site.build.as_ref().map_or("", |build| build.version.as_str());
    let list = serde_json::to_string(&state.site.precache()).unwrap_or_else(|_| "[]".to_owned());
    let code = template.replace("__PRECACHE__", &list).replace("__VERSION__", version);
    let mut response = text("text/javascript; charset=utf-8", code);
    // A worker lives by the policy that it came with: without this it could fetch nothing, and would not even install.
    let policy = HeaderValue::from_static("default-src 'none'; connect-src 'self'");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

async fn robots(State(state): State<AppState>, request: Request) -> Response {
    let base = origin::base(request.headers(), request.uri(), state.config.public_url.as_ref());
    let rules =
        ["/api/", "/_fn/", "/hospital/", "/appointments", "/book/", "/calendar/", "/invitation/", "/wall/"]
            .map(|path| format!("Disallow: {path}\n"))
            .concat();
    text("text/plain; charset=utf-8", format!("User-agent: *\n{rules}Sitemap: {base}/sitemap.xml\n"))
}

/// A text that a browser asks for anew each time.
pub(crate) fn text(kind: &'static str, body: String) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
