//! A network address, told so that its owner recognises it and nobody else learns it.

use std::net::{IpAddr, Ipv6Addr};

/// `203.0.113.*` or `2001:db8:1::*`: about the customer, not the machine. `None` for addresses
/// that say nothing outside their own network.
pub(super) fn approximate(address: IpAddr) -> Option<String> {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let is_public = !(v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                // Shared by a provider's customers (RFC 6598).
                || (a == 100 && (64..128).contains(&b)));
            is_public.then(|| format!("{a}.{b}.{c}.*"))
        }
        IpAddr::V6(v6) => {
            let is_public = !(v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || v6.is_multicast());
            let [a, b, c, ..] = v6.segments();
            let network = Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0);
            is_public.then(|| format!("{network}*"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_up_to_its_network() {
        for (address, wanted) in [
            ("203.0.113.77", Some("203.0.113.*")),
            ("::ffff:203.0.113.77", Some("203.0.113.*")),
            ("2001:db8:1:2:3:4:5:6", Some("2001:db8:1::*")),
            ("2001:db8::1", Some("2001:db8::*")),
            ("127.0.0.1", None),
            ("10.1.2.3", None),
            ("172.16.0.1", None),
            ("192.168.1.1", None),
            ("169.254.1.1", None),
            ("100.64.0.1", None),
            ("0.0.0.0", None),
            ("::1", None),
            ("::ffff:10.0.0.1", None),
            ("fd00::1", None),
            ("fe80::1", None),
        ] {
            assert_eq!(
                approximate(address.parse().unwrap()).as_deref(),
                wanted,
                "{address}"
            );
        }
    }
}
