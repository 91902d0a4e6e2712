//! Which addresses messages may go out to.
//!
//! Who can name a host that the server connects to, or answer for its name, could otherwise have it
//! knock at doors that only it can reach: the metadata of a cloud, a database, the router.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use super::proxies::Block;

/// What of IPv4 is not the public Internet, after IANA's special-purpose registry (RFC 6890), with
/// multicast and what is reserved.
const PRIVATE_V4: [Ipv4Net; 15] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 4),
    v4([240, 0, 0, 0], 4),
];

/// All of IPv6 that is given out to networks (RFC 4291, section 2.4). What lies outside is this
/// machine, a link, a site, a group, or nobody's.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0], 3);

/// What of that is not the public Internet either: protocols of the IETF, Teredo among them;
/// documentation; 6to4, which carries an IPv4 address.
const PRIVATE_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0, 0], 23),
    v6([0x2001, 0x0db8, 0], 32),
    v6([0x2002, 0, 0], 16),
    v6([0x3fff, 0, 0], 20),
];

/// Where a network without IPv4 puts the IPv4 Internet (RFC 6052, section 2.1).
const NAT64: Ipv6Net = v6([0x0064, 0xff9b, 0], 96);

/// The addresses that messages may go out to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Targets {
    /// All there are. For development.
    Anywhere,
    /// The public Internet, and these blocks.
    Public {
        /// Of the operator's own network.
        and: Vec<Block>,
    },
}

impl Targets {
    /// Whether `address`, in whatever way it is written, is one of them.
    #[must_use]
    pub fn include(&self, address: IpAddr) -> bool {
        let address = plain(address);
        match self {
            Self::Anywhere => true,
            Self::Public { and } => {
                is_public(address) || and.iter().any(|block| block.contains(address))
            }
        }
    }
}

/// An IPv4 address that is written as IPv6, or reached through a translator, is an IPv4 address.
fn plain(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if NAT64.contains(&address) => {
            let [.., a, b, c, d] = address.octets();
            Ipv4Addr::new(a, b, c, d).into()
        }
        address => address,
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !PRIVATE_V4.iter().any(|block| block.contains(&address)),
        IpAddr::V6(address) => {
            GLOBAL_V6.contains(&address) && !PRIVATE_V6.iter().any(|block| block.contains(&address))
        }
    }
}

const fn v4([a, b, c, d]: [u8; 4], prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6([a, b, c]: [u16; 3], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(and: &[&str]) -> Targets {
        let and = and.iter().map(|text| Block::parse(text).unwrap());
        Targets::Public { and: and.collect() }
    }

    #[test]
    fn the_public_internet_is_what_is_no_special_block() {
        for (address, is_public) in [
            ("1.1.1.1", true),
            ("9.255.255.255", true),
            ("11.0.0.0", true),
            ("100.63.255.255", true),
            ("100.128.0.0", true),
            ("172.15.255.255", true),
            ("172.32.0.0", true),
            ("223.255.255.255", true),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("100.64.0.1", false),
            ("127.0.0.1", false),
            ("127.255.255.254", false),
            ("169.254.169.254", false),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("192.0.0.170", false),
            ("192.168.1.1", false),
            ("198.18.0.1", false),
            ("203.0.113.7", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("2606:4700::1111", true),
            ("2a00:1450::1", true),
            ("::", false),
            ("::1", false),
            ("fe80::1", false),
            ("fd00:ec2::254", false),
            ("ff02::1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("2002:7f00:1::", false),
            ("64:ff9b:1::1", false),
            ("4000::1", false),
        ] {
            let read = address.parse().unwrap();
            assert_eq!(public(&[]).include(read), is_public, "{address}");
            assert!(Targets::Anywhere.include(read), "{address}");
        }
    }

    #[test]
    fn another_way_of_writing_an_address_is_no_way_around() {
        for (address, is_public) in [
            ("::ffff:127.0.0.1", false),
            ("::ffff:a9fe:a9fe", false),
            ("::ffff:1.1.1.1", true),
            ("64:ff9b::127.0.0.1", false),
            ("64:ff9b::a9fe:a9fe", false),
            ("64:ff9b::1.1.1.1", true),
            // Neither is in use, and some systems read the address that is in it.
            ("::127.0.0.1", false),
            ("::1.1.1.1", false),
        ] {
            let read = address.parse().unwrap();
            assert_eq!(public(&[]).include(read), is_public, "{address}");
        }
    }

    #[test]
    fn what_is_allowed_is_allowed_and_nothing_beside_it() {
        let targets = public(&["10.1.0.0/16", "fd00:1::/32"]);
        for (address, is_allowed) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("64:ff9b::10.1.2.3", true),
            ("fd00:1::25", true),
            ("10.2.0.1", false),
            ("127.0.0.1", false),
            ("fd00:2::25", false),
        ] {
            let read = address.parse().unwrap();
            assert_eq!(targets.include(read), is_allowed, "{address}");
        }
    }
}
