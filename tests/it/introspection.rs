//! What the server tells about itself: everything in development, nothing in production.

use axum::http::StatusCode;
use serde_json::Value;

use crate::support::TestServer;

/// What a production configuration takes at the least.
const PRODUCTION: [(&str, &str); 5] = [
    ("env", "production"),
    ("public_url", "https://id.example.com"),
    ("secret", crate::support::SECRET),
    ("smtp.host", "mail.example.com"),
    ("smtp.from", "Example <codes@example.com>"),
];

const QUESTIONS: [&str; 3] = [
    "{ __schema { queryType { name } } }",
    r#"{ __type(name: "User") { name } }"#,
    "{ me { id } __schema { types { name } } }",
];

async fn production(more: &[(&str, &str)]) -> TestServer {
    TestServer::with(&[&PRODUCTION, more].concat()).await
}

#[tokio::test]
async fn the_schema_describes_itself_in_development() {
    let server = TestServer::start().await;
    for question in QUESTIONS {
        let answer = server.anonymous().graphql(question, Value::Null).await;
        assert_eq!(answer.error_code(), None, "{question}: {}", answer.text);
    }
    let query = include_str!("../../src/graphql/guard/tests/introspection.graphql");
    let answer = server.anonymous().graphql(query, Value::Null).await;
    let root = answer.data("__schema/queryType/name");
    assert_eq!(
        root, "Query",
        "what GraphiQL asks is within the limits: {}",
        answer.text
    );
}

#[tokio::test]
async fn the_schema_describes_itself_to_nobody_in_production() {
    let server = production(&[]).await;
    let (ada, _) = server.signed_in("ada@example.com").await;
    for question in QUESTIONS {
        for actor in [&server.anonymous(), &ada] {
            let answer = actor.graphql(question, Value::Null).await;
            let told = ["queryType", "types", "User"].map(|name| answer.text.contains(name));
            assert_eq!(told, [false; 3], "{question}: {}", answer.text);
            assert_eq!(answer.error_code(), Some("INTROSPECTION_DISABLED"));
            assert_eq!(answer.status, StatusCode::OK, "of the legacy media type");
            answer.assert_sound();
        }
    }
    let answer = ada
        .graphql("{ __typename me { __typename } }", Value::Null)
        .await;
    assert_eq!(
        answer.data("me/__typename"),
        "User",
        "clients with a cache ask this: {}",
        answer.text
    );
}

#[tokio::test]
async fn a_mistyped_name_is_helped_along_in_development_only() {
    for server in [TestServer::start().await, production(&[]).await] {
        let answer = server
            .anonymous()
            .graphql("{ me { emails } }", Value::Null)
            .await;
        assert_eq!(answer.error_code(), Some("GRAPHQL_VALIDATION_FAILED"));
        let is_helped = answer.text.contains("Did you mean");
        let is_development = server.anonymous().get("/").await.status == StatusCode::OK;
        assert_eq!(is_helped, is_development, "{}", answer.text);
    }
}

#[tokio::test]
async fn the_playground_is_a_page_in_development_and_nothing_in_production() {
    let page = TestServer::start().await.anonymous().get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text.contains("GraphiQL"));
    let nothing = production(&[]).await.anonymous().get("/").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    assert_eq!(nothing.text, "");
}

#[tokio::test]
async fn an_operator_may_switch_them_on() {
    let on = [
        ("graphql.introspection", "true"),
        ("graphql.playground", "true"),
    ];
    let server = production(&on).await;
    let answer = server.anonymous().graphql(QUESTIONS[0], Value::Null).await;
    assert_eq!(answer.data("__schema/queryType/name"), "Query");
    assert_eq!(server.anonymous().get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn people_sign_in_in_production() {
    let server = production(&[]).await;
    server.assert_open().await;
}
