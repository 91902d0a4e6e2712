//! Bodies that are too large, or no GraphQL request at all: refused, and never read for longer
//! than that takes.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::futures_util::stream;
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{Request, StatusCode};
use serde_json::json;

use crate::support::{Answer, TestServer};

const HUNDRED_MEGABYTES: usize = 100 * 1024 * 1024;
const CHUNK: usize = 64 * 1024;

/// A body of 100 MB that begins like a request, and the count of what was taken from it.
fn enormous() -> (Body, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let chunks = (0..HUNDRED_MEGABYTES / CHUNK).map(move |number| {
        count.fetch_add(CHUNK, Ordering::SeqCst);
        let mut chunk = vec![b' '; CHUNK];
        if number == 0 {
            chunk[..11].copy_from_slice(br#"{ "query": "#);
        }
        Ok::<_, Infallible>(Bytes::from(chunk))
    });
    (Body::from_stream(stream::iter(chunks)), taken)
}

async fn post(server: &TestServer, body: impl Into<Body>) -> Answer {
    let request = Request::post("/graphql").header(CONTENT_TYPE, "application/json");
    let request = request.body(body.into()).unwrap();
    server.anonymous().send(request).await
}

#[tokio::test]
async fn a_hundred_megabytes_that_are_declared_are_not_read_at_all() {
    let server = TestServer::start().await;
    let (body, taken) = enormous();
    let request = Request::post("/graphql")
        .header(CONTENT_TYPE, "application/json")
        .header(CONTENT_LENGTH, HUNDRED_MEGABYTES);
    let answer = server.anonymous().send(request.body(body).unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.error_code(), Some("BODY_TOO_LARGE"));
    assert_eq!(taken.load(Ordering::SeqCst), 0);
    server.assert_open().await;
}

#[tokio::test]
async fn a_hundred_megabytes_that_are_not_declared_are_left_before_the_first() {
    let server = TestServer::start().await;
    let (body, taken) = enormous();
    let answer = post(&server, body).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.error_code(), Some("BODY_TOO_LARGE"));
    assert!(taken.load(Ordering::SeqCst) <= 2 * CHUNK, "{taken:?} bytes");
    server.assert_open().await;
}

#[tokio::test]
async fn a_body_that_only_claims_to_be_short_is_left_as_well() {
    let server = TestServer::start().await;
    let (body, taken) = enormous();
    let request = Request::post("/graphql")
        .header(CONTENT_TYPE, "application/json")
        .header(CONTENT_LENGTH, 10);
    let answer = server.anonymous().send(request.body(body).unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(taken.load(Ordering::SeqCst) <= 2 * CHUNK, "{taken:?} bytes");
}

#[tokio::test]
async fn malformed_json_is_refused() {
    let server = TestServer::start().await;
    for body in [
        "",
        " ",
        "{",
        "}",
        "{]",
        "nonsense",
        "\"text\"",
        "42",
        "null",
        "true",
        "NaN",
        "{'query': 1}",
        r#"{ "query": "{ me { id } }" "#,
        r#"{ "query": "{ me { id } }" } trailing"#,
        r#"{ "query": "{ me { id } }", "query": "{ me { id } }" }"#,
        r#"{ "query": "\ud800" }"#,
        "{ \"query\": \"\0\" }",
        "\u{feff}{}",
    ] {
        let answer = post(&server, body).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{body}: {}",
            answer.text
        );
        assert_eq!(answer.error_code(), Some("BAD_REQUEST"), "{body}");
        answer.assert_sound();
    }
    server.assert_open().await;
}

#[tokio::test]
async fn what_is_not_utf_8_is_refused() {
    let server = TestServer::start().await;
    let bodies: [&[u8]; 5] = [
        b"\xff\xfe{\0}\0",
        b"{ \"query\": \"{ me { id } }\xff\" }",
        b"{ \"query\": \"{ me { id } }\", \"ignored\": \"\xc3\x28\" }",
        b"{ \"query\": \"\xed\xa0\x80\" }",
        b"\x1f\x8b\x08\x00",
    ];
    for body in bodies {
        let answer = post(&server, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        assert_eq!(answer.error_code(), Some("BAD_REQUEST"));
        answer.assert_sound();
    }
    server.assert_open().await;
}

#[tokio::test]
async fn members_that_the_protocol_does_not_know_are_ignored() {
    let server = TestServer::start().await;
    let body = json!({
        "query": "{ me { id } }", "variables": null, "operationName": null, "extensions": {},
        "id": 1, "token": "csr_", "doc": [[{}]],
    });
    let answer = post(&server, body.to_string()).await;
    assert_eq!(answer.json, json!({ "data": { "me": null } }));
}

#[tokio::test]
async fn members_of_the_wrong_type_are_refused() {
    let server = TestServer::start().await;
    for (member, value) in [
        ("query", json!(["{ me { id } }"])),
        ("query", json!(null)),
        ("variables", json!([1])),
        ("variables", json!("{}")),
        ("operationName", json!(1)),
        ("extensions", json!(false)),
    ] {
        let mut body = json!({ "query": "{ me { id } }" });
        body[member] = value;
        let answer = post(&server, body.to_string()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(answer.error_code(), Some("BAD_REQUEST"), "{body}");
    }
}

#[tokio::test]
async fn json_is_refused_for_its_depth_and_for_its_breadth() {
    let server = TestServer::start().await;
    let nested = |levels: usize| {
        let value = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        format!(r#"{{ "query": "{{ me {{ id }} }}", "variables": {{ "v": {value} }} }}"#)
    };
    assert_eq!(post(&server, nested(100)).await.data("me"), &json!(null));
    for levels in [200, 1_000, 30_000] {
        let answer = post(&server, nested(levels)).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{levels}: {}",
            answer.text
        );
        assert_eq!(answer.error_code(), Some("BAD_REQUEST"), "{levels}");
    }
    let broad = json!({ "query": "{ me { id } }", "variables": { "v": vec![0; 10_000] } });
    let answer = post(&server, broad.to_string()).await;
    assert_eq!(
        answer.error_code(),
        Some("QUERY_TOO_COMPLEX"),
        "{}",
        answer.text
    );
    server.assert_open().await;
}
