//! Resolves once per request who asks: a bearer token, a session, or nobody.
//! What that person may do is decided in the services.

use app::server::ProvenAt;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    Actor, Error,
    access::{Origin, Principal, Trace},
    ids::SignInId,
    sign_ins::Holder,
};
use tower_sessions::Session;

use super::{
    client::ClientAddress,
    problem::Problem,
    sessions::{account_of, has_cookie, proven_at, sign_in_of, sign_out},
};
use crate::state::AppState;

/// The middleware: puts the [`Actor`] on the request, and keeps what a signed-in person sees out of every cache.
pub(crate) async fn resolve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let (actor, sign_in, proven_at) =
        match who(&state, request.headers(), request.extensions().get::<Session>()).await {
            Ok(found) => found,
            Err(problem) => return problem.into_response(),
        };
    let signed_in = actor.principal().is_some();
    request.extensions_mut().insert(actor);
    let origin = origin_of(&request);
    request.extensions_mut().insert(origin);
    request.extensions_mut().insert(Trace::default());
    if let Some(sign_in) = sign_in {
        request.extensions_mut().insert(sign_in);
    }
    if let Some(proven_at) = proven_at {
        request.extensions_mut().insert(proven_at);
    }
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

/// Who asks, through which sign-in, and since when that is proven.
type Found = (Actor, Option<SignInId>, Option<ProvenAt>);

async fn who(state: &AppState, headers: &HeaderMap, session: Option<&Session>) -> Result<Found, Problem> {
    let cookie = has_cookie(headers, state.config.cookie_name());
    match (headers.get(header::AUTHORIZATION), cookie) {
        (Some(_), true) => Err(two_credentials()),
        (Some(header), false) => {
            let Holder { principal, sign_in } = of_token(state, header).await?;
            Ok((account(principal), Some(sign_in), None))
        }
        (None, true) => Ok(match of_session(state, session).await? {
            Some(principal) => {
                let proven_at = match session {
                    Some(session) => proven_at(session).await?,
                    None => None,
                };
                (account(principal), session.and_then(sign_in_of), proven_at)
            }
            None => (Actor::Anonymous, None, None),
        }),
        (None, false) => Ok((Actor::Anonymous, None, None)),
    }
}

async fn of_token(state: &AppState, header: &HeaderValue) -> domain::Result<Holder> {
    let text = header.to_str().unwrap_or_default();
    let (scheme, token) = text.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Error::Unauthenticated);
    }
    state.services.sign_ins.holder(token.trim()).await?.ok_or(Error::Unauthenticated)
}

async fn of_session(state: &AppState, session: Option<&Session>) -> domain::Result<Option<Principal>> {
    let Some(session) = session else { return Ok(None) };
    let Some(account) = account_of(session).await? else { return Ok(None) };
    let principal = state.services.accounts.principal(account).await?;
    if principal.is_none() {
        // The account was closed: its session ends too.
        sign_out(session).await?;
    }
    Ok(principal)
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
