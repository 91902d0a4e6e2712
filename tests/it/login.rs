//! Signing in: a challenge goes out, the right word comes back, and the door opens, once.

use std::time::Duration;

use countersign::domain::otp::OtpDeriver;
use countersign::domain::secret::ServerSecret;
use countersign::domain::{ChallengeToken, Contact, EmailAddress, ServerSecrets};
use serde_json::{Value, json};

use crate::support::{Answer, TestServer, Tokens, code_of, email};

const CLOSED: (&str, &str) = ("signup", "closed");

#[tokio::test]
async fn a_person_signs_in_with_the_code_they_were_sent() {
    let server = TestServer::start().await;
    let ada = json!({ "email": "Ada@Example.com" });
    let asked = server.anonymous().request_otp(ada.clone()).await;
    assert_eq!(asked.text_at("requestOtp/challenge/channel"), "EMAIL");
    assert_eq!(
        asked.text_at("requestOtp/challenge/maskedRecipient"),
        "A•••@example.com"
    );
    assert_eq!(asked.data("requestOtp/challenge/codeLength"), 6);
    assert_eq!(asked.data("requestOtp/challenge/expiresIn"), 600);
    assert_eq!(asked.data("requestOtp/challenge/resendIn"), 60);

    server.deliver().await;
    let sent = server.mailbox.to("Ada@example.com");
    let token = asked.text_at("requestOtp/challenge/challengeToken");
    let answer = server
        .anonymous()
        .verify_otp(ada, code_of(&sent[0]), Some(&token))
        .await;
    assert_eq!(answer.data("verifyOtp/isNewUser"), true);
    assert_eq!(answer.data("verifyOtp/user/email"), "Ada@example.com");
    assert_eq!(answer.data("verifyOtp/session/current"), true);
    assert_eq!(answer.data("verifyOtp/session/deviceName"), "Ada's phone");
    assert_eq!(answer.data("verifyOtp/session/userAgent"), "it/1.0");
    assert_eq!(answer.data("verifyOtp/session/ipAddress"), "127.0.0.1");
    assert_eq!(answer.data("verifyOtp/tokens/expiresIn"), 900);
    assert_eq!(answer.data("verifyOtp/tokens/refreshExpiresIn"), 604_800);

    let tokens = Tokens::of(&answer, "verifyOtp");
    let me = server.anonymous().with_bearer(&tokens.access).me().await;
    assert_eq!(me.data("me/email"), "Ada@example.com");
}

