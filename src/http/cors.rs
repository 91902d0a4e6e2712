//! Which web pages may call from a browser (the Fetch standard's CORS protocol).

use std::time::Duration;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method};
use tower_http::cors::{AllowCredentials, AllowOrigin, CorsLayer};
use url::{Host, Url};

use super::request_id::X_REQUEST_ID;

/// Headers that make a request non-simple, which GraphQL clients send for that very reason.
pub const PREFLIGHT: [HeaderName; 3] = [
    HeaderName::from_static("graphql-require-preflight"),
    HeaderName::from_static("apollo-require-preflight"),
    HeaderName::from_static("x-apollo-operation-name"),
];
/// How long a browser may remember a preflight. None remembers it for longer than two hours.
const MAX_AGE: Duration = Duration::from_hours(2);

/// Whose pages may call, as browsers write origins.
#[derive(Clone, Debug)]
pub struct Origins {
    /// The server's own, if it has one.
    pub own: Option<HeaderValue>,
    /// The others.
    pub others: Callers,
}

/// Pages of other origins that may call.
#[derive(Clone, Debug)]
pub enum Callers {
    /// Everybody's; with cookies, those of this machine. For development.
    Any,
    /// Those of exactly these origins.
    Only(Vec<HeaderValue>),
}

impl Origins {
    /// Whether pages of `origin` may act with cookies.
    #[must_use]
    pub fn may_act(&self, origin: &HeaderValue) -> bool {
        let is_listed = match &self.others {
            Callers::Any => is_local(origin),
            Callers::Only(origins) => origins.contains(origin),
        };
        is_listed || self.own.as_ref() == Some(origin)
    }
}

/// Answers preflights and marks answers as readable.
pub fn layer(origins: &Origins) -> CorsLayer {
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(
            [AUTHORIZATION, CONTENT_TYPE]
                .into_iter()
                .chain(PREFLIGHT)
                .collect::<Vec<_>>(),
        )
        .expose_headers([RETRY_AFTER, X_REQUEST_ID])
        .max_age(MAX_AGE);
    match &origins.others {
        Callers::Any => layer
            .allow_origin(AllowOrigin::mirror_request())
            .allow_credentials(AllowCredentials::predicate(|origin, _| is_local(origin))),
        Callers::Only(origins) => layer.allow_origin(origins.clone()).allow_credentials(true),
    }
}

/// Whether `origin` is this very machine, by any port.
fn is_local(origin: &HeaderValue) -> bool {
    let url = origin.to_str().ok().and_then(|text| Url::parse(text).ok());
    let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) else {
        return false;
    };
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
