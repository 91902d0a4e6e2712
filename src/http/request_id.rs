//! Every request has an id, in its log lines and in the answer's `X-Request-Id`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::field::Empty;
use tracing::{Instrument, Span, info_span};

use super::observation::{method, observe};
use crate::auth::Auth;
use crate::domain::device::RequestId;
use crate::domain::proxies::TrustedProxies;
use crate::trace_context;

/// Where a client finds the id, to quote it to the operator.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What it takes to follow a request.
#[derive(Clone)]
pub struct Tracing {
    /// Its time and randomness make the ids.
    pub auth: Arc<Auth>,
    /// Whose requests go on with a trace that they tell of.
    pub trusted_proxies: Arc<TrustedProxies>,
}

/// Gives the request an id of our own making (what a client sends is not believed, nor logged)
/// and a span that holds it; the layers inside find it among the request's
/// extensions. Neither the query string nor any header is ever logged.
pub async fn trace(State(it): State<Tracing>, mut request: Request, next: Next) -> Response {
    let id = it.auth.entropy.id(it.auth.clock.now());
    request.extensions_mut().insert(RequestId(id));
    let id = id.to_string();
    let traced = traced(&request, &it.trusted_proxies);
    let logged = info_span!(
        parent: &traced,
        "request",
        id,
        method = %request.method(),
        path = request.uri().path(),
        trace_id = trace_context::trace_id(&traced),
    );
    let route = request.extensions().get::<MatchedPath>().cloned();
    let outer = traced.clone();
    async move {
        let begun = Instant::now();
        let mut response = next.run(request).await;
        let (status, took) = (response.status().as_u16(), begun.elapsed());
        tracing::debug!(status, micros = took.as_micros(), "answered");
        observe(&outer, route, &response, took);
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(X_REQUEST_ID, id);
        }
        response
    }
    .instrument(logged)
    .instrument(traced)
    .await
}

/// The span that is exported.
fn traced(request: &Request, trusted: &TrustedProxies) -> Span {
    let span = info_span!(
        target: trace_context::TARGET,
        "request",
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method(request.method()),
        http.response.status_code = Empty,
        http.route = Empty,
        operation = Empty,
        outcome = Empty,
    );
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let trusted = peer.is_some_and(|ConnectInfo(peer)| trusted.include(peer.ip().to_canonical()));
    trace_context::join(&span, request.headers(), trusted);
    span
}