#[tokio::test]
async fn a_person_is_new_once() {
    let server = TestServer::start().await;
    let mut ids = Vec::new();
    for is_new in [true, false] {
        let answer = signed_in(&server, "ada@example.com").await;
        assert_eq!(answer.data("verifyOtp/isNewUser"), is_new);
        ids.push(answer.text_at("verifyOtp/user/id"));
        server.advance(Duration::from_mins(1));
    }
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn the_language_of_the_request_is_kept_with_the_account() {
    let server = TestServer::start().await;
    let cases = [
        ("pt-br", json!("pt-BR")),
        ("english please", Value::Null),
        ("de\0", Value::Null),
    ];
    for (at, (asked, kept)) in cases.into_iter().enumerate() {
        let ada = email(&format!("ada{at}@example.com"));
        let query = "mutation($input: RequestOtpInput!) { requestOtp(input: $input) { challenge { challengeToken } } }";
        let input = json!({ "recipient": ada, "locale": asked });
        let answer = server
            .anonymous()
            .graphql(query, json!({ "input": input }))
            .await;
        let token = answer.text_at("requestOtp/challenge/challengeToken");
        server.deliver().await;
        let sent = server.mailbox.to(&format!("ada{at}@example.com"));
        let answer = server
            .anonymous()
            .verify_otp(ada, code_of(&sent[0]), Some(&token))
            .await;
        assert_eq!(
            answer.data("verifyOtp/user/locale"),
            &kept,
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn with_signup_closed_known_people_come_in_and_unknown_ones_cannot_tell() {
    let open = TestServer::start().await;
    signed_in(&open, "known@example.com").await;
    open.advance(Duration::from_mins(1));
    let server = open.another_with(&[CLOSED]).await.expect("a server");
    let again = signed_in(&server, "known@example.com").await;
    assert_eq!(again.data("verifyOtp/isNewUser"), false);
    server.advance(Duration::from_mins(1));

    let (known, known_cost) = asked(&server, "known@example.com").await;
    let (unknown, unknown_cost) = asked(&server, "klara@example.com").await;
    assert_eq!(without_token(&known), without_token(&unknown));
    assert_eq!(known_cost, unknown_cost, "the same work");

    let wrong = "000000";
    let mut refusals = Vec::new();
    for (address, asked) in [
        ("known@example.com", &known),
        ("klara@example.com", &unknown),
    ] {
        let token = asked.text_at("requestOtp/challenge/challengeToken");
        let before = server.statements();
        let answer = server
            .anonymous()
            .verify_otp(email(address), wrong, Some(&token))
            .await;
        refusals.push((answer.text, server.statements() - before));
    }
    assert_eq!(
        refusals[0], refusals[1],
        "the same refusal, and the same work"
    );
}

#[tokio::test]
async fn no_message_goes_to_a_decoy_and_not_even_its_own_code_works() {
    let server = TestServer::with(&[CLOSED]).await;
    let (answer, _) = asked(&server, "klara@example.com").await;
    let token = answer.text_at("requestOtp/challenge/challengeToken");
    server.deliver().await;
    server.advance(Duration::from_mins(5));
    server.deliver().await;
    assert!(server.mailbox.tries().is_empty());

    let code = derived(
        "klara@example.com",
        &token,
        &server.challenge(&token).await.secret_id,
    );
    let shown = server
        .anonymous()
        .verify_otp(email("klara@example.com"), &code, Some(&token))
        .await;
    assert_eq!(shown.user_error_code("verifyOtp"), Some("OTP_INVALID"));
    assert_eq!(shown.user_error("verifyOtp")["attemptsRemaining"], 4);
    let hidden = server
        .anonymous()
        .verify_otp(email("klara@example.com"), &code, None)
        .await;
    assert_eq!(hidden.user_error_code("verifyOtp"), Some("OTP_INVALID"));
    assert_eq!(server.count::<entity::user::Entity>().await, 0);
}

#[tokio::test]
async fn who_asked_before_signup_closed_is_told_so_once_the_code_is_right() {
    let open = TestServer::start().await;
    let code = open.code_for(&email("klara@example.com")).await;
    let server = open.another_with(&[CLOSED]).await.expect("a server");
    let answer = server
        .anonymous()
        .verify_otp(email("klara@example.com"), &code.code, Some(&code.token))
        .await;
    assert_eq!(
        answer.user_error_code("verifyOtp"),
        Some("RECIPIENT_NOT_ALLOWED")
    );
    assert_eq!(server.count::<entity::user::Entity>().await, 0);
    let again = server
        .anonymous()
        .verify_otp(email("klara@example.com"), &code.code, Some(&code.token))
        .await;
    assert_eq!(again.user_error_code("verifyOtp"), Some("OTP_EXPIRED"));
}

#[tokio::test]
async fn with_signup_open_known_and_unknown_people_cost_the_same() {
    let server = TestServer::start().await;
    signed_in(&server, "known@example.com").await;
    server.advance(Duration::from_mins(1));
    let (known, known_cost) = asked(&server, "known@example.com").await;
    let (unknown, unknown_cost) = asked(&server, "klara@example.com").await;
    assert_eq!(without_token(&known), without_token(&unknown));
    assert_eq!(known_cost, unknown_cost);
}

async fn signed_in(server: &TestServer, address: &str) -> Answer {
    let code = server.code_for(&email(address)).await;
    server
        .anonymous()
        .verify_otp(email(address), &code.code, Some(&code.token))
        .await
}

/// The answer to a request for a code, and how many statements it took.
async fn asked(server: &TestServer, address: &str) -> (Answer, usize) {
    let before = server.statements();
    let answer = server.anonymous().request_otp(email(address)).await;
    (answer, server.statements() - before)
}

/// What an answer says besides the token, which is random, and the token's length.
fn without_token(answer: &Answer) -> (Value, usize) {
    let mut json = answer.json.clone();
    let token = json["data"]["requestOtp"]["challenge"]["challengeToken"].take();
    (json, token.as_str().expect("a token").len())
}

/// The code that a message would carry.
fn derived(address: &str, token: &str, secret_id: &str) -> String {
    let secret = ServerSecret::parse(&"5e".repeat(32)).expect("the secret of the tests");
    let codes = OtpDeriver::new(&ServerSecrets::new(vec![secret]).expect("one"), 6);
    let contact = Contact::Email(EmailAddress::parse(address).expect("an address"));
    let token = ChallengeToken::parse(token).expect("a token");
    codes
        .derive(secret_id, &token, &contact)
        .expect("a code")
        .reveal()
        .to_owned()
}
