//! A code or a token in a place where none belongs: the message that tells of the mistake does
//! not repeat it. Messages end up in logs and in error trackers.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::AUTHORIZATION;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

/// A one-time code, and a refresh token: a number and a name, to the parser.
const SECRETS: [&str; 2] = ["424242", "csr_VGhpcyB3b3VsZCBiZSBhIHNlY3JldA"];

fn assert_silent(answer: &Answer, secret: &str, sent: &str) {
    answer.assert_sound();
    let headers = format!("{:?}", answer.headers);
    assert!(!answer.text.contains(secret), "{sent}: {}", answer.text);
    assert!(!headers.contains(secret), "{sent}: {headers}");
}

#[tokio::test]
async fn a_document_with_a_mistake_is_not_quoted() {
    let server = TestServer::start().await;
    for template in [
        // It does not parse.
        r#"mutation { verifyOtp(input: { code: "§" ) { isNewUser } }"#,
        r#"mutation { verifyOtp(input: { code: "§ }) { isNewUser } }"#,
        "mutation { verifyOtp(input: { code: § } { isNewUser } }",
        "mutation { verifyOtp(input: { code: §",
        "mutation { verifyOtp(code = §) }",
        "{ me { id } } §",
        "§",
        "mutation §§ ( {",
        // A literal of the wrong type.
        "mutation { verifyOtp(input: §) { isNewUser } }",
        r#"mutation { verifyOtp(input: "§") { isNewUser } }"#,
        r#"mutation { verifyOtp(input: { recipient: { email: "a@b.example" }, code: § }) { isNewUser } }"#,
        r#"mutation { verifyOtp(input: { recipient: { email: "a@b.example" }, code: ["§"] }) { isNewUser } }"#,
        r#"mutation { verifyOtp(input: { recipient: { email: "a@b.example" }, code: { code: "§" } }) { isNewUser } }"#,
        r#"mutation { verifyOtp(input: { recipient: "§", code: "§" }) { isNewUser } }"#,
        r#"mutation { verifyOtp(input: { recipient: § code: "§" }) { isNewUser } }"#,
        r#"mutation { verifyOtp(input: { recipient: {}, code: "§" }) { isNewUser } }"#,
        "mutation { refreshToken(input: { refreshToken: § }) { __typename } }",
        "mutation { logout(input: { refreshToken: [§] }) { __typename } }",
        "mutation { refreshToken(input: §) { __typename } }",
        "{ me { sessions(after: §) { nodes { id } } } }",
        r#"{ me { sessions(first: "§") { nodes { id } } } }"#,
        // An enum literal that is none.
        r#"mutation { verifyOtp(input: { recipient: { email: "a@b.example" }, code: "1", delivery: § }) { isNewUser } }"#,
        r#"mutation { verifyOtp(input: { recipient: { email: "a@b.example" }, code: "1", delivery: "§" }) { isNewUser } }"#,
        // A field that is not there, beside one that holds it.
        r#"mutation { verifyOtp(input: { recipient: { email: "a@b.example" }, kode: "§" }) { isNewUser } }"#,
        r#"mutation { verifyOtp(code: "§") { isNewUser } }"#,
        r#"mutation { refresh(token: "§") { tokens } }"#,
        // A default that does not fit, a directive's argument.
        r#"query($v: Int = "§") { me { sessions(first: $v) { nodes { id } } } }"#,
        "query($v: TokenDelivery = §) { me { id } }",
        r#"{ me @skip(if: "§") { id } }"#,
        "{ me @include(if: §) { id } }",
    ] {
        for secret in SECRETS {
            let query = template.replace('§', secret);
            let answer = server.anonymous().graphql(&query, Value::Null).await;
            assert_silent(&answer, secret, &query);
            assert!(answer.error_code().is_some(), "{query}: {}", answer.text);

            let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
            let answer = server
                .anonymous()
                .get(&format!("/graphql?query={encoded}"))
                .await;
            assert_silent(&answer, secret, &query);
        }
    }
}

