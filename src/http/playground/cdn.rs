//! A page that loads GraphiQL from a CDN, in versions that are pinned down to the byte.

use axum::Router;
use axum::routing::get;

use super::page;

/// The CDN and nobody else; a style and a script are in the page itself.
const POLICY: &str = "default-src 'none'; script-src https://unpkg.com 'unsafe-inline'; \
    style-src https://unpkg.com 'unsafe-inline'; font-src data:; img-src data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page.
pub fn routes(has_messages: bool) -> Router {
    let answer = async move || page(include_str!("cdn.html"), POLICY, has_messages);
    Router::new().route("/", get(answer))
}
