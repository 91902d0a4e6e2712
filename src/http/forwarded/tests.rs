use axum::http::HeaderValue;
use proptest::prelude::*;

use super::*;
use crate::domain::proxies::Block;

const PROXY: &str = "10.0.0.1";

fn proxies() -> TrustedProxies {
    let blocks = ["10.0.0.0/8", "fd00::/8"].map(|text| Block::parse(text).unwrap());
    TrustedProxies::new(blocks.into())
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// The client of a request from `peer` with these header lines.
fn client(peer: &str, lines: &[(HeaderName, &str)]) -> String {
    let line = |(name, value): &(HeaderName, &str)| {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        (name.clone(), value)
    };
    let mut headers = HeaderMap::new();
    for (name, value) in lines.iter().map(line) {
        headers.append(name, value);
    }
    client_address(&headers, address(peer), &proxies()).to_string()
}

fn by_x(value: &str) -> String {
    client(PROXY, &[(X_FORWARDED_FOR, value)])
}

fn by_rfc(value: &str) -> String {
    client(PROXY, &[(FORWARDED, value)])
}

#[test]
fn a_stranger_is_not_believed() {
    for header in [X_FORWARDED_FOR, FORWARDED] {
        for value in ["192.0.2.9", "for=192.0.2.9", "10.0.0.2"] {
            assert_eq!(client("192.0.2.1", &[(header.clone(), value)]), "192.0.2.1");
        }
    }
    assert_eq!(client("::ffff:192.0.2.1", &[]), "192.0.2.1");
}

#[test]
fn the_first_stranger_from_the_right_is_the_client() {
    assert_eq!(by_x("192.0.2.1"), "192.0.2.1");
    assert_eq!(by_x("203.0.113.66, 192.0.2.1"), "192.0.2.1");
    assert_eq!(
        by_x("203.0.113.66,192.0.2.1,10.9.9.9 , fd00::2"),
        "192.0.2.1"
    );
    assert_eq!(by_x("10.0.0.3, 10.0.0.2"), "10.0.0.3", "a call from within");
    assert_eq!(
        client("::ffff:10.0.0.1", &[(X_FORWARDED_FOR, "192.0.2.1")]),
        "192.0.2.1"
    );
    let forwarded = "for=203.0.113.66, for=192.0.2.1;proto=https;by=10.0.0.2, For=\"[fd00::2]:80\"";
    assert_eq!(by_rfc(forwarded), "192.0.2.1");
}

#[test]
fn several_lines_are_one_list() {
    let x = |value| (X_FORWARDED_FOR, value);
    let lines = [x("203.0.113.66"), x("192.0.2.1, 10.0.0.3"), x("10.0.0.2")];
    assert_eq!(client(PROXY, &lines), "192.0.2.1");
    let f = |value| (FORWARDED, value);
    let lines = [f("for=\"never closed"), f("for=192.0.2.1")];
    assert_eq!(client(PROXY, &lines), "192.0.2.1");
}

#[test]
fn what_is_no_address_ends_the_walk() {
    for entry in [
        "unknown",
        "_hidden",
        "",
        "192.0.2.1.example",
        "192.0.2",
        "[::1",
        "\u{e9}",
    ] {
        assert_eq!(by_x(entry), PROXY, "{entry}");
        assert_eq!(by_x(&format!("192.0.2.1, {entry}")), PROXY, "{entry}");
        assert_eq!(by_x(&format!("{entry}, 192.0.2.1")), "192.0.2.1", "{entry}");
        assert_eq!(by_x(&format!("192.0.2.1, {entry}, 10.0.0.2")), "10.0.0.2");
        assert_eq!(by_rfc(&format!("for=192.0.2.1, for={entry}")), PROXY);
    }
    for element in [
        "proto=https",
        "for",
        "for=192.0.2.1;for=192.0.2.2",
        "for=\"192.0.2.1",
    ] {
        assert_eq!(by_rfc(element), PROXY, "{element}");
    }
}

#[test]
fn ports_brackets_and_quotes_come_off() {
    for entry in [
        "192.0.2.1",
        "192.0.2.1:4711",
        "::ffff:192.0.2.1",
        "[::ffff:192.0.2.1]:80",
    ] {
        assert_eq!(by_x(entry), "192.0.2.1", "{entry}");
        assert_eq!(by_rfc(&format!("for=\"{entry}\"")), "192.0.2.1", "{entry}");
    }
    for entry in ["2001:DB8::1", "[2001:db8::1]", "[2001:db8:0::1]:4711"] {
        assert_eq!(by_x(entry), "2001:db8::1", "{entry}");
        assert_eq!(by_rfc(&format!("by=_x;for=\"{entry}\"")), "2001:db8::1");
    }
}

#[test]
fn a_quoted_string_hides_its_commas_and_a_clients_quote_spoils_no_proxys_entry() {
    let hidden = r#"for=192.0.2.1;host="a, for=203.0.113.66;x=\", for=203.0.113.67""#;
    assert_eq!(by_rfc(hidden), "192.0.2.1");
    assert_eq!(by_rfc("for=\"x, for=\"[2001:db8::1]\""), "2001:db8::1");
    assert_eq!(by_rfc("for=\"\\, for=192.0.2.1"), "192.0.2.1");
}

#[test]
fn a_header_that_the_proxy_does_not_write_is_not_smuggled_through_it() {
    let both = [
        (FORWARDED, "for=203.0.113.66"),
        (X_FORWARDED_FOR, "192.0.2.1"),
    ];
    assert_eq!(client(PROXY, &both), "192.0.2.1");
}

/// Anything a client could send, made of the pieces that mean something here.
fn claim() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "for=",
        "by=",
        "\"",
        "\\",
        ",",
        ";",
        "[",
        "]",
        ":80",
        "10.0.0.2",
        "203.0.113.66",
        "::1",
        "fd00::1",
        "unknown",
        "_x",
        " ",
        "=",
        "\u{e9}",
    ]);
    prop::collection::vec(pieces, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_header_makes_the_reader_panic(bytes in any::<Vec<u8>>(), text in claim()) {
        for name in [X_FORWARDED_FOR, FORWARDED] {
            for bytes in [&bytes[..], text.as_bytes()] {
                if let Ok(value) = HeaderValue::from_bytes(bytes) {
                    let headers = HeaderMap::from_iter([(name.clone(), value)]);
                    let _ = client_address(&headers, address(PROXY), &proxies());
                }
            }
        }
    }

    #[test]
    fn nothing_left_of_a_stranger_is_believed(sent in claim()) {
        for last in ["192.0.2.1", "\"[2001:db8::1]\""] {
            let seen = last.trim_matches(['"', '[', ']']);
            prop_assert_eq!(by_rfc(&format!("{sent}, for={last}, for=10.0.0.2")), seen);
        }
        prop_assert_eq!(by_x(&format!("{sent},192.0.2.1,10.0.0.2")), "192.0.2.1");
        prop_assert_eq!(client("192.0.2.1", &[(X_FORWARDED_FOR, &sent)]), "192.0.2.1");
    }
}
