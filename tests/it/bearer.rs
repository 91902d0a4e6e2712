//! `Authorization: Bearer`: absent is not the same as wrong, and wrong is told where it matters.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use crate::support::{Actor, Answer, TestServer, Tokens, code_of};

/// Asks `me`, with these `Authorization` headers.
async fn me(server: &TestServer, headers: &[&[u8]]) -> Answer {
    let mut request = Request::post("/graphql").header(CONTENT_TYPE, "application/json");
    for header in headers {
        request = request.header(AUTHORIZATION, HeaderValue::from_bytes(header).unwrap());
    }
    let body = json!({ "query": "{ me { email } }" }).to_string();
    server
        .anonymous()
        .send(request.body(Body::from(body)).unwrap())
        .await
}

#[track_caller]
fn assert_refused(answer: &Answer, reason: &str) {
    answer.assert_sound();
    assert_eq!(answer.status, 200, "many clients lose the body of a 401");
    assert_eq!(
        answer.error_code(),
        Some("UNAUTHENTICATED"),
        "{}",
        answer.text
    );
    assert_eq!(answer.reason(), Some(reason), "{}", answer.text);
    // Not `{ "me": null }`, which means nobody: clients that look at `data` first, as Relay does,
    // would take a refusal, or a fault, for that.
    assert_eq!(answer.json["data"], Value::Null, "{}", answer.text);
}

#[tokio::test]
async fn nobody_in_particular_is_null_and_no_error() {
    let server = TestServer::start().await;
    let nobody = json!({ "data": { "me": null } });
    assert_eq!(me(&server, &[]).await.json, nobody);
    // A proxy's own password is for the proxy.
    assert_eq!(me(&server, &[b"Basic YWRhOmFkYQ=="]).await.json, nobody);
}

