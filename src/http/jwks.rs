//! `/.well-known/jwks.json`: the public keys, for every backend that verifies our access tokens.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use headers::{CacheControl, ETag, HeaderMapExt, IfNoneMatch};
use jsonwebtoken::jwk::JwkSet;

use super::browser::RESOURCE_POLICY;
use crate::auth::Auth;

/// How long a backend may keep the keys without asking.
pub const MAX_AGE: Duration = Duration::from_mins(5);

/// The keys as a JWK set (RFC 7517, section 5). Public, and readable from any page. Who has them
/// already, by their `ETag`, is told no more than that (RFC 9110, section 13.1.2).
pub async fn jwks(State(auth): State<Arc<Auth>>, request: HeaderMap) -> Response {
    let keys = auth.keys.ring().current().jwks(auth.clock.now());
    let etag = etag(&keys);
    let is_known = request
        .typed_get::<IfNoneMatch>()
        .zip(etag.as_ref())
        .is_some_and(|(known, etag)| !known.precondition_passes(etag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let json = HeaderValue::from_static("application/jwk-set+json");
        ([(CONTENT_TYPE, json)], Json(keys)).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    headers.typed_insert(CacheControl::new().with_public().with_max_age(MAX_AGE));
    if let Some(etag) = etag {
        headers.typed_insert(etag);
    }
    response
}

/// The names of the keys: each is a digest of the key (RFC 7638), so that no digest of all of them
/// is needed. They come in order, so that equal sets are called the same.
fn etag(keys: &JwkSet) -> Option<ETag> {
    let kids: Vec<_> = keys
        .keys
        .iter()
        .filter_map(|key| key.common.key_id.as_deref())
        .collect();
    format!("\"{}\"", kids.join(".")).parse().ok()
}
