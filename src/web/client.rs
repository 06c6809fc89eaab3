//! The address that a request comes from: the other end of the connection, or what trusted proxies say of it.
//! It counts nothing; that is done in `limits` and `live`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};

use super::listener::Peer;
use crate::{networks::Proxies, state::AppState};

/// The client's address, on the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// Of a request that passed the middleware.
    pub(crate) fn of(request: &Request) -> Self {
        request.extensions().get().copied().unwrap_or(Self(UNKNOWN))
    }

    /// What is counted as one: a person has a whole IPv6 network of 64 bits.
    pub(crate) fn whole_network(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(v6) => IpAddr::from((u128::from(v6) >> 64 << 64).to_be_bytes()),
            v4 @ IpAddr::V4(_) => v4,
        }
    }
}

const UNKNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The middleware.
pub(crate) async fn resolve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map_or(UNKNOWN, Peer::address);
    let address = behind(peer, request.headers(), &state.config.proxies);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

/// Walks `X-Forwarded-For` from its end, where the nearest proxy wrote: each entry is believed as far as the one who wrote it is
/// trusted. What a client wrote itself stands further left and is never reached.
fn behind(peer: IpAddr, headers: &HeaderMap, proxies: &Proxies) -> IpAddr {
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let mut hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    let (mut address, mut believed) = (peer, proxies.may_connect(peer));
    while believed {
        // An entry that cannot be read hides who is behind it: what is known stays.
        let Some(before) = hops.next().and_then(entry) else { break };
        address = before;
        believed = proxies.may_stand_before(before);
    }
    address.to_canonical()
}

/// An address; some proxies add the port.
fn entry(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, lines: &[&str]) -> String {
        let named = "10.0.0.0/8,2001:db8::1".parse().unwrap();
        // As behind_proxy=on has it, but smaller.
        let nearest = "192.168.0.0/16".parse().unwrap();
        let proxies = Proxies { named, nearest };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        behind(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_trusted_hops_are_walked() {
        for (peer, lines, expected) in [
            // Nobody but a trusted proxy may say who is behind it.
            ("192.0.2.9", &["198.51.100.1"][..], "192.0.2.9"),
            ("192.0.2.9", &["10.0.0.1, 10.0.0.2"], "192.0.2.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            // What the client forged stands left of what the proxy saw.
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["10.9.9.9"], "10.9.9.9"),
            // Somebody in the proxy's own network writes what she likes, and the proxy adds who she is.
            ("192.168.0.1", &["1.1.1.1, 192.168.7.7"], "192.168.7.7"),
            ("192.168.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("192.168.0.1", &["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["rubbish"], "10.0.0.1"),
            ("10.0.0.1", &["1.1.1.1, unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &[""], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7"),
            ("10.0.0.1", &["[2001:db8::7]"], "2001:db8::7"),
            ("2001:db8::1", &["2001:db8::2"], "2001:db8::2"),
            ("::ffff:10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
        ] {
            assert_eq!(client(peer, lines), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn an_ipv6_network_is_one_source() {
        let counted = |text: &str| ClientAddress(text.parse().unwrap()).whole_network();
        assert_eq!(counted("2001:db8:1:2::3"), counted("2001:db8:1:2:ffff::9"));
        assert_ne!(counted("2001:db8:1:2::3"), counted("2001:db8:1:3::3"));
        assert_eq!(counted("::ffff:10.0.0.1"), "10.0.0.1".parse::<IpAddr>().unwrap());
    }
}
