//! Word to people of what happened to their account.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, USER_AGENT};
use countersign::delivery::{Message, Purpose};
use serde_json::json;

use crate::support::{Answer, TestServer, at_once, email, phone};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_person_is_told_of_a_sign_in_from_a_device_they_had_not_used_before() {
    let server = TestServer::start().await;
    sign_in(&server, "firefox").await;
    assert_eq!(
        notices(&server).await.len(),
        0,
        "the first one is news to nobody"
    );
    sign_in(&server, "firefox").await;
    assert_eq!(notices(&server).await.len(), 0, "they have used it before");
    sign_in(&server, "curl").await;
    let told = notices(&server).await;
    assert!(
        matches!(
            told[..],
            [Message {
                purpose: Purpose::NewDevice,
                ..
            }]
        ),
        "{told:?}"
    );
    sign_in(&server, "curl").await;
    assert_eq!(notices(&server).await.len(), 1, "by now they have");
}

#[tokio::test]
async fn a_person_is_told_once_that_a_refresh_token_was_used_twice() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    server.anonymous().refresh(&tokens.refresh).await;
    server.advance(Duration::from_mins(1));
    let anonymous = server.anonymous();
    at_once(&[&server], 50, |_| {
        let (somebody, token) = (anonymous.clone(), tokens.refresh.clone());
        async move { somebody.refresh(&token).await }
    })
    .await;
    let told = notices(&server).await;
    assert!(
        matches!(
            told[..],
            [Message {
                purpose: Purpose::TokenReuse,
                ..
            }]
        ),
        "{told:?}"
    );
}

#[tokio::test]
async fn notices_can_be_switched_off() {
    let off = [
        ("notices.new_device", "false"),
        ("notices.token_reuse", "false"),
    ];
    let server = TestServer::with(&off).await;
    sign_in(&server, "firefox").await;
    let answer = sign_in(&server, "curl").await;
    let token = answer.text_at("verifyOtp/tokens/refreshToken");
    server.anonymous().refresh(&token).await;
    server.advance(Duration::from_mins(1));
    let again = server.anonymous().refresh(&token).await;
    assert_eq!(
        again.user_error_code("refreshToken"),
        Some("SESSION_EXPIRED")
    );
    assert_eq!(notices(&server).await.len(), 0);
}

#[tokio::test]
async fn nobody_can_make_the_operator_pay_for_a_notice() {
    let server = TestServer::start().await;
    let recipient = phone("+447911123456");
    for agent in ["firefox", "curl"] {
        let code = server.code_for(&recipient).await;
        let answer = server
            .anonymous()
            .verify_otp_with(
                json!({ "recipient": recipient, "code": code.code, "deviceName": agent }),
            )
            .await;
        assert!(
            answer.data("verifyOtp/tokens").is_object(),
            "{}",
            answer.text
        );
        server.advance(Duration::from_mins(2));
    }
    server.deliver().await;
    assert_eq!(server.mailbox.len(), 2, "two codes and nothing else");
}

/// Ada signs in with this `User-Agent`.
async fn sign_in(server: &TestServer, agent: &str) -> Answer {
    server.advance(Duration::from_mins(2));
    let code = server.code_for(&email(ADA)).await;
    let query = "mutation($input: VerifyOtpInput!) { verifyOtp(input: $input) { tokens { refreshToken } } }";
    let input = json!({ "recipient": email(ADA), "code": code.code, "challengeToken": code.token });
    let request = Request::post("/graphql")
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, agent)
        .body(Body::from(
            json!({ "query": query, "variables": { "input": input } }).to_string(),
        ))
        .unwrap();
    server.anonymous().send(request).await
}

/// What Ada was told besides her codes.
async fn notices(server: &TestServer) -> Vec<Message> {
    server.deliver().await;
    let mut told = server.mailbox.to(ADA);
    told.retain(|message| message.purpose.code().is_none());
    told
}
