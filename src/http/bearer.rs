//! `Authorization: Bearer …`.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// What stands in `Authorization`.
#[derive(Debug, PartialEq, Eq)]
pub enum Credentials<'a> {
    /// Nothing for us.
    None,
    /// Something that nobody can read, or twice something.
    Garbled,
    /// What should be an access token (RFC 6750, section 2.1).
    Bearer(&'a str),
}

/// Reads `Authorization`. Only the header counts: a token in the query string would end up in logs
/// and histories (RFC 9700, section 4.3.2).
#[must_use]
pub fn credentials(headers: &HeaderMap) -> Credentials<'_> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        // Two answers to "who are you" are none.
        return if headers.contains_key(AUTHORIZATION) {
            Credentials::Garbled
        } else {
            Credentials::None
        };
    };
    let Ok(value) = value.to_str() else {
        return Credentials::Garbled;
    };
    let (scheme, token) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        // Another scheme is for somebody else on the way, such as a proxy's own password.
        return Credentials::None;
    }
    Credentials::Bearer(token.trim_start())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn headers(values: &[&[u8]]) -> HeaderMap {
        let value = |bytes: &&[u8]| (AUTHORIZATION, HeaderValue::from_bytes(bytes).unwrap());
        values.iter().map(value).collect()
    }

    #[test]
    fn the_scheme_is_read_in_any_letter_case() {
        for value in ["Bearer abc", "bearer abc", "BEARER   abc"] {
            let headers = headers(&[value.as_bytes()]);
            assert_eq!(credentials(&headers), Credentials::Bearer("abc"));
        }
    }

    #[test]
    fn absent_is_not_the_same_as_garbled() {
        assert_eq!(credentials(&headers(&[])), Credentials::None);
        assert_eq!(credentials(&headers(&[b"Basic dTpw"])), Credentials::None);
        assert_eq!(credentials(&headers(&[b"Bearer"])), Credentials::Bearer(""));
        assert_eq!(
            credentials(&headers(&[b"Bearer a", b"Bearer b"])),
            Credentials::Garbled
        );
        assert_eq!(
            credentials(&headers(&[b"Bearer \xff"])),
            Credentials::Garbled
        );
    }

    proptest! {
        #[test]
        fn no_header_makes_the_reader_panic(bytes in any::<Vec<u8>>()) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let _ = credentials(&HeaderMap::from_iter([(AUTHORIZATION, value)]));
            }
        }
    }
}
