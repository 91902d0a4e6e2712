//! The one rule by which a request's client address is known.
//!
//! A header is a claim, and each proxy adds its own at the right end of what it was sent. So the
//! list is read from the right, for as long as the one who made the claim is a trusted proxy. What
//! stands further left may have been written by anybody.

use std::net::{IpAddr, SocketAddr};

use axum::http::header::FORWARDED;
use axum::http::{HeaderMap, HeaderName};

use crate::domain::proxies::TrustedProxies;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the last hop that is proven: `peer`, or, behind trusted proxies, the first one
/// from the right that is none of them. An entry that is no address (`unknown`, `_hidden`, rubbish)
/// ends the walk at the hop to its right, which is the one that vouches for it.
///
/// Reads `X-Forwarded-For`, and without it `Forwarded` (RFC 7239); several lines are one list. Where
/// both came, the first wins: nearly every proxy writes it, and most of them hand on as it is a
/// `Forwarded` that they never heard of. If that one won, a client could send it through them.
///
/// IPv4 written as IPv6 comes back as IPv4.
#[must_use]
pub fn client_address(headers: &HeaderMap, peer: IpAddr, trusted: &TrustedProxies) -> IpAddr {
    let mut proven = peer.to_canonical();
    let mut claims = claims(headers);
    while trusted.include(proven) {
        match claims.next() {
            Some(Some(address)) => proven = address,
            Some(None) | None => break,
        }
    }
    proven
}

/// What the proxies claim, the nearest one first; `None` where that is no address.
fn claims(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let (name, read): (_, fn(&str) -> Option<IpAddr>) = if headers.contains_key(X_FORWARDED_FOR) {
        (X_FORWARDED_FOR, node)
    } else {
        (FORWARDED, forwarded_for)
    };
    let lines = headers.get_all(name).iter().rev();
    lines.flat_map(move |line| {
        // What is not UTF-8 is no address, and must not hide the claims to its right.
        let line = String::from_utf8_lossy(line.as_bytes());
        let entries = parts_from_right(&line, b',');
        entries.into_iter().map(read).collect::<Vec<_>>()
    })
}

/// The `for` of one element of `Forwarded`: `for="[2001:db8::1]:4711";proto=https`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let pairs = parts_from_right(element, b';').into_iter();
    let mut nodes = pairs.filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value)
    });
    // RFC 7239, section 4: no parameter occurs twice.
    match (nodes.next(), nodes.next()) {
        (Some(only), None) => node(unquoted(only.trim())?),
        _ => None,
    }
}

/// `value` without the quotes around it. No address needs an escape, so none is undone: what has one
/// is no address.
fn unquoted(value: &str) -> Option<&str> {
    match value.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"'),
        None => Some(value),
    }
}

/// An address, with or without brackets and a port (RFC 7239, section 6).
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address = (text.parse::<IpAddr>().ok())
        .or_else(|| text.parse::<SocketAddr>().ok().map(|node| node.ip()))
        .or_else(|| bracketed().map(IpAddr::V6))?;
    Some(address.to_canonical())
}

/// What stands between the `separator`s of `line` that are in no quoted string, the last part first.
///
/// Read from the right as well: a quote that a client has left open then spoils what the client
/// wrote, and nothing of what proxies have added.
fn parts_from_right(line: &str, separator: u8) -> Vec<&str> {
    let bytes = line.as_bytes();
    let (mut parts, mut end, mut is_quoted) = (Vec::new(), bytes.len(), false);
    for (at, byte) in bytes.iter().enumerate().rev() {
        if *byte == b'"' && !is_escaped(&bytes[..at]) {
            is_quoted = !is_quoted;
        } else if *byte == separator && !is_quoted {
            parts.push(&line[at + 1..end]);
            end = at;
        }
    }
    parts.push(&line[..end]);
    parts
}

/// Whether what follows `before` has a backslash that is not itself escaped.
fn is_escaped(before: &[u8]) -> bool {
    let backslashes = before.iter().rev().take_while(|byte| **byte == b'\\');
    backslashes.count() % 2 == 1
}

#[cfg(test)]
mod tests;
