//! Whether a request may act with cookies (CSRF).
//!
//! A browser attaches cookies to what any page sends. So a request that is known by them, or that
//! asks for them, must show that its page may act for the person: by a header that no page can send
//! to another origin unasked, and by where the browser says that it comes from.

use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::cors::{Origins, PREFLIGHT};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Why a request may not act with cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A form, an image or a simple `fetch` of any page could have sent it.
    Simple,
    /// The page that it comes from is not one of ours.
    Foreign,
}

impl Doubt {
    /// What the client is told.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Simple => {
                "With cookies, send one of the headers graphql-require-preflight, \
                 apollo-require-preflight and x-apollo-operation-name."
            }
            Self::Foreign => {
                "Only pages of listed origins act with cookies: see `http.allowed_origins`."
            }
        }
    }
}

/// Judges a request by its headers. The same for every method: a query over `GET` changes nothing,
/// but how long it takes would tell another page about the person.
///
/// # Errors
/// The first [`Doubt`] about it.
pub fn judge(headers: &HeaderMap, origins: &Origins) -> Result<(), Doubt> {
    if !PREFLIGHT.iter().any(|name| headers.contains_key(name)) {
        return Err(Doubt::Simple);
    }
    match (one(headers, &SEC_FETCH_SITE), one(headers, &ORIGIN)) {
        // The browser's own word, which no page can write.
        (Ok(Some(site)), _) if site == "same-origin" => Ok(()),
        (_, Ok(Some(origin))) if origins.may_act(origin) => Ok(()),
        // No browser sends anything to another origin without either; this is a server or a tool,
        // whose cookies are its own.
        (Ok(None), Ok(None)) => Ok(()),
        _ => Err(Doubt::Foreign),
    }
}

/// The header, if there is one of that name. Two contradict each other.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::http::cors::Callers;

    /// Header lines, and what is to be said of a request with them.
    type Case<'a> = (&'a [(&'a str, &'a str)], Result<(), Doubt>);

    const OWN: &str = "https://id.example.com";
    const APP: &str = "https://app.example.com";

    fn listing() -> Origins {
        Origins {
            own: Some(HeaderValue::from_static(OWN)),
            others: Callers::Only(vec![HeaderValue::from_static(APP)]),
        }
    }

    fn judged(origins: &Origins, lines: &[(&str, &str)]) -> Result<(), Doubt> {
        let line = |(name, value): &(&str, &str)| {
            (
                name.parse::<HeaderName>().unwrap(),
                value.parse::<HeaderValue>().unwrap(),
            )
        };
        judge(&lines.iter().map(line).collect(), origins)
    }

    #[test]
    fn a_request_shows_a_header_and_where_it_comes_from() {
        const HEADER: (&str, &str) = ("graphql-require-preflight", "1");
        let (site, origin) = (|it| ("sec-fetch-site", it), |it| ("origin", it));
        let cases: &[Case<'_>] = &[
            (&[HEADER, origin(APP)], Ok(())),
            (&[HEADER, origin(APP), site("cross-site")], Ok(())),
            (&[HEADER, origin(APP), site("same-site")], Ok(())),
            (&[HEADER, origin(OWN)], Ok(())),
            (&[HEADER, site("same-origin")], Ok(())),
            // A proxy in front goes by another name than `public_url`.
            (
                &[HEADER, site("same-origin"), origin("https://other.example")],
                Ok(()),
            ),
            (&[("apollo-require-preflight", ""), origin(APP)], Ok(())),
            (&[("x-apollo-operation-name", "Me"), origin(APP)], Ok(())),
            (&[HEADER], Ok(())),
            (&[], Err(Doubt::Simple)),
            (&[origin(APP)], Err(Doubt::Simple)),
            (&[site("same-origin")], Err(Doubt::Simple)),
            (
                &[("x-requested-with", "fetch"), origin(APP)],
                Err(Doubt::Simple),
            ),
            (
                &[HEADER, origin("https://evil.example")],
                Err(Doubt::Foreign),
            ),
            (
                &[HEADER, origin("http://app.example.com")],
                Err(Doubt::Foreign),
            ),
            (
                &[HEADER, origin("https://app.example.com:444")],
                Err(Doubt::Foreign),
            ),
            (
                &[HEADER, origin("https://app.example.com.evil.example")],
                Err(Doubt::Foreign),
            ),
            (&[HEADER, origin("null")], Err(Doubt::Foreign)),
            (&[HEADER, origin("")], Err(Doubt::Foreign)),
            (
                &[HEADER, origin("http://localhost:3000")],
                Err(Doubt::Foreign),
            ),
            (&[HEADER, origin(APP), origin(APP)], Err(Doubt::Foreign)),
            (
                &[HEADER, site("same-origin"), site("same-origin")],
                Err(Doubt::Foreign),
            ),
            (&[HEADER, site("same-site")], Err(Doubt::Foreign)),
            (&[HEADER, site("cross-site")], Err(Doubt::Foreign)),
            (&[HEADER, site("none")], Err(Doubt::Foreign)),
            (&[HEADER, site("")], Err(Doubt::Foreign)),
        ];
        for (lines, verdict) in cases {
            assert_eq!(judged(&listing(), lines), *verdict, "{lines:?}");
        }
    }

    #[test]
    fn in_development_only_pages_of_this_machine_act_with_cookies() {
        let origins = Origins {
            own: Some(HeaderValue::from_static("http://192.168.1.5:8000")),
            others: Callers::Any,
        };
        let from = |origin| {
            let header = ("graphql-require-preflight", "1");
            judged(&origins, &[header, ("origin", origin)])
        };
        for origin in [
            "http://localhost:5173",
            "https://localhost",
            "http://app.localhost:3000",
            "http://127.0.0.1:8000",
            "http://[::1]:8000",
            "http://192.168.1.5:8000",
        ] {
            assert_eq!(from(origin), Ok(()), "{origin}");
        }
        for origin in [
            "https://evil.example",
            "http://localhost.evil.example",
            "http://evillocalhost",
            "http://127.0.0.1.evil.example",
            "http://192.168.1.6:8000",
            "http://localhost@evil.example",
            "file://localhost",
            "null",
        ] {
            assert_eq!(from(origin), Err(Doubt::Foreign), "{origin}");
        }
    }

    proptest! {
        #[test]
        fn no_origin_but_those_of_the_list_passes(bytes in any::<Vec<u8>>(), with_site in any::<bool>()) {
            let Ok(origin) = HeaderValue::from_bytes(&bytes) else { return Ok(()) };
            let mut headers = HeaderMap::new();
            headers.insert(PREFLIGHT[0].clone(), HeaderValue::from_static("1"));
            if with_site {
                headers.insert(SEC_FETCH_SITE, HeaderValue::from_static("cross-site"));
            }
            let is_listed = origin == OWN || origin == APP;
            headers.insert(ORIGIN, origin);
            prop_assert_eq!(judge(&headers, &listing()).is_ok(), is_listed);
        }
    }
}
