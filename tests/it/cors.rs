//! Which web pages may call from a browser, and what they get to read.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ORIGIN};
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

use crate::support::{Answer, TestServer};

const APP: &str = "https://app.example.com";
const ADMIN: &str = "https://admin.example.com:8443";

const STRANGERS: [&str; 7] = [
    "https://evil.example",
    "http://app.example.com",
    "https://app.example.com:444",
    "https://app.example.com.evil.example",
    "https://evil.app.example.com",
    "https://example.com",
    "null",
];

async fn listing() -> TestServer {
    let origins = format!("{APP},{ADMIN}");
    TestServer::with(&[("http.allowed_origins", &origins)]).await
}

async fn call(server: &TestServer, origin: &str) -> Answer {
    let request = Request::post("/graphql")
        .header(CONTENT_TYPE, "application/json")
        .header(ORIGIN, origin);
    let body = json!({ "query": "{ me { id } }" }).to_string();
    server
        .anonymous()
        .send(request.body(Body::from(body)).unwrap())
        .await
}

async fn preflight(server: &TestServer, origin: &str) -> Answer {
    let request = Request::builder()
        .method(Method::OPTIONS)
        .uri("/graphql")
        .header(ORIGIN, origin)
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "authorization,content-type",
        );
    server
        .anonymous()
        .send(request.body(Body::empty()).unwrap())
        .await
}

fn varies_by_origin(answer: &Answer) -> bool {
    let values = answer.headers.get_all("vary").iter();
    let mut names = values.flat_map(|value| value.to_str().expect("ASCII").split(','));
    names.any(|name| name.trim().eq_ignore_ascii_case("origin"))
}

#[tokio::test]
async fn a_listed_page_reads_the_answer_with_credentials() {
    let server = listing().await;
    for origin in [APP, ADMIN] {
        let answer = call(&server, origin).await;
        assert_eq!(answer.header("access-control-allow-origin"), origin);
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        let exposed = answer.header("access-control-expose-headers");
        assert_eq!(exposed, "retry-after,x-request-id");
        assert!(varies_by_origin(&answer), "{:?}", answer.headers);
    }
}

#[tokio::test]
async fn a_listed_page_may_send_what_a_graphql_client_sends() {
    let server = listing().await;
    let answer = preflight(&server, APP).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("access-control-allow-origin"), APP);
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert_eq!(answer.header("access-control-allow-methods"), "GET,POST");
    let headers = answer.header("access-control-allow-headers");
    for name in [
        "authorization",
        "content-type",
        "apollo-require-preflight",
        "graphql-require-preflight",
        "x-apollo-operation-name",
    ] {
        assert!(
            headers.split(',').any(|header| header == name),
            "{name}: {headers}"
        );
    }
    // As long as any browser remembers one.
    assert_eq!(answer.header("access-control-max-age"), "7200");
    assert!(varies_by_origin(&answer), "{:?}", answer.headers);
}

#[tokio::test]
async fn a_page_that_is_not_listed_reads_nothing() {
    let server = listing().await;
    for origin in STRANGERS {
        for answer in [
            call(&server, origin).await,
            preflight(&server, origin).await,
        ] {
            assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
            // A cache must not give a listed page this answer.
            assert!(varies_by_origin(&answer), "{:?}", answer.headers);
        }
    }
}

#[tokio::test]
async fn every_page_may_call_in_development_but_with_credentials_only_those_of_this_machine() {
    let server = TestServer::start().await;
    for (origin, credentials) in [
        ("http://localhost:5173", "true"),
        (APP, ""),
        ("http://localhost.evil.example", ""),
        ("null", ""),
    ] {
        for answer in [
            call(&server, origin).await,
            preflight(&server, origin).await,
        ] {
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            let allowed = answer.header("access-control-allow-credentials");
            assert_eq!(allowed, credentials, "{origin}");
            assert!(varies_by_origin(&answer), "{:?}", answer.headers);
        }
    }
}

#[tokio::test]
async fn a_refusal_can_be_read_as_well() {
    let server = listing().await;
    let request = Request::post("/graphql").header(ORIGIN, APP);
    let answer = server
        .anonymous()
        .send(request.body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(answer.header("access-control-allow-origin"), APP);
    assert_eq!(answer.error_code(), Some("UNSUPPORTED_MEDIA_TYPE"));
}

#[tokio::test]
async fn no_page_reads_the_health_of_the_server() {
    let server = listing().await;
    for path in ["/healthz", "/readyz"] {
        let request = Request::get(path).header(ORIGIN, APP);
        let answer = server
            .anonymous()
            .send(request.body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}
