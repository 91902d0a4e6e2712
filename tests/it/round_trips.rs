//! How often a request waits for PostgreSQL. SQLite is in the process: there is no way to go.
//!
//! The suite sees statements, and not the beginning and the end of a transaction; `just
//! round-trips` has PostgreSQL itself count them all.

use std::time::Duration;

use crate::support::{Actor, Answer, TestServer, Tokens, email, phone};

const ADA: &str = "ada@example.com";

/// Counts what is sent to the database for one request.
async fn trips(server: &TestServer, request: impl Future<Output = Answer>) -> (Answer, usize) {
    let before = server.statements();
    let answer = request.await;
    (answer, server.statements() - before)
}

/// Signs in by e-mail, and counts: the request for the code, and its answer.
async fn sign_in(server: &TestServer, device: &Actor) -> ([usize; 2], Tokens) {
    server.advance(Duration::from_mins(1));
    let (challenge, asked) = trips(server, device.request_otp(email(ADA))).await;
    let token = challenge.text_at("requestOtp/challenge/challengeToken");
    let code = code_to(server, ADA).await;
    let (answer, answered) =
        trips(server, device.verify_otp(email(ADA), &code, Some(&token))).await;
    ([asked, answered], Tokens::of(&answer, "verifyOtp"))
}

/// Has the code delivered that is on its way to `recipient`, and reads it.
async fn code_to(server: &TestServer, recipient: &str) -> String {
    server.deliver().await;
    let messages = server.mailbox.to(recipient);
    let with_code = messages.iter().rev().find_map(|it| it.purpose.code());
    with_code.expect("a code").reveal().to_owned()
}

#[tokio::test]
async fn a_person_who_is_known_signs_in_and_stays_in_with_as_few_as_can_be() {
    let server = TestServer::start().await;
    if !server.database.is_postgres() {
        return;
    }
    let nobody = server.anonymous();
    sign_in(&server, &nobody).await;
    let (known_device, tokens) = sign_in(&server, &nobody).await;
    assert_eq!(known_device, [1, 2]);
    let other = nobody.with_header("user-agent", "another");
    let (new_device, _) = sign_in(&server, &other).await;
    assert_eq!(new_device, [1, 2]);
    server.deliver().await;
    assert_eq!(
        server.mailbox.to(ADA).len(),
        4,
        "three codes and word of the device"
    );

    let ada = nobody.with_bearer(&tokens.access);
    assert_eq!(trips(&server, ada.me()).await.1, 1);
    assert_eq!(trips(&server, nobody.refresh(&tokens.refresh)).await.1, 1);
}

#[tokio::test]
async fn a_refusal_takes_one_more_to_say_how_long() {
    let server = TestServer::start().await;
    if !server.database.is_postgres() {
        return;
    }
    let code = server.code_for(&email(ADA)).await;
    let nobody = server.anonymous();
    let (answer, asked) = trips(&server, nobody.request_otp(email(ADA))).await;
    assert_eq!(answer.user_error_code("requestOtp"), Some("RATE_LIMITED"));
    assert_eq!(asked, 2);
    let wrong = code.wrong();
    let guess = nobody.verify_otp(email(ADA), &wrong, Some(&code.token));
    let (answer, guessed) = trips(&server, guess).await;
    assert_eq!(answer.user_error_code("verifyOtp"), Some("OTP_INVALID"));
    assert_eq!(guessed, 1);
}

#[tokio::test]
async fn a_code_to_a_telephone_takes_three_and_its_transaction_and_coming_back_two() {
    let server = TestServer::start().await;
    if !server.database.is_postgres() {
        return;
    }
    let (number, nobody) = ("+447400123456", server.anonymous());
    for is_known in [false, true] {
        let (challenge, asked) = trips(&server, nobody.request_otp(phone(number))).await;
        assert_eq!(asked, 3);
        let token = challenge.text_at("requestOtp/challenge/challengeToken");
        let code = code_to(&server, number).await;
        let answer = nobody.verify_otp(phone(number), &code, Some(&token));
        let (answer, answered) = trips(&server, answer).await;
        Tokens::of(&answer, "verifyOtp");
        if is_known {
            assert_eq!(answered, 2);
        }
        server.advance(Duration::from_mins(1));
    }
}
