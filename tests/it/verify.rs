//! Every verdict on an answer to a challenge, with and without the challenge token.

use std::time::Duration;

use serde_json::json;

use crate::support::{Answer, Code, TestServer, email};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

#[tokio::test]
async fn a_right_code_opens_the_door_with_and_without_its_token() {
    let server = TestServer::start().await;
    let code = server.code_for(&email(ADA)).await;
    assert!(is_open(
        &guess(&server, ADA, &code.code, Some(&code.token)).await
    ));
    let code = server.code_for(&email(BOB)).await;
    assert!(is_open(&guess(&server, BOB, &code.code, None).await));
}

#[tokio::test]
async fn wrong_codes_count_down_and_after_the_last_one_the_right_one_is_refused_too() {
    let server = TestServer::start().await;
    let code = server.code_for(&email(ADA)).await;
    for left in [4, 3, 2, 1] {
        let answer = guess(&server, ADA, &code.wrong(), Some(&code.token)).await;
        assert_eq!(refusal(&answer), ("OTP_INVALID", Some(left)));
    }
    for guessed in [code.wrong(), code.wrong(), code.code] {
        let answer = guess(&server, ADA, &guessed, Some(&code.token)).await;
        assert_eq!(refusal(&answer), ("OTP_ATTEMPTS_EXCEEDED", Some(0)));
    }
}

#[tokio::test]
async fn a_code_works_until_the_moment_it_expires() {
    let server = TestServer::start().await;
    let ada = server.code_for(&email(ADA)).await;
    let bob = server.code_for(&email(BOB)).await;
    server.advance(Duration::from_secs(599));
    assert!(is_open(
        &guess(&server, ADA, &ada.code, Some(&ada.token)).await
    ));
    server.advance(Duration::from_secs(1));
    let late = guess(&server, BOB, &bob.code, Some(&bob.token)).await;
    assert_eq!(refusal(&late), ("OTP_EXPIRED", None));
}

#[tokio::test]
async fn a_code_works_once() {
    let server = TestServer::start().await;
    let code = server.code_for(&email(ADA)).await;
    assert!(is_open(
        &guess(&server, ADA, &code.code, Some(&code.token)).await
    ));
    for guessed in [&code.code, &code.wrong()] {
        let again = guess(&server, ADA, guessed, Some(&code.token)).await;
        assert_eq!(refusal(&again), ("OTP_EXPIRED", None));
    }
    assert_eq!(server.session_rows().await.len(), 1);
}

#[tokio::test]
async fn a_code_answers_its_own_challenge_only() {
    let server = TestServer::start().await;
    let first = server.code_for(&email(ADA)).await;
    server.advance(Duration::from_mins(1));
    let second = server.code_for(&email(ADA)).await;
    let crossed = guess(&server, ADA, &first.code, Some(&second.token)).await;
    assert_eq!(refusal(&crossed), ("OTP_INVALID", Some(4)));
    assert_bare(&guess(&server, ADA, &first.code, None).await);
    assert!(is_open(
        &guess(&server, ADA, &first.code, Some(&first.token)).await
    ));
    assert!(is_open(&guess(&server, ADA, &second.code, None).await));
}

#[tokio::test]
async fn a_token_shown_with_another_recipient_charges_nobody() {
    let server = TestServer::start().await;
    let ada = server.code_for(&email(ADA)).await;
    let bob = server.code_for(&email(BOB)).await;
    for code in [&ada.code, &bob.code] {
        assert_bare(&guess(&server, BOB, code, Some(&ada.token)).await);
    }
    assert_uncharged(&server, ADA, &ada).await;
    assert_uncharged(&server, BOB, &bob).await;
}

#[tokio::test]
async fn a_token_that_is_not_ours_charges_nobody() {
    let server = TestServer::start().await;
    let code = server.code_for(&email(ADA)).await;
    let random = format!("csc_{}", "A".repeat(22));
    let padded = format!("{}=", code.token);
    let upper = code.token.to_uppercase();
    for token in ["", "csc_", "nonsense", "\0", "😀", &random, &padded, &upper] {
        assert_bare(&guess(&server, ADA, &code.code, Some(token)).await);
    }
    assert_uncharged(&server, ADA, &code).await;
    assert_eq!(server.full_at(&format!("{ADA}:guess")).await, None);
    assert_eq!(server.full_at(&format!("{ADA}:open-guess")).await, None);
}

