//! Whose word on where a request came from is believed.

use std::fmt;
use std::net::IpAddr;

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

    /// Whether `address`, in its canonical form, is in it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        self.0.contains(&address)
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
        self.0.iter().any(|block| block.contains(address))
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
}
