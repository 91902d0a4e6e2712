//! Where a request came from.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::http::header::{ACCEPT_LANGUAGE, USER_AGENT};

use super::forwarded::client_address;
use crate::domain::device::{Client, Label, RequestId};
use crate::domain::proxies::TrustedProxies;

/// Notes the client's address and what it calls itself, for the layers behind it and the schema:
/// none of them looks for an address of its own.
#[must_use]
pub fn locate(mut request: Request, trusted: &TrustedProxies) -> Request {
    let client = client(&request, trusted);
    request.extensions_mut().insert(client);
    request
}

fn client(request: &Request, trusted: &TrustedProxies) -> Client {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let address =
        |ConnectInfo(peer): &_| client_address(request.headers(), SocketAddr::ip(peer), trusted);
    let text = |name| request.headers().get(name)?.to_str().ok();
    Client {
        ip_address: peer.map(address),
        user_agent: text(USER_AGENT).and_then(Label::clean),
        accept_language: text(ACCEPT_LANGUAGE).map(str::to_owned),
        request_id: request.extensions().get::<RequestId>().copied(),
    }
}
