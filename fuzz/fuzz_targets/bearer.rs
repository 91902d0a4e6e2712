//! Whatever stands in `Authorization`, a token that is found there stands there as it is.
#![no_main]

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use countersign::http::bearer::{Credentials, credentials};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|values: Vec<Vec<u8>>| {
    let mut headers = HeaderMap::new();
    for value in &values {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(AUTHORIZATION, value);
        }
    }
    let sent = headers.get_all(AUTHORIZATION).iter().count();
    match credentials(&headers) {
        Credentials::None | Credentials::Garbled => {}
        Credentials::Bearer(token) => {
            assert_eq!(sent, 1);
            let value = headers[AUTHORIZATION].to_str().expect("text");
            assert!(value.trim().ends_with(token) && value.len() >= "bearer".len());
        }
    }
});
