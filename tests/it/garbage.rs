//! Hostile text in every place that takes text: a typed refusal, never a fault, nothing lost.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderValue, USER_AGENT};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::TestServer;

pub const REQUEST: &str = "mutation($i: RequestOtpInput!) { requestOtp(input: $i) { challenge { channel } userErrors { code } } }";
pub const VERIFY: &str =
    "mutation($i: VerifyOtpInput!) { verifyOtp(input: $i) { isNewUser userErrors { code } } }";
pub const REFRESH: &str =
    "mutation($i: RefreshTokenInput) { refreshToken(input: $i) { userErrors { code } } }";
pub const LOGOUT: &str = "mutation($i: LogoutInput) { logout(input: $i) { userErrors { code } } }";
pub const REVOKE: &str =
    "mutation($i: RevokeSessionInput!) { revokeSession(input: $i) { userErrors { code } } }";
pub const SESSIONS: &str = "query($i: String) { me { sessions(after: $i) { nodes { id } } } }";

/// Every place that takes text, with `text` in it.
fn places(text: &str, challenge: &str) -> Vec<(&'static str, Value)> {
    let ada = json!({ "email": "ada@example.com" });
    vec![
        (REQUEST, json!({ "recipient": { "email": text } })),
        (
            REQUEST,
            json!({ "recipient": { "email": format!("{text}@example.com") } }),
        ),
        (
            REQUEST,
            json!({ "recipient": { "email": format!("ada@{text}.example") } }),
        ),
        (REQUEST, json!({ "recipient": { "phone": text } })),
        (
            REQUEST,
            json!({ "recipient": { "email": "bea@example.com" }, "locale": text }),
        ),
        (VERIFY, json!({ "recipient": ada, "code": text })),
        (
            VERIFY,
            json!({ "recipient": ada, "code": text, "challengeToken": challenge }),
        ),
        (
            VERIFY,
            json!({ "recipient": ada, "code": "12345", "challengeToken": text }),
        ),
        (
            VERIFY,
            json!({ "recipient": { "email": text }, "code": "123456" }),
        ),
        (REFRESH, json!({ "refreshToken": text })),
        (LOGOUT, json!({ "refreshToken": text })),
        (REVOKE, json!({ "sessionId": text })),
        (SESSIONS, json!(text)),
    ]
}

/// Puts `text` everywhere, signs in with it for a device's name and a language, and sees that the
/// server is none the worse for it.
async fn survives(text: &str) {
    let server = TestServer::start().await;
    let (cleo, _) = server.signed_in("cleo@example.com").await;
    let ada = json!({ "email": "ada@example.com" });
    let sent = server.code_for(&ada).await;

    for (query, value) in places(text, &sent.token) {
        let answer = cleo.graphql(query, json!({ "i": value })).await;
        answer.assert_sound();
        assert!(matches!(
            answer.status,
            StatusCode::OK | StatusCode::BAD_REQUEST
        ));
    }
    let named = json!({ "query": "query A { me { id } }", "operationName": text });
    let answer = cleo.post(&named.to_string()).await;
    answer.assert_sound();
    assert_eq!(
        answer.error_code(),
        Some("GRAPHQL_VALIDATION_FAILED"),
        "{}",
        answer.text
    );

    let me = cleo.me().await;
    assert_eq!(
        me.data("me/email"),
        "cleo@example.com",
        "the session lives: {}",
        me.text
    );
    let input = json!({ "recipient": ada, "code": sent.code, "challengeToken": sent.token, "deviceName": text });
    let answer = server.anonymous().verify_otp_with(input).await;
    assert_eq!(
        answer.data("verifyOtp/isNewUser"),
        true,
        "the code still works: {}",
        answer.text
    );
    server.assert_open().await;
}

#[tokio::test]
async fn empty_text_does_no_harm() {
    survives("").await;
    survives(" \t\r\n ").await;
}

