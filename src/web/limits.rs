//! What is too much: bodies over their limit, and too many requests from one place.
//! Limits of care (how many visits, which times) are not here.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Actor, Error, ids::AccountId};
use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock, clock::DefaultClock};
use http_body_util::Limited;

use super::{listener::Peer, problem::Problem};
use crate::config::Config;

/// Largest body of most requests.
pub(crate) const BODY: usize = 1 << 20;
/// Largest body with a photo: the photo's 5 MB and what a form puts around it.
pub(crate) const PHOTO_BODY: usize = 6 << 20;

/// The middleware: no more than so many bytes.
pub(crate) async fn body(State(limit): State<usize>, request: Request, next: Next) -> Response {
    let announced =
        request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|announced| announced > limit) {
        return Problem::too_large().into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, limit)))).await
}

/// Who a request is counted for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    Account(AccountId),
    Address(IpAddr),
}

/// The counters of this process.
pub(crate) struct Rates {
    passwords: DefaultKeyedRateLimiter<IpAddr>,
    all: DefaultKeyedRateLimiter<Source>,
    behind_proxy: bool,
}

impl Rates {
    /// Counters, unless they are turned off.
    pub(crate) fn new(config: &Config) -> Option<Arc<Self>> {
        config.rate_limits.then(|| {
            Arc::new(Self {
                passwords: DefaultKeyedRateLimiter::keyed(
                    Quota::per_minute(number(30)).allow_burst(number(10)),
                ),
                all: DefaultKeyedRateLimiter::keyed(Quota::per_second(number(50)).allow_burst(number(200))),
                behind_proxy: config.behind_proxy,
            })
        })
    }

    /// Forgets those who have been quiet, so that the counters do not grow.
    pub(crate) fn forget_quiet(&self) {
        self.passwords.retain_recent();
        self.all.retain_recent();
    }

    fn check(&self, request: &Request) -> Result<(), Error> {
        let address = address(request, self.behind_proxy);
        let account = request.extensions().get::<Actor>().and_then(Actor::account_id);
        let source = account.map_or(Source::Address(address), Source::Account);
        self.all.check_key(&source).map_err(too_many)?;
        if tries_a_password(request) { self.passwords.check_key(&address).map_err(too_many) } else { Ok(()) }
    }
}

/// The middleware: not more often than allowed.
pub(crate) async fn rate(State(rates): State<Option<Arc<Rates>>>, request: Request, next: Next) -> Response {
    match rates.as_ref().map_or(Ok(()), |rates| rates.check(&request)) {
        Ok(()) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

/// Requests that check or make a password are dear, and worth guessing with.
fn tries_a_password(request: &Request) -> bool {
    let path = request.uri().path();
    let words = [
        "sign-in", "sign_in", "sign-up", "sign_up", "register", "token", "accept", "password", "verify",
        "email",
    ];
    request.method() == Method::POST
        && (path.starts_with("/api/v1/auth/")
            || path.starts_with("/_fn/")
            || path == "/api/v1/invitations/accept")
        && words.iter().any(|word| path.contains(word))
}

/// The client's address; behind a proxy, the one that the proxy itself has seen.
fn address(request: &Request, behind_proxy: bool) -> IpAddr {
    let forwarded = || {
        let line = request.headers().get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        line.rsplit(',').next()?.trim().parse().ok()
    };
    let peer = request.extensions().get::<Peer>().map(Peer::address);
    let unknown = IpAddr::from([0, 0, 0, 0]);
    if behind_proxy { forwarded().or(peer) } else { peer }.map_or(unknown, whole_network)
}

/// One person has a whole IPv6 network of 64 bits: it counts as one address.
fn whole_network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => v6
            .to_ipv4_mapped()
            .map_or_else(|| IpAddr::from((u128::from(v6) >> 64 << 64).to_be_bytes()), IpAddr::V4),
    }
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

    #[test]
    fn an_ipv6_network_is_one_source() {
        let one = whole_network("2001:db8:1:2::3".parse().unwrap());
        assert_eq!(one, whole_network("2001:db8:1:2:ffff::9".parse().unwrap()));
        assert_ne!(one, whole_network("2001:db8:1:3::3".parse().unwrap()));
        assert_eq!(whole_network("::ffff:10.0.0.1".parse().unwrap()), "10.0.0.1".parse::<IpAddr>().unwrap());
    }

    #[test]
    fn only_posts_with_a_password_are_dear() {
        let request = |method: &str, path: &str| {
            Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
        };
        assert!(tries_a_password(&request("POST", "/api/v1/auth/token")));
        assert!(tries_a_password(&request("POST", "/_fn/sign-in")));
        assert!(tries_a_password(&request("POST", "/_fn/verify-email")));
        assert!(tries_a_password(&request("POST", "/api/v1/auth/forgot-password")));
        assert!(!tries_a_password(&request("GET", "/sign-in")));
        assert!(!tries_a_password(&request("POST", "/api/v1/appointments")));
    }
}
