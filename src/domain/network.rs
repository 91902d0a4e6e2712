//! Client addresses, as they are counted.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The addresses that one client has at hand: an IPv4 address, or the /64 that an IPv6 address is
/// in. A home or a rented server gets a /64 at least (RFC 6177), and may take another of its 2⁶⁴
/// addresses for each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressBlock(IpAddr);

impl AddressBlock {
    /// The block that `address` is in. An IPv4 address in IPv6 spelling is one all the same.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) >> 64 << 64).into(),
        })
    }

    /// Reads an address, or a block as it is shown.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse() {
            return Some(Self::of(address));
        }
        let address: Ipv6Addr = text.strip_suffix("/64")?.parse().ok()?;
        let block = Self::of(address.into());
        block.0.is_ipv6().then_some(block)
    }
}

/// `203.0.113.7` or `2001:db8:0:1::/64`, in the one spelling of RFC 5952.
impl fmt::Display for AddressBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => write!(f, "{address}"),
            IpAddr::V6(address) => write!(f, "{address}/64"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Option<String> {
        AddressBlock::parse(text).map(|block| block.to_string())
    }

    #[test]
    fn an_ipv4_address_is_alone_and_an_ipv6_address_has_neighbours() {
        for (text, block) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
            ("2001:0DB8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64"),
            ("2001:db8:0:2::1", "2001:db8:0:2::/64"),
            ("2001:db8:0:2::/64", "2001:db8:0:2::/64"),
            ("::1", "::/64"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(block), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_no_block() {
        for text in [
            "",
            "203.0.113",
            "203.0.113.7/32",
            "203.0.113.7/64",
            "::ffff:203.0.113.7/64",
            "2001:db8::/48",
            "[::1]",
            "ada@example.com",
            "+447911123456",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_block_is_read_as_it_is_shown(address in any::<IpAddr>(), text in ".{0,50}") {
            let block = AddressBlock::of(address);
            prop_assert_eq!(AddressBlock::parse(&block.to_string()), Some(block));
            let _ = AddressBlock::parse(&text);
        }
    }
}
