//! URLs that messages go out to.

use std::net::IpAddr;

use url::{Host, Url};

use super::form::Form;
use super::key::Key;
use super::reader::Reader;
use super::targets::refuse_private;
use crate::domain::targets::Targets;

/// Where requests with people's codes go.
pub(super) fn form() -> Form<Url> {
    Form::new(
        "an http or https URL without user, password and fragment",
        |text| {
            let url = Url::parse(text).ok()?;
            let web = matches!(url.scheme(), "http" | "https");
            let anonymous = url.username().is_empty() && url.password().is_none();
            (web && anonymous && url.fragment().is_none()).then_some(url)
        },
    )
}

/// Judges an address that codes are sent to.
pub(super) fn judge(reader: &mut Reader, key: &Key, url: &Url, targets: &Targets) {
    refuse_clear_text(reader, key, url);
    refuse_private(reader, key, url.host_str().unwrap_or_default(), targets);
}

/// In production codes leave this machine encrypted, or not at all.
fn refuse_clear_text(reader: &mut Reader, key: &Key, url: &Url) {
    if reader.env.is_production() && url.scheme() != "https" && !is_on_this_machine(url) {
        let problem = "it would send people's codes in clear text over the network";
        reader.refuse(
            key.name,
            problem,
            "Give an https URL, or one on this very machine.",
        );
    }
}

/// Whether `url` leads to this very machine.
pub(super) fn is_on_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_loopback(name),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Whether `host` is this very machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
