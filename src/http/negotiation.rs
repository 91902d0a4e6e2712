//! Which media types go in and out, after the GraphQL-over-HTTP draft.

use std::cmp::Ordering;

use axum::http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
};
use mime::Mime;

use super::refusal::Refusal;

/// The media type of a GraphQL answer. It decides what the status code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `application/json`. The legacy type: 200 for every well-formed request, so that proxies and
    /// old clients, which give up on a 4xx, still read the body.
    Json,
    /// `application/graphql-response+json`: the status tells whether execution began.
    GraphqlResponse,
}

impl MediaType {
    /// Chooses the type of the answer by the request's `Accept`.
    ///
    /// Wildcards, and no header at all, mean `application/json`: only a client that names the newer
    /// type is known to expect its status codes.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotAcceptable`] if the client accepts neither.
    pub fn accepted_by(headers: &HeaderMap) -> Result<Self, Refusal> {
        if !headers.contains_key(ACCEPT) {
            return Ok(Self::Json);
        }
        let ranges: Vec<_> = headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|range| range.trim().parse().ok())
            .collect();
        let json = Preference::among(&ranges, "json", None);
        let graphql = Preference::among(&ranges, "graphql-response", Some("json"));
        let newer = match graphql.quality.total_cmp(&json.quality) {
            Ordering::Greater => true,
            Ordering::Equal => graphql.quality > 0.0 && graphql.closeness == Closeness::Exact,
            Ordering::Less => false,
        };
        if newer {
            Ok(Self::GraphqlResponse)
        } else if json.quality > 0.0 {
            Ok(Self::Json)
        } else {
            Err(Refusal::NotAcceptable)
        }
    }

    /// The status of an answer to a well-formed request whose document was not executed.
    #[must_use]
    pub const fn status_before_execution(self) -> StatusCode {
        match self {
            Self::Json => StatusCode::OK,
            Self::GraphqlResponse => StatusCode::BAD_REQUEST,
        }
    }

    /// The value for `Content-Type`.
    #[must_use]
    pub const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }
}

/// Whether the request's body is declared to be JSON in UTF-8.
///
/// Nothing else is read. A page on another origin can send `text/plain` or a form without the
/// browser asking us first, but not this.
///
/// # Errors
///
/// [`Refusal::UnsupportedMediaType`] if it is anything else, or nothing.
pub fn require_json(headers: &HeaderMap) -> Result<(), Refusal> {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok()?.parse::<Mime>().ok())
        .filter(|mime| mime.essence_str() == mime::APPLICATION_JSON)
        .filter(|mime| {
            mime.get_param(mime::CHARSET)
                .is_none_or(|charset| charset == mime::UTF_8)
        })
        .map(|_| ())
        .ok_or(Refusal::UnsupportedMediaType)
}

/// How closely a media range names a type. The closest range decides, not the kindest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    None,
    Anything,
    AnyApplication,
    Exact,
}

#[derive(Debug, Clone, Copy)]
struct Preference {
    closeness: Closeness,
    quality: f32,
}

impl Preference {
    fn among(ranges: &[Mime], subtype: &str, suffix: Option<&str>) -> Self {
        let mut best = Self {
            closeness: Closeness::None,
            quality: 0.0,
        };
        for range in ranges {
            let closeness = closeness_of(range, subtype, suffix);
            if closeness > best.closeness {
                best = Self {
                    closeness,
                    quality: quality_of(range),
                };
            }
        }
        best
    }
}

fn closeness_of(range: &Mime, subtype: &str, suffix: Option<&str>) -> Closeness {
    if range.type_() == mime::STAR && range.subtype() == mime::STAR {
        Closeness::Anything
    } else if range.type_() != mime::APPLICATION {
        Closeness::None
    } else if range.subtype() == mime::STAR {
        Closeness::AnyApplication
    } else if range.subtype() == subtype && range.suffix().map(|it| it.as_str()) == suffix {
        Closeness::Exact
    } else {
        Closeness::None
    }
}

/// The range's `q`, 1 if it has none, and 0 if it makes no sense.
fn quality_of(range: &Mime) -> f32 {
    range.get_param("q").map_or(1.0, |q| {
        q.as_str()
            .parse()
            .ok()
            .filter(|quality| (0.0..=1.0).contains(quality))
            .unwrap_or(0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(accept: &str) -> Result<MediaType, Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().expect("a header value"));
        MediaType::accepted_by(&headers)
    }

    #[test]
    fn the_newer_type_is_for_clients_that_name_it() {
        for accept in [
            "application/graphql-response+json",
            "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
            "application/graphql-response+json,application/json;q=0.9",
            "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
            "Application/GraphQL-Response+JSON;Q=0.5, */*;q=0.1",
            "application/json;q=0.5, */*",
            "application/json;q=0, application/*",
        ] {
            assert_eq!(accepted(accept), Ok(MediaType::GraphqlResponse), "{accept}");
        }
    }

    #[test]
    fn the_older_type_is_for_everybody_else() {
        assert_eq!(
            MediaType::accepted_by(&HeaderMap::new()),
            Ok(MediaType::Json)
        );
        for accept in [
            "*/*",
            "application/*",
            "application/json",
            "text/html, */*;q=0.8",
            "application/graphql-response+json;q=0.5, application/json",
            "application/graphql-response+json;q=0, */*;q=0.1",
            "nonsense, application/json",
        ] {
            assert_eq!(accepted(accept), Ok(MediaType::Json), "{accept}");
        }
    }

    #[test]
    fn neither_is_forced_on_a_client() {
        for accept in [
            "text/html",
            "text/*",
            "application/xml",
            "application/graphql+json",
            "application/json;q=0",
            "*/*;q=0",
            "application/json;q=2",
            "application/json;q=nan",
            "",
        ] {
            assert_eq!(accepted(accept), Err(Refusal::NotAcceptable), "{accept}");
        }
    }

    #[test]
    fn only_json_in_utf_8_goes_in() {
        let required = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, value.parse().expect("a header value"));
            require_json(&headers)
        };
        for json in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
        ] {
            assert_eq!(required(json), Ok(()), "{json}");
        }
        for other in [
            "text/plain",
            "application/json; charset=latin1",
            "application/jsonp",
            "application/graphql",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "",
        ] {
            assert_eq!(
                required(other),
                Err(Refusal::UnsupportedMediaType),
                "{other}"
            );
        }
        assert_eq!(
            require_json(&HeaderMap::new()),
            Err(Refusal::UnsupportedMediaType)
        );
    }
}
