//! `GET /`: GraphiQL, for whoever explores the schema.

use axum::response::Html;

/// The page. It loads GraphiQL from a CDN, in versions that are pinned down to the byte.
pub async fn playground() -> Html<&'static str> {
    Html(include_str!("playground.html"))
}
