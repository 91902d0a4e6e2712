//! Where a request came from.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::http::header::{ACCEPT_LANGUAGE, USER_AGENT};
use axum::middleware::Next;
use axum::response::Response;

use crate::domain::device::{Client, Label, RequestId};

/// Notes the client's address and what it calls itself.
pub async fn locate(mut request: Request, next: Next) -> Response {
    let client = client(&request);
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// The direct peer's address: no header is believed.
fn client(request: &Request) -> Client {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let text = |name| request.headers().get(name)?.to_str().ok();
    Client {
        ip_address: peer.map(|ConnectInfo(peer)| peer.ip().to_canonical()),
        user_agent: text(USER_AGENT).and_then(Label::clean),
        accept_language: text(ACCEPT_LANGUAGE).map(str::to_owned),
        request_id: request.extensions().get::<RequestId>().copied(),
    }
}