#[tokio::test]
async fn a_token_is_known_in_any_letter_case_of_its_scheme() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in("ada@example.com").await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let header = format!("{scheme} {}", tokens.access);
        let answer = me(&server, &[header.as_bytes()]).await;
        assert_eq!(
            answer.data("me/email"),
            "ada@example.com",
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn what_is_not_a_token_is_malformed() {
    let server = TestServer::start().await;
    let long = [b"Bearer ".to_vec(), b"a".repeat(5_000)].concat();
    let long_jwt = [b"Bearer ".to_vec(), b"e30.".repeat(2), b"e".repeat(60_000)].concat();
    let garbled: [&[u8]; 14] = [
        b"Bearer",
        b"Bearer ",
        b"Bearer abc",
        b"Bearer a.b",
        b"Bearer ..",
        b"Bearer e30..",
        b"Bearer .e30.e30",
        b"Bearer a.b.c.d",
        b"Bearer e30.e30.e30.e30.e30",
        b"Bearer {}.{}.{}",
        b"Bearer null",
        b"Bearer \xff\xfe",
        &long,
        &long_jwt,
    ];
    for header in garbled {
        assert_refused(&me(&server, &[header]).await, "TOKEN_MALFORMED");
    }
    assert_refused(
        &me(&server, &[b"Bearer e30.e30.e30"]).await,
        "TOKEN_INVALID",
    );
    server.assert_open().await;
}

#[tokio::test]
async fn a_refresh_token_is_no_access_token() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in("ada@example.com").await;
    let answer = server.anonymous().with_bearer(&tokens.refresh).me().await;
    assert_refused(&answer, "TOKEN_MALFORMED");
    assert!(!answer.text.contains(&tokens.refresh));
    // Nor was it spent or thought stolen.
    let answer = server.anonymous().refresh(&tokens.refresh).await;
    assert!(
        answer.data("refreshToken/tokens/accessToken").is_string(),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn two_answers_to_who_are_you_are_none() {
    let server = TestServer::start().await;
    let (_, ada) = server.signed_in("ada@example.com").await;
    let (_, bea) = server.signed_in("bea@example.com").await;
    let header = |tokens: &Tokens| format!("Bearer {}", tokens.access).into_bytes();
    for second in [
        header(&ada),
        header(&bea),
        b"Basic YWRh".to_vec(),
        b"Bearer".to_vec(),
    ] {
        assert_refused(
            &me(&server, &[&header(&ada), &second]).await,
            "TOKEN_MALFORMED",
        );
        assert_refused(
            &me(&server, &[&second, &header(&ada)]).await,
            "TOKEN_MALFORMED",
        );
    }
    let joined = [header(&ada), b", ".to_vec(), header(&bea)].concat();
    assert_refused(&me(&server, &[&joined]).await, "TOKEN_MALFORMED");
}

#[tokio::test]
async fn a_token_anywhere_but_in_the_header_is_ignored() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in("ada@example.com").await;
    let access = &tokens.access;
    let nobody = json!({ "data": { "me": null } });
    let query = "query=%7Bme%7Bid%7D%7D";
    for name in [
        "access_token",
        "token",
        "authorization",
        "Authorization",
        "bearer",
    ] {
        let path = format!("/graphql?{query}&{name}={access}");
        assert_eq!(server.anonymous().get(&path).await.json, nobody, "{name}");

        let body =
            json!({ "query": "{ me { id } }", name: access, "extensions": { name: access } });
        let request = Request::post(format!("/graphql?{name}={access}"))
            .header(CONTENT_TYPE, "application/json")
            .header("cookie", format!("{name}={access}"))
            .header("x-access-token", access);
        let request = request.body(Body::from(body.to_string())).unwrap();
        assert_eq!(
            server.anonymous().send(request).await.json,
            nobody,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_token_that_was_issued_expires_with_thirty_seconds_of_leeway() {
    let server = TestServer::start().await;
    let (ada, _) = server.signed_in("ada@example.com").await;
    server.advance(Duration::from_secs(15 * 60 + 29));
    assert_eq!(ada.me().await.data("me/email"), "ada@example.com");
    server.advance(Duration::from_secs(1));
    assert_refused(&ada.me().await, "TOKEN_EXPIRED");
}

#[tokio::test]
async fn a_session_that_has_ended_is_told_from_a_token_that_is_wrong() {
    let server = TestServer::start().await;
    let (ada, _) = server.signed_in("ada@example.com").await;
    ada.logout(None).await;
    assert_refused(&ada.me().await, "SESSION_ENDED");
}

/// Somebody with each kind of credentials that prove nothing.
async fn stale_actors(server: &TestServer) -> Vec<Actor> {
    let (ended, tokens) = server.signed_in("ended@example.com").await;
    let (expired, _) = server.signed_in("expired@example.com").await;
    ended.logout(None).await;
    server.advance(Duration::from_mins(20));
    assert_refused(&expired.me().await, "TOKEN_EXPIRED");
    let anybody = server.anonymous();
    let forged = format!("{}x", tokens.access);
    let wrong =
        [forged.as_str(), "garbage", &tokens.refresh].map(|token| anybody.with_bearer(token));
    wrong.into_iter().chain([ended, expired]).collect()
}

#[tokio::test]
async fn stale_credentials_do_not_keep_anybody_from_signing_in() {
    let server = TestServer::start().await;
    for (number, stale) in stale_actors(&server).await.into_iter().enumerate() {
        let address = format!("person{number}@example.com");
        let recipient = json!({ "email": address });
        let answer = stale.request_otp(recipient.clone()).await;
        let token = answer.text_at("requestOtp/challenge/challengeToken");
        server.deliver().await;
        let sent = server.mailbox.to(&address);
        let answer = stale
            .verify_otp(recipient, code_of(&sent[0]), Some(&token))
            .await;
        let tokens = Tokens::of(&answer, "verifyOtp");
        assert!(answer.json.get("errors").is_none(), "{}", answer.text);

        let answer = stale.refresh(&tokens.refresh).await;
        let tokens = Tokens::of(&answer, "refreshToken");
        assert!(answer.json.get("errors").is_none(), "{}", answer.text);
        let answer = stale.logout(Some(&tokens.refresh)).await;
        assert_eq!(
            answer.data("logout/userErrors"),
            &json!([]),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn stale_credentials_are_told_where_a_field_needs_to_know_who_is_calling() {
    let server = TestServer::start().await;
    for stale in stale_actors(&server).await {
        for query in [
            "{ me { id } }",
            "mutation { logoutAll { revokedCount } }",
            r#"mutation { revokeSession(input: { sessionId: "1" }) { revokedSessionId } }"#,
        ] {
            let answer = stale.graphql(query, Value::Null).await;
            assert_eq!(
                answer.error_code(),
                Some("UNAUTHENTICATED"),
                "{query}: {}",
                answer.text
            );
            assert_ne!(
                answer.reason(),
                Some("CREDENTIALS_MISSING"),
                "{}",
                answer.text
            );
        }
    }
}
