//! Gives whoever asked for a page a page, when the answer is a refusal; programs get `application/problem+json`.
//! It refuses nothing itself, and lets no text out that a library made up.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header, uri::Authority},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use super::{forms, origin, problem::Problem, security, sessions};
use crate::state::AppState;

/// The cookie with the look that the visitor chose.
pub(crate) const THEME: &str = "caresync-theme";

/// What the answer must still say when its body is another one.
const KEPT: [HeaderName; 4] =
    [header::RETRY_AFTER, header::ALLOW, header::SET_COOKIE, header::WWW_AUTHENTICATE];

/// The middleware.
pub(crate) async fn spell(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let asked = wants_page(request.uri(), request.headers()).then(|| Asked::by(&request));
    let to_program = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response.extensions().get::<Problem>().cloned();
    match (asked, problem) {
        (Some(asked), problem) if !is(&response, "text/html") => {
            let problem = problem.unwrap_or_else(|| Problem::of_status(status));
            with_headers_of(&response, page(&state, &asked, &problem))
        }
        // What an extractor says about a body is for nobody; a program gets a body that it can read.
        (None, None) if to_program || is(&response, "text/plain") => {
            with_headers_of(&response, Problem::of_status(status).into_response())
        }
        _ => response,
    }
}

/// Browsers say so when they go somewhere; scripts, pictures and programs do not. The API answers programs only.
fn wants_page(uri: &Uri, headers: &HeaderMap) -> bool {
    let path = uri.path();
    let accept = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    path != "/api" && !path.starts_with("/api/") && accept.into_iter().any(|line| line.contains("text/html"))
}

fn is(response: &Response, kind: &str) -> bool {
    let said = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    said.is_some_and(|said| said.starts_with(kind))
}

fn with_headers_of(old: &Response<Body>, mut new: Response) -> Response {
    for name in KEPT {
        for value in old.headers().get_all(&name) {
            new.headers_mut().append(name.clone(), value.clone());
        }
    }
    new
}

/// What the page needs to know of the request.
struct Asked {
    theme: Option<String>,
    /// The page itself, when it was one that was asked for.
    again: Option<String>,
    /// The page of ours that the form stood on.
    back: Option<String>,
}

impl Asked {
    fn by(request: &Request) -> Self {
        let headers = request.headers();
        let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
        let asks_again = matches!(*request.method(), Method::GET | Method::HEAD);
        Self {
            theme: sessions::cookie(headers, THEME).map(str::to_owned),
            again: asks_again.then(|| app::server::local_path(here, "/")),
            back: from_here(headers, request.uri()).then(|| forms::referring_page(headers, "/")),
        }
    }
}

/// Whether the referrer is a page of the host that was asked.
fn from_here(headers: &HeaderMap, uri: &Uri) -> bool {
    let referrer = headers.get(header::REFERER).and_then(|v| v.to_str().ok()?.parse::<Uri>().ok());
    let authority = referrer.as_ref().and_then(Uri::authority).map(Authority::as_str);
    authority.is_some() && authority == origin::host(headers, uri)
}

fn page(state: &AppState, asked: &Asked, problem: &Problem) -> Response {
    let status = problem.status();
    let waits = status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
    // Only where asking again may help; a form that was posted is sent again from its own page.
    let again = asked.again.clone().filter(|_| waits);
    let back = asked.back.clone().filter(|_| again.is_none());
    let told = app::still::Refusal { code: problem.code(), reference: problem.reference(), back, again };
    let frame = app::still::Frame { folder: state.site.pkg(), theme: asked.theme.as_deref() };
    let mut response = (status, Html(app::still::refusal(frame, &told))).into_response();
    security::protect_page(response.headers_mut(), &leptos::nonce::Nonce::new(), state);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Cookie"));
    if let Some(seconds) = problem.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
