//! What a browser is told about every kind of answer.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request, StatusCode};

use crate::support::{Answer, TestServer};

const SHUT: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

async fn call(server: &TestServer, method: Method, path: &str, body: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_owned()))
        .expect("a request");
    server.anonymous().send(request).await
}

/// One answer of every kind.
async fn answers(server: &TestServer) -> Vec<(&'static str, Answer)> {
    let large = " ".repeat(70_000);
    let ask = r#"{"query":"{ __typename }"}"#;
    let mut answers = vec![
        ("data", call(server, Method::POST, "/graphql", ask).await),
        (
            "a refusal",
            call(server, Method::POST, "/graphql", "[]").await,
        ),
        ("405", call(server, Method::PUT, "/graphql", ask).await),
        ("413", call(server, Method::POST, "/graphql", &large).await),
        ("404", call(server, Method::GET, "/nowhere", "").await),
        (
            "405 of a page",
            call(server, Method::POST, "/healthz", "").await,
        ),
        ("health", call(server, Method::GET, "/healthz", "").await),
        ("readiness", call(server, Method::GET, "/readyz", "").await),
        (
            "a preflight",
            call(server, Method::OPTIONS, "/graphql", "").await,
        ),
    ];
    let report = "/callbacks/twilio/00000000-0000-7000-8000-000000000000";
    answers.push(("a callback", call(server, Method::POST, report, "").await));
    let _ = server.set_trap();
    answers.push(("a panic", call(server, Method::GET, "/readyz", "").await));
    let _ = server.set_trap_after(-1);
    let mut refused = call(server, Method::POST, "/graphql", ask).await;
    while refused.status == StatusCode::OK {
        refused = call(server, Method::POST, "/graphql", ask).await;
    }
    answers.push(("429", refused));
    answers
}

#[tokio::test]
async fn every_answer_is_shut_to_a_browser() {
    let server = TestServer::with(&[
        ("public_url", "https://id.example.com"),
        ("http.flood_rate", "1"),
        ("http.flood_burst", "30"),
    ])
    .await;
    let answers = answers(&server).await;
    let statuses: Vec<_> = answers.iter().map(|(_, it)| it.status.as_u16()).collect();
    assert_eq!(
        statuses,
        [200, 400, 405, 413, 404, 405, 200, 200, 200, 403, 500, 429]
    );
    for (kind, answer) in answers {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("content-security-policy", SHUT),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
            (
                "strict-transport-security",
                "max-age=31536000; includeSubDomains",
            ),
        ] {
            let said: Vec<_> = answer.headers.get_all(name).iter().collect();
            assert_eq!(said, [value], "{name} of {kind}");
        }
        assert_ne!(answer.header("x-request-id"), "", "{kind}");
        assert_eq!(answer.header("server"), "", "{kind}");
    }
}

#[tokio::test]
async fn the_public_keys_are_for_every_page_and_for_caches() {
    let server = TestServer::start().await;
    let keys = server.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!(keys.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(keys.header("access-control-allow-origin"), "*");
    assert_eq!(keys.header("cache-control"), "public, max-age=300");
    assert_eq!(keys.header("content-security-policy"), SHUT);
    assert_eq!(keys.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn the_playground_may_do_what_it_must_and_be_framed_by_nobody() {
    let server = TestServer::start().await;
    let page = server.anonymous().get("/").await;
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    let scripts = policy.split(';').find(|part| part.contains("script-src"));
    assert!(!scripts.unwrap().contains("unsafe"), "{policy}");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn without_https_no_browser_is_told_to_insist_on_it() {
    let server = TestServer::start().await;
    let answer = server.anonymous().get("/healthz").await;
    assert_eq!(answer.header("strict-transport-security"), "");
}
