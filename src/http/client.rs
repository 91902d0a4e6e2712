//! Where a request came from.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::http::header::USER_AGENT;
use axum::middleware::Next;
use axum::response::Response;

use crate::domain::device::{Client, Label};

/// Notes the client's address and what it calls itself.
pub async fn locate(mut request: Request, next: Next) -> Response {
    let client = client(&request);
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// The direct peer's address: no header is believed.
fn client(request: &Request) -> Client {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let user_agent = request.headers().get(USER_AGENT);
    Client {
        ip_address: peer.map(|ConnectInfo(peer)| peer.ip().to_canonical()),
        user_agent: user_agent
            .and_then(|value| value.to_str().ok())
            .and_then(Label::clean),
    }
}
