//! Whether it lives, whether it can serve, and what it says when it cannot.

use axum::http::StatusCode;
use migration::{Migrator, MigratorTrait};
use serde_json::json;

use crate::support::{Answer, TestServer};

/// A server that has lost its database.
async fn bereft() -> TestServer {
    let server = TestServer::start().await;
    lose_database(&server).await;
    server
}

async fn lose_database(server: &TestServer) {
    server.app.store.clone().close().await;
}

fn assert_our_fault(answer: &Answer) {
    assert_eq!(
        answer.error_code(),
        Some("INTERNAL_SERVER_ERROR"),
        "{}",
        answer.text
    );
    let error = &answer.json["errors"][0];
    assert_eq!(
        error["message"],
        "Something went wrong on our side. Try again later."
    );
    let extensions = json!({ "code": "INTERNAL_SERVER_ERROR" });
    assert_eq!(error["extensions"], extensions, "nothing but the code");
    assert_eq!(answer.json["data"], json!(null), "nobody is not the answer");
    for word in ["pool", "sql", "database", "connect", "closed"] {
        assert!(
            !answer.text.to_lowercase().contains(word),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn a_server_that_is_well_says_so() {
    let server = TestServer::start().await;
    let answer = server.anonymous().get("/healthz").await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (StatusCode::OK, "ok\n")
    );
    let answer = server.anonymous().get("/readyz").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.json,
        json!({ "database": "ok", "migrations": "ok", "keys": "ok" })
    );
}

#[tokio::test]
async fn without_a_database_it_lives_and_is_not_ready() {
    let server = bereft().await;
    let statements = server.statements();
    assert_eq!(
        server.anonymous().get("/healthz").await.status,
        StatusCode::OK
    );
    assert_eq!(
        server.statements(),
        statements,
        "a restart would not bring it back"
    );
    let answer = server.anonymous().get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json["database"], "failing");
}

#[tokio::test]
async fn with_a_migration_missing_it_is_not_ready() {
    let server = TestServer::start().await;
    Migrator::down(server.app.store.pool(), Some(1))
        .await
        .expect("one step back");
    let answer = server.anonymous().get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        answer.json,
        json!({ "database": "ok", "migrations": "failing", "keys": "ok" })
    );
}

#[tokio::test]
async fn a_login_without_a_database_is_our_fault_and_says_no_more() {
    let server = bereft().await;
    let ada = json!({ "email": "ada@example.com" });
    assert_our_fault(&server.anonymous().request_otp(ada.clone()).await);
    assert_our_fault(&server.anonymous().verify_otp(ada, "123456", None).await);
}

#[tokio::test]
async fn a_session_without_a_database_is_our_fault_and_not_the_callers() {
    let server = TestServer::start().await;
    let (ada, tokens) = server.signed_in("ada@example.com").await;
    lose_database(&server).await;
    // `UNAUTHENTICATED` or `SESSION_EXPIRED` would make every client sign its person out.
    assert_our_fault(&ada.me().await);
    assert_our_fault(&ada.refresh(&tokens.refresh).await);
    assert_our_fault(&ada.logout(None).await);
}

#[tokio::test]
async fn the_public_keys_are_for_everybody_and_for_caches() {
    let server = TestServer::start().await;
    let answer = server.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/jwk-set+json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let keys = answer.json["keys"].as_array().expect("keys");
    assert_eq!(keys.len(), 1);
    assert_eq!(
        (&keys[0]["alg"], &keys[0]["use"]),
        (&json!("ES256"), &json!("sig"))
    );
}

#[tokio::test]
async fn who_has_the_public_keys_is_not_sent_them_again() {
    const PATH: &str = "/.well-known/jwks.json";
    let server = TestServer::with(&[("tokens.algorithm", "EdDSA")]).await;
    let first = server.anonymous().get(PATH).await;
    let etag = first.header("etag").to_owned();
    for known in [
        etag.clone(),
        format!("\"other\", {etag}"),
        format!("W/{etag}"),
    ] {
        let somebody = server.anonymous().with_header("if-none-match", &known);
        let again = somebody.get(PATH).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(again.text, "");
        assert_eq!(again.header("etag"), etag);
        assert_eq!(again.header("access-control-allow-origin"), "*");
    }
    let stranger = server.anonymous().with_header("if-none-match", "\"other\"");
    assert_eq!(stranger.get(PATH).await.json, first.json);

    let changed = server
        .another_with(&[("tokens.algorithm", "ES256")])
        .await
        .expect("a server");
    let holder = changed.anonymous().with_header("if-none-match", &etag);
    let both = holder.get(PATH).await;
    assert_eq!(both.status, StatusCode::OK);
    assert_ne!(both.header("etag"), etag);
}

#[tokio::test]
async fn what_is_not_there_is_not_there() {
    let server = TestServer::start().await;
    for path in [
        "/nowhere",
        "/graphql/",
        "/.env",
        "/..%2f..%2fetc/passwd",
        "//",
    ] {
        let answer = server.anonymous().get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.text, "", "{path}");
    }
}
