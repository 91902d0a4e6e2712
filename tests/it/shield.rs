//! The flood shield: who calls too often waits, and nobody else does.
//!
//! Its clock is its own and cannot be moved, so these count requests in a burst. A burst is made
//! good at one request a second at the least: what is asserted holds however slow the machine is.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ORIGIN};
use axum::http::{Request, StatusCode};
use serde_json::Value;

use crate::support::{Actor, Answer, TestServer};

const BURST: usize = 20;
const APP: &str = "https://app.example.com";

async fn shielded(more: &[(&str, &str)]) -> TestServer {
    let flood = [("http.flood_rate", "1"), ("http.flood_burst", "20")];
    TestServer::with(&[&flood, more].concat()).await
}

async fn ask(actor: &Actor) -> Answer {
    actor.graphql("{ __typename }", Value::Null).await
}

/// How many requests pass before one is refused, and the refusal.
async fn flood(actor: &Actor) -> (usize, Answer) {
    for passed in 0..1_000 {
        let answer = ask(actor).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            return (passed, answer);
        }
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    panic!("nothing was refused");
}

#[tokio::test]
async fn a_flood_is_refused_in_graphql_and_told_when_to_come_back() {
    let server = shielded(&[]).await;
    let (passed, answer) = flood(&server.anonymous()).await;
    assert!(passed >= BURST, "{passed}");
    assert_eq!(answer.error_code(), Some("RATE_LIMITED"));
    let seconds = answer.json["errors"][0]["extensions"]["retryAfter"].as_u64();
    assert!(
        (1..=2).contains(&seconds.expect("a number")),
        "{}",
        answer.text
    );
    assert_eq!(answer.header("retry-after"), seconds.unwrap().to_string());
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(
        answer
            .header("content-type")
            .starts_with("application/json")
    );
    assert_ne!(answer.header("x-request-id"), "");
    assert!(answer.json.get("data").is_none(), "{}", answer.text);
}

#[tokio::test]
async fn a_page_may_read_why_it_was_refused() {
    let server = shielded(&[("http.allowed_origins", APP)]).await;
    flood(&server.anonymous()).await;
    let mut refused = None;
    while refused.is_none() {
        let request = Request::post("/graphql")
            .header(CONTENT_TYPE, "application/json")
            .header(ORIGIN, APP);
        let request = request
            .body(Body::from(r#"{"query":"{ __typename }"}"#))
            .unwrap();
        let answer = server.anonymous().send(request).await;
        refused = (answer.status == StatusCode::TOO_MANY_REQUESTS).then_some(answer);
    }
    let answer = refused.expect("a refusal");
    assert_eq!(answer.header("access-control-allow-origin"), APP);
    assert!(
        answer
            .header("access-control-expose-headers")
            .contains("retry-after")
    );
}

#[tokio::test]
async fn probes_are_never_refused_and_other_pages_are() {
    let server = shielded(&[]).await;
    let actor = server.anonymous();
    for _ in 0..5 * BURST {
        for path in ["/healthz", "/readyz"] {
            assert_eq!(actor.get(path).await.status, StatusCode::OK, "{path}");
        }
    }
    assert!(flood(&actor).await.0 >= BURST, "and they count for nothing");
    let mut statuses = Vec::new();
    for _ in 0..BURST {
        statuses.push(actor.get("/.well-known/jwks.json").await.status);
    }
    assert!(
        statuses.contains(&StatusCode::TOO_MANY_REQUESTS),
        "one budget for all"
    );
}

#[tokio::test]
async fn another_address_is_not_affected() {
    let server = shielded(&[]).await;
    flood(&server.anonymous().from("192.0.2.1")).await;
    let (passed, _) = flood(&server.anonymous().from("192.0.2.2")).await;
    assert!(passed >= BURST, "{passed}");
}

#[tokio::test]
async fn addresses_in_one_64_are_one() {
    let server = shielded(&[]).await;
    flood(&server.anonymous().from("2001:db8:1:2::1")).await;
    let (passed, _) = flood(&server.anonymous().from("2001:db8:1:2:ffff::1")).await;
    assert!(passed < BURST, "{passed}");
    let (passed, _) = flood(&server.anonymous().from("2001:db8:1:3::1")).await;
    assert!(passed >= BURST, "{passed}");
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_counts_for_itself() {
    let server = shielded(&[("http.trusted_proxies", "10.0.0.1")]).await;
    let proxy = server.anonymous().from("10.0.0.1");
    for client in ["192.0.2.1", "192.0.2.2"] {
        let (passed, _) = flood(&proxy.with_header("x-forwarded-for", client)).await;
        assert!(passed >= BURST, "{client}: {passed}");
    }
    // A new lie with every request buys nothing.
    let mut refused = 0;
    for lie in 0..3 * BURST {
        let lie = format!("203.0.113.{lie}");
        let stranger = server.anonymous().from("192.0.2.3");
        let answer = ask(&stranger.with_header("x-forwarded-for", &lie)).await;
        refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused > 0);
}

#[tokio::test]
async fn an_operator_may_switch_it_off() {
    let server = shielded(&[("http.flood_rate", "0")]).await;
    for _ in 0..2 * BURST {
        assert_eq!(ask(&server.anonymous()).await.status, StatusCode::OK);
    }
}
