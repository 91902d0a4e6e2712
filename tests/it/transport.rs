//! GraphQL over HTTP: methods, media types, statuses, headers.

use std::collections::HashSet;

use axum::body::Body;
use axum::http::header::{ACCEPT, ALLOW, CONTENT_TYPE};
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use url::form_urlencoded;

use crate::support::{Answer, TestServer};

const LEGACY: &str = "application/json";
const NEWER: &str = "application/graphql-response+json";

const ASK_ADA: &str =
    r#"mutation { requestOtp(input: { recipient: { email: "ada@example.com" } }) { __typename } }"#;

async fn post(server: &TestServer, accept: &str, body: &str) -> Answer {
    let request = Request::post("/graphql")
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, accept);
    let request = request.body(Body::from(body.to_owned())).unwrap();
    server.anonymous().send(request).await
}

async fn get(server: &TestServer, parameters: &[(&str, &str)]) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    server.anonymous().get(&format!("/graphql?{query}")).await
}

async fn call(server: &TestServer, method: Method, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = request.header(CONTENT_TYPE, "application/json");
    server
        .anonymous()
        .send(request.body(Body::empty()).unwrap())
        .await
}

#[tokio::test]
async fn the_answer_is_in_the_media_type_that_the_client_accepts() {
    let server = TestServer::start().await;
    for (accept, spoken) in [
        ("*/*", LEGACY),
        (LEGACY, LEGACY),
        (NEWER, NEWER),
        (
            "application/graphql-response+json, application/json;q=0.9",
            NEWER,
        ),
        (
            "application/graphql-response+json;q=0.5, application/json",
            LEGACY,
        ),
    ] {
        let answer = post(&server, accept, r#"{ "query": "{ me { id } }" }"#).await;
        assert_eq!(answer.status, StatusCode::OK);
        let media = answer.header("content-type");
        assert_eq!(media, format!("{spoken}; charset=utf-8"), "{accept}");
    }
    let answer = post(&server, "text/html", r#"{ "query": "{ me { id } }" }"#).await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(answer.error_code(), Some("NOT_ACCEPTABLE"));
}

#[tokio::test]
async fn the_status_tells_whether_execution_began_to_clients_that_ask_for_it() {
    let server = TestServer::start().await;
    for (query, newer, code) in [
        ("{ me { id } }", 200, None),
        (
            "mutation { logoutAll { revokedCount } }",
            200,
            Some("UNAUTHENTICATED"),
        ),
        ("{ me { id }", 400, Some("GRAPHQL_PARSE_FAILED")),
        ("", 400, Some("GRAPHQL_PARSE_FAILED")),
        ("{ you { id } }", 400, Some("GRAPHQL_VALIDATION_FAILED")),
        ("{ me }", 400, Some("GRAPHQL_VALIDATION_FAILED")),
        (
            "mutation { revokeSession { __typename } }",
            400,
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (
            "subscription { me }",
            400,
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
    ] {
        let body = json!({ "query": query }).to_string();
        for (accept, status) in [(NEWER, newer), (LEGACY, 200)] {
            let answer = post(&server, accept, &body).await;
            assert_eq!(answer.status, status, "{query}: {}", answer.text);
            assert_eq!(answer.error_code(), code, "{query}: {}", answer.text);
            let has_data = answer.json.get("data").is_some();
            assert_eq!(has_data, newer == 200, "{query}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn what_is_no_graphql_request_is_refused_in_either_media_type() {
    let server = TestServer::start().await;
    for body in ["", "{}", "null", r#"{ "query": 1 }"#] {
        for accept in [NEWER, LEGACY] {
            let answer = post(&server, accept, body).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
            assert_eq!(answer.error_code(), Some("BAD_REQUEST"));
        }
    }
}

#[tokio::test]
async fn only_a_body_declared_to_be_json_is_read() {
    let server = TestServer::start().await;
    let body = json!({ "query": ASK_ADA }).to_string();
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "application/graphql",
        "application/json; charset=latin1",
    ] {
        let request = Request::post("/graphql").header(CONTENT_TYPE, media);
        let request = request.body(Body::from(body.clone())).unwrap();
        let answer = server.anonymous().send(request).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{media}");
        assert_eq!(answer.error_code(), Some("UNSUPPORTED_MEDIA_TYPE"));
    }
    let undeclared = Request::post("/graphql").body(Body::from(body)).unwrap();
    let answer = server.anonymous().send(undeclared).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    server.deliver().await;
    assert_eq!(server.mailbox.len(), 0, "nobody was sent anything");
}

#[tokio::test]
async fn a_query_may_come_by_get() {
    let server = TestServer::start().await;
    let answer = get(&server, &[("query", "{ me { id } }")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json, json!({ "data": { "me": null } }));

    let (ada, _) = server.signed_in("ada@example.com").await;
    let query = "query%20A($n:Int!)%7Bme%7Bsessions(first:$n)%7Bnodes%7Bcurrent%7D%7D%7D%7Dquery%20B%7B__typename%7D";
    let path = format!("/graphql?query={query}&operationName=A&variables=%7B%22n%22:1%7D");
    let answer = ada.get(&path).await;
    assert_eq!(
        answer.data("me/sessions/nodes"),
        &json!([{ "current": true }]),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_mutation_by_get_is_refused_and_does_nothing() {
    let server = TestServer::start().await;
    let two = format!(
        "query Q {{ __typename }} {}",
        ASK_ADA.replacen("mutation", "mutation M", 1)
    );
    for parameters in [
        &[("query", ASK_ADA)][..],
        &[("query", two.as_str()), ("operationName", "M")],
    ] {
        let answer = get(&server, parameters).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers[ALLOW], "POST");
        assert_eq!(answer.error_code(), Some("METHOD_NOT_ALLOWED"));
    }
    server.deliver().await;
    assert_eq!(server.mailbox.len(), 0);
}

#[tokio::test]
async fn a_batch_is_refused_and_does_nothing() {
    let server = TestServer::start().await;
    let one = json!({ "query": ASK_ADA });
    for batch in [json!([]), json!([one]), json!([one, one])] {
        let answer = post(&server, NEWER, &batch.to_string()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.error_code(), Some("BATCHING_NOT_SUPPORTED"));
    }
    server.deliver().await;
    assert_eq!(server.mailbox.len(), 0);
}

#[tokio::test]
async fn any_other_method_is_told_which_to_use() {
    let server = TestServer::start().await;
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE] {
        let answer = call(&server, method, "/graphql").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers[ALLOW], "GET, POST");
        assert_eq!(answer.error_code(), Some("METHOD_NOT_ALLOWED"));
    }
}

#[tokio::test]
async fn no_cache_keeps_an_answer_of_the_schema() {
    let server = TestServer::start().await;
    let too_large = format!(r#"{{ "query": "{}" }}"#, "x".repeat(70_000));
    let answers = [
        post(&server, NEWER, r#"{ "query": "{ me { id } }" }"#).await,
        post(&server, NEWER, r#"{ "query": "{ you }" }"#).await,
        post(
            &server,
            NEWER,
            r#"{ "query": "mutation { logoutAll { revokedCount } }" }"#,
        )
        .await,
        post(&server, NEWER, "[]").await,
        post(&server, NEWER, &too_large).await,
        post(&server, "text/html", "{}").await,
        get(&server, &[("query", "{ me { id } }")]).await,
        get(&server, &[("query", ASK_ADA)]).await,
        call(&server, Method::PUT, "/graphql").await,
    ];
    for answer in answers {
        assert_eq!(
            answer.header("cache-control"),
            "no-store",
            "{}",
            answer.text
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own() {
    let server = TestServer::start().await;
    let answers = [
        server.anonymous().me().await,
        server.anonymous().me().await,
        post(&server, NEWER, "[]").await,
        get(&server, &[("query", ASK_ADA)]).await,
        server.anonymous().get("/healthz").await,
        server.anonymous().get("/readyz").await,
        server.anonymous().get("/.well-known/jwks.json").await,
        server.anonymous().get("/nowhere").await,
        call(&server, Method::POST, "/healthz").await,
        call(&server, Method::OPTIONS, "/graphql").await,
    ];
    let ids = answers.iter().map(|answer| answer.header("x-request-id"));
    let parsed = ids.map(|id| id.parse::<uuid::Uuid>().expect("a UUID"));
    assert_eq!(parsed.collect::<HashSet<_>>().len(), answers.len());
}

#[tokio::test]
async fn a_request_id_from_outside_is_not_believed() {
    let server = TestServer::start().await;
    let theirs = "00000000-0000-7000-8000-000000000001";
    let request = Request::get("/healthz").header("x-request-id", theirs);
    let answer = server
        .anonymous()
        .send(request.body(Body::empty()).unwrap())
        .await;
    assert_ne!(answer.header("x-request-id"), theirs);
    assert_eq!(answer.headers.get_all("x-request-id").iter().count(), 1);
}