#[tokio::test]
async fn gigantic_text_does_no_harm() {
    survives(&"9".repeat(60_000)).await;
    survives(&"😀".repeat(15_000)).await;
    survives(&"a.".repeat(30_000)).await;
}

#[tokio::test]
async fn nul_bytes_do_no_harm() {
    survives("\0").await;
    survives("ada\0@example.com\0").await;
    survives(&"\0".repeat(10_000)).await;
}

#[tokio::test]
async fn right_to_left_text_does_no_harm() {
    survives("مرحبا بالعالم").await;
    survives("\u{202e}moc.elpmaxe@ada\u{202c}").await;
    survives("\u{200f}١٢٣٤٥٦").await;
}

#[tokio::test]
async fn emoji_do_no_harm() {
    survives("👩‍👩‍👧‍👦🏳️‍🌈").await;
    survives("😀@😀.example").await;
    survives("1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣").await;
}

#[tokio::test]
async fn text_that_would_be_code_elsewhere_does_no_harm() {
    survives("'; DROP TABLE users; --").await;
    survives("$1 ? :id %s %n {{7*7}} ${jndi:x} <script>").await;
    survives("../../../etc/passwd\r\nSet-Cookie: a=b").await;
    survives("\u{feff}\u{fffe}\u{ffff}\u{10ffff}\u{200b}\u{1b}[31m\\\"").await;
}

#[tokio::test]
async fn a_device_keeps_the_name_that_can_be_shown() {
    let server = TestServer::start().await;
    for (given, kept) in [
        ("📱 جهاز آدا", json!("📱 جهاز آدا")),
        ("Ada's\0 phone", json!("Ada's phone")),
        ("\u{202e}enohp s'adA", json!("enohp s'adA")),
        ("\0\u{202e}", Value::Null),
        ("", Value::Null),
    ] {
        let address = json!({ "email": "ada@example.com" });
        let sent = server.code_for(&address).await;
        let input = json!({ "recipient": address, "code": sent.code, "challengeToken": sent.token, "deviceName": given });
        let answer = server.anonymous().verify_otp_with(input).await;
        assert_eq!(
            answer.data("verifyOtp/session/deviceName"),
            &kept,
            "{}",
            answer.text
        );
        server.advance(std::time::Duration::from_mins(1));
    }
}

#[tokio::test]
async fn an_address_that_no_mail_could_reach_is_told_beside_its_field() {
    let server = TestServer::start().await;
    for address in [
        "",
        "ada",
        "@",
        "ada@",
        "@example.com",
        "ada@example",
        "ada\0@example.com",
        "ada@exa\0mple.com",
        "😀@example.com",
        "ada@example.com, bea@example.com",
        "ada@example.com\r\nBcc: bea@example.com",
        "\"ada\"@example.com",
        "ada@[127.0.0.1]",
        "ada\u{202e}@example.com",
        "Ada <ada@example.com>",
    ] {
        let answer = server
            .anonymous()
            .request_otp(json!({ "email": address }))
            .await;
        assert_eq!(
            answer.user_error_code("requestOtp"),
            Some("RECIPIENT_INVALID"),
            "{address:?}: {}",
            answer.text
        );
        let field = &answer.user_error("requestOtp")["field"];
        assert_eq!(field, &json!(["input", "recipient", "email"]));
    }
    server.deliver().await;
    assert_eq!(server.mailbox.len(), 0);
}

#[tokio::test]
async fn a_user_agent_of_any_bytes_does_no_harm() {
    let server = TestServer::start().await;
    let long = b"x".repeat(20_000);
    let bytes: [&[u8]; 4] = ["😀".as_bytes(), b"\xff\xfe", b"", &long];
    for bytes in bytes {
        let request = Request::post("/graphql")
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, HeaderValue::from_bytes(bytes).unwrap());
        let body = json!({ "query": "{ me { id } }" }).to_string();
        let answer = server
            .anonymous()
            .send(request.body(Body::from(body)).unwrap())
            .await;
        assert_eq!(answer.json, json!({ "data": { "me": null } }));
    }
}
