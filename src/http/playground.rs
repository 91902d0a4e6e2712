//! `GET /`: GraphiQL, for whoever explores the schema.
//!
//! Built with the feature `playground`, the server has all of it in itself. Otherwise, so that
//! `cargo run` needs no more than Rust, it serves a page that loads GraphiQL from a CDN.

use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse, Response};

use super::messages;

#[cfg(not(feature = "playground"))]
mod cdn;
#[cfg(feature = "playground")]
mod embedded;

#[cfg(not(feature = "playground"))]
pub use cdn::routes;
#[cfg(feature = "playground")]
pub use embedded::routes;

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The page, under its policy, and told where the console's messages are, if they are anywhere. It
/// names the files of one build: so it is asked for each time.
fn page(html: &str, policy: &'static str, has_messages: bool) -> Response {
    let place = |path| format!("name=\"countersign-messages\" content=\"{path}\"");
    // Relative, for a server below a path that a proxy adds.
    let path = if has_messages {
        &messages::PATH[1..]
    } else {
        ""
    };
    let html = html.replace(&place(""), &place(path));
    let headers = [
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-cache"),
        // No page that opens this one keeps a hold on it.
        (OPENER_POLICY, "same-origin"),
    ];
    (headers, Html(html)).into_response()
}
