//! Resolves once per request who asks: a bearer token, a session, or nobody.
//! What that person may do is decided in the services.

use app::{
    server::{EndedSession, ProvenAt, Until},
    stay::STAY,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    Actor, Error,
    access::{Origin, Principal, Trace},
    ids::SignInId,
    sign_ins::Holder,
};

use super::{
    client::ClientAddress,
    problem::Problem,
    sessions::{Named, Open, has_cookie},
};
use crate::state::AppState;

/// The middleware: puts the [`Actor`] on the request, and keeps what a signed-in person sees out of every cache.
pub(crate) async fn resolve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let is_use = is_use(&request);
    let found = match who(&state, request.headers(), is_use).await {
        Ok(found) => found,
        Err(problem) => return problem.into_response(),
    };
    let signed_in = found.actor.principal().is_some();
    let origin = origin_of(&request);
    let extensions = request.extensions_mut();
    extensions.insert(found.actor);
    extensions.insert(origin);
    extensions.insert(Trace::default());
    found.sign_in.map(|sign_in| extensions.insert(sign_in));
    found.proven_at.map(|at| extensions.insert(at));
    found.until.map(|until| extensions.insert(until));
    found.ended.map(|ended| extensions.insert(ended));
    let mut response = next.run(request).await;
    keep_private(&mut response, signed_in);
    response
}

/// Where the request came from, for the audit.
fn origin_of(request: &Request) -> Origin {
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Origin {
        address: Some(ClientAddress::of(request).0).filter(|address| !address.is_unspecified()),
        device: agent.map(domain::sign_ins::device).unwrap_or_default(),
    }
}

/// Who asks, and what is known of the sign-in.
struct Found {
    actor: Actor,
    sign_in: Option<SignInId>,
    proven_at: Option<ProvenAt>,
    /// When the browser's session ends without a use.
    until: Option<Until>,
    /// Whose session it was, when it has reached a limit.
    ended: Option<EndedSession>,
}

impl Found {
    fn nobody() -> Self {
        Self { actor: Actor::Anonymous, sign_in: None, proven_at: None, until: None, ended: None }
    }
}

async fn who(state: &AppState, headers: &HeaderMap, is_use: bool) -> Result<Found, Problem> {
    let name = state.config.cookie_name();
    match (headers.get(header::AUTHORIZATION), has_cookie(headers, name)) {
        (Some(_), true) => Err(two_credentials()),
        (Some(header), false) => {
            let Holder { principal, sign_in } = of_token(state, header).await?;
            Ok(Found { actor: account(principal), sign_in: Some(sign_in), ..Found::nobody() })
        }
        (None, true) => Ok(match Named::by(&state.house, headers, name).await? {
            Named::Open(session) => of_session(state, session, is_use).await?,
            Named::Ended(ended) => Found { ended: Some(ended), ..Found::nobody() },
            Named::Nobody => Found::nobody(),
        }),
        (None, false) => Ok(Found::nobody()),
    }
}

async fn of_session(state: &AppState, session: Open, is_use: bool) -> domain::Result<Found> {
    let Some(principal) = state.services.accounts.principal_by(session.account, session.passkey()).await?
    else {
        // The account was closed: its session ends too.
        session.leave(&state.house).await?;
        return Ok(Found::nobody());
    };
    let limits = if is_use { session.touch(&state.house).await? } else { session.limits };
    Ok(Found {
        actor: account(principal),
        sign_in: Some(session.sign_in()),
        proven_at: session.proven_at(),
        until: Some(Until(limits.until())),
        ended: None,
    })
}

/// Whether somebody did something: a page was opened, a form was sent, a program asked. What a page reads anew by itself is none:
/// an open screen that nobody looks at would stay signed in. It says so when somebody is there (`STAY`).
fn is_use(request: &Request) -> bool {
    let says = |name, part: &str| {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.contains(part))
    };
    let path = request.uri().path();
    let picture = says(HeaderName::from_static("sec-fetch-dest"), "image");
    let page = request.method() == Method::GET && says(header::ACCEPT, "text/html");
    let form = request.method() == Method::POST
        && (says(header::CONTENT_TYPE, "form-urlencoded") || says(header::CONTENT_TYPE, "form-data"));
    path == STAY || page || form || (path.starts_with("/api/") && !picture)
}

async fn of_token(state: &AppState, header: &HeaderValue) -> domain::Result<Holder> {
    let text = header.to_str().unwrap_or_default();
    let (scheme, token) = text.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Error::Unauthenticated);
    }
    state.services.sign_ins.holder(token.trim()).await?.ok_or(Error::Unauthenticated)
}

fn account(principal: Principal) -> Actor {
    Actor::Account(Box::new(principal))
}

fn two_credentials() -> Problem {
    Problem::edge(
        StatusCode::BAD_REQUEST,
        "two_credentials",
        "Send a bearer token or a session cookie, not both.",
    )
}

/// Only a public page may be kept, and asked about again before each use. What else somebody gets is nobody's to keep.
fn keep_private(response: &mut Response, signed_in: bool) {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let public_page = !signed_in && response.status().is_success() && kind.starts_with("text/html");
    let headers = response.headers_mut();
    if public_page {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    } else {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.append(header::VARY, HeaderValue::from_static("Cookie, Authorization"));
}
