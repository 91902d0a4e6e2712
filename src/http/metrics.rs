//! `/metrics`, on a socket of its own: what is counted is not for everybody.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

/// Prometheus's text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Serves what `render` prints.
pub fn router(render: impl Fn() -> String + Clone + Send + Sync + 'static) -> Router {
    let metrics = move || async move { ([(CONTENT_TYPE, TEXT)], render()) };
    Router::new().route("/metrics", get(metrics))
}
