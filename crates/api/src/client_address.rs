//! From where a request really comes. The other end of the connection is the client, unless it is a proxy that this
//! server was told to trust: then the client is the last address in `X-Forwarded-For` that is none of those proxies.
//! What anybody else writes into such a header is not looked at. `Forwarded` is not read at all: a proxy that writes
//! the one header lets the other pass as its client wrote it.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// An address, or those that begin with the same bits: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong =
            || "write an address or a network, for instance 127.0.0.1 or 10.0.0.0/8".to_owned();
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= most),
            None => Some(most),
        };
        Ok(Self {
            address,
            bits: bits.ok_or_else(wrong)?,
        })
    }
}

impl Network {
    fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differing = network.to_bits() ^ address.to_bits();
                differing.checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differing = network.to_bits() ^ address.to_bits();
                differing.checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// Who asks, as far as the network says. Nothing is known of a request that came through no network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl ClientAddress {
    pub(crate) fn of(extensions: &Extensions, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|peer| peer.0.ip().to_canonical());
        Self(peer.map(|peer| client(peer, headers, trusted)))
    }
}

fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address| trusted.iter().any(|network| network.holds(address));
    let mut client = peer;
    // Each proxy adds at the end whom it heard from: what a trusted one says is believed, back to the first that is not.
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let mut said = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    while is_trusted(client) {
        match said.next().map(|address| address.trim().parse::<IpAddr>()) {
            Some(Ok(address)) => client = address.to_canonical(),
            _ => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;
    use axum::http::HeaderValue;

    fn seen(peer: &str, said: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in said {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
        }
        let trusted: Vec<Network> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(seen("203.0.113.7", &["198.51.100.1"], &[]), "203.0.113.7");
        let proxies = ["127.0.0.1", "10.0.0.0/8"];
        assert_eq!(seen("203.0.113.7", &["1.1.1.1"], &proxies), "203.0.113.7");
        assert_eq!(
            seen("127.0.0.1", &["198.51.100.1"], &proxies),
            "198.51.100.1"
        );
        // The client wrote the first; the proxies wrote the rest.
        let chain = "6.6.6.6, 198.51.100.1, 10.1.2.3";
        assert_eq!(seen("127.0.0.1", &[chain], &proxies), "198.51.100.1");
        assert_eq!(
            seen("127.0.0.1", &["6.6.6.6", "198.51.100.1"], &proxies),
            "198.51.100.1"
        );
        // Nonsense ends the chain at the last that is known.
        assert_eq!(seen("127.0.0.1", &["nonsense"], &proxies), "127.0.0.1");
        assert_eq!(
            seen("127.0.0.1", &["1.1.1.1, x, 10.0.0.1"], &proxies),
            "10.0.0.1"
        );
        assert_eq!(seen("127.0.0.1", &[], &proxies), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &["2001:db8::1"], &proxies), "2001:db8::1");
    }

    #[test]
    fn networks_are_read_and_matched() {
        let holds = |network: &str, address: &str| {
            network
                .parse::<Network>()
                .unwrap()
                .holds(address.parse().unwrap())
        };
        assert!(holds("0.0.0.0/0", "203.0.113.7"));
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("10.0.0.7", "::ffff:10.0.0.7") && !holds("10.0.0.7", "10.0.0.8"));
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "fe80::1"));
        assert!(!holds("::/0", "10.0.0.1"));
        for wrong in [
            "",
            "proxy",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0/8",
            "::/129",
            "10.0.0.1/-1",
        ] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
