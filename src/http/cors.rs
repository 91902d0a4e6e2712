//! Which web pages may call from a browser (the Fetch standard's CORS protocol).

use std::time::Duration;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method};
use tower_http::cors::{Any, CorsLayer};

use super::request_id::X_REQUEST_ID;

/// Headers that make a request non-simple, which GraphQL clients send for that very reason.
const PREFLIGHT: [HeaderName; 3] = [
    HeaderName::from_static("graphql-require-preflight"),
    HeaderName::from_static("apollo-require-preflight"),
    HeaderName::from_static("x-apollo-operation-name"),
];
/// How long a browser may remember a preflight. None remembers it for longer than two hours.
const MAX_AGE: Duration = Duration::from_hours(2);

/// Whose pages may call.
#[derive(Clone, Debug)]
pub enum Origins {
    /// Everybody's, without credentials. For development.
    Any,
    /// Those of exactly these origins, as browsers write them.
    Only(Vec<HeaderValue>),
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
    match origins {
        Origins::Any => layer.allow_origin(Any),
        Origins::Only(origins) => layer.allow_origin(origins.clone()).allow_credentials(true),
    }
}
