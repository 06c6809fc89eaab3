//! Files of the build: the client under a name that changes with its content, and the few public ones beside it.
//! Pages are made elsewhere; a missing file is a plain 404 and never a page.

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use tower::ServiceBuilder;
use tower_http::services::{ServeDir, ServeFile};

use super::site::Site;
use crate::state::AppState;

/// For what never changes under its name.
pub(crate) const FOREVER: &str = "public, max-age=31536000, immutable";
/// For what may change with the next build.
const AN_HOUR: &str = "public, max-age=3600";

/// `/pkg/*` and each public file.
pub(crate) fn routes(site: &Site) -> Router<AppState> {
    let client = ServeDir::new(site.root.join("pkg"))
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let mut router = Router::new()
        .nest_service("/pkg", ServiceBuilder::new().map_response(|r| kept(r, FOREVER)).service(client));
    for name in site.public_files() {
        let file = ServeFile::new(site.root.join(name)).precompressed_br().precompressed_gzip();
        let file = ServiceBuilder::new().map_response(|r| kept(r, AN_HOUR)).service(file);
        router = router.route_service(&format!("/{name}"), file);
    }
    router
}

/// Says how long a browser may keep a file; errors are not kept.
fn kept<B>(mut response: Response<B>, how_long: &'static str) -> Response<B> {
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(how_long));
    }
    response
}