#[tokio::test]
async fn a_variable_with_a_mistake_is_not_quoted() {
    let server = TestServer::start().await;
    // Signed in, so that every document comes as far as it can.
    let (cleo, _) = server.signed_in("cleo@example.com").await;
    let verify = "mutation($v: VerifyOtpInput!) { verifyOtp(input: $v) { isNewUser } }";
    let refresh = "mutation($v: RefreshTokenInput) { refreshToken(input: $v) { __typename } }";
    let code = r#"mutation($v: String!) { verifyOtp(input: { recipient: { email: "a@b.example" }, code: $v }) { isNewUser } }"#;
    let delivery = r#"mutation($v: TokenDelivery!) { verifyOtp(input: { recipient: { email: "a@b.example" }, code: "1", delivery: $v }) { isNewUser } }"#;
    let first = "query($v: Int!) { me { sessions(first: $v) { nodes { id } } } }";
    let ada = json!({ "email": "ada@example.com" });
    for secret in SECRETS {
        for (query, value) in [
            (verify, json!(secret)),
            (verify, json!({ "recipient": secret, "code": secret })),
            (verify, json!({ "recipient": ada, "code": [secret] })),
            (verify, json!({ "recipient": ada, "code": 424_242 })),
            (verify, json!({ "recipient": ada, secret: "1" })),
            (verify, json!({ "recipient": { secret: "1" }, "code": "1" })),
            (
                verify,
                json!({ "recipient": ada, "code": "1", "delivery": secret }),
            ),
            (
                verify,
                json!({ "recipient": ada, "code": null, "challengeToken": { "a": secret } }),
            ),
            (refresh, json!(secret)),
            (refresh, json!({ "refreshToken": { secret: secret } })),
            (refresh, json!({ "refreshToken": [secret] })),
            (code, json!([secret])),
            (code, json!({ "code": secret })),
            (delivery, json!(secret)),
            (delivery, json!([secret])),
            (first, json!(secret)),
            (first, json!(4_242_420_000_000_u64)),
        ] {
            let sent = format!("{query} with {value}");
            let answer = cleo.graphql(query, json!({ "v": value })).await;
            assert_silent(&answer, secret, &sent);
            assert!(!answer.text.contains("424242"), "{sent}: {}", answer.text);
            assert!(answer.error_code().is_some(), "{sent}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_secret_that_is_wrong_is_not_quoted_either() {
    let server = TestServer::start().await;
    for secret in SECRETS {
        let ada = json!({ "email": "ada@example.com" });
        let answers = [
            server
                .anonymous()
                .verify_otp(ada, secret, Some(secret))
                .await,
            server
                .anonymous()
                .verify_otp(json!({ "email": secret }), secret, None)
                .await,
            server
                .anonymous()
                .request_otp(json!({ "phone": secret }))
                .await,
            server.anonymous().refresh(secret).await,
            server.anonymous().logout(Some(secret)).await,
            server.anonymous().with_bearer(secret).me().await,
            server
                .anonymous()
                .post(
                    &json!({ "query": "query A { me { id } }", "operationName": secret })
                        .to_string(),
                )
                .await,
            server
                .anonymous()
                .post(&json!({ "query": [secret] }).to_string())
                .await,
            server
                .anonymous()
                .post(&format!("{{ \"query\": {secret}"))
                .await,
            server
                .anonymous()
                .get(&format!("/graphql?query={secret}&token={secret}"))
                .await,
        ];
        for answer in answers {
            assert_silent(&answer, secret, "a wrong secret");
        }
    }
}

#[tokio::test]
async fn credentials_of_another_scheme_are_not_quoted() {
    let server = TestServer::start().await;
    for scheme in ["Basic", "Token", "csr", ""] {
        let request = Request::get("/graphql?query=%7Bme%7Bid%7D%7D");
        let request = request.header(AUTHORIZATION, format!("{scheme} {}", SECRETS[1]));
        let answer = server
            .anonymous()
            .send(request.body(Body::empty()).unwrap())
            .await;
        assert_silent(&answer, SECRETS[1], scheme);
    }
}
