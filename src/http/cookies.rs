//! The two cookies of a session: how they are written, and how they are read.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

use crate::graphql::browser::Change;

/// The names and attributes of the cookies.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    access: &'static str,
    refresh: &'static str,
    secure: bool,
}

/// What a request brings under one name.
#[derive(Clone, PartialEq, Eq)]
pub enum Shown {
    /// Nothing.
    Absent,
    /// Two values: one of them was planted, and nobody can tell which.
    Garbled,
    /// This.
    Value(String),
}

/// What a request brings of ours. It has at least one of them.
pub struct Held {
    /// What should be an access token.
    pub access: Shown,
    /// What should be a refresh token.
    pub refresh: Shown,
}

impl Cookies {
    /// `__Host-` cookies: no other host and no page in clear text can write or read one. Browsers
    /// take them over https only.
    pub const HTTPS: Self = Self {
        access: "__Host-countersign-access",
        refresh: "__Host-countersign-refresh",
        secure: true,
    };

    /// For development over plain http, where not all browsers keep cookies that are `Secure`, even
    /// of this very machine.
    pub const HTTP: Self = Self {
        access: "countersign-access",
        refresh: "countersign-refresh",
        secure: false,
    };

    /// What a request brings of ours; `None` when it brings nothing.
    #[must_use]
    pub fn held(self, headers: &HeaderMap) -> Option<Held> {
        let mut held = Held {
            access: Shown::Absent,
            refresh: Shown::Absent,
        };
        // HTTP/2 may send each cookie in a header line of its own.
        for line in headers.get_all(COOKIE) {
            for cookie in Cookie::split_parse(ascii(line)).flatten() {
                let place = match cookie.name() {
                    name if name == self.access => &mut held.access,
                    name if name == self.refresh => &mut held.refresh,
                    _ => continue,
                };
                *place = match place {
                    Shown::Absent => Shown::Value(cookie.value().to_owned()),
                    Shown::Garbled | Shown::Value(_) => Shown::Garbled,
                };
            }
        }
        let nothing = held.access == Shown::Absent && held.refresh == Shown::Absent;
        (!nothing).then_some(held)
    }

    /// The values of the two `Set-Cookie` headers that have a browser do `change`.
    pub fn lines(self, change: Change) -> impl Iterator<Item = HeaderValue> {
        let (access, refresh, seconds) = match change {
            Change::Keep {
                access,
                refresh,
                seconds,
            } => (access, refresh, seconds),
            Change::Forget => (String::new(), String::new(), 0),
        };
        [(self.access, access), (self.refresh, refresh)]
            .into_iter()
            .filter_map(move |(name, value)| self.line(name, value, seconds))
    }

    fn line(self, name: &'static str, value: String, seconds: i32) -> Option<HeaderValue> {
        let cookie = Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(seconds.into()));
        let mut line = HeaderValue::try_from(cookie.to_string()).ok()?;
        line.set_sensitive(true);
        Some(line)
    }
}

impl Shown {
    /// The value, if it is one.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Garbled => None,
        }
    }
}

/// The line with all that is not ASCII made unlike anything of ours. The parser trims what Unicode
/// calls a space, and browsers do not: to them, a name that begins with one does not begin with
/// `__Host-`, so any host of the site may write it.
fn ascii(line: &HeaderValue) -> String {
    let byte = |byte: &u8| if byte.is_ascii() { *byte } else { b'?' };
    line.as_bytes().iter().map(byte).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn held(lines: &[&[u8]]) -> (Option<String>, Option<String>) {
        let line = |bytes: &&[u8]| (COOKIE, HeaderValue::from_bytes(bytes).unwrap());
        let held = Cookies::HTTPS.held(&lines.iter().map(line).collect());
        let told = |shown: Shown| match shown {
            Shown::Absent => None,
            Shown::Garbled => Some("garbled".to_owned()),
            Shown::Value(value) => Some(value),
        };
        held.map_or((None, None), |held| (told(held.access), told(held.refresh)))
    }

    #[test]
    fn cookies_are_found_among_others_on_one_line_or_on_many() {
        let both = (Some("a.b-c_d".to_owned()), Some("csr_e".to_owned()));
        let one: &[u8] =
            b"x=1; __Host-countersign-access=a.b-c_d; __Host-countersign-refresh=csr_e";
        let many: [&[u8]; 4] = [
            b"__Host-countersign-refresh=csr_e",
            b"theme=d\xc3\xa4mmerig",
            b"\xff; =; ;; broken; __Host-countersign-access=a.b-c_d",
            b"__host-countersign-access=no; countersign-access=no; __Host-countersign-accessx=no",
        ];
        assert_eq!(held(&[one]), both);
        assert_eq!(held(&many), both);
        assert_eq!(held(&[]), (None, None));
        assert_eq!(held(&[b"__Host-countersign-access"]), (None, None));
    }

    #[test]
    fn a_cookie_that_comes_twice_is_garbled() {
        let garbled = (Some("garbled".to_owned()), None);
        let name = "__Host-countersign-access";
        let twice = format!("{name}=a; {name}=b");
        assert_eq!(held(&[twice.as_bytes()]), garbled);
        let (one, other) = (format!("{name}=a"), format!("{name}=a"));
        assert_eq!(held(&[one.as_bytes(), other.as_bytes(), b"y=2"]), garbled);
    }

    #[test]
    fn a_name_behind_a_space_that_only_unicode_knows_is_another_name() {
        for space in ["\u{2000}", "\u{a0}", "\u{85}", "\u{3000}", "\u{feff}"] {
            let planted = format!("{space}__Host-countersign-access=planted");
            assert_eq!(held(&[planted.as_bytes()]), (None, None), "{space:?}");
        }
        assert_eq!(
            held(&[b"\xa0__Host-countersign-access=planted"]),
            (None, None)
        );
    }

    #[test]
    fn lines_hide_their_value_from_debug() {
        let change = Change::Keep {
            access: "header.claims.signature".to_owned(),
            refresh: "csr_secret".to_owned(),
            seconds: 60,
        };
        let lines: Vec<_> = Cookies::HTTP.lines(change).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(format!("{lines:?}"), "[Sensitive, Sensitive]");
    }

    proptest! {
        #[test]
        fn no_header_makes_the_reader_panic(lines in prop::collection::vec(any::<Vec<u8>>(), 0..4)) {
            let line = |bytes: &Vec<u8>| HeaderValue::from_bytes(bytes).ok().map(|it| (COOKIE, it));
            let _ = Cookies::HTTP.held(&lines.iter().filter_map(line).collect());
        }

        #[test]
        fn what_is_written_is_read(access in "[A-Za-z0-9_.-]{1,200}", refresh in "csr_[A-Za-z0-9_-]{48}") {
            let change = Change::Keep { access: access.clone(), refresh: refresh.clone(), seconds: 1 };
            let pair = |line: HeaderValue| line.to_str().unwrap().split(';').next().unwrap().to_owned();
            let sent = Cookies::HTTPS.lines(change).map(pair).collect::<Vec<_>>().join("; ");
            prop_assert_eq!(held(&[sent.as_bytes()]), (Some(access), Some(refresh)));
        }
    }
}
