//! Whatever stands in `Cookie`, a value that is found there stands behind its name, and once.
#![no_main]

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use countersign::http::cookies::Cookies;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|lines: Vec<Vec<u8>>| {
    let mut headers = HeaderMap::new();
    for line in &lines {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(COOKIE, value);
        }
    }
    let Some(held) = Cookies::HTTPS.held(&headers) else {
        return;
    };
    for (name, shown) in [("access", held.access), ("refresh", held.refresh)] {
        let name = format!("__Host-countersign-{name}");
        if let Some(value) = shown.value() {
            assert!(!value.contains(';'));
            let is_named = |line: &&HeaderValue| {
                let line = line.as_bytes();
                line.windows(name.len()).any(|part| part == name.as_bytes())
            };
            assert!(headers.get_all(COOKIE).iter().any(|line| is_named(&line)));
        }
    }
});
