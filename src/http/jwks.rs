//! `/.well-known/jwks.json`: the public keys, for every backend that verifies our access tokens.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::tokens::KeyRing;

/// The keys as a JWK set (RFC 7517, section 5). Public, and readable from any page.
pub async fn jwks(State(keys): State<Arc<KeyRing>>) -> Response {
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/jwk-set+json"),
        ),
        (
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=300"),
        ),
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    (headers, Json(keys.jwks())).into_response()
}
