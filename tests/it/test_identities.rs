//! Identities for reviewers and end-to-end tests: a fixed code, and nothing else that is special.

use std::time::Duration;

use serde_json::Value;

use crate::support::{TestServer, email, phone};

const REVIEWER: &str = "reviewer@example.com";
const NUMBER: &str = "+447911123456";
/// The tests' clock begins in January 2027.
const LISTED: (&str, &str) = (
    "test_identities",
    "reviewer@example.com 493817 2027-02-01, +447911123456 271828 2027-02-01",
);

#[tokio::test]
async fn a_test_identity_signs_in_with_its_fixed_code_and_is_sent_nothing() {
    let server = TestServer::with(&[LISTED]).await;
    for (recipient, code) in [(email(REVIEWER), "493817"), (phone(NUMBER), "271828")] {
        let token = challenge(&server, &recipient).await;
        assert_eq!(server.deliver().await, 0);
        let answer = server
            .anonymous()
            .verify_otp(recipient, code, Some(&token))
            .await;
        assert!(
            answer.data("verifyOtp/tokens").is_object(),
            "{}",
            answer.text
        );
    }
    assert_eq!(server.mailbox.tries().len(), 0);
}

#[tokio::test]
async fn a_fixed_code_needs_a_challenge_and_has_no_more_attempts_than_any_other() {
    let server = TestServer::with(&[LISTED]).await;
    let early = server
        .anonymous()
        .verify_otp(email(REVIEWER), "493817", None)
        .await;
    assert_eq!(early.user_error_code("verifyOtp"), Some("OTP_INVALID"));

    let token = challenge(&server, &email(REVIEWER)).await;
    for _ in 0..5 {
        server
            .anonymous()
            .verify_otp(email(REVIEWER), "000000", Some(&token))
            .await;
    }
    let late = server
        .anonymous()
        .verify_otp(email(REVIEWER), "493817", Some(&token))
        .await;
    assert_eq!(
        late.user_error_code("verifyOtp"),
        Some("OTP_ATTEMPTS_EXCEEDED")
    );
}

#[tokio::test]
async fn a_fixed_code_opens_no_other_account() {
    let server = TestServer::with(&[LISTED]).await;
    let token = challenge(&server, &email("ada@example.com")).await;
    let answer = server
        .anonymous()
        .verify_otp(email("ada@example.com"), "493817", Some(&token))
        .await;
    assert_eq!(answer.user_error_code("verifyOtp"), Some("OTP_INVALID"));
}

#[tokio::test]
async fn after_its_last_day_a_test_identity_is_a_contact_like_any_other() {
    let server = TestServer::with(&[LISTED]).await;
    server.advance(Duration::from_hours(24 * 60));
    let token = challenge(&server, &email(REVIEWER)).await;
    assert_eq!(server.deliver().await, 1);
    let answer = server
        .anonymous()
        .verify_otp(email(REVIEWER), "493817", Some(&token))
        .await;
    assert_eq!(answer.user_error_code("verifyOtp"), Some("OTP_INVALID"));
}

async fn challenge(server: &TestServer, recipient: &Value) -> String {
    let answer = server.anonymous().request_otp(recipient.clone()).await;
    answer.text_at("requestOtp/challenge/challengeToken")
}
