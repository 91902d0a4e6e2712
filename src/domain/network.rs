//! Addresses of the network, and whose word on them is believed.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

/// A block of addresses in CIDR notation (RFC 4632, section 3.1; RFC 4291, section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block(IpNet);

impl Block {
    /// Reads `10.0.0.0/8`, `2001:db8::/32`, or one address alone. `None` for anything else, for a
    /// block with bits set beside its prefix, which may be a slip, and for IPv4 written as IPv6:
    /// addresses are compared in their canonical form, so that such a block would hold none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let block = match text.parse::<IpAddr>() {
            Ok(address) => IpNet::from(address),
            Err(_) => text.parse().ok()?,
        };
        let is_plain =
            block.addr() == block.network() && block.addr() == block.addr().to_canonical();
        is_plain.then_some(Self(block))
    }

    /// Whether it holds every address of its family.
    #[must_use]
    pub fn is_everything(self) -> bool {
        self.0.prefix_len() == 0
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The proxies in front of the server. What these, and only these, say of where a request came
/// from is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Block>);

impl TrustedProxies {
    /// Every address in `blocks`.
    #[must_use]
    pub const fn new(blocks: Vec<Block>) -> Self {
        Self(blocks)
    }

    /// Whether `address`, in its canonical form, is one of them.
    #[must_use]
    pub fn include(&self, address: IpAddr) -> bool {
        self.0.iter().any(|block| block.0.contains(&address))
    }
}

/// Who can be told apart by the network: an IPv4 address, or the first 64 bits of an IPv6 one.
///
/// Those are what one connection is given at the least (RFC 6177), so all that is behind them can
/// be one machine that changes its address with every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subscriber(IpAddr);

impl Subscriber {
    /// The one that `address` belongs to.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        const INTERFACE_BITS: u32 = 64;
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => {
                let prefix = v6.to_bits() >> INTERFACE_BITS << INTERFACE_BITS;
                IpAddr::V6(Ipv6Addr::from_bits(prefix))
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_one_spelling() {
        for (text, spelling) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("192.0.2.7", "192.0.2.7/32"),
            ("2001:DB8::/32", "2001:db8::/32"),
            ("::1", "::1/128"),
        ] {
            assert_eq!(Block::parse(text).unwrap().to_string(), spelling);
        }
        for text in [
            "",
            "*",
            "10.0.0.1/8",
            "10.0.0.0/33",
            "10.0.0/8",
            "::ffff:10.0.0.0/104",
            "::ffff:10.0.0.1",
            "localhost",
            "fe80::1%eth0",
        ] {
            assert_eq!(Block::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_subscriber_is_an_address_or_half_of_one() {
        let of = |text: &str| Subscriber::of(text.parse().unwrap());
        assert_eq!(
            of("2001:db8:1:2::1"),
            of("2001:db8:1:2:ffff:ffff:ffff:ffff")
        );
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
