//! No forwarded header moves the client's address past the first hop that nobody vouches for.
#![no_main]

use std::net::IpAddr;

use axum::http::header::FORWARDED;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use countersign::domain::proxies::{Block, TrustedProxies};
use countersign::http::forwarded::client_address;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|lines: Vec<(bool, Vec<u8>)>| {
    let block = Block::parse("10.0.0.0/8").expect("a block");
    let trusted = TrustedProxies::new(vec![block]);
    let mut headers = HeaderMap::new();
    for (is_rfc7239, line) in &lines {
        let name = if *is_rfc7239 {
            FORWARDED
        } else {
            HeaderName::from_static("x-forwarded-for")
        };
        if let Ok(line) = HeaderValue::from_bytes(line) {
            headers.append(name, line);
        }
    }
    let stranger: IpAddr = "203.0.113.7".parse().expect("an address");
    assert_eq!(client_address(&headers, stranger, &trusted), stranger);

    // Our proxy adds the peer that it saw at the right end; nothing to its left counts.
    let proxy: IpAddr = "10.0.0.1".parse().expect("an address");
    headers.append("x-forwarded-for", HeaderValue::from_static("203.0.113.7"));
    assert_eq!(client_address(&headers, proxy, &trusted), stranger);
});
