//! The page that `web/playground` is built into, and all that it loads.

use std::borrow::Cow;
use std::io::Read;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::read::GzDecoder;
use headers::{ETag, HeaderMapExt, IfNoneMatch};
use rust_embed::{Embed, EmbeddedFile};

use super::page;

/// The page, and the files of its folder `playground`, all of them as gzip.
#[derive(Embed)]
#[folder = "web/playground/dist"]
struct Bundle;

/// Nobody but this server. Monaco, the editor in GraphiQL, sets styles of its own on lines and
/// carets; nothing else is taken from the page itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; \
    style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page and its files.
pub fn routes(has_messages: bool) -> Router {
    let answer = async move || match Bundle::get("index.html") {
        Some(html) => page(&String::from_utf8_lossy(&html.data), POLICY, has_messages),
        None => StatusCode::NOT_FOUND.into_response(),
    };
    Router::new()
        .route("/", get(answer))
        .route("/playground/{file}", get(file))
}

/// A file. Its name has a digest of what is in it, but for the licences'.
async fn file(Path(name): Path<String>, request: HeaderMap) -> Response {
    let Some(file) = Bundle::get(&format!("playground/{name}.gz")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let takes_gzip = takes_gzip(&request);
    let etag = etag(&file, takes_gzip);
    let is_known = request
        .typed_get::<IfNoneMatch>()
        .zip(etag.as_ref())
        .is_some_and(|(known, etag)| !known.precondition_passes(etag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body(&name, file, takes_gzip)
    };
    let headers = response.headers_mut();
    // A worker has the policy that it comes with.
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    let lifetime = if name.contains('-') {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(lifetime));
    if let Some(etag) = etag {
        headers.typed_insert(etag);
    }
    response
}

fn body(name: &str, file: EmbeddedFile, takes_gzip: bool) -> Response {
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        Some("ttf") => "font/ttf",
        _ => "application/octet-stream",
    };
    if takes_gzip {
        let headers = [(CONTENT_TYPE, kind), (CONTENT_ENCODING, "gzip")];
        // Where it is in the binary, nothing is copied.
        let bytes = match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        return (headers, bytes).into_response();
    }
    let mut plain = Vec::new();
    match GzDecoder::new(&*file.data).read_to_end(&mut plain) {
        Ok(_) => ([(CONTENT_TYPE, kind)], plain).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A name for what is sent: a digest of the file, and how it is coded.
fn etag(file: &EmbeddedFile, is_gzip: bool) -> Option<ETag> {
    let digest = URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..16]);
    let coding = if is_gzip { "-gzip" } else { "" };
    format!("\"{digest}{coding}\"").parse().ok()
}

/// Whether gzip is among the codings that the client accepts; who does not say accepts any
/// (RFC 9110, section 12.5.3).
fn takes_gzip(request: &HeaderMap) -> bool {
    let lines = request.get_all(ACCEPT_ENCODING);
    let codings: Vec<(&str, f32)> = lines
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
            let weight = weight.trim().strip_prefix("q=")?.parse().ok()?;
            Some((name.trim(), weight))
        })
        .collect();
    let weight_of = |wanted| {
        let mut of_it = codings
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        of_it.next().map(|(_, weight)| *weight)
    };
    let weight = weight_of("gzip").or_else(|| weight_of("*"));
    lines.iter().next().is_none() || weight.is_some_and(|weight: f32| weight > 0.0)
}
