//! `GET /dev/messages`: what the console has printed, for the playground on the same machine.
//!
//! There is no such route unless [`Printed`] is there, and it is only beside a console courier on a
//! development server that goes by no name but this machine's own. The rules here are the second
//! line: see decision 27.

use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CACHE_CONTROL, FORWARDED, HOST, VIA};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::refusal::NO_STORE;
use crate::delivery::Printed;
use crate::domain::OtpCode;

/// Where the messages are.
pub const PATH: &str = "/dev/messages";

/// What a proxy adds. Whoever is behind one may sit anywhere.
const BY_PROXIES: [HeaderName; 6] = [
    FORWARDED,
    VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
];
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The newest messages first.
pub async fn messages(State(printed): State<Printed>, request: Request) -> Response {
    if !is_from_this_machine(&request) || !is_from_our_page(request.headers()) {
        let text =
            "Codes are shown to this server's own page, on its own machine. Its console has them.";
        return (StatusCode::FORBIDDEN, [(CACHE_CONTROL, NO_STORE)], text).into_response();
    }
    let messages: Vec<_> = printed
        .newest_first()
        .iter()
        .map(|message| {
            json!({
                "channel": message.channel.as_str(),
                "to": message.contact.deliverable(),
                "about": message.purpose.as_str(),
                "code": message.purpose.code().map(OtpCode::reveal),
            })
        })
        .collect();
    (
        [(CACHE_CONTROL, NO_STORE)],
        Json(json!({ "messages": messages })),
    )
        .into_response()
}

/// Whether the connection begins on this machine, and whoever asks knows it by that name. A page
/// whose own name was made to lead here (DNS rebinding) asks for that name.
fn is_from_this_machine(request: &Request) -> bool {
    let headers = request.headers();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback())
        && !BY_PROXIES.iter().any(|name| headers.contains_key(name))
        && is_asked_by_loopback_name(request)
}

fn is_asked_by_loopback_name(request: &Request) -> bool {
    let in_headers = request.headers().get_all(HOST).iter();
    let mut names: Vec<_> = in_headers
        .map(|host| Authority::try_from(host.as_bytes()).ok())
        .collect();
    // HTTP/2 has it there.
    names.extend(request.uri().authority().cloned().map(Some));
    !names.is_empty()
        && names.iter().all(|name| {
            let host = name.as_ref().map(Authority::host);
            host.is_some_and(is_loopback)
        })
}

/// Whether no page of another origin asks. Browsers say so where they tell the truth about it; what
/// does not say is no browser, or one that sends such a page's request and keeps the answer from it.
fn is_from_our_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(SEC_FETCH_SITE)
        .iter()
        .all(|site| site == "same-origin" || site == "none")
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
