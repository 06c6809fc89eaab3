//! How often somebody may ask: by address before anything is read from the database, by account once it is known who asks.
//! What a proxy says about addresses is judged in `client`.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Actor, Error, ids::AccountId};
use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock, clock::DefaultClock};
use tokio_util::sync::CancellationToken;

use crate::{
    config::Config,
    web::{client::ClientAddress, problem::Problem},
};

/// Who a request is counted for, once that is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    Account(AccountId),
    Address(IpAddr),
}

/// The counters of this process.
pub(crate) struct Rates {
    /// Everything that comes from an address; a hospital with all its staff may be one.
    floods: DefaultKeyedRateLimiter<IpAddr>,
    /// Trying passwords, by address.
    passwords: DefaultKeyedRateLimiter<IpAddr>,
    /// By account, or by address while nobody is signed in.
    askers: DefaultKeyedRateLimiter<Source>,
}

impl Rates {
    /// Counters, unless they are turned off.
    pub(crate) fn new(config: &Config) -> Option<Arc<Self>> {
        config.rate_limits.then(|| {
            Arc::new(Self {
                floods: DefaultKeyedRateLimiter::keyed(
                    Quota::per_second(number(300)).allow_burst(number(1000)),
                ),
                passwords: DefaultKeyedRateLimiter::keyed(
                    Quota::per_minute(number(30)).allow_burst(number(10)),
                ),
                askers: DefaultKeyedRateLimiter::keyed(
                    Quota::per_second(number(50)).allow_burst(number(200)),
                ),
            })
        })
    }

    /// Now and then lets the counters of quiet clients go, so that they do not grow.
    pub(crate) async fn forget_quiet(self: Arc<Self>, stopping: CancellationToken) {
        let mut every_minute = tokio::time::interval(Duration::from_mins(1));
        while stopping.run_until_cancelled(every_minute.tick()).await.is_some() {
            self.floods.retain_recent();
            self.passwords.retain_recent();
            self.askers.retain_recent();
        }
    }

    fn check_address(&self, request: &Request) -> Result<(), Error> {
        let address = ClientAddress::of(request).whole_network();
        self.floods.check_key(&address).map_err(too_many)?;
        if tries_a_password(request) { self.passwords.check_key(&address).map_err(too_many) } else { Ok(()) }
    }

    fn check_asker(&self, request: &Request) -> Result<(), Error> {
        let account = request.extensions().get::<Actor>().and_then(Actor::account_id);
        let address = || Source::Address(ClientAddress::of(request).whole_network());
        self.askers.check_key(&account.map_or_else(address, Source::Account)).map_err(too_many)
    }
}

/// The middleware of everything: not more often than an address may.
pub(crate) async fn by_address(
    State(rates): State<Option<Arc<Rates>>>,
    request: Request,
    next: Next,
) -> Response {
    match rates.as_ref().map_or(Ok(()), |rates| rates.check_address(&request)) {
        Ok(()) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The middleware behind the question who asks: not more often than an account may.
pub(crate) async fn by_account(
    State(rates): State<Option<Arc<Rates>>>,
    request: Request,
    next: Next,
) -> Response {
    match rates.as_ref().map_or(Ok(()), |rates| rates.check_asker(&request)) {
        Ok(()) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

/// What a name has in it when the request checks or makes a password, a code or a token.
const SECRETS: [&str; 14] = [
    "sign-in", "sign_in", "sign-up", "sign_up", "register", "token", "accept", "password", "reset", "verify",
    "factor", "recovery", "email", "passkey",
];
/// The list of sign-ins is one of places, not of passwords.
const LISTS: [&str; 3] = ["sign-ins", "end-sign-in", "end-other-sign-ins"];

/// Requests that check or make a password are dear, and worth guessing with.
fn tries_a_password(request: &Request) -> bool {
    let path = request.uri().path();
    let Some(name) = path.rsplit('/').next() else { return false };
    request.method() == Method::POST
        && (path.starts_with("/api/v1/auth/")
            || path.starts_with("/_fn/")
            || path == "/api/v1/invitations/accept")
        && (path.starts_with("/api/v1/auth/passkey") || SECRETS.iter().any(|secret| name.contains(secret)))
        && !LISTS.contains(&name)
}

fn too_many(until: governor::NotUntil<governor::clock::QuantaInstant>) -> Error {
    let wait = until.wait_time_from(DefaultClock::default().now()).max(Duration::from_millis(1));
    Error::TooMany { retry_after: u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX) }
}

fn number(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn only_posts_with_a_secret_are_dear() {
        let request = |method: &str, path: &str| {
            Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
        };
        assert!(tries_a_password(&request("POST", "/api/v1/auth/token")));
        assert!(tries_a_password(&request("POST", "/_fn/sign-in")));
        assert!(tries_a_password(&request("POST", "/_fn/change-password")));
        assert!(tries_a_password(&request("POST", "/api/v1/auth/passkey-sign-in/challenge")));
        assert!(tries_a_password(&request("POST", "/_fn/passkey-sign-in")));
        assert!(!tries_a_password(&request("POST", "/_fn/account-keys")));
        assert!(!tries_a_password(&request("GET", "/sign-in")));
        assert!(!tries_a_password(&request("POST", "/_fn/sign-ins")));
        assert!(!tries_a_password(&request("POST", "/api/v1/auth/refresh")));
        assert!(!tries_a_password(&request("POST", "/api/v1/appointments")));
    }
}
