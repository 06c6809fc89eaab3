//! Pages and server functions: the app's routes, with what it needs of a request.
//! Which pages there are is the app's business; its own routes end in a wildcard, so its 404 page is among them.

use std::sync::{Arc, LazyLock};

use app::{
    app::{App, shell},
    server::{PublicOrigin, RequestTime},
};
use axum::{
    Router,
    http::{HeaderValue, header, request::Parts},
    middleware::from_fn_with_state,
};
use domain::{Actor, ids::SignInId};
use leptos::{
    config::LeptosOptions,
    prelude::{Owner, provide_context, use_context},
};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};

use super::{
    kept_pages::{self, KeptPages},
    origin,
    security::page_policy,
};
use crate::{config::PublicUrl, state::AppState};

/// The paths of all pages, listed once in a process: while leptos walks through the app for that, it lets no resource of any page
/// begin to load, and one that would have begun then never does. A page that is made meanwhile would never end.
static PATHS: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Every page, and every server function under `/_fn`. What many may share is kept right around the app, inside all guards.
pub(crate) fn routes(state: &AppState) -> Router<AppState> {
    // Shared: each request has copies of what makes its page.
    let options = Arc::new(state.options.clone());
    let context = {
        let state = state.clone();
        move || provide(&state)
    };
    Router::new()
        .leptos_routes_with_context(state, PATHS.clone(), context, move || {
            shell(LeptosOptions::clone(&options))
        })
        .layer(from_fn_with_state(KeptPages::new(state), kept_pages::keep))
}

/// Fills the context of one request; the routes of the app run without a request once, at the start.
fn provide(state: &AppState) {
    provide_context(state.services.clone());
    provide_context(RequestTime(state.clock.now()));
    let Some(parts) = use_context::<Parts>() else { return };
    let actor = parts.extensions.get::<Actor>().cloned().unwrap_or(Actor::Anonymous);
    if actor.principal().is_none()
        && let Some(shared) = Owner::current_shared_context()
    {
        // No client comes with what anybody may see (ADR 5): what it would read to come alive is a third of such a page.
        shared.set_is_hydrating(false);
    }
    provide_context(actor);
    if let Some(sign_in) = parts.extensions.get::<SignInId>() {
        provide_context(*sign_in);
    }
    provide_context(PublicOrigin(origin::base(&parts.headers, &parts.uri, state.config.public_url.as_ref())));
    set_policy(state, &parts);
}

/// The policy of a page needs the nonce that its scripts carry; a server function has none.
fn set_policy(state: &AppState, parts: &Parts) {
    let (Some(nonce), Some(response)) = (leptos::nonce::use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    let host = match state.config.public_url.as_ref().map(PublicUrl::authority) {
        Some(authority) => authority.to_owned(),
        None => origin::safe_host(&parts.headers, &parts.uri),
    };
    // Only the page whose form leads to the payment provider may send one there.
    let pays = parts.uri.path().starts_with("/appointments/") && parts.uri.path().ends_with("/pay");
    let elsewhere = if pays { state.house.payment_pages().join(" ") } else { String::new() };
    let policy = page_policy(&nonce, &host, &elsewhere, state.config.is_https());
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
