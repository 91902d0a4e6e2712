//! Every request has an id, in its log lines and in the answer's `X-Request-Id`.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::auth::Auth;
use crate::domain::device::RequestId;

/// Where a client finds the id, to quote it to the operator.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id of our own making (what a client sends is not believed, nor logged)
/// and a span that holds it; the layers inside find it among the request's extensions. Neither the query string nor any header is ever logged.
pub async fn trace(State(auth): State<Arc<Auth>>, mut request: Request, next: Next) -> Response {
    let id = auth.entropy.id(auth.clock.now());
    request.extensions_mut().insert(RequestId(id));
    let id = id.to_string();
    let span =
        tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    async move {
        let begun = Instant::now();
        let mut response = next.run(request).await;
        let status = response.status().as_u16();
        tracing::debug!(status, micros = begun.elapsed().as_micros(), "answered");
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(X_REQUEST_ID, id);
        }
        response
    }
    .instrument(span)
    .await
}
