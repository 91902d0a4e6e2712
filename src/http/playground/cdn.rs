//! A page that loads GraphiQL from a CDN, in versions that are pinned down to the byte.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::Html;
use axum::routing::get;

/// The CDN and nobody else; a style and a script are in the page itself.
const POLICY: &str = "default-src 'none'; script-src https://unpkg.com 'unsafe-inline'; \
    style-src https://unpkg.com 'unsafe-inline'; font-src data:; img-src data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page. It has no place for messages of the console.
pub fn routes(_has_messages: bool) -> Router {
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-cache"),
    ];
    Router::new().route(
        "/",
        get(async move || (headers, Html(include_str!("cdn.html")))),
    )
}
