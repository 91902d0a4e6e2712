//! Addresses and numbers as people write them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{TestServer, code_of, email, phone};

#[tokio::test]
async fn a_number_gets_a_code_by_text_message_that_lives_five_minutes() {
    let server = TestServer::start().await;
    let asked = server
        .anonymous()
        .request_otp(phone("+44 7911 123456"))
        .await;
    assert_eq!(asked.text_at("requestOtp/challenge/channel"), "SMS");
    assert_eq!(
        asked.text_at("requestOtp/challenge/maskedRecipient"),
        "+••••••••••56"
    );
    assert_eq!(asked.data("requestOtp/challenge/expiresIn"), 300);
    server.advance(Duration::from_mins(1));

    let code = server.code_for(&phone("+447911123456")).await;
    server.advance(Duration::from_secs(299));
    let answer = server
        .anonymous()
        .verify_otp(phone("+44 (0)7911-123456"), &code.code, Some(&code.token))
        .await;
    assert_eq!(answer.data("verifyOtp/user/phone"), "+447911123456");
    assert_eq!(answer.data("verifyOtp/user/email"), &Value::Null);

    let code = server.code_for(&phone("+447911123456")).await;
    server.advance(Duration::from_mins(5));
    let late = server
        .anonymous()
        .verify_otp(phone("+447911123456"), &code.code, Some(&code.token))
        .await;
    assert_eq!(late.user_error_code("verifyOtp"), Some("OTP_EXPIRED"));
}

#[tokio::test]
async fn a_number_without_country_code_needs_a_default_region() {
    let nowhere = TestServer::start().await;
    let answer = nowhere.anonymous().request_otp(phone("07911 123456")).await;
    assert_eq!(
        answer.user_error_code("requestOtp"),
        Some("RECIPIENT_INVALID")
    );

    let britain = TestServer::with(&[("phone.default_region", "GB")]).await;
    let answer = britain.anonymous().request_otp(phone("07911 123456")).await;
    assert!(
        answer.data("requestOtp/challenge").is_object(),
        "{}",
        answer.text
    );
    britain.deliver().await;
    assert_eq!(britain.mailbox.to("+447911123456").len(), 1);
    let again = britain
        .anonymous()
        .request_otp(phone("+447911123456"))
        .await;
    assert_eq!(
        again.user_error_code("requestOtp"),
        Some("RATE_LIMITED"),
        "the same number"
    );
}

#[tokio::test]
async fn what_cannot_be_reached_is_told_beside_its_input() {
    let server = TestServer::start().await;
    let cases = [
        (email("ada@"), "email"),
        (email(""), "email"),
        (email("+447911123456"), "email"),
        (phone("ada@example.com"), "phone"),
        (phone("+44"), "phone"),
        (phone(""), "phone"),
    ];
    let before = server.statements();
    for (recipient, name) in cases {
        let asked = server.anonymous().request_otp(recipient.clone()).await;
        let answered = server
            .anonymous()
            .verify_otp(recipient, "123456", None)
            .await;
        for (answer, field) in [(asked, "requestOtp"), (answered, "verifyOtp")] {
            assert_eq!(
                answer.user_error_code(field),
                Some("RECIPIENT_INVALID"),
                "{}",
                answer.text
            );
            assert_eq!(
                answer.user_error(field)["field"],
                json!(["input", "recipient", name])
            );
        }
    }
    assert_eq!(server.statements(), before, "nobody asked the database");
}

#[tokio::test]
async fn two_spellings_of_one_address_are_one_account() {
    let server = TestServer::start().await;
    let spellings = [
        ("Ada@Example.com", "Ada@example.com"),
        (" ADA@EXAMPLE.COM ", "ADA@example.com"),
        ("ada@example.com", "ada@example.com"),
    ];
    assert_one_account(&server, "email", &spellings).await;
}

#[tokio::test]
async fn an_international_domain_and_its_ascii_form_are_one() {
    let server = TestServer::start().await;
    let ascii = "ada@xn--bcher-kva.example";
    assert_one_account(
        &server,
        "email",
        &[("ada@BÜCHER.example", ascii), (ascii, ascii)],
    )
    .await;
}

#[tokio::test]
async fn two_spellings_of_one_number_are_one_account() {
    let server = TestServer::with(&[("phone.default_region", "GB")]).await;
    let e164 = "+447911123456";
    let spellings = [
        ("+44 7911 123456", e164),
        ("07911-123456", e164),
        (e164, e164),
    ];
    assert_one_account(&server, "phone", &spellings).await;
}

#[tokio::test]
async fn an_address_and_a_number_are_two_people() {
    let server = TestServer::start().await;
    for recipient in [email("ada@example.com"), phone("+447911123456")] {
        let code = server.code_for(&recipient).await;
        let answer = server
            .anonymous()
            .verify_otp(recipient, &code.code, Some(&code.token))
            .await;
        assert_eq!(answer.data("verifyOtp/isNewUser"), true);
    }
}

/// Each spelling is waited for like the others, sent to as typed, and signs the same person in,
/// who goes on being called what they called themselves first.
async fn assert_one_account(server: &TestServer, kind: &str, spellings: &[(&str, &str)]) {
    let mut people = Vec::new();
    for (typed, sent_to) in spellings {
        let recipient = json!({ kind: typed });
        let asked = server.anonymous().request_otp(recipient.clone()).await;
        let token = asked.text_at("requestOtp/challenge/challengeToken");
        for (other, _) in spellings {
            let again = server.anonymous().request_otp(json!({ kind: other })).await;
            assert_eq!(
                again.user_error_code("requestOtp"),
                Some("RATE_LIMITED"),
                "{other}"
            );
        }
        server.deliver().await;
        let sent = server.mailbox.to(sent_to).pop().expect("a message");
        let answer = server
            .anonymous()
            .verify_otp(recipient, code_of(&sent), Some(&token))
            .await;
        people.push((
            answer.text_at("verifyOtp/user/id"),
            answer.text_at(&format!("verifyOtp/user/{kind}")),
        ));
        server.advance(Duration::from_mins(1));
    }
    assert!(
        people.windows(2).all(|pair| pair[0] == pair[1]),
        "{people:?}"
    );
}
