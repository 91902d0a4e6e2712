//! The private addresses that messages may go out to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::targets::Targets;

const ALLOW_PRIVATE_TARGETS: Key = Key {
    name: "delivery.allow_private_targets",
    default: Default::Is(""),
    doc: "The private addresses, this machine's among them, that production may send messages to: a mail relay, a gateway of your own.",
};

/// Development sends anywhere.
pub(super) fn read(reader: &mut Reader) -> Targets {
    let and = reader.list(&ALLOW_PRIVATE_TARGETS, &Form::block());
    if reader.env.is_production() {
        Targets::Public { and }
    } else {
        Targets::Anywhere
    }
}

/// Refuses a `host` that is a private address; another name is asked for, and its address judged,
/// at each connection.
pub(super) fn refuse_private(reader: &mut Reader, key: &Key, host: &str, targets: &Targets) {
    let addresses = addresses(host);
    let Some(first) = addresses.first() else {
        return;
    };
    if !addresses.iter().any(|address| targets.include(*address)) {
        reader.refuse(
            key.name,
            format!("`{host}` is a private address, where production sends nothing unless told to"),
            format!(
                "If it is meant, add `{first}` to `{}`.",
                ALLOW_PRIVATE_TARGETS.name
            ),
        );
    }
}

/// The addresses that `host` says itself.
fn addresses(host: &str) -> Vec<IpAddr> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse() {
        return vec![address];
    }
    // Never another machine (RFC 6761, section 6.3).
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    if name == "localhost" || name.ends_with(".localhost") {
        return vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use crate::config::tests::{load, production, refused};

    const ALLOW: &str = "COUNTERSIGN__DELIVERY__ALLOW_PRIVATE_TARGETS";

    #[test]
    fn production_refuses_a_private_address_unless_it_is_listed() {
        for (host, block) in [
            ("127.0.0.1", "127.0.0.0/8"),
            ("localhost", "127.0.0.1"),
            ("relay.localhost", "::1"),
            ("10.0.0.25", "10.0.0.0/8"),
            ("169.254.169.254", "169.254.169.254"),
            ("[fd00::25]", "fd00::/8"),
            ("::ffff:10.0.0.25", "10.0.0.25"),
        ] {
            let host = ("COUNTERSIGN__SMTP__HOST", host);
            assert_eq!(production(&[host]), ["smtp.host"], "{host:?}");
            assert_eq!(production(&[host, (ALLOW, block)]), [""; 0], "{host:?}");
            let other = (ALLOW, "192.168.0.0/16");
            assert_eq!(production(&[host, other]), ["smtp.host"], "{host:?}");
            assert_eq!(
                refused("email.chain = 'smtp'\nsmtp.from = 'a@b.example'", &[host]),
                [""; 0]
            );
        }
        for host in ["1.1.1.1", "mail.example.com", "2606:4700::1111"] {
            assert_eq!(
                production(&[("COUNTERSIGN__SMTP__HOST", host)]),
                [""; 0],
                "{host}"
            );
        }
        assert_eq!(
            production(&[(ALLOW, "10.0.0.1/8")]),
            ["delivery.allow_private_targets"]
        );
    }

    #[test]
    fn a_url_is_judged_as_it_is_read() {
        for url in [
            "https://10.0.0.1/take",
            "https://0x7f.1/take",
            "https://2130706433/take",
            "https://[::ffff:127.0.0.1]/take",
            "https://metadata.localhost./take",
        ] {
            let webhook = [
                ("COUNTERSIGN__SMS__CHAIN", "webhook"),
                ("COUNTERSIGN__WEBHOOK__URL", url),
                (
                    "COUNTERSIGN__WEBHOOK__SECRET",
                    "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                ),
            ];
            assert_eq!(production(&webhook), ["webhook.url"], "{url}");
        }
    }

    #[test]
    fn the_remedy_names_the_address_and_the_key() {
        let toml = "env = 'production'\nemail.chain = 'smtp'\nsmtp.host = 'localhost'";
        let problems = load(toml, &[]).unwrap_err();
        let about_host = problems.iter().find(|problem| problem.key == "smtp.host");
        let remedy = &about_host.unwrap().remedy;
        assert!(
            remedy.contains("`127.0.0.1` to `delivery.allow_private_targets`"),
            "{remedy}"
        );
    }
}