#[tokio::test]
async fn what_cannot_be_a_code_is_a_slip_and_costs_no_attempt() {
    let server = TestServer::start().await;
    let code = server.code_for(&email(ADA)).await;
    let longer = format!("{}0", code.code);
    for typed in [
        "",
        "12345",
        "abcdef",
        "１２３４５６",
        "12.34.56",
        "\0",
        &longer,
        &longer.repeat(900),
    ] {
        assert_bare(&guess(&server, ADA, typed, Some(&code.token)).await);
        assert_bare(&guess(&server, ADA, typed, None).await);
    }
    assert_uncharged(&server, ADA, &code).await;
}

#[tokio::test]
async fn spaces_and_dashes_in_a_code_do_no_harm() {
    let server = TestServer::start().await;
    let spellings: [fn(&str, &str) -> String; 4] = [
        |a, b| format!(" {a} {b}\n"),
        |a, b| format!("{a}-{b}"),
        |a, b| format!("{a}\u{a0}–\u{a0}{b}"),
        |a, b| format!("{a}\t\u{2011}{b}"),
    ];
    for spell in spellings {
        let code = server.code_for(&email(ADA)).await;
        let (head, tail) = code.code.split_at(3);
        let answer = guess(&server, ADA, &spell(head, tail), Some(&code.token)).await;
        assert!(is_open(&answer), "{}", answer.text);
        server.advance(Duration::from_mins(1));
    }
}

#[tokio::test]
async fn without_the_token_no_failure_looks_unlike_another() {
    let server = TestServer::start().await;
    assert_bare(&guess(&server, "nobody@example.com", "123456", None).await);

    let used = server.code_for(&email("used@example.com")).await;
    assert!(is_open(
        &guess(&server, "used@example.com", &used.code, None).await
    ));
    assert_bare(&guess(&server, "used@example.com", &used.code, None).await);

    let spent = server.code_for(&email("spent@example.com")).await;
    for _ in 0..5 {
        assert_bare(&guess(&server, "spent@example.com", &spent.wrong(), None).await);
    }
    assert_bare(&guess(&server, "spent@example.com", &spent.code, None).await);

    let expired = server.code_for(&email("expired@example.com")).await;
    server.advance(Duration::from_mins(10));
    assert_bare(&guess(&server, "expired@example.com", &expired.code, None).await);
}

#[tokio::test]
async fn strangers_and_the_holder_guess_out_of_budgets_of_their_own() {
    let server = TestServer::start().await;
    let code = server.code_for(&email(ADA)).await;
    for _ in 0..7 {
        assert_bare(&guess(&server, ADA, &code.wrong(), None).await);
    }
    let held = guess(&server, ADA, &code.wrong(), Some(&code.token)).await;
    assert_eq!(
        refusal(&held),
        ("OTP_INVALID", Some(4)),
        "the holder has all of theirs"
    );
    let row = server.challenge(&code.token).await;
    assert_eq!((row.attempts_left, row.open_attempts_left), (4, 0));
    assert!(is_open(
        &guess(&server, ADA, &code.code, Some(&code.token)).await
    ));
}

async fn guess(server: &TestServer, address: &str, code: &str, token: Option<&str>) -> Answer {
    server
        .anonymous()
        .verify_otp(email(address), code, token)
        .await
}

fn is_open(answer: &Answer) -> bool {
    answer.data("verifyOtp/tokens/accessToken").is_string()
        && answer.data("verifyOtp/userErrors") == &json!([])
}

/// The code and the attempts of a refusal that opened nothing.
fn refusal(answer: &Answer) -> (&str, Option<i64>) {
    for nothing in ["user", "session", "tokens", "isNewUser"] {
        assert!(
            answer.data(&format!("verifyOtp/{nothing}")).is_null(),
            "{}",
            answer.text
        );
    }
    assert!(answer.user_error("verifyOtp")["retryAfter"].is_null());
    let code = answer.user_error_code("verifyOtp");
    let code = code.unwrap_or_else(|| panic!("no refusal in {}", answer.text));
    (
        code,
        answer.user_error("verifyOtp")["attemptsRemaining"].as_i64(),
    )
}

/// All that whoever shows no good token is told.
fn assert_bare(answer: &Answer) {
    let bare = json!({ "data": { "verifyOtp": {
        "user": null, "session": null, "tokens": null, "isNewUser": null,
        "userErrors": [{
            "code": "OTP_INVALID", "message": "That code is not right.", "field": ["input", "code"],
            "retryAfter": null, "attemptsRemaining": null
        }]
    } } });
    assert_eq!(answer.json, bare);
}

/// Both budgets of the challenge are whole, and its code still works.
async fn assert_uncharged(server: &TestServer, address: &str, code: &Code) {
    let row = server.challenge(&code.token).await;
    assert_eq!((row.attempts_left, row.open_attempts_left), (5, 5));
    assert!(is_open(
        &guess(server, address, &code.code, Some(&code.token)).await
    ));
}
