//! What messages say, from the request on: the language, and nothing that a stranger wrote.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, USER_AGENT};
use countersign::delivery::Wording;
use serde_json::{Value, json};

use crate::support::{TestServer, email, phone};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_message_is_written_in_the_language_that_was_asked_for_or_else_is_read() {
    let server = TestServer::start().await;
    let cases = [
        (Some("pt-PT"), "de", "pt-BR"),
        (None, "xx, de;q=0.8, fr;q=0.9", "fr"),
        (None, "zh-TW, zh-Hant;q=0.9", "en"),
        (Some("not a language"), "ja", "ja"),
        (None, "", "en"),
    ];
    for (at, (locale, accepted, language)) in cases.into_iter().enumerate() {
        let recipient = email(&format!("ada{at}@example.com"));
        ask(
            &server,
            &recipient,
            locale.map(Value::from),
            "it/1.0",
            accepted,
        )
        .await;
        let rows = server.deliveries().await;
        let row = rows.iter().find(|row| recipient["email"] == row.recipient);
        let row = row.expect("a delivery");
        assert_eq!(
            row.language.as_deref(),
            Some(language),
            "{locale:?} {accepted}"
        );
    }
    server.deliver().await;
    let words = |at: usize| {
        server.mailbox.to(&format!("ada{at}@example.com"))[0]
            .wording
            .clone()
    };
    let Wording::Mail { subject, html, .. } = words(1) else {
        panic!("e-mail")
    };
    assert!(
        subject.contains("code") && html.contains("lang=\"fr\""),
        "{html}"
    );
    assert!(words(3).text().contains("コード"));
}

#[tokio::test]
async fn nothing_that_a_stranger_wrote_gets_into_a_message() {
    let server = TestServer::start().await;
    let hostile =
        "{{ 7*7 }} {% raw %} <script>alert(1)</script> Visit https://evil.example \u{202e}";
    let recipient = email("ada+%7B%7B7*7%7D%7D@example.com");
    let locale = format!("{hostile}{}", "x".repeat(10_000));
    let languages = format!("{hostile}, {}", "en;q=".repeat(2_000));
    ask(
        &server,
        &recipient,
        Some(locale.into()),
        hostile,
        &languages,
    )
    .await;
    server.deliver().await;
    let code = server.code_for(&email(ADA)).await;
    let device = format!("{hostile}\r\nBcc: eve@example.com");
    let input = json!({ "recipient": email(ADA), "code": code.code, "challengeToken": code.token,
                        "deviceName": device });
    server.anonymous().verify_otp_with(input).await;
    server.advance(std::time::Duration::from_mins(2));
    server.signed_in(ADA).await;
    server.deliver().await;

    let mut read = 0;
    for message in server
        .mailbox
        .to(ADA)
        .into_iter()
        .chain(server.mailbox.to("ada+%7B%7B7*7%7D%7D@example.com"))
    {
        let Wording::Mail {
            subject,
            text,
            html,
        } = &message.wording
        else {
            panic!("e-mail")
        };
        let whole = format!("{subject}\n{text}\n{html}");
        for word in [
            "evil", "alert", "<script", "{{", "{%", "49", "Bcc", "\u{202e}",
        ] {
            let is_code = message
                .purpose
                .code()
                .is_some_and(|code| code.reveal().contains(word));
            assert!(is_code || !whole.contains(word), "{word} in {whole}");
        }
        assert!(!subject.contains(['\r', '\n']));
        read += 1;
    }
    assert_eq!(read, 4, "three codes and a notice");
}

#[tokio::test]
async fn a_text_message_ends_with_the_line_that_browsers_look_for() {
    let bound = [
        ("sms.domain", "login.example.com"),
        ("sms.android_hash", "FA+9qCX9VSu"),
    ];
    let server = TestServer::with(&bound).await;
    let code = server.code_for(&phone("+447911123456")).await.code;
    let sent = server.mailbox.to("+447911123456");
    let lines: Vec<_> = sent[0].wording.text().lines().map(str::to_owned).collect();
    assert_eq!(lines[lines.len() - 2], "FA+9qCX9VSu");
    assert_eq!(
        lines[lines.len() - 1],
        format!("@login.example.com #{code}")
    );
    assert!(sent[0].wording.text().len() <= 160);
}

/// Asks for a code as a browser with these headers does.
async fn ask(
    server: &TestServer,
    recipient: &Value,
    locale: Option<Value>,
    agent: &str,
    languages: &str,
) {
    let query = "mutation($input: RequestOtpInput!) { requestOtp(input: $input) { challenge { expiresIn } } }";
    let input = json!({ "recipient": recipient, "locale": locale });
    let body = json!({ "query": query, "variables": { "input": input } }).to_string();
    let request = Request::post("/graphql")
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, agent.as_bytes())
        .header(ACCEPT_LANGUAGE, languages.as_bytes())
        .body(Body::from(body))
        .unwrap();
    let answer = server.anonymous().send(request).await;
    assert!(
        answer.data("requestOtp/challenge").is_object(),
        "{}",
        answer.text
    );
}
