//! IP addresses and ranges as an operator writes them (`10.0.0.7`, `10.0.0.0/8`, `2001:db8::/32`).
//! What it means to be in one is decided where it is asked.

use std::{
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

/// One range; a single address is a range of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// All addresses are written as IPv6 here, so that `::ffff:10.0.0.1` is `10.0.0.1`.
    first: u128,
    bits: u32,
}

/// Some ranges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<Network>);

/// This machine and the networks that no router of the internet leads to (RFC 1918, 4193, 4291).
const PRIVATE: [&str; 7] =
    ["127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"];

impl Networks {
    /// These ranges.
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        Self(networks.into_iter().collect())
    }

    /// This machine and the private networks.
    pub fn private() -> Self {
        Self::new(PRIVATE.iter().filter_map(|text| text.parse().ok()))
    }

    /// Whether the address is in one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

/// Who may say for whom a request comes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// Proxies that the operator has named, wherever they stand in a row.
    pub named: Networks,
    /// Where a proxy may connect from without being named. What stands before it in a row is not believed: people may be in the
    /// same network, and write what they like.
    pub nearest: Networks,
}

impl Proxies {
    /// Whether whoever connects may speak for others.
    pub fn may_connect(&self, peer: IpAddr) -> bool {
        self.named.contain(peer) || self.nearest.contain(peer)
    }

    /// Whether whoever stands further away may.
    pub fn may_stand_before(&self, hop: IpAddr) -> bool {
        self.named.contain(hop)
    }
}

impl FromStr for Networks {
    type Err = String;

    /// Separated by commas; none at all is fine.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::parse).collect::<Result<Vec<Network>, String>>().map(Self)
    }
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        number(address) & mask(self.bits) == self.first
    }
}

fn number(address: IpAddr) -> u128 {
    u128::from(match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    })
}

fn mask(bits: u32) -> u128 {
    u128::MAX.checked_shl(128 - bits).unwrap_or(0)
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is no address such as 10.0.0.7 and no range such as 10.0.0.0/8");
        let (address, length) =
            text.trim().split_once('/').map_or((text.trim(), None), |(a, l)| (a, Some(l)));
        let address: IpAddr = address.parse().map_err(|_| refused())?;
        let most = if address.is_ipv4() { 32 } else { Ipv6Addr::BITS };
        let length = length.map_or(Ok(most), str::parse::<u32>).map_err(|_| refused())?;
        if length > most {
            return Err(refused());
        }
        let bits = length + (Ipv6Addr::BITS - most);
        let first = number(address) & mask(bits);
        if first == number(address) {
            Ok(Self { first, bits })
        } else {
            // 10.0.0.7/8 is a slip: whoever wrote it meant one or the other.
            Err(format!("`{text}` names an address inside a range: write its first address"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(network: &str, address: &str) -> bool {
        Networks::new([network.parse().unwrap()]).contain(address.parse().unwrap())
    }

    #[test]
    fn ranges_hold_what_is_in_them() {
        for (network, address, expected) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.7", "10.0.0.7", true),
            ("10.0.0.7", "10.0.0.8", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("0.0.0.0/0", "192.0.2.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "2001:db8::1", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
        ] {
            assert_eq!(within(network, address), expected, "{network} {address}");
        }
    }

    #[test]
    fn a_list_may_be_empty_and_holds_no_slip() {
        assert_eq!("".parse(), Ok(Networks::default()));
        let networks: Networks = "10.0.0.7, 2001:db8::/64,".parse().unwrap();
        assert!(networks.contain("2001:db8::9".parse().unwrap()));
        assert!("10.0.0.7,proxy".parse::<Networks>().is_err());
    }

    #[test]
    fn slips_are_refused() {
        for text in
            ["", "10.0.0", "10.0.0.0/33", "10.0.0.7/8", "::/129", "10.0.0.0/", "care.example", "10.0.0.0/-1"]
        {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    #[test]
    fn private_networks_are_no_public_ones() {
        let private = Networks::private();
        for (address, expected) in [
            ("127.0.0.9", true),
            ("::1", true),
            ("172.31.0.1", true),
            ("172.32.0.1", false),
            ("8.8.8.8", false),
        ] {
            assert_eq!(private.contain(address.parse().unwrap()), expected, "{address}");
        }
    }
}
