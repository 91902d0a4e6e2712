//! Guesses at one contact, over all its challenges.

use std::time::Duration;

use serde_json::Value;

use crate::support::{Answer, Code, TestServer, email};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn new_codes_do_not_refill_the_guesses_at_a_contact() {
    let server = TestServer::start().await;
    exhaust(&server, true).await;
    // Ten guesses at six minutes each, 120 seconds ago at most: the next is 240 seconds away.
    let code = next_code(&server).await;
    for guessed in [code.wrong(), code.code.clone()] {
        let answer = guess(&server, &guessed, Some(&code.token)).await;
        assert_eq!(
            answer.user_error_code("verifyOtp"),
            Some("RATE_LIMITED"),
            "{}",
            answer.text
        );
        assert_eq!(answer.user_error("verifyOtp")["retryAfter"], 240);
        assert_eq!(
            answer.user_error("verifyOtp")["attemptsRemaining"],
            Value::Null
        );
    }
    server.advance(Duration::from_secs(239));
    let answer = guess(&server, &code.code, Some(&code.token)).await;
    assert_eq!(answer.user_error("verifyOtp")["retryAfter"], 1);
    server.advance(Duration::from_secs(1));
    let answer = guess(&server, &code.code, Some(&code.token)).await;
    assert!(is_open(&answer), "it was an honest answer: {}", answer.text);
}

#[tokio::test]
async fn strangers_who_guess_too_often_hear_what_they_always_hear_and_harm_no_holder() {
    let server = TestServer::start().await;
    exhaust(&server, false).await;
    let code = next_code(&server).await;
    let answer = guess(&server, &code.code, None).await;
    assert_eq!(answer.user_error_code("verifyOtp"), Some("OTP_INVALID"));
    assert_eq!(answer.user_error("verifyOtp")["retryAfter"], Value::Null);
    assert_eq!(
        answer.user_error("verifyOtp")["attemptsRemaining"],
        Value::Null
    );
    assert!(is_open(
        &guess(&server, &code.code, Some(&code.token)).await
    ));
}

#[tokio::test]
async fn the_guesses_are_whole_again_after_the_window_and_not_more_than_whole() {
    let server = TestServer::start().await;
    exhaust(&server, true).await;
    server.advance(Duration::from_hours(5));
    exhaust(&server, true).await;
    let code = next_code(&server).await;
    let answer = guess(&server, &code.code, Some(&code.token)).await;
    assert_eq!(answer.user_error_code("verifyOtp"), Some("RATE_LIMITED"));
}

#[tokio::test]
async fn a_right_code_makes_its_holders_guesses_whole() {
    let server = TestServer::start().await;
    for _ in 0..4 {
        let code = next_code(&server).await;
        for _ in 0..4 {
            let answer = guess(&server, &code.wrong(), Some(&code.token)).await;
            assert_eq!(answer.user_error_code("verifyOtp"), Some("OTP_INVALID"));
        }
        assert!(is_open(
            &guess(&server, &code.code, Some(&code.token)).await
        ));
    }
}

#[tokio::test]
async fn guesses_at_one_contact_are_no_other_contacts() {
    let server = TestServer::start().await;
    exhaust(&server, true).await;
    server.assert_open().await;
}

#[tokio::test]
async fn an_operator_chooses_the_budgets() {
    let settings = [
        ("otp.attempts", "2"),
        ("otp.resend_interval", "10s"),
        ("limits.guesses_per_contact", "3"),
        ("limits.guess_window", "30m"),
    ];
    let server = TestServer::with(&settings).await;
    let code = server.code_for(&email(ADA)).await;
    for verdict in ["OTP_INVALID", "OTP_ATTEMPTS_EXCEEDED"] {
        let answer = guess(&server, &code.wrong(), Some(&code.token)).await;
        assert_eq!(answer.user_error_code("verifyOtp"), Some(verdict));
    }
    server.advance(Duration::from_secs(10));
    let code = server.code_for(&email(ADA)).await;
    let third = guess(&server, &code.wrong(), Some(&code.token)).await;
    assert_eq!(third.user_error("verifyOtp")["attemptsRemaining"], 1);
    let fourth = guess(&server, &code.code, Some(&code.token)).await;
    assert_eq!(fourth.user_error("verifyOtp")["retryAfter"], 590);
}

/// Ten wrong guesses at two challenges, with or without their tokens: all that the contact bears.
async fn exhaust(server: &TestServer, shows_token: bool) {
    for _ in 0..2 {
        let code = next_code(server).await;
        let token = shows_token.then_some(code.token.as_str());
        for _ in 0..5 {
            let answer = guess(server, &code.wrong(), token).await;
            let verdict = answer.user_error_code("verifyOtp");
            assert!(
                matches!(verdict, Some("OTP_INVALID" | "OTP_ATTEMPTS_EXCEEDED")),
                "{}",
                answer.text
            );
        }
    }
}

/// A code to ADA, and a minute later.
async fn next_code(server: &TestServer) -> Code {
    let code = server.code_for(&email(ADA)).await;
    server.advance(Duration::from_mins(1));
    code
}

async fn guess(server: &TestServer, code: &str, token: Option<&str>) -> Answer {
    server.anonymous().verify_otp(email(ADA), code, token).await
}

fn is_open(answer: &Answer) -> bool {
    answer.data("verifyOtp/tokens/accessToken").is_string()
}
