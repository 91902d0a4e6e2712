//! What every answer tells a browser, whoever made it: a handler, a refusal, a panic.
//!
//! After OWASP ASVS 5.0, V3.4, for a server that has no pages but the playground. There is no
//! `X-Frame-Options`: `frame-ancestors` says the same to every browser of the last ten years.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

use super::refusal::NO_STORE;

/// Who else may load an answer without asking (Fetch, section 3.7). CORS is another matter: that is
/// asking, and `/graphql` answers it.
pub const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// A year, as browsers and ASVS want it at the least, and for names below this server's as well.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Whatever a handler says.
const ALWAYS: [(HeaderName, HeaderValue); 2] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];

/// Unless the handler says otherwise.
const USUALLY: [(HeaderName, HeaderValue); 3] = [
    // Nothing here is a page: should one be made of it, it can do nothing, and nowhere.
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             sandbox",
        ),
    ),
    (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
    (CACHE_CONTROL, NO_STORE),
];

/// Adds the headers. `is_https` says whether browsers reach this server by https, and shall never
/// try another way again.
#[must_use]
pub fn instruct<B>(mut response: Response<B>, is_https: bool) -> Response<B> {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    for (name, value) in USUALLY {
        headers.entry(name).or_insert(value);
    }
    if is_https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    response
}
